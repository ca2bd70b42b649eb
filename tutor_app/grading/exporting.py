"""The marks of a batch as a gradebook of another system."""

from pathlib import Path

from tutor_app.errors import GradingError
from tutor_app.exchange.gradebooks.exporting import GRADEBOOKS, write_gradebook
from tutor_app.exchange.gradebooks.mark import Export
from tutor_app.grading.written import mark_rows
from tutor_app.storage.store import Store

FORMATS: dict[str, str] = {kind: one.file for kind, one in GRADEBOOKS.items()}
"""Formats by name, and the file that each is written to in a folder."""
NEEDS_OWN = frozenset(kind for kind, one in GRADEBOOKS.items() if one.own == "must")
"""Formats that only fill a file of the instructor's."""


def format_named(name: str) -> str:
    """Return a format by its name; "gradescope" is the table that is like Gradescope's.

    Raises:
        GradingError: no such format.
    """
    kind = "per-item" if name == "gradescope" else name
    if kind not in FORMATS:
        known = ", ".join((*FORMATS, "gradescope"))
        raise GradingError(f"Export: there is no format {name!r}. Known: {known}.")
    return kind


def export_batch(
    store: Store,
    batch_id: str,
    kind: str,
    folder: Path,
    *,
    title: str = "",
    own: Path | None = None,
    unreleased: bool = False,
) -> Export:
    """Write the marks of a batch into a folder.

    Args:
        store: the database.
        batch_id: the batch.
        kind: one of `FORMATS`, or "gradescope".
        folder: made when missing.
        title: of the assignment, or of the column in one's own file; "" for the batch's own.
        own: the instructor's own gradebook or worksheet, to be filled.
        unreleased: also what is not released, in a file that says so.

    Raises:
        GradingError: no such format, or the batch was undone.
        TutorError: see the writer of the format.
    """
    book = format_named(kind)
    batch = store.grading.batch(batch_id)
    if batch.state == "undone":
        raise GradingError(
            f"Batch {batch_id}: it was undone, nothing of it is exported. "
            f"Take it back first: tutor batch take-back {batch_id}"
        )
    name = FORMATS[book] if own is None else f"filled-{own.name}"
    path = folder / (f"NOT-RELEASED-{name}" if unreleased else name)
    return write_gradebook(
        book,
        mark_rows(store, batch_id),
        path,
        title=title or batch.title,
        own=own,
        unreleased=unreleased,
    )

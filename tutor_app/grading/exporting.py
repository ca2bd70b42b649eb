"""The marks of a batch as a gradebook of another system."""

from pathlib import Path

from tutor_app.errors import GradingError
from tutor_app.exchange.gradebooks.exporting import GRADEBOOKS, Format, write_gradebook
from tutor_app.exchange.gradebooks.mark import Export
from tutor_app.grading.written import mark_rows
from tutor_app.storage.store import Store

FORMATS: dict[str, Format] = {
    "canvas": "canvas",
    "moodle": "moodle-worksheet",
    "moodle-quiz": "moodle-grades",
    "blackboard": "blackboard",
    "gradescope": "per-item",
    "xlsx": "xlsx",
    "pdf": "pdf",
}
"""What people call a format, and the gradebook that is written."""
NEEDS_OWN = frozenset(kind for kind, book in FORMATS.items() if GRADEBOOKS[book].own == "must")
"""Formats that only fill a file of the instructor's."""


def export_batch(
    store: Store,
    batch_id: str,
    kind: str,
    folder: Path,
    *,
    own: Path | None = None,
    unreleased: bool = False,
) -> Export:
    """Write the marks of a batch into a folder.

    Args:
        store: the database.
        batch_id: the batch.
        kind: one of `FORMATS`.
        folder: made when missing.
        own: the instructor's own gradebook or worksheet, to be filled.
        unreleased: also what is not released, in a file that says so.

    Raises:
        GradingError: no such format, or the batch was undone.
        TutorError: see `write_gradebook`.
    """
    if kind not in FORMATS:
        raise GradingError(f"Export: there is no format {kind!r}. Known: {', '.join(FORMATS)}.")
    batch = store.grading.batch(batch_id)
    if batch.state == "undone":
        raise GradingError(
            f"Batch {batch_id}: it was undone, nothing of it is exported. "
            f"Take it back first: tutor batch take-back {batch_id}"
        )
    book = FORMATS[kind]
    name = GRADEBOOKS[book].file if own is None else f"filled-{own.name}"
    path = folder / (f"NOT-RELEASED-{name}" if unreleased else name)
    rows = mark_rows(store, batch_id)
    return write_gradebook(book, rows, path, title=batch.title, own=own, unreleased=unreleased)

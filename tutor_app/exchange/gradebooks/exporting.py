"""Write any of the gradebooks by its name: the one list that commands and pages offer."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tutor_app.errors import ContentError, NotFoundError
from tutor_app.exchange.gradebooks.blackboard import blackboard_columns, write_blackboard
from tutor_app.exchange.gradebooks.canvas import canvas_columns, write_canvas
from tutor_app.exchange.gradebooks.mark import Export, LeftOut, MarkRow
from tutor_app.exchange.gradebooks.moodle import fill_moodle_worksheet, write_moodle_grades
from tutor_app.exchange.gradebooks.own_file import OwnFile
from tutor_app.exchange.gradebooks.per_item import write_per_item
from tutor_app.exchange.gradebooks.workbook import write_workbook


class Gradebook(NamedTuple):
    """A format that marks can be written in.

    Attributes:
        title: for people.
        file: the name a file of it usually has; a folder for several files.
        own: whether the instructor's own file can be filled: never, or where there is one, or only.
        titled: a title, of a column or the whole, stands in it.
    """

    title: str
    file: str
    own: Literal["no", "may", "must"]
    titled: bool = True


GRADEBOOKS: dict[str, Gradebook] = {
    "xlsx": Gradebook("Excel file", "marks.xlsx", "no"),
    "canvas": Gradebook("Canvas gradebook", "canvas-gradebook.csv", "may"),
    "moodle": Gradebook("Moodle grading worksheet", "moodle-worksheet.csv", "must", titled=False),
    "moodle-quiz": Gradebook("Moodle grade import", "moodle-grades.csv", "no"),
    "blackboard": Gradebook("Blackboard grade center", "blackboard-grades.csv", "may"),
    "per-item": Gradebook(
        "one row per answer, one column per criterion", "per-item.csv", "no", titled=False
    ),
    "pdf": Gradebook("one PDF per student", "students", "no"),
}


def own_columns(kind: str, own: Path) -> tuple[str, ...]:
    """Return the titles of the columns in the instructor's own file that `title` may name.

    Empty where the file has one place for grades only, as Moodle's worksheet does.

    Raises:
        DocumentError: the file cannot be read.
    """
    file = OwnFile(own)
    head = file.rows[0] if file.rows else []
    if kind == "canvas":
        return canvas_columns(head)
    return blackboard_columns(head) if kind == "blackboard" else ()


def write_gradebook(
    kind: str,
    rows: Iterable[MarkRow],
    path: Path,
    *,
    title: str,
    own: Path | None = None,
    unreleased: bool = False,
) -> Export:
    """Write marks in one of `GRADEBOOKS`.

    Args:
        kind: its key.
        rows: marks, one per submission; those of nobody's are left out.
        path: the file to write; for "pdf" a folder.
        title: title of the assignment, quiz or batch; with one's own file, of its column.
        own: the instructor's own file, to be filled.
        unreleased: marks that were not released are written too, and say so.

    Raises:
        NotFoundError: there is no such format.
        ContentError: the format needs one's own file, or has no use for it, or lacks a place for
            what is asked.
        DocumentError: the instructor's own file is not what it should be.
        StorageError: the file cannot be written.
    """
    if kind not in GRADEBOOKS:
        raise NotFoundError.for_name("gradebook format", kind, GRADEBOOKS)
    if own is not None and GRADEBOOKS[kind].own == "no":
        raise ContentError(f"{kind}: fills no file of yours ({own}). Leave it out.")
    if own is not None and path.resolve() == own.resolve():
        raise ContentError(f"{path}: is your own file; it stays as it is. Choose another name.")
    nobodys: list[LeftOut] = []
    made = _write(kind, _named(rows, nobodys), path, title, own, unreleased)
    return made._replace(left_out=(*made.left_out, *nobodys))


def _named(rows: Iterable[MarkRow], nobodys: list[LeftOut]) -> Iterator[MarkRow]:
    """Yield the rows of learners; the others would stand in a gradebook under an invented key."""
    for row in rows:
        if row.submission.nameless:
            nobodys.append(
                LeftOut(row.submission.learner, row.submission.name, "The row names no student.")
            )
        else:
            yield row


def _write(
    kind: str, rows: Iterable[MarkRow], path: Path, title: str, own: Path | None, unreleased: bool
) -> Export:
    match kind:
        case "xlsx":
            return write_workbook(rows, path, title=title, unreleased=unreleased)
        case "canvas":
            return write_canvas(rows, path, title=title, own=own, unreleased=unreleased)
        case "moodle":
            if own is None:
                raise ContentError(
                    f"{kind}: fills the worksheet that you downloaded from Moodle, and none was "
                    "given. Download it from the assignment and give its path."
                )
            return fill_moodle_worksheet(rows, path, own=own, unreleased=unreleased)
        case "moodle-quiz":
            return write_moodle_grades(rows, path, title=title, unreleased=unreleased)
        case "blackboard":
            return write_blackboard(rows, path, title=title, own=own, unreleased=unreleased)
        case "per-item":
            return write_per_item(rows, path, unreleased=unreleased)
        case _:
            # Fonts take a while to load; most exports need none.
            from tutor_app.exchange.gradebooks.student_pdf import write_student_pdfs

            return write_student_pdfs(rows, path, title=title, unreleased=unreleased)

"""Write a Canvas gradebook: the instructor's own with one column filled, or a fresh one.

Rules of its importer (canvas-lms, lib/gradebook_importer.rb): "Student" and "ID" head the first two
columns, "Section" the last about the student; a student is found by ID, else SIS User ID, else SIS
Login ID, else name; a column without a known number or title creates an assignment.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.gradebooks.mark import (
    Export,
    LearnerMark,
    LeftOut,
    MarkRow,
    by_learner,
    incomplete,
    left_out,
    number,
)
from tutor_app.exchange.gradebooks.matching import Marks
from tutor_app.exchange.gradebooks.own_file import OwnFile
from tutor_app.exchange.gradebooks.writing import defused, write_bytes, write_csv
from tutor_app.exchange.headings import Role, columns_of, named

_NUMBERED = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_UNTOUCHED = frozenset(("EX", "N/A"))


def write_canvas(
    rows: Iterable[MarkRow],
    path: Path,
    *,
    title: str,
    own: Path | None = None,
    unreleased: bool = False,
) -> Export:
    """Write a gradebook CSV for Canvas.

    Args:
        rows: marks; those of one learner are summed.
        path: the file to write.
        title: the assignment's title, with or without its number ("Essay (1234)").
        own: the gradebook that the instructor exported from Canvas; without it, a fresh file,
            whose import creates an assignment.
        unreleased: marks that were not released are written too, in a column that says so; not
            possible in one's own gradebook.

    Raises:
        ContentError: the title is not a column of the instructor's gradebook, or none that Canvas
            would read.
        DocumentError: the instructor's file is no Canvas gradebook.
        StorageError: the file cannot be written.
    """
    rows = list(rows)
    if own is None:
        return _fresh(rows, path, title, unreleased)
    if unreleased:
        raise ContentError(
            f"{own}: Canvas has no place to mark a grade as not released. Release the marks first, "
            "or write a fresh file."
        )
    return _filled(rows, path, title, own)


def _fresh(rows: list[MarkRow], path: Path, title: str, unreleased: bool) -> Export:
    if _TOTALS.search(title):
        raise ContentError(
            f"title {title!r}: Canvas passes over columns of that name. Choose another title."
        )
    if found := _NUMBERED.fullmatch(title):  # it would be taken for assignment no. (2026)
        title = f"{found['title']} [{found['id']}]"
    title = f"{title} - not released" if unreleased else title
    marks = by_learner(rows)
    most = max((one.max_total for one in marks), default=0.0)
    lines = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", defused(title)],
        ["    Points Possible", "", "", "", "", number(most)],
    ]
    for one in marks:
        points = one.exported(unreleased)
        cells = [one.name or one.learner, *_identity(one)]
        grade = "" if points is None else number(points)
        lines.append([*map(defused, cells), grade])
    write_csv(path, lines)
    absent = left_out(marks, unreleased)
    remark = f"Importing this file creates the assignment {title!r}, worth {number(most)} points."
    return Export(path, len(marks) - len(absent), tuple(absent), (remark, *incomplete(marks)))


def _identity(mark: LearnerMark) -> tuple[str, str, str, str]:
    """Return ID, SIS User ID, SIS Login ID and Section, empty where the source does not tell.

    A number that another system gave the learner ("Participant 12") is nobody's ID here.
    """
    told = {h: value for h, value in mark.details.items() if h not in ("Identifier", "Canvas ID")}
    headings = list(told)

    def first(*roles: Role) -> str:
        return next((told[headings[n]] for n in columns_of(headings, *roles)), "")

    canvas, sis, login = mark.details.get("Canvas ID", ""), first("id"), first("login", "email")
    numbered = canvas or "Identifier" in mark.details
    if not (numbered or sis or login) and mark.learner != mark.name:
        sis, login = ("", mark.learner) if "@" in mark.learner else (mark.learner, "")
    return canvas, "" if sis == canvas else sis, login, first("group")


def _filled(rows: list[MarkRow], path: Path, title: str, own: Path) -> Export:
    file = OwnFile(own)
    head = file.rows[0] if file.rows else []
    if len(head) < 4 or "Student" not in head[0] or "ID" not in head[1]:
        raise DocumentError(
            f"{own}: is no Canvas gradebook; its first columns are {', '.join(head[:3])!r}. Export "
            "it in Canvas with Grades, Export."
        )
    column = _column(own, head, title)
    marks = by_learner(rows)
    index = Marks(marks, "Canvas ID")
    ids = [n for n in (1, named(head, "sis user id"), named(head, "sis login id")) if n is not None]
    remarks = [*file.remarks, *incomplete(marks)]
    absent = left_out(marks, False)
    most = max((one.max_total for one in marks), default=0.0)
    written = replaced = 0
    for row, cells in enumerate(file.rows[1:], 1):
        if "Points Possible" in cells[0]:
            remarks += _about_points(own, cells[column], most)
        if len(cells) <= column or not cells[1].strip():
            continue
        mark = index.find(cells[1].strip(), [cells[n].strip() for n in ids], cells[0])
        points = mark.exported(False) if mark else None
        if mark is None or points is None:
            continue
        before = cells[column].strip()
        if before.upper() in _UNTOUCHED:
            absent.append(
                LeftOut(mark.learner, mark.name, f"The gradebook says {before}; it stays.")
            )
            continue
        replaced += before not in ("", number(points))
        file.fill(row, column, number(points))
        written += 1
    if replaced:
        remarks.append(f"{replaced} grades that stood in the gradebook were replaced.")
    absent += index.not_found(False)
    write_bytes(path, file.content())
    return Export(path, written, tuple(absent), tuple(dict.fromkeys([*remarks, *file.remarks])))


def _column(own: Path, head: list[str], title: str) -> int:
    found = [
        n
        for n, heading in enumerate(head)
        if n > 3
        and (
            heading.strip() == title.strip()
            or ((m := _NUMBERED.fullmatch(heading.strip())) and m["title"] == title.strip())
        )
    ]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(canvas_columns(head))
    raise ContentError(
        f"{own}: has {len(found) or 'no'} columns for the assignment {title!r}. Give one of "
        f"these as the title: {listed or 'none'}."
    )


def canvas_columns(head: list[str]) -> tuple[str, ...]:
    """Return the assignments of a gradebook: headings that end in their number."""
    return tuple(one.strip() for one in head[4:] if _NUMBERED.fullmatch(one.strip()))


def _about_points(own: Path, possible: str, most: float) -> list[str]:
    if "read only" in possible.lower():
        raise ContentError(
            f"{own}: Canvas calculates this column (read only) and imports no grades for it. "
            "Choose another assignment."
        )
    if possible.strip() and possible.strip() not in (number(most), f"{most:.2f}", f"{most:.1f}"):
        return [
            f"In Canvas this assignment is worth {possible.strip()} points, the rubric gives "
            f"{number(most)}. The points were written as they are."
        ]
    return []

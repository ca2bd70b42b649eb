"""Write marks for Moodle: the instructor's own grading worksheet filled, or a grade import.

Rules of the worksheet's import (mod/assign/feedback/offline): Identifier, Grade and Last modified
(grade) must be there; a row is passed over that is unchanged, empty, negative, above the maximum,
locked, or was changed in Moodle since the worksheet was downloaded. It can neither be downloaded
nor imported while the assignment is graded with a rubric or a marking guide.
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
from tutor_app.exchange.gradebooks.writing import as_html, defused, write_bytes, write_csv
from tutor_app.exchange.headings import columns_of, role_of
from tutor_app.exchange.worksheet import WorksheetColumns, participant, worksheet_columns

_NOT_RELEASED = "[not released] "
_CHANGED = (
    "Moodle passes over rows whose grade was changed there after the worksheet was downloaded, "
    "unless 'Update records even if they have been changed' is ticked."
)
_ADDRESS = re.compile(r"[\w.!#$%&*+/=?^`{|}~'-]+@[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}")
_NO = frozenset(("no", "nein", "non", "0", "нет"))


def fill_moodle_worksheet(
    rows: Iterable[MarkRow], path: Path, *, own: Path, unreleased: bool = False
) -> Export:
    """Fill Grade and Feedback comments in the worksheet that was downloaded from the assignment.

    All other cells keep their bytes. Rows that Moodle would pass over are reported.

    Args:
        rows: marks; those of one learner are summed.
        path: the file to write.
        own: the worksheet.
        unreleased: marks that were not released are written too; their feedback begins with
            "[not released]".

    Raises:
        DocumentError: the file is no worksheet.
        ContentError: unreleased marks are asked for, but the worksheet has no feedback column.
        StorageError: the file cannot be written.
    """
    file = OwnFile(own)
    head = [cell.strip() for cell in file.rows[0]] if file.rows else []
    columns = worksheet_columns(head, [r for r in file.rows[1:] if len(r) == len(head)])
    if columns is None:
        raise DocumentError(
            f"{own}: is no Moodle grading worksheet; it has the columns "
            f"{', '.join(head[:6]) or 'none'}. Download it from the assignment: Submissions, "
            "Actions, Download grading worksheet."
        )
    if unreleased and columns.feedback is None:
        raise ContentError(
            f"{own}: has no column for feedback, so a grade cannot be marked as not released. "
            "Release the marks first."
        )
    marks = by_learner(rows)
    index = Marks(marks, "Identifier")
    absent = left_out(marks, unreleased)
    written = same = 0
    name = next((n for n, h in enumerate(head) if role_of(h) == "name"), None)
    keys = [n for n in columns_of(head, "id", "login", "email") if n != columns.identifier]
    for row, cells in enumerate(file.rows[1:], 1):
        if len(cells) < len(head):
            continue
        shown = cells[name] if name is not None else ""
        who = participant(cells[columns.identifier])
        mark = index.find(who, [cells[n].strip() for n in keys], shown)
        points = mark.exported(unreleased) if mark else None
        if mark is None or points is None:
            continue
        why = _passed_over(columns, cells, points)
        if why:
            absent.append(LeftOut(mark.learner, mark.name, why))
            continue
        same += _points(cells[columns.grade]) == round(points, 2)
        decimal = cells[columns.maximum if columns.maximum is not None else columns.grade]
        file.fill(row, columns.grade, _like(decimal, number(points)))
        if columns.feedback is not None:
            said = ("" if mark.state == "released" else _NOT_RELEASED) + mark.feedback
            file.fill(row, columns.feedback, as_html(said))
        written += 1
    absent += index.not_found(unreleased)
    write_bytes(path, file.content())
    remarks = [*file.remarks, *incomplete(marks)]
    remarks += _other_worth(columns, file.rows[1:], max((m.max_total for m in marks), default=0.0))
    if same:
        remarks.append(f"{same} grades stand in Moodle already; only their feedback changes.")
    remarks += [_CHANGED] if columns.modified is not None else []
    return Export(path, written, tuple(absent), tuple(remarks))


def _other_worth(columns: WorksheetColumns, rows: list[list[str]], most: float) -> list[str]:
    """Return a remark where Moodle's maximum is not the rubric's."""
    at = columns.maximum
    if at is None:
        return []
    worth = {row[at] for row in rows if len(row) > at and _points(row[at]) not in (None, most)}
    return [
        f"In Moodle the assignment is worth {one} points, the rubric gives {number(most)}. The "
        "points were written as they are."
        for one in sorted(worth)[:1]
    ]


def _passed_over(columns: WorksheetColumns, cells: list[str], points: float) -> str:
    """Return why Moodle would pass over a row, or ""; empty for one that it takes."""
    locked = cells[columns.changeable] if columns.changeable is not None else ""
    if locked.strip().casefold() in _NO:
        return "The grade is locked in Moodle."
    if points < 0:
        return f"Moodle takes no negative grade ({number(points)})."
    maximum = _points(cells[columns.maximum]) if columns.maximum is not None else None
    if maximum is not None and points > maximum:
        return f"{number(points)} points are above Moodle's maximum of {number(maximum)}."
    return ""


def _points(cell: str) -> float | None:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def _like(before: str, points: str) -> str:
    """Write points with the decimal sign that the worksheet uses."""
    return points.replace(".", ",") if "," in before and "." not in before else points


def write_moodle_grades(
    rows: Iterable[MarkRow], path: Path, *, title: str, unreleased: bool = False
) -> Export:
    """Write a CSV for Grades, Import: for a quiz, or for any item of Moodle's gradebook.

    Students are found by whatever the source names: ID number, username or e-mail address; map
    that column to the student and `title` to the grade item when Moodle asks.

    Args:
        rows: marks; those of one learner are summed.
        path: the file to write.
        title: the grade item.
        unreleased: marks that were not released are written too, under a title that says so.

    Raises:
        ContentError: no learner has an ID number, a username or an e-mail address.
        StorageError: the file cannot be written.
    """
    marks = by_learner(rows)
    named = [_identity(one) for one in marks]
    kinds = [
        kind for kind in ("ID number", "Username", "Email address") if any(kind in n for n in named)
    ]
    title = f"{title} - not released" if unreleased else title
    if not kinds and marks:
        raise ContentError(
            "Moodle grades: the submissions name their learners neither by an ID number nor by a "
            "username or an e-mail address, so Moodle could not find them. Use a source that does, "
            "or fill the assignment's worksheet."
        )
    lines = [[*kinds, "Full name", defused(title), f"Feedback: {defused(title)}"]]
    absent = left_out(marks, unreleased)
    for one, identity in zip(marks, named, strict=True):
        points = one.exported(unreleased)
        if points is None:
            continue
        if not identity:
            reason = "No ID number, username or e-mail address is known."
            absent.append(LeftOut(one.learner, one.name, reason))
            continue
        who = [defused(identity.get(kind, "")) for kind in kinds]
        feedback = as_html(one.feedback)
        lines.append([*who, defused(one.name), number(points), feedback])
    write_csv(path, lines)
    remarks = [
        f"Map {kinds[0]!r} to the student and {title!r} to the grade item." if kinds else "",
        "Grades above the item's maximum are refused, empty ones are left as they are.",
        *incomplete(marks),
    ]
    return Export(path, len(lines) - 1, tuple(absent), tuple(filter(None, remarks)))


def _identity(mark: LearnerMark) -> dict[str, str]:
    """Return what Moodle can find a learner by."""
    found: dict[str, str] = {}
    for heading, value in mark.details.items():
        role = role_of(heading)
        kind = {"id": "ID number", "login": "Username", "email": "Email address"}.get(role)
        if kind and heading not in ("Identifier", "Canvas ID"):
            found.setdefault(kind, value)
    if _ADDRESS.fullmatch(mark.learner):
        found.setdefault("Email address", mark.learner)
    return found

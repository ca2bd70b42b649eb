"""Write marks for Blackboard: the file downloaded to work offline, filled, or a fresh one."""

import re
from collections.abc import Iterable
from pathlib import Path

from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.gradebooks.mark import (
    Export,
    LearnerMark,
    MarkRow,
    by_learner,
    incomplete,
    left_out,
    number,
)
from tutor_app.exchange.gradebooks.matching import Marks
from tutor_app.exchange.gradebooks.own_file import OwnFile
from tutor_app.exchange.gradebooks.writing import as_html, defused, write_bytes, write_csv
from tutor_app.exchange.headings import columns_of, named, plain

_COLUMN = re.compile(r"(?P<title>.+?) \[(?:Total Pts|Pts)[^\]]*\] \|(?P<id>\d+)")
_NEEDS_GRADING = "Needs Grading"


def write_blackboard(
    rows: Iterable[MarkRow],
    path: Path,
    *,
    title: str,
    own: Path | None = None,
    unreleased: bool = False,
) -> Export:
    """Write a file for Blackboard's grade center.

    Args:
        rows: marks; those of one learner are summed.
        path: the file to write.
        title: the column's title.
        own: the file that the instructor downloaded to work offline (CSV, or the UTF-16 text that
            Blackboard calls .xls); without it, a fresh file, whose upload creates a column.
        unreleased: marks that were not released are written too; the title, or the grading notes
            of one's own file, say so.

    Raises:
        DocumentError: the instructor's file has no Username column.
        ContentError: it has no such column, or no place to say that a mark is not released.
        StorageError: the file cannot be written.
    """
    marks = by_learner(rows)
    if own is not None:
        return _filled(marks, path, title, own, unreleased)
    title = f"{title} - not released" if unreleased else title
    heading = defused(
        f"{title} [Total Pts: {number(max((m.max_total for m in marks), default=0))}]"
    )
    lines = [
        ["Username", heading, "Feedback to Learner", "Feedback Format", "Grading Notes",
         "Notes Format"]
    ]  # fmt: skip
    for one in marks:
        points = one.exported(unreleased)
        if points is not None:
            feedback = as_html(one.feedback)
            cells = [defused(_username(one)), number(points), feedback, "SMART_TEXT", "", ""]
            lines.append(cells)
    write_csv(path, lines)
    remark = f"Uploading this file creates the column {title!r}; usernames must be Blackboard's."
    absent = tuple(left_out(marks, unreleased))
    return Export(path, len(lines) - 1, absent, (remark, *incomplete(marks)))


def _username(mark: LearnerMark) -> str:
    headings = list(mark.details)
    return next((mark.details[headings[n]] for n in columns_of(headings, "login")), mark.learner)


def _filled(
    marks: list[LearnerMark], path: Path, title: str, own: Path, unreleased: bool
) -> Export:
    file = OwnFile(own)
    head = [cell.strip() for cell in file.rows[0]] if file.rows else []
    username = named(head, "username")
    if username is None:
        raise DocumentError(
            f"{own}: is no file of Blackboard's; it has no column Username but "
            f"{', '.join(head[:5]) or 'none'}. Download it with Work offline, Download."
        )
    column = _column(own, head, title)
    feedback, notes = named(head, "feedback to learner"), named(head, "grading notes")
    if unreleased and notes is None:
        raise ContentError(
            f"{own}: has no Grading Notes, so a grade cannot be marked as not released. Release "
            "the marks first."
        )
    student, names = named(head, "student id"), columns_of(head, "first name", "last name")
    index = Marks(marks, "Blackboard username")
    absent = left_out(marks, unreleased)
    written = 0
    for row, cells in enumerate(file.rows[1:], 1):
        if len(cells) <= column:
            continue
        ids = [cells[n].strip() for n in (username, student) if n is not None]
        mark = index.find("", ids, " ".join(cells[n] for n in names))
        points = mark.exported(unreleased) if mark else None
        if mark is None or points is None:
            continue
        file.fill(row, column, number(points))
        if feedback is not None and feedback < len(cells):
            file.fill(row, feedback, as_html(mark.feedback))
        if mark.state != "released" and notes is not None and notes < len(cells):
            file.fill(row, notes, "not released")
        written += 1
    absent += index.not_found(unreleased)
    write_bytes(path, file.content())
    return Export(path, written, tuple(absent), (*file.remarks, *incomplete(marks)))


def blackboard_columns(head: list[str]) -> tuple[str, ...]:
    """Return the titles of the columns that take grades."""
    return tuple(found["title"] for one in head if (found := _COLUMN.match(one)))


def _column(own: Path, head: list[str], title: str) -> int:
    titles = {n: found["title"] for n, h in enumerate(head) if (found := _COLUMN.match(h))}
    wanted = [n for n, one in titles.items() if plain(title) in (plain(one), plain(head[n]))]
    if len(wanted) != 1:
        raise ContentError(
            f"{own}: has {len(wanted) or 'no'} columns {title!r}. Give one of "
            f"these as the title: {', '.join(titles.values()) or 'none'}."
        )
    return wanted[0]

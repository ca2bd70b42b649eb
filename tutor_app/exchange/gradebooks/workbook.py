"""Write marks as an Excel file: totals, criteria with feedback and quotes, and what is not out."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tutor_app.exchange.gradebooks.mark import Export, LeftOut, MarkRow, criteria_of, said_of
from tutor_app.exchange.gradebooks.writing import written_whole

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_000
_BOLD = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_MARKS = ("Student", "Name", "Question", "Points", "Out of", "State", "How", "Feedback")
_CRITERIA = ("Student", "Name", "Question", "Criterion", "Level", "Points", "Out of", "State",
             "Feedback", "Evidence")  # fmt: skip
_ABSENT = ("Student", "Name", "Question", "State", "Why")


def write_workbook(
    rows: Iterable[MarkRow], path: Path, *, title: str, unreleased: bool = False
) -> Export:
    """Write the sheets Marks, Criteria and Not released.

    Marks has a row per submission, with the words on each criterion beside its points; Criteria a
    row per criterion, with the evidence.

    Text is stored as text, so that nothing a student wrote is ever run as a formula.

    Args:
        rows: marks, one per submission.
        path: the .xlsx file to write.
        title: title of the batch, kept in the file's properties.
        unreleased: marks that were not released are written too; their state says so.

    Raises:
        StorageError: the file cannot be written.
    """
    with written_whole(path) as copy:
        done = _book(rows, path, title, unreleased, copy)
    return done


def _book(rows: Iterable[MarkRow], path: Path, title: str, unreleased: bool, copy: Path) -> Export:
    rows = list(rows)
    beside = criteria_of(rows)
    book = Workbook(write_only=True)  # keeps its sheets on disk, not in memory
    book.properties.title = title
    told = [heading for one in beside.values() for heading in (one, f"{one}: feedback")]
    widths = (18, 24, 24, 9, 9, 14, 24, 40, *(12, 40) * len(beside))
    marks = _sheet(book, "Marks", (*_MARKS, *told), widths)
    criteria = _sheet(book, "Criteria", _CRITERIA, (18, 24, 24, 28, 18, 9, 9, 14, 50, 50))
    absent = _sheet(book, "Not released", _ABSENT, (18, 24, 24, 14, 60))
    out: list[LeftOut] = []
    written = 0
    for row in rows:
        one = row.submission
        who = (one.learner, one.name, one.question)
        if row.total is None or not (unreleased or row.released):
            why = one.problem or f"The mark is {row.state}."
            absent.append([_cell(absent, value) for value in (*who, row.state, why)])
            out.append(LeftOut(one.learner, one.name, why))
            continue
        written += 1
        line = (*who, row.total, row.max_total, row.state, row.origin, row.feedback)
        given = {(one.question, part.id): part for part in row.criteria}
        parts = [
            value
            for key in beside
            for part in (given.get(key),)
            for value in ((part.points, said_of(part)) if part else (None, None))
        ]
        marks.append([_cell(marks, value) for value in (*line, *parts)])
        for part in row.criteria:
            points = (part.level, part.points, part.max_points, row.state)
            words = (part.feedback, part.quote)
            criteria.append(
                [_cell(criteria, value) for value in (*who, part.title, *points, *words)]
            )
    file = io.BytesIO()
    book.save(file)
    copy.write_bytes(file.getvalue())
    return Export(path, written, tuple(out))


def _sheet(book: Workbook, title: str, headings: tuple[str, ...], widths: tuple[int, ...]) -> Any:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for n, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(n + 1)].width = width
    cells = [_cell(sheet, heading) for heading in headings]
    for cell in cells:
        cell.font = _BOLD
    sheet.append(cells)
    return sheet


def _cell(sheet: Any, value: str | float | None) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = _UNWRITABLE.sub("", value)
    cell: Any = WriteOnlyCell(sheet, text[:_LONGEST] + (" ..." if len(text) > _LONGEST else ""))
    cell.data_type = "s"
    cell.quotePrefix = True  # stays text when somebody edits it
    cell.alignment = _TOP
    return cell

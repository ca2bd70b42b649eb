"""A rubric as an Excel file: one sheet for the table, one for ideas, one for the question.

The only table that carries all of a rubric, so that what is exported comes back the same.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tutor_app.documents.grid import Grid
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.exchange.rubrics.columns import find_columns, note_headings
from tutor_app.exchange.rubrics.headings import label_of
from tutor_app.exchange.rubrics.points import whole
from tutor_app.exchange.rubrics.reading import ReadIdea, Reading, RubricReading
from tutor_app.exchange.rubrics.table_long import read_rows

FORMAT = "Excel file of this program"
_RUBRIC, _IDEAS, _ABOUT = "Rubric", "Key elements", "Question"
_HEAD = ("Criterion", "Criterion id", "Type", "Points", "Level", "Level points", "Description",
         "Example", "Feedback", "For graders")  # fmt: skip
_IDEA_HEAD = ("Criterion", "Key element", "Other ways of saying it")
_WIDTHS = {_RUBRIC: (28, 16, 11, 9, 18, 12, 48, 34, 34, 34), _IDEAS: (28, 48, 60),
           _ABOUT: (26, 90)}  # fmt: skip
_ID = "Key element id"


def write_workbook(rubric: Rubric) -> bytes:
    """Return an .xlsx file with all of a rubric; no cell in it is a formula."""
    book = Workbook(write_only=True)
    _sheet(book, _RUBRIC, [_HEAD, *(row for c in rubric.criteria for row in _rows(c))])
    ideas = [
        (c.title if not n else None, one.text, "\n".join(one.variants), one.id)
        for c in rubric.criteria
        for n, one in enumerate(c.key_elements)
    ]
    _sheet(book, _IDEAS, [(*_IDEA_HEAD, _ID), *ideas])
    _sheet(book, _ABOUT, list(_about(rubric)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(criterion: Criterion) -> Iterable[tuple[Any, ...]]:
    head = (criterion.title, criterion.id, criterion.type, criterion.points)
    levels: list[tuple[Any, ...]] = [
        (one.title, one.points, one.description, one.example, one.feedback)
        for one in criterion.levels
    ] or [(None,) * 5]
    for n, level in enumerate(levels):
        yield (*(head if not n else (None,) * 4), *level, criterion.grader_note if not n else None)


def _about(rubric: Rubric) -> Iterable[tuple[Any, ...]]:
    yield "Title", rubric.title
    yield "Rubric id", rubric.id
    yield "Version", rubric.version
    yield "Question", rubric.question
    for answer in rubric.reference_answers:
        yield "Reference answer", answer
    yield "Fewest points in all", rubric.min_points
    yield "Extra points at most", rubric.max_extra
    for section in rubric.course_sections:
        yield "Sections of the notes", section


def _sheet(book: Any, title: str, rows: Sequence[tuple[Any, ...]]) -> None:
    sheet = book.create_sheet(title)
    for n, width in enumerate(_WIDTHS[title], 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    if title != _ABOUT:
        sheet.freeze_panes = "B2"
    for r, row in enumerate(rows):
        sheet.append([_cell(sheet, value, bold=r == 0 and title != _ABOUT) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        # a text that begins with "=" would become a formula
        cell.data_type = "s"
        if value[:1] in ("=", "+", "-", "@", "\t", "\r"):
            cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8E4DC")
    return cell


def is_own_workbook(grids: Sequence[Grid]) -> bool:
    """Say whether the sheets are those that `write_workbook` makes."""
    names = {grid.name for grid in grids}
    rubric = next((grid for grid in grids if grid.name == _RUBRIC), None)
    return rubric is not None and _ABOUT in names and rubric.rows[0] == _HEAD[: rubric.width]


def read_own_workbook(name: str, grids: Sequence[Grid]) -> RubricReading:
    """Read what `write_workbook` wrote, and what people changed in it since."""
    by_name = {grid.name: grid for grid in grids}
    grid = by_name[_RUBRIC]
    reading = Reading(grid)
    columns = find_columns(grid, 0)
    note_headings(reading, grid, columns)
    read_rows(reading, grid, columns, 1)
    if ideas := by_name.get(_IDEAS):
        _read_ideas(reading, ideas)
    _read_about(reading, by_name[_ABOUT])
    reading.rubric.title = reading.rubric.title or name.rpartition(".")[0]
    return reading.done(FORMAT)


def _read_ideas(reading: Reading, grid: Grid) -> None:
    criterion = None
    for r, row in enumerate(grid.rows[1:], 1):
        cells = [*row, "", "", ""]
        if cells[0]:
            criterion = next((c for c in reading.rubric.criteria if c.title == cells[0]), None)
            if criterion is None:
                reading.remark(f"Key elements, row {r + 1}: there is no criterion “{cells[0]}”.")
        if criterion is None or not cells[1]:
            continue
        variants = [line.strip() for line in cells[2].split("\n") if line.strip()]
        criterion.key_elements.append(ReadIdea(cells[3], cells[1], variants))
        place = f"{_IDEAS}, row {r + 1}"
        reading.entry(place, cells[1], f"a key element of “{criterion.title}”", "idea")


def _read_about(reading: Reading, grid: Grid) -> None:
    rubric = reading.rubric
    for row in grid.rows:
        if len(row) < 2 or not row[1]:
            continue
        label, text = label_of(row[0]), row[1]
        points = whole(text)
        number = points.value if points else None
        if label in ("title", "question", "id"):
            setattr(rubric, label, text)
        elif label in ("reference_answers", "course_sections"):
            getattr(rubric, label).append(text)
        elif label == "version" and number and number >= 1:
            rubric.version = int(number)
        elif label in ("min_points", "max_extra") and number is not None:
            setattr(rubric, label, number)
        else:
            reading.entry(f"{_ABOUT}, {row[0]}", text, "not known here", "ignored")
            continue
        reading.entry(f"{_ABOUT}, {row[0]}", text, row[0].lower(), "question")

"""Read one sheet of an Excel file row by row: saved values, merged cells filled, formulas told."""

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import DocumentError
from tutor_app.exchange.records import Record, Table, below_headings, padded

_ERRORS = frozenset("#NAME? #REF! #VALUE! #DIV/0! #N/A #NULL! #NUM!".split())
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+\d+:[A-Z]+\d+)"')
_PIECE = 1 << 18
_LONGEST = 64
_MAX_MERGED = 100_000
_KIND = ("an Excel file", "Open it in Excel and save it again.")


def open_sheet(path: Path, sheet: str = "") -> Table:
    """Open the first sheet with content of an .xlsx or .xlsm file, or the one that is named.

    A cell that was merged over several rows counts in each of them.

    Raises:
        DocumentError: the file is unsafe, damaged, too large or without content, or has no such
            sheet.
    """
    if (size := path.stat().st_size) > MAX_BYTES:
        raise DocumentError(f"{path}: has {size:,} bytes, more than {MAX_BYTES:,}. Split the file.")
    content = path.read_bytes()
    with open_archive(path, content) as archive, damaged_files_explained(path, *_KIND):
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheets: list[Any] = book.worksheets
        visible = [one for one in sheets if one.sheet_state == "visible"]
        names = [one.title for one in visible]
        if sheet and sheet not in names:
            raise DocumentError(
                f"{path}: has no visible sheet {sheet!r}. Choose one of: {', '.join(names)}."
            )
        filled = [one for one in visible if sheet in ("", one.title) and _has_content(one)]
        if not filled:
            raise DocumentError(f"{path}: holds no cell with content. Bring the file that has it.")
        title = filled[0].title
        covered = _covered(archive, filled[0]._worksheet_path)

    def records() -> Iterator[Record]:
        with damaged_files_explained(path, *_KIND):
            yield from _records(content, title, covered)

    headings, above, read = below_headings(records)
    remarks = _remarks(title, [one.title for one in filled[1:]], covered)
    others = tuple(name for name in names if name != title)
    return Table(
        headings,
        above,
        lambda: (padded(one, len(headings)) for one in read()),
        remarks,
        (title, *others),
    )


def _remarks(title: str, others: list[str], covered: dict[Any, Any]) -> tuple[str, ...]:
    remarks = []
    if others:
        remarks.append(f"Sheet {title!r} was read; not read: {', '.join(others)}.")
    if covered:
        remarks.append("Merged cells count in every row that they cover.")
    return tuple(remarks)


def _has_content(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(
        value is not None for row in sheet.iter_rows(max_row=50, values_only=True) for value in row
    )


def _covered(archive: ZipFile, member: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, by (row, column) from 1, the cell whose value a merged cell shows.

    Only downwards: a heading merged over several columns names the first.
    """
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    with archive.open(member) as stream:
        before = b""
        while piece := stream.read(_PIECE):
            text = before + piece
            for found in _MERGED.finditer(text):
                left, top, _, bottom = (n or 0 for n in range_boundaries(found[1].decode()))
                if len(covered) + bottom - top > _MAX_MERGED:
                    return covered
                covered |= {(row, left): (top, left) for row in range(top + 1, bottom + 1)}
            before = text[-_LONGEST:]
    return covered


def _records(content: bytes, title: str, covered: dict[Any, Any]) -> Iterator[Record]:
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)[title]
    formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)[title]
    values.reset_dimensions()
    formulas.reset_dimensions()
    merged: dict[tuple[int, int], str] = {}
    sources = set(covered.values())
    columns: dict[int, set[int]] = {}
    for row, column in covered:
        columns.setdefault(row, set()).add(column)
    rows = zip(
        values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False
    )
    for number, (shown, behind) in enumerate(rows, 1):
        record = _record(number, shown, behind)
        if covered:
            for column in range(len(record.cells)):
                at = (number, column + 1)
                if at in sources:
                    merged[at] = record.cells[column]
            for column in sorted(columns.get(number, ())):
                if text := merged.get(covered[number, column]):
                    # a row ends at its last cell with content, perhaps left of this one
                    record.cells.extend([""] * (column - len(record.cells)))
                    record.cells[column - 1] = text
        yield record


def _record(number: int, shown: tuple[Any, ...], behind: tuple[Any, ...]) -> Record:
    cells: list[str] = []
    problems: dict[int, str] = {}
    remarks: dict[int, str] = {}
    for column, (value, formula) in enumerate(zip(shown, behind, strict=False)):
        if isinstance(formula, str) and formula.startswith("="):
            if value is None or value in _ERRORS:
                problems[column] = (
                    f"The cell is a formula without a value ({formula[:80]}): perhaps an answer "
                    "that begins with a sign. Look at it in Excel and make the cell text."
                )
                value = formula
            else:
                remarks[column] = f"The cell is a formula ({formula[:80]}); its value was read."
        elif value in _ERRORS:
            problems[column] = (
                f"The cell shows an error of Excel ({value}). Put it right, or make the cell text."
            )
        elif isinstance(value, datetime.date | datetime.time):
            problems[column] = (
                "The cell holds a date: perhaps Excel made it out of an answer such as 1/2. Look "
                "at it in Excel and make the cell text."
            )
        cells.append(_shown(value))
    return Record(number, cells, problems, remarks)


def _shown(value: Any) -> str:
    """Write a cell as a person would read it; long numbers keep all their digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)

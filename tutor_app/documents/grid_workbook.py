"""The sheets of an Excel file, cell by cell; formulas are read as their saved values, never run."""

import datetime
import io
import zipfile
from pathlib import Path
from posixpath import join, normpath
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, make_grid
from tutor_app.errors import DocumentError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Far more than MAX_ROWS, so that empty rows in between do not matter.
_LOOKED_AT = 20_000
_NAMED = 5


def workbook_grids(path: Path, content: bytes) -> list[Grid]:
    """Return a grid for each visible sheet.

    Raises:
        DocumentError: the file is unsafe, damaged or too large.
    """
    archive = open_archive(path, content)
    grids, hidden = [], []
    with damaged_files_explained(path, "an Excel file", "Open it in Excel and save it again."):
        merges = _merges(archive)
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for sheet, behind in zip(values.worksheets, formulas.worksheets, strict=True):
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            rows, remarks = _rows(path, sheet, behind)
            merged = _fill(rows, merges.get(sheet.title, []))
            grids.append(make_grid(f"{path}: {sheet.title}", rows, sheet.title, merged, remarks))
    if hidden and grids:
        remark = f"Hidden sheets were left out: {', '.join(hidden)}."
        grids[0] = Grid(grids[0].rows, grids[0].name, grids[0].merged, (*grids[0].remarks, remark))
    return grids


def _rows(path: Path, sheet: Any, behind: Any) -> tuple[list[list[str]], list[str]]:
    saved: list[str] = []
    lost: list[str] = []
    dates: list[str] = []
    # The size that a sheet claims may be a million empty rows.
    sheet.reset_dimensions()
    behind.reset_dimensions()
    rows = []
    for r, (cells, below) in enumerate(zip(sheet.iter_rows(), behind.iter_rows(), strict=False)):
        if r >= _LOOKED_AT or len(cells) > 50 * MAX_COLUMNS:
            raise DocumentError(
                f"{path}: sheet {sheet.title!r} has more than {MAX_ROWS:,} rows or "
                f"{MAX_COLUMNS:,} columns. Bring the part of it that is meant."
            )
        row = []
        for c, (cell, formula) in enumerate(zip(cells, below, strict=False)):
            where = f"{get_column_letter(c + 1)}{r + 1}"
            if isinstance(formula.value, str) and formula.data_type == "f":
                (lost if cell.value is None else saved).append(where)
            if isinstance(cell.value, datetime.date):
                dates.append(where)
            row.append(_shown(cell.value, getattr(cell, "number_format", "") or ""))
        rows.append(row)
    return rows, [*_remarks(saved, lost, dates)]


def _remarks(saved: list[str], lost: list[str], dates: list[str]) -> list[str]:
    found = []
    if saved:
        found.append(f"Formulas were read as the values saved with them: {_named(saved)}.")
    if lost:
        found.append(
            f"Formulas without a saved value were left empty: {_named(lost)}. Open the file in "
            "Excel and save it to store the values."
        )
    if dates:
        found.append(
            f"{_named(dates)}: read as a date. Spreadsheets make dates of ranges such as 3-4; "
            "check what was meant."
        )
    return found


def _named(cells: list[str]) -> str:
    more = f" and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
    return ", ".join(cells[:_NAMED]) + more


def _fill(rows: list[list[str]], ranges: list[str]) -> dict[Cell, Cell]:
    """Write the text of merged cells into the cells that they cover; returns which those are."""
    merged: dict[Cell, Cell] = {}
    for one in ranges:
        left, top, right, bottom = range_boundaries(one)
        if left is None or top is None or right is None or bottom is None:
            continue
        first = (top - 1, left - 1)
        # a merged cell may claim a whole sheet; no more than the rows that are there is filled
        for r in range(top - 1, min(bottom, len(rows))):
            for c in range(left - 1, min(right, MAX_COLUMNS)):
                if (r, c) == first or first[0] >= len(rows) or first[1] >= len(rows[first[0]]):
                    continue
                rows[r].extend([""] * (c + 1 - len(rows[r])))
                rows[r][c] = rows[first[0]][first[1]]
                merged[r, c] = first
    return merged


def _merges(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Return the merged ranges of each sheet by its title, as the file's own XML has them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {one.get("Id"): one.get("Target") for one in relations}
    found: dict[str, list[str]] = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION)) or ""
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in archive.namelist():
            with archive.open(part) as stream:
                events = etree.iterparse(stream, tag=f"{_MAIN}mergeCell", resolve_entities=False)
                ranges = [element.get("ref") or "" for _, element in events]
            found[sheet.get("name") or ""] = [one for one in ranges if one]
    return found


def _shown(value: Any, number_format: str) -> str:
    """Write a cell as a person would read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{value * 100:.10g}%" if "%" in number_format else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)

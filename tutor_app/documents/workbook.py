"""Read Excel files as Markdown tables; formulas are never evaluated."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.document import Document
from tutor_app.documents.limits import MAX_CELLS
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError


def read_workbook(path: Path, content: bytes) -> Document:
    """Read an .xlsx or .xlsm file: a section per visible sheet; macros are ignored.

    A formula is read as the value that was saved with it.

    Raises:
        DocumentError: the file is unsafe, damaged, too large, or without content.
    """
    open_archive(path, content).close()
    writing = Writing(path)
    hidden: list[str] = []
    with damaged_files_explained(path, "an Excel file", "Open it in Excel and save it again."):
        # Reading only, row by row; no links are followed.
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for sheet, behind in zip(values.worksheets, formulas.worksheets, strict=True):
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            rows, unknown = _rows(path, sheet, behind)
            if rows:
                writing.heading(1, sheet.title)
                writing.add_table(rows)
            if unknown:
                writing.remarks.append(
                    f"Sheet {sheet.title!r}: {unknown} formulas without a saved value are shown "
                    "as formulas. Open the file in Excel and save it to store the values."
                )
        writing.title = ""
    if hidden:
        writing.remarks.append(f"Hidden sheets were left out: {', '.join(hidden)}.")
    if writing.is_empty():
        raise DocumentError(f"{path}: holds no cell with content. Bring the file that has it.")
    return writing.document()


def _rows(path: Path, sheet: Any, behind: Any) -> tuple[list[list[str]], int]:
    """Return the rows that hold anything, and how many formulas have no value."""
    rows: list[list[str]] = []
    cells = unknown = 0
    for values, formulas in zip(_values(sheet), _values(behind), strict=False):
        cells += len(values) + 1
        if cells > MAX_CELLS:
            raise DocumentError(
                f"{path}: sheet {sheet.title!r} has more than {MAX_CELLS:,} cells. Split the file."
            )
        row = []
        for value, formula in zip(values, formulas, strict=False):
            missing = value is None and isinstance(formula, str) and formula.startswith("=")
            unknown += missing
            row.append(_shown(formula if missing else value))
        if any(row):
            rows.append(row)
    return rows, unknown


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # The size that a sheet claims may be a million empty rows.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True))


def _shown(value: Any) -> str:
    """Write a cell as a person would read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".12g")
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)

"""The tables of a Word document, cell by cell, with their merged cells."""

from io import BytesIO
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.grid import MAX_COLUMNS, Cell, Grid, make_grid
from tutor_app.documents.word import text_of, within

_LONGEST_NAME = 120
_PARAGRAPHS = 20


def word_grids(path: Path, content: bytes) -> list[Grid]:
    """Return a grid for each table; one that only holds other tables is looked into.

    Raises:
        DocumentError: the file is unsafe, damaged or too large.
    """
    open_archive(path, content).close()
    with damaged_files_explained(path, "a Word document", "Open it in Word and save it again."):
        part = Package.open(BytesIO(content)).main_document_part
        if not isinstance(part, DocumentPart):
            raise ValueError(f"its main part is {part.content_type}")
        body = part.document.element.body
        tables = [t for t in body.iter(qn("w:tbl")) if next(t.iterdescendants(t.tag), None) is None]
        return [_grid(f"{path}: table {n}", table) for n, table in enumerate(tables, 1)]


def _grid(where: str, table: Any) -> Grid:
    rows: list[list[str]] = []
    merged: dict[Cell, Cell] = {}
    for r, row in enumerate(one for one in within(table) if one.tag == qn("w:tr")):
        cells: list[str] = [""] * _skipped(row)
        for cell in (one for one in within(row) if one.tag == qn("w:tc")):
            properties = cell.find(qn("w:tcPr"))
            c = len(cells)
            text = _cell_text(cell)
            if _goes_on(properties) and r and c < len(rows[r - 1]):
                first = merged.get((r - 1, c), (r - 1, c))
                merged[r, c] = first
                text = text or rows[first[0]][first[1]]
            cells.append(text)
            for covered in range(c + 1, min(c + _span(properties), MAX_COLUMNS)):
                cells.append(text)
                merged[r, covered] = merged.get((r, c), (r, c))
        rows.append(cells)
    above = _above(table)
    name = above[-1] if above and len(above[-1]) <= _LONGEST_NAME else ""
    return make_grid(where, rows, name, merged, above=above)


def _cell_text(cell: Any) -> str:
    lines = (" ".join(line.split()) for line in text_of(cell).split("\n"))
    return "\n".join(line for line in lines if line)


def _span(properties: Any) -> int:
    found = None if properties is None else properties.find(qn("w:gridSpan"))
    value = "1" if found is None else found.get(qn("w:val"), "1")
    return int(value) if value.isdigit() else 1


def _skipped(row: Any) -> int:
    """Return how many columns a row leaves out on its left."""
    found = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    value = "0" if found is None else found.get(qn("w:val"), "0")
    return min(int(value), MAX_COLUMNS) if value.isdigit() else 0


def _goes_on(properties: Any) -> bool:
    """Say whether a cell goes on with the one above it."""
    found = None if properties is None else properties.find(qn("w:vMerge"))
    return found is not None and found.get(qn("w:val"), "continue") == "continue"


def _above(table: Any) -> list[str]:
    """Return the paragraphs above a table, back to the table before it."""
    found: list[str] = []
    for element in table.itersiblings(preceding=True):
        if element.tag == qn("w:tbl") or len(found) == _PARAGRAPHS:
            break
        if element.tag == qn("w:p") and (text := " ".join(text_of(element).split())):
            found.append(text)
    return found[::-1]

"""Tables as they stand in a file, cell by cell: what a rubric or a list of marks is read from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tutor_app.documents.decoding import decode
from tutor_app.documents.kinds import binary_kind, zip_kind
from tutor_app.errors import DocumentError

MAX_BYTES = 5_000_000
"""A table that a person made is smaller; a longer file is no rubric."""
MAX_ROWS = 2_000
MAX_COLUMNS = 300
Cell = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class Grid:
    """One table.

    Attributes:
        rows: cells in reading order, all rows equally long; a merged cell's text stands in its
            first cell and in every cell that it covers.
        name: of the sheet, or the heading above the table; may be "".
        merged: a covered cell to the first cell of the merged one.
        remarks: what the person who brought the file should know, whole sentences.
        above: the paragraphs between it and the table before, in a document that has text.
    """

    rows: tuple[tuple[str, ...], ...]
    name: str = ""
    merged: dict[Cell, Cell] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0


def make_grid(
    where: str,
    rows: Iterable[Sequence[str]],
    name: str = "",
    merged: dict[Cell, Cell] | None = None,
    remarks: Sequence[str] = (),
    above: Sequence[str] = (),
) -> Grid:
    """Return a grid without empty rows at its end and empty columns on its right.

    Raises:
        DocumentError: it has more than MAX_ROWS rows or MAX_COLUMNS columns with content.
    """
    cleaned = [[cell.strip() for cell in row] for row in rows]
    width = max((n + 1 for row in cleaned for n, cell in enumerate(row) if cell), default=0)
    height = max((n + 1 for n, row in enumerate(cleaned) if any(row)), default=0)
    if width > MAX_COLUMNS or height > MAX_ROWS:
        raise DocumentError(
            f"{where}: has {height:,} rows and {width:,} columns, more than {MAX_ROWS:,} and "
            f"{MAX_COLUMNS:,}. Bring the part of it that is meant."
        )
    covered = {
        cell: first
        for cell, first in (merged or {}).items()
        if cell[0] < height and cell[1] < width
    }
    return Grid(
        tuple(tuple((row + [""] * width)[:width]) for row in cleaned[:height]),
        name.strip(), covered, tuple(remarks), tuple(above),
    )  # fmt: skip


def read_grids(name: str, content: bytes) -> tuple[str, tuple[Grid, ...]]:
    """Read all tables of a file: a workbook, a Word document, or text.

    Args:
        name: the file's name, for messages and for its suffix.
        content: all its bytes.

    Returns:
        What it is (".xlsx", ".docx", ".csv") and its tables, those without content left out.

    Raises:
        DocumentError: the file is empty, too large, damaged, unsafe, or holds no table.
    """
    path = Path(name)
    kind = file_kind(path, content)
    if kind == ".xlsx":
        from tutor_app.documents.grid_workbook import workbook_grids

        grids = workbook_grids(path, content)
    elif kind == ".docx":
        from tutor_app.documents.grid_word import word_grids

        grids = word_grids(path, content)
    else:
        from tutor_app.documents.grid_text import text_grid

        text, remarks = decode(path, content)
        grids = [text_grid(name, text, remarks)]
    found = tuple(grid for grid in grids if grid.rows)
    if not found:
        raise DocumentError(f"{name}: holds no table. Bring the file that has it, or paste it.")
    return kind or ".csv", found


def file_kind(path: Path, content: bytes) -> str:
    """Return ".xlsx", ".docx" or "" (text) for what the bytes are, whatever the name says.

    Raises:
        DocumentError: the file is empty, too large, or of a kind without tables to read.
    """
    if not content.strip():
        raise DocumentError(f"{path}: is empty. Bring the file with its content.")
    if len(content) > MAX_BYTES:
        raise DocumentError(
            f"{path}: has {len(content):,} bytes, more than {MAX_BYTES:,}. Bring the table alone."
        )
    kind = binary_kind(path, content)
    if kind == ".zip":
        kind = zip_kind(path, content)
    if kind not in ("", ".xlsx", ".docx"):
        raise DocumentError(
            f"{path}: is a {kind} file, whose tables are not read. Bring the table as XLSX, DOCX "
            "or CSV, or paste it."
        )
    if not kind and path.suffix.lower() in (".xlsx", ".docx"):
        raise DocumentError(
            f"{path}: is no {path.suffix} file, whatever its name says. Save it anew from the "
            "program it came from."
        )
    return kind

"""Read tables in text form of any size: CSV, TSV, and what calls itself .xls but is text."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tutor_app.documents.decoding import find_encoding
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import DocumentError
from tutor_app.exchange.records import Record, Table, below_headings, padded

_DELIMITERS = ",;\t|"
_SAMPLE = 200_000
_SAMPLE_ROWS = 50
# 100,000 answers of a page each; read in pieces.
MAX_TABLE_BYTES = 2_000_000_000
_END = "\x1e"


def open_delimited(path: Path) -> Table:
    """Open a table in text form; its delimiter is a comma, semicolon, tab or bar.

    Raises:
        DocumentError: the file is no text, empty or too large.
    """
    size = path.stat().st_size
    if size > MAX_TABLE_BYTES:
        raise DocumentError(
            f"{path}: has {size:,} bytes, more than {MAX_TABLE_BYTES:,}. Split the file."
        )
    encoding, remarks = find_encoding(path)
    # An answer may be a megabyte; Python's own limit for a cell is an eighth of that.
    csv.field_size_limit(MAX_BYTES)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(_SAMPLE)
    declared = head[:4].lower() == "sep=" and len(head) > 4
    delimiter = head[4] if declared else likely_delimiter(head)

    def records() -> Iterator[Record]:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            if declared:
                file.readline()
            yield from _records(file, delimiter, 1 + declared)

    try:
        headings, above, read = below_headings(records)
    except csv.Error as error:
        raise DocumentError(
            f"{path}: is no table ({error}). Export it again as CSV with UTF-8."
        ) from error
    if not headings:
        raise DocumentError(f"{path}: holds no row with content. Export the table again.")
    return Table(headings, above, lambda: _checked(path, read(), len(headings)), remarks)


def _records(lines: Iterable[str], delimiter: str, first: int) -> Iterator[Record]:
    """Yield the rows; a quote that is never closed is told on the row where it was opened."""
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter)
    number = first
    for cells in reader:
        if cells == [_END]:
            return
        if cells and cells[-1].endswith(_END):
            cells[-1] = cells[-1][:-1]
            problem = (
                "A quotation mark that opens in this row is never closed, so the rest of the file "
                "ran into it. Close it, or export the table again."
            )
            yield Record(number, cells, dict.fromkeys(range(len(cells) + 100), problem))
            return
        yield Record(number, cells)
        number += 1


def _checked(path: Path, records: Iterator[Record], width: int) -> Iterator[Record]:
    """Mark rows that are wider or shorter than the headings."""
    try:
        for record in records:
            count = len(record.cells)
            columns, why = range(0), ""
            if any(cell.strip() for cell in record.cells[width:]):
                columns, why = range(width), "an answer with the delimiter in it, not quoted"
            elif count < width:
                columns, why = range(count, width), "perhaps it is cut off"
            if columns and not record.problems:
                problem = (
                    f"This row has {count} cells below {width} headings: {why}. Correct the row, "
                    "or export the table again."
                )
                record = record._replace(problems=dict.fromkeys(columns, problem))
            yield padded(record, width)
    except csv.Error as error:
        raise DocumentError(
            f"{path}: cannot be read to its end ({error}). Export it again as CSV with UTF-8."
        ) from error


def likely_delimiter(head: str) -> str:
    """Return the delimiter that splits the top of a file most evenly."""

    def evenness(delimiter: str) -> tuple[float, int]:
        rows: Any = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(rows, _SAMPLE_ROWS) if row]
        if len(head) == _SAMPLE and len(widths) > 1:
            widths.pop()  # cut off
        width = widths[0] if widths else 1
        share = sum(one == width for one in widths) / max(1, len(widths))
        return (share if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=evenness)

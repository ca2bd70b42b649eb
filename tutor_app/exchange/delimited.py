"""Read tables in text form of any size: CSV, TSV, and what calls itself .xls but is text."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tutor_app.documents.decoding import find_encoding
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import DocumentError
from tutor_app.exchange.quotation import check_quotation
from tutor_app.exchange.records import Record, Table, below_headings, padded

_DELIMITERS = ",;\t|"
_SAMPLE = 200_000
_SAMPLE_ROWS = 50
# 100,000 answers of a page each; read in pieces.
MAX_TABLE_BYTES = 2_000_000_000


def open_delimited(path: Path) -> Table:
    """Open a table in text form; its delimiter is a comma, semicolon, tab or bar.

    Raises:
        DocumentError: the file is no text, empty or too large, or a quotation mark in it swallows
            rows.
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

    def lines() -> Iterator[str]:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            if declared:
                file.readline()
            yield from file

    doubtful = check_quotation(path, lines(), delimiter, first=1 + declared)

    def records() -> Iterator[Record]:
        for number, cells in enumerate(csv.reader(lines(), delimiter=delimiter), 1 + declared):
            problem = doubtful.get(number)
            problems = dict.fromkeys(range(len(cells)), problem) if problem else {}
            yield _without_zeros(Record(number, cells, problems))

    try:
        headings, above, read = below_headings(records)
    except csv.Error as error:
        raise DocumentError(
            f"{path}: is no table ({error}). Export it again as CSV with UTF-8."
        ) from error
    if not headings:
        raise DocumentError(f"{path}: holds no row with content. Export the table again.")
    return Table(headings, above, lambda: _checked(path, read(), len(headings)), remarks)


def _without_zeros(record: Record) -> Record:
    """Leave out zero bytes, and say so beside every answer of the row."""
    at = [n for n, cell in enumerate(record.cells) if "\0" in cell]
    if not at:
        return record
    remark = (
        f"Zero bytes in column {', '.join(str(n + 1) for n in at)} were left out. Letters may be "
        "missing there."
    )
    cells = [cell.replace("\0", "") for cell in record.cells]
    return record._replace(cells=cells, remarks=dict.fromkeys(range(len(cells)), remark))


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

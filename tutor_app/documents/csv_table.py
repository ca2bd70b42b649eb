"""Read tables in text form (CSV, TSV) as Markdown tables."""

import csv
import io
from pathlib import Path
from typing import Any

from tutor_app.documents.decoding import decode
from tutor_app.documents.document import Document
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000


def read_csv(path: Path, content: bytes) -> Document:
    """Read a table in text form; its delimiter is a comma, semicolon, tab or bar.

    Raises:
        DocumentError: the file is no text, no table, or empty.
    """
    text, remarks = decode(path, content)
    # Python's own limit for a cell is an eighth of a megabyte; it is one for the whole process.
    csv.field_size_limit(MAX_BYTES)
    writing = Writing(path)
    writing.remarks.extend(remarks)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:_SAMPLE], delimiters=_DELIMITERS)
    except csv.Error:  # a single column, or too few lines to tell
        dialect = csv.excel
    try:
        writing.add_table(csv.reader(io.StringIO(text, newline=""), dialect))
    except csv.Error as error:
        raise DocumentError(
            f"{path}: is no table ({error}). Export it again as CSV with UTF-8."
        ) from error
    if writing.is_empty():
        raise DocumentError(f"{path}: holds no row with content. Export the table again.")
    return writing.document()

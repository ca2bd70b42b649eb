"""Open a table by what its bytes are."""

from pathlib import Path

from tutor_app.documents.kinds import binary_kind, zip_kind
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import DocumentError
from tutor_app.exchange.delimited import open_delimited
from tutor_app.exchange.records import Table
from tutor_app.exchange.sheets import open_sheet

_HEAD = 1_024
TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm")


def open_table(path: Path, sheet: str = "") -> Table:
    """Open a CSV, TSV or Excel file; an .xls that is text, as Blackboard makes them, too.

    Raises:
        DocumentError: it cannot be opened, or is no table.
    """
    try:
        with path.open("rb") as file:
            kind = binary_kind(path, file.read(_HEAD))
        if kind == ".zip" and path.stat().st_size <= MAX_BYTES:
            kind = zip_kind(path, path.read_bytes())
        if kind == ".xlsx":
            return open_sheet(path, sheet)
        if kind:
            raise DocumentError(f"{path}: is a {kind} file, not a table. Bring a CSV or XLSX file.")
        return open_delimited(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(f"{path}: cannot be opened ({reason}). Check the path.") from error

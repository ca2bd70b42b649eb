"""The instructor's own table: some cells are filled, every other byte stays as it was."""

from collections.abc import Sequence
from pathlib import Path

from tutor_app.documents.decoding import find_encoding
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import DocumentError
from tutor_app.exchange.delimited import likely_delimiter


class OwnFile:
    """A table in text form that keeps how each cell was written.

    Attributes:
        rows: cells without their quotation marks; change them by `fill` only.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            DocumentError: it cannot be opened, is too large, or no text.
        """
        try:
            if (size := path.stat().st_size) > MAX_BYTES:
                raise DocumentError(f"{path}: has {size:,} bytes, more than {MAX_BYTES:,}.")
            content = path.read_bytes()
            encoding, self.remarks = find_encoding(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DocumentError(f"{path}: cannot be opened ({reason}). Check the path.") from error
        if encoding == "utf-16":
            encoding = "utf-16-le" if content[:1] == b"\xff" else "utf-16-be"
        self.encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        text = content.decode(self.encoding, "replace")
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix(self._mark)
        self.delimiter = likely_delimiter(text)
        self._raw = _raw_cells(text, self.delimiter)
        self.rows = [[_value(cell) for cell, _ in row] for row in self._raw]

    def fill(self, row: int, column: int, text: str) -> None:
        """Put text into a cell; a cell that holds it already keeps its bytes."""
        if self.rows[row][column] != text:
            self.rows[row][column] = text
            after = self._raw[row][column][1]
            self._raw[row][column] = (_quoted(text, self.delimiter), after)

    def content(self) -> bytes:
        """Return the file's bytes; in UTF-8 where its own encoding lacks a letter."""
        text = self._mark + "".join(cell + after for row in self._raw for cell, after in row)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            self.remarks = (
                *self.remarks,
                f"It was {self.encoding} and is UTF-8 now, because the feedback has letters that "
                f"{self.encoding} lacks. Choose UTF-8 when you import it.",
            )
            return text.encode("utf-8")


def _raw_cells(text: str, delimiter: str) -> list[list[tuple[str, str]]]:
    """Split into rows of (cell as written, what follows it: a delimiter, a line end or nothing)."""
    rows: list[list[tuple[str, str]]] = [[]]
    at = start = 0
    while at < len(text):
        char = text[at]
        if char == '"' and at == start:
            at = _end_of_quote(text, at)
        elif char == delimiter:
            rows[-1].append((text[start:at], char))
            at = start = at + 1
        elif char in "\r\n":
            after = "\r\n" if text.startswith("\r\n", at) else char
            rows[-1].append((text[start:at], after))
            rows.append([])
            at = start = at + len(after)
        else:
            at += 1
    if start < len(text) or rows[-1]:
        rows[-1].append((text[start:], ""))
    return [row for row in rows if row]


def _end_of_quote(text: str, start: int) -> int:
    at = text.find('"', start + 1)
    while at >= 0 and text.startswith('""', at):
        at = text.find('"', at + 2)
    return len(text) if at < 0 else at + 1


def _value(cell: str) -> str:
    if cell.startswith('"'):
        return cell[1:].removesuffix('"').replace('""', '"')
    return cell


def _quoted(text: str, delimiter: str) -> str:
    if any(char in text for char in (delimiter, '"', "\n", "\r")) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def padded(cells: Sequence[str], width: int) -> list[str]:
    """Return cells with empty ones up to a width."""
    return [*cells, *[""] * (width - len(cells))]

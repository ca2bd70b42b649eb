"""Tables in text: CSV with any usual delimiter, a Markdown table, columns set apart by spaces."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from tutor_app.documents.grid import Grid, make_grid
from tutor_app.errors import DocumentError

_DELIMITERS = "\t;,|"
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_SPACES = re.compile(r"\s{2,}")
# Where this part of the rows has one width, the delimiter is the right one.
_MOST = 0.8
_HALF = 0.5


def text_grid(where: str, text: str, remarks: Sequence[str] = ()) -> Grid:
    """Read a table from text.

    Args:
        where: names it in messages.
        text: one table.
        remarks: what is known of its reading so far.

    Raises:
        DocumentError: it is no table, or too large.
    """
    text = text.removeprefix("\ufeff")
    lines = [line for line in text.splitlines() if line.strip()]
    if any(_RULE.match(line) for line in lines) and sum("|" in line for line in lines) > 1:
        rows = [_piped(line) for line in lines if not _RULE.match(line)]
        return make_grid(where, rows, remarks=remarks)
    spaced = [_SPACES.split(line.strip()) for line in lines]
    if not any(mark in text for mark in _DELIMITERS[:1]) and _even([*map(len, spaced)]):
        return make_grid(where, spaced, remarks=remarks)
    delimiter = _delimiter(where, text)
    return make_grid(where, _split(where, text, delimiter), remarks=remarks)


def _piped(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [
        re.sub(r"<br\s*/?>", "\n", cell.replace("\\|", "|")).strip(" *")
        for cell in _PIPE.split(inner)
    ]


def _delimiter(where: str, text: str) -> str:
    """Return the delimiter that makes the most columns, evenly where one does."""
    best, found = (False, 1), ","
    for delimiter in _DELIMITERS:
        # a line without the delimiter may be a title above the table
        rows = [row for row in _split(where, text, delimiter) if any(row)]
        widths = [len(row) for row in rows if len(row) > 1]
        head = widths[0] if widths else 0
        even = _even(widths) and len(widths) > _HALF * len(rows)
        if (score := (even, head)) > best:
            best, found = score, delimiter
    return found


def _even(widths: Sequence[int]) -> bool:
    """Say whether most rows have one width of two or more."""
    if not widths:
        return False
    width, count = Counter(widths).most_common(1)[0]
    return width > 1 and count >= _MOST * len(widths) and (count > 1 or len(widths) == 1)


def _split(where: str, text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DocumentError(
            f"{where}: is no table ({error}). Export it again as CSV with UTF-8."
        ) from error

"""Find quotation marks that swallow rows: never closed, or closed by luck in a later row.

Programs that write CSV double a mark inside a cell and put the cell in marks; people who type
`"5 inch longer` do not, and a reader then takes all rows up to the next mark for one answer.
"""

import csv
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor_app.errors import DocumentError

_REMEDY = (
    'Put that cell in quotation marks and double each mark inside it ("he said ""yes"""), or leave '
    "the mark out."
)
_QUOTE = '"'
_RUNS = ((re.compile(r"[^\W\d_]+"), "a"), (re.compile(r"\d+"), "9"))
# In so many columns no text has the right number of delimiters in every line by chance.
_WIDE = 4
_NARROW = 2


@dataclass(frozen=True)
class _Row:
    """One row: where it begins in the file, and its text as it stands there."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class _Suspect:
    """A cell whose further lines have the form of rows.

    Attributes:
        line, last: where its quotation mark opens and closes.
        row: number of the row.
        widths: how many cells each further line has, the fewest and the most.
        begins: what stands before the first delimiter of each further line.
        seen: the first of those lines.
    """

    line: int
    last: int
    row: int
    widths: tuple[int, int]
    begins: tuple[str, ...]
    seen: str

    @property
    def _has_keys(self) -> bool:
        return all(re.search(r"[\d@]", begin) for begin in self.begins)

    def fits(self, width: int) -> bool:
        """Every further line has the cells of a row; behind a number or address, some more too."""
        least, most = self.widths
        return least == width == most or (self._has_keys and least >= width)

    def is_plain(self, begins: Container[str], width: int) -> bool:
        """Tell rows from an answer that may look like them: coordinates, lists."""
        if width >= _WIDE:
            return True
        known = all(one in begins for one in self.begins)
        return self._has_keys and (width > _NARROW or not known)


def check_quotation(
    path: Path, lines: Iterable[str], delimiter: str, *, first: int = 1
) -> dict[int, str]:
    """Go through a table once, looking for rows that a quotation mark swallowed.

    Args:
        path: named in errors.
        lines: the file's lines with their ends.
        delimiter: one sign.
        first: number of the first of these lines in the file.

    Returns:
        By row (counted as spreadsheets do, from `first`), what may be swallowed rows and may as
        well be an answer of several lines: a person has to look.

    Raises:
        DocumentError: a mark is never closed, text follows a closing mark, or the lines inside a
            cell are plainly rows of the table; the message names the line where the mark opens.
    """
    begins: set[str] = set()
    widths: Counter[int] = Counter()
    suspects: list[_Suspect] = []
    for number, row in enumerate(_rows(path, lines, delimiter, first), first):
        if len(row.cells) < _NARROW:
            continue
        if widths:  # the first is the headings, whose form is not that of the rows
            begins.add(row.cells[0].strip())
        widths[len(row.cells)] += 1
        if any("\n" in cell or "\r" in cell for cell in row.cells):
            suspects += _suspects(row, number, delimiter)
    if not suspects:
        return {}
    shapes = {_shape(one) for one in begins}
    width = widths.most_common(1)[0][0]
    doubtful = {}
    for one in suspects:
        if not (one.fits(width) and {_shape(begin) for begin in one.begins} <= shapes):
            continue
        if one.is_plain(begins, width):
            raise DocumentError(
                f"{path}:{one.line}: a quotation mark opens here and closes only in line "
                f"{one.last}; what lies between looks like rows of this table "
                f"({one.seen[:60]!r}), which would be lost. {_REMEDY} If it is one answer, bring "
                "the table as XLSX."
            )
        doubtful[one.row] = (
            f"The answer runs from line {one.line} to line {one.last}, and its lines look like "
            f"rows of this table ({one.seen[:60]!r}). Look whether a quotation mark is open by "
            "mistake and other students' rows ran into it."
        )
    return doubtful


def _rows(path: Path, lines: Iterable[str], delimiter: str, first: int) -> Iterator[_Row]:
    kept: list[str] = []

    def keeping() -> Iterator[str]:
        for line in lines:
            kept.append(line)
            yield line

    reader = csv.reader(keeping(), delimiter=delimiter, strict=True)
    begin = first
    try:
        for cells in reader:
            yield _Row(begin, cells)
            kept.clear()
            begin = first + reader.line_num
    except csv.Error as error:
        text = "".join(kept)
        opened, closed = _wrong_mark(text, delimiter)
        if opened < 0:
            raise DocumentError(
                f"{path}:{begin}: is no table ({error}). Export it again as CSV with UTF-8."
            ) from error
        line = begin + _breaks(text[:opened])
        what = "opens here and is never closed"
        if closed >= 0:
            at = begin + _breaks(text[:closed])
            where = f"line {at}, with" if at != line else "this line, with"
            what = f"opens here and closes in {where} text right behind it"
        raise DocumentError(
            f"{path}:{line}: a quotation mark {what}, so what follows cannot be told from the "
            f"next answers. {_REMEDY}"
        ) from error


def _wrong_mark(text: str, delimiter: str) -> tuple[int, int]:
    """Return where the first wrong mark opens and closes; -1 for not at all."""
    at = 0
    while at < len(text):
        if text[at] == _QUOTE:
            opened, at = at, at + 1
            while (at := text.find(_QUOTE, at)) >= 0 and text[at + 1 : at + 2] == _QUOTE:
                at += 2
            if at < 0:
                return opened, -1
            if (behind := text[at + 1 : at + 2]) and behind not in f"{delimiter}\r\n":
                return opened, at
            at += 2
        else:
            ends = (text.find(sign, at) for sign in (delimiter, "\n", "\r"))
            at = min((end for end in ends if end >= 0), default=len(text)) + 1
    return -1, -1


def _suspects(row: _Row, number: int, delimiter: str) -> Iterator[_Suspect]:
    line = row.line
    for place, cell in enumerate(row.cells):
        breaks = _breaks(cell)
        inner = [one for one in re.split(r"\r\n|\r|\n", cell)[1:] if one.strip()]
        parts = [one.count(delimiter) + 1 for one in inner]
        # the last line goes on behind the cell's closing mark
        if parts:
            parts[-1] += len(row.cells) - place - 1
        if parts and min(parts) >= _NARROW:
            begins = tuple(one.partition(delimiter)[0].strip() for one in inner)
            widths = (min(parts), max(parts))
            yield _Suspect(line, line + breaks, number, widths, begins, inner[0])
        line += breaks


def _shape(text: str) -> str:
    """Return a text with words and numbers made alike: "s12" and "x7" are both "a9"."""
    for runs, sign in _RUNS:
        text = runs.sub(sign, text)
    return text


def _breaks(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))

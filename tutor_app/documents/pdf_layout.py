"""From the lines of PDF pages to headings and paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from tutor_app.documents.writing import Writing

_HYPHEN = "\ufffe"
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft"})
_BULLET = re.compile(r"[•◦▪‣●○■□–∙·\uf0b7\uf0a7]\s*(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_UNREADABLE = re.compile(r"[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p|seite|s|página|pág)?\W*\d{1,4}\W*(?:(?:of|von|de)?\W*\d{1,4})?\W*", re.IGNORECASE
)
_ENTRY_OF_CONTENTS = re.compile(r"(?:\.\s?){5,}\s*(?:\d{1,5}|[ivxlc]{1,7})$")
# Parts of a page's height: where Word puts headers, and how far in LaTeX puts page numbers.
_OUTER_MARGIN = 0.085
_MARGIN = 0.2
_REPEATED = 3
_HEADING_SIZE = 1.15
_HEADING_LETTERS = 150
_MAX_LEVELS = 4
# In typical distances from line to line; in heights of a heading's letters; in heights of a line.
_GAP = 1.35
_HEADING_PITCH = 1.8
_INDENT = 0.8


class Line(NamedTuple):
    """A line of text; left, bottom and height in points, from the lower left of the page."""

    text: str
    left: float
    bottom: float
    height: float


class Page(NamedTuple):
    """A page with its edges in points; `scan`: it may be a picture of text."""

    lines: list[Line]
    scan: bool
    bottom: float
    top: float


class _Mark(NamedTuple):
    """An entry of the outline; y in points, None for the top of the page."""

    level: int
    title: str
    y: float | None


class _Flow(NamedTuple):
    """What makes a paragraph of lines: typical sizes of the whole document, in points."""

    height: float
    pitch: float


def write_pages(writing: Writing, pages: list[Page], outline: Sequence[Sequence[Any]]) -> None:
    """Add the text of all pages, without headers, footers and unreadable lines.

    Args:
        writing: where to; `page` counts from 1.
        pages: in order. Their lines are replaced by those that are kept.
        outline: [level from 0, title, page from 0, y or None] in order; sections where it has
            more than one entry, else the size of the letters tells the headings.
    """
    _drop_margins(pages, _typical(pages).height)
    flow = _typical(pages)
    marks: dict[int, list[_Mark]] = {}
    for level, title, number, y in outline if len(outline) > 1 else ():
        marks.setdefault(number, []).append(_Mark(level + 1, title, y))
    paragraphs = _Paragraphs(writing, flow, {} if marks else _heading_levels(pages, flow))
    for number, page in enumerate(pages):
        paragraphs.page(number + 1, page.lines, marks.get(number, []))
    paragraphs.close()


def _drop_margins(pages: list[Page], height: float) -> None:
    """Take out running headers, footers, page numbers, contents, and what cannot be read.

    They stand at the same height of three or more pages. In doubt a line stays: "Exercise 3" at
    the top of page 3 is content.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for number, page in enumerate(pages):
        for line in page.lines:
            if _margin(line, page) < _MARGIN:
                seen.update(_shapes(line, number))
    for number, page in enumerate(pages):
        page.lines[:] = [
            line
            for line in page.lines
            if _is_readable(line.text)
            and not _ENTRY_OF_CONTENTS.search(line.text)
            and not (
                line.height < _HEADING_SIZE * height
                and _is_running(line, _margin(line, page), seen, number)
            )
        ]


def _is_running(line: Line, margin: float, seen: Counter[tuple[str, int]], number: int) -> bool:
    """Tell a header or footer among the lines near the edges of a page."""
    repeats = [shape for shape in _shapes(line, number) if seen[shape] >= _REPEATED]
    if margin >= _MARGIN or not repeats:
        return False
    has_digits = any(char.isdigit() for char in line.text)
    is_number = _PAGE_NUMBER.fullmatch(line.text) is not None
    counts_pages = any(shape[0].startswith("@") for shape in repeats)
    return margin < _OUTER_MARGIN or not has_digits or is_number or counts_pages


def _margin(line: Line, page: Page) -> float:
    """Return how far from the nearer edge a line stands, as a part of the page's height."""
    height = max(page.top - page.bottom, 1)
    return min(line.bottom - page.bottom, page.top - line.bottom - line.height) / height


def _shapes(line: Line, number: int) -> set[tuple[str, int]]:
    """Return what a line has in common with its like on other pages, and its height.

    That is its text without digits; and, for one of four words and more that begins or ends with
    a number, how far this is from the number of the page ("12 Chapter 2. Energy").
    """
    height = round(line.bottom / 4)
    shapes = {(re.sub(r"\d+", "#", line.text), height)}
    words = line.text.split()
    for at in (0, -1):
        if len(words) > 3 and words[at].isdecimal() and len(words[at]) < 6:
            rest = words[1:] if at == 0 else words[:-1]
            shapes.add((f"@{int(words[at]) - number} {' '.join(rest)}", height))
    return shapes


def is_readable(page: Page) -> bool:
    """Tell whether a page has any line that can be read."""
    return any(_is_readable(line.text) for line in page.lines)


def _is_readable(text: str) -> bool:
    """Tell text from the codes of a font that does not say which letters it draws."""
    return len(_UNREADABLE.findall(text)) * 3 < len(text)


def _typical(pages: list[Page]) -> _Flow:
    heights: Counter[float] = Counter()
    pitches: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            heights[line.height] += len(line.text)
        for above, below in zip(page.lines, page.lines[1:], strict=False):
            if 0 < above.bottom - below.bottom < 1.7 * above.height:
                pitches[round(above.bottom - below.bottom)] += 1
    height = heights.most_common(1)[0][0] if heights else 12.0
    return _Flow(height, float(pitches.most_common(1)[0][0]) if pitches else 1.2 * height)


def _heading_levels(pages: list[Page], flow: _Flow) -> dict[float, int]:
    """Return a level for each height of letters that headings have, the largest first."""
    sizes: Counter[float] = Counter()
    letters: Counter[float] = Counter()
    for line in (line for page in pages for line in page.lines):
        if line.height >= _HEADING_SIZE * flow.height:
            sizes[line.height] += 1
            letters[line.height] += len(line.text)
    # A size in which whole paragraphs are set is no heading's.
    short = [size for size in sizes if letters[size] / sizes[size] < _HEADING_LETTERS / 2]
    return {size: min(n, _MAX_LEVELS) for n, size in enumerate(sorted(short, reverse=True), 1)}


class _Paragraphs:
    """Collects lines into paragraphs; one may go on on the next page."""

    def __init__(self, writing: Writing, flow: _Flow, levels: dict[float, int]) -> None:
        self._writing = writing
        self._flow = flow
        self._levels = levels
        self._open: list[Line] = []
        self._open_page = 1
        self._level = 0

    def page(self, number: int, lines: list[Line], marks: list[_Mark]) -> None:
        """Add the lines of a page; `marks` are the entries of the outline that point to it."""
        begins = _beginnings(lines, marks)
        skipped = 0
        for n, line in enumerate(lines):
            for mark, length in begins.get(n, []):
                self.close()
                self._writing.heading(mark.level, mark.title)
                skipped = max(skipped, n + length)
            if n < skipped:
                continue
            level = self._levels.get(line.height, 0) if _may_head(line.text) else 0
            if self._open and self._parts(line, level, n == 0):
                self.close()
            if not self._open:
                self._open_page, self._level = number, level
            self._open.append(line)
        for mark, _ in begins.get(len(lines), []):
            self.close()
            self._writing.heading(mark.level, mark.title)

    def close(self) -> None:
        """End the paragraph that is open."""
        if not self._open:
            return
        text = _joined([line.text for line in self._open])
        self._open = []
        self._writing.page = self._open_page
        if self._level and len(text) <= _HEADING_LETTERS:
            self._writing.heading(self._level, text)
        elif _BULLET.match(text):
            self._writing.add("list item", _BULLET.sub("- ", text, count=1))
        else:
            self._writing.add("list item" if _NUMBERED.match(text) else "paragraph", text)

    def _parts(self, line: Line, level: int, first: bool) -> bool:
        """Tell whether a line begins a new paragraph."""
        last = self._open[-1]
        if level or level != self._level:
            apart = first or not 0 < last.bottom - line.bottom < _HEADING_PITCH * line.height
            return level != self._level or apart
        if _BULLET.match(line.text) or _NUMBERED.match(line.text):
            return True
        ended = _SENTENCE_END.search(last.text) is not None
        if first or line.bottom > last.bottom:  # a page or a column ends
            return ended or not line.text[0].islower()
        if last.bottom - line.bottom > _GAP * max(self._flow.pitch, self._flow.height):
            return True
        return ended and line.left - last.left > _INDENT * self._flow.height


def _may_head(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return (
        letters >= 3
        and 2 * letters > len(text)
        and len(text) <= _HEADING_LETTERS
        and not text.endswith((".", ",", ";"))
    )


def _beginnings(lines: list[Line], marks: list[_Mark]) -> dict[int, list[tuple[_Mark, int]]]:
    """Return, by number of line, which sections begin there and how many lines are the title."""
    begins: dict[int, list[tuple[_Mark, int]]] = {}
    names = [_folded(line.text) for line in lines]
    earliest = 0
    for mark in marks:
        at, length = _titled(names, _folded(mark.title), earliest)
        if not length:
            y = mark.y
            at = next(
                (n for n, line in enumerate(lines) if y is None or line.bottom < y), len(lines)
            )
        at = max(at, earliest)
        begins.setdefault(at, []).append((mark, length))
        earliest = at + length
    return begins


def _titled(names: list[str], title: str, earliest: int) -> tuple[int, int]:
    """Return where a title stands in the text, and in how many lines; (0, 0) if it does not."""
    for length in (1, 2, 3):
        for n in range(earliest, len(names) - length + 1):
            name = "".join(names[n : n + length])
            numbered = len(title) > 3 and name.endswith(title) and len(name) < len(title) + 12
            if title and (name == title or numbered):
                return n, length
    return 0, 0


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _joined(lines: list[str]) -> str:
    text = " ".join(lines).translate(_LIGATURES)
    text = re.sub(f"{_HYPHEN}(?=[A-Z0-9])", "-", text).replace(_HYPHEN, "")
    return " ".join(_UNREADABLE.sub("", text).split())

"""A table as a reader of batches sees it: headings, and rows one by one, as often as asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

_NOTHING: Mapping[int, str] = MappingProxyType({})
# Rows that may stand above the headings: a title, a line that says when it was exported.
_MAX_ABOVE = 10


class Record(NamedTuple):
    """One row.

    Attributes:
        number: as a spreadsheet counts, from 1, the headings included.
        cells: one per heading at least.
        problems: by column, why a cell cannot be taken at its word (a formula without a value).
        remarks: by column, what to know about a cell.
    """

    number: int
    cells: list[str]
    problems: Mapping[int, str] = _NOTHING
    remarks: Mapping[int, str] = _NOTHING


@dataclass(frozen=True)
class Table:
    """A table that can be read again and again without being held in memory.

    Attributes:
        headings: without white space at their ends, numbered where two are the same.
        above: rows before the headings, as text.
        read: starts reading the rows below the headings anew.
        remarks: whole sentences about the file.
        sheets: names of the visible sheets of a workbook, the one that was read first.
    """

    headings: tuple[str, ...]
    above: tuple[str, ...]
    read: Callable[[], Iterator[Record]]
    remarks: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    def sample(self, rows: int = 300) -> list[Record]:
        """Return the first rows."""
        return list(islice(self.read(), rows))


def below_headings(
    records: Callable[[], Iterator[Record]],
) -> tuple[tuple[str, ...], tuple[str, ...], Callable[[], Iterator[Record]]]:
    """Find the headings: the first of the top rows that fills at least half of the widest one.

    Returns:
        Headings, the rows above them as text, and the function that reads the rows below.
    """
    top = list(islice(records(), _MAX_ABOVE + 1))
    widest = max((_filled(one) for one in top), default=0)
    at = next((n for n, one in enumerate(top) if 2 * _filled(one) >= widest and _filled(one)), None)
    if at is None:
        return (), (), lambda: iter(())
    above = tuple(" ".join(filter(None, one.cells)) for one in top[:at])
    headings = _numbered([cell.strip() for cell in top[at].cells])

    def read() -> Iterator[Record]:
        for record in islice(records(), at + 1, None):
            if any(cell.strip() for cell in record.cells):
                yield record

    return headings, tuple(filter(None, above)), read


def padded(record: Record, width: int) -> Record:
    """Return a record with a cell below every heading."""
    missing = width - len(record.cells)
    return record._replace(cells=record.cells + [""] * missing) if missing > 0 else record


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _numbered(headings: list[str]) -> tuple[str, ...]:
    """Tell headings apart that are the same: "Answer", "Answer (2)"."""
    while headings and not headings[-1]:
        headings.pop()
    seen: dict[str, int] = {}
    told = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(f"{heading} ({seen[heading]})" if heading and seen[heading] > 1 else heading)
    return tuple(told)

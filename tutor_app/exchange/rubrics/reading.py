"""What was read of somebody's rubric: its content as far as it goes, and what became of each cell.

A rubric from elsewhere rarely holds all that a rubric here needs (no question, no reference
answer, no key elements), and a table may be read in a wrong way. So the reading is not yet a
rubric: it is shown cell by cell, and a person fills in what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tutor_app.documents.grid import Grid

CriterionType = Literal["levels", "checklist", "penalty", "holistic"]
Kind = Literal["title", "question", "criterion", "level", "points", "idea", "note", "ignored"]
"""What a cell became, roughly; "level" is its title, description, example or feedback."""


@dataclass
class ReadLevel:
    """A level as far as it was given; `points` is None where none were found."""

    title: str = ""
    points: float | None = None
    description: str = ""
    example: str = ""
    feedback: str = ""


@dataclass
class ReadIdea:
    """A key element as far as it was given."""

    id: str = ""
    text: str = ""
    variants: list[str] = field(default_factory=list)


@dataclass
class ReadCriterion:
    """A criterion as far as it was given."""

    id: str = ""
    title: str = ""
    points: float | None = None
    negative_allowed: bool = False
    type: CriterionType = "levels"
    levels: list[ReadLevel] = field(default_factory=list)
    key_elements: list[ReadIdea] = field(default_factory=list)
    grader_note: str = ""


@dataclass
class ReadRubric:
    """A rubric as far as it was given, with the fields of domain/rubric.py."""

    id: str = ""
    title: str = ""
    version: int = 1
    question: str = ""
    reference_answers: list[str] = field(default_factory=list)
    criteria: list[ReadCriterion] = field(default_factory=list)
    min_points: float = 0.0
    max_extra: float = 0.0
    course_sections: list[str] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """Return the data of the rubric file that it would be, right or wrong."""
        return asdict(self)


@dataclass(frozen=True)
class CellRead:
    """One cell, or one entry of a file that is no table.

    Attributes:
        place: "B3" in a table, "Osmosis, levels, Clear, mark" elsewhere.
        text: what stands there.
        became: what it was read as, in words; for an ignored one, why.
        kind: the same, roughly.
        row: of the table, from 0; -1 elsewhere.
        column: of the table, from 0; -1 elsewhere.
    """

    place: str
    text: str
    became: str
    kind: Kind
    row: int = -1
    column: int = -1


@dataclass(frozen=True)
class RubricReading:
    """One rubric that was found in a file.

    Attributes:
        format: what the file is, in words.
        rubric: what was read; `finished` has been called on it.
        cells: every cell with content, in reading order.
        remarks: what the person should know or check, whole sentences.
    """

    format: str
    rubric: ReadRubric
    cells: tuple[CellRead, ...]
    remarks: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What a rubric here needs, or is much better with, and the file did not say."""
        return tuple(_missing(self.rubric))

    @property
    def pointless_levels(self) -> tuple[str, ...]:
        """Titles of levels without points, in order, each once."""
        titles = [
            level.title
            for criterion in self.rubric.criteria
            for level in criterion.levels
            if level.points is None
        ]
        return tuple(dict.fromkeys(titles))


class Reading:
    """A reading in the making: notes what becomes of the cells of a grid."""

    def __init__(self, grid: Grid | None = None):
        self.rubric = ReadRubric()
        self.remarks: list[str] = list(grid.remarks) if grid else []
        self._grid = grid
        self._cells: dict[tuple[int, int], CellRead] = {}
        self._entries: list[CellRead] = []

    def cell(self, row: int, column: int, became: str, kind: Kind) -> None:
        """Note what a cell of the grid became; a second note is added to the first."""
        text = self._grid.rows[row][column] if self._grid else ""
        before = self._cells.get((row, column))
        if before is not None and before.kind != "ignored":
            became, kind = f"{before.became}; {became}", before.kind
        self._cells[row, column] = CellRead(cell_name(row, column), text, became, kind, row, column)

    def entry(self, place: str, text: object, became: str, kind: Kind) -> None:
        """Note what an entry of a file that is no table became."""
        self._entries.append(CellRead(place, str(text), became, kind))

    def is_noted(self, row: int, column: int) -> bool:
        """Say whether it is noted already what a cell became."""
        return (row, column) in self._cells

    def remark(self, sentence: str) -> None:
        """Add a remark, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def done(self, format: str) -> RubricReading:
        """Finish the rubric and return the reading; cells that nobody noted are ignored ones."""
        finished(self.rubric, self.remark)
        cells = [*self._entries, *self._rest()]
        return RubricReading(format, self.rubric, tuple(cells), tuple(self.remarks))

    def _rest(self) -> Iterator[CellRead]:
        if self._grid is None:
            return
        for r, row in enumerate(self._grid.rows):
            for c, text in enumerate(row):
                if not text:
                    continue
                if (r, c) in self._grid.merged and (r, c) not in self._cells:
                    first = self._grid.merged[r, c]
                    became = f"part of the merged cell {cell_name(*first)}"
                    yield CellRead(cell_name(r, c), text, became, "ignored", r, c)
                else:
                    yield self._cells.get(
                        (r, c), CellRead(cell_name(r, c), text, "ignored", "ignored", r, c)
                    )


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell as spreadsheets have it: (2, 1) is "B3"."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def points_words(points: float | None) -> str:
    """Return "1 point", "2.5 points"."""
    return f"{points or 0.0:g} point" + ("" if points == 1 else "s")


def finished(rubric: ReadRubric, remark: Any) -> None:
    """Put what was read into the order and the kinds that a rubric here has.

    Levels are sorted best first; a criterion that only takes points off becomes a penalty; its
    points are those of its best level where none were given.

    Args:
        rubric: changed in place.
        remark: called with a sentence about what a person should know.
    """
    for criterion in rubric.criteria:
        given = [level.points for level in criterion.levels if level.points is not None]
        if criterion.type in ("levels", "holistic") and given:
            _as_penalty(criterion, given, remark)
        if criterion.type not in ("levels", "holistic"):
            continue
        if len(given) == len(criterion.levels):
            criterion.levels.sort(key=lambda level: -(level.points or 0.0))
        if criterion.points is None and given and len(given) == len(criterion.levels):
            criterion.points = max(given)
        criterion.negative_allowed |= any(points < 0 for points in given)


def _as_penalty(criterion: ReadCriterion, given: list[float], remark: Any) -> None:
    """Make a penalty of "applies: -1, does not apply: 0"."""
    worst = min(given)
    if len(criterion.levels) != 2 or len(given) != 2 or max(given) != 0 or worst >= 0:
        return
    applies = min(criterion.levels, key=lambda level: level.points or 0.0)
    if not criterion.grader_note and applies.description != criterion.title:
        criterion.grader_note = applies.description
    criterion.type, criterion.points, criterion.levels = "penalty", worst, []
    remark(f"“{criterion.title}” only takes points off, so it became a penalty.")


def _missing(rubric: ReadRubric) -> Iterator[str]:
    if not rubric.title:
        yield "a title"
    if not rubric.question:
        yield "the question that is judged"
    if not rubric.reference_answers:
        yield "a reference answer"
    criteria = rubric.criteria
    if no_points := sum(any(one.points is None for one in c.levels) for c in criteria):
        yield f"points of the levels of {no_points} of {len(criteria)} criteria"
    if few := sum(c.type in ("levels", "holistic") and len(c.levels) < 2 for c in criteria):
        yield f"levels of {few} of {len(criteria)} criteria: at least two each"
    if bare := sum(any(not one.description for one in c.levels) for c in criteria):
        yield f"descriptions of levels of {bare} of {len(criteria)} criteria"
    if without := sum(c.type != "penalty" and not c.key_elements for c in criteria):
        yield f"key elements (the ideas that an answer must show) of {without} criteria"


def text_of(data: Mapping[str, Any], key: str) -> str:
    """Return a text of a mapping from a file, "" where there is none."""
    value = data.get(key)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()

"""A rubric table with a row per level or idea, as this program writes it into a workbook."""

from tutor_app.documents.grid import Grid
from tutor_app.exchange.rubrics.columns import Columns
from tutor_app.exchange.rubrics.headings import Role, is_total
from tutor_app.exchange.rubrics.points import whole
from tutor_app.exchange.rubrics.reading import (
    Kind,
    ReadCriterion,
    ReadIdea,
    Reading,
    ReadLevel,
    cell_name,
)

TYPES = ("levels", "checklist", "penalty", "holistic")


def read_rows(reading: Reading, grid: Grid, columns: Columns, body: int) -> None:
    """Read rows of levels and ideas; a row without a criterion belongs to the one above."""
    criterion: ReadCriterion | None = None
    for r in range(body, len(grid.rows)):
        row = grid.rows[r]
        at = columns.role["criterion"]
        if is_total(row[at]):
            continue
        goes_on = not row[at] or grid.merged.get((r, at), (r, at))[0] < r
        if criterion is None or not (goes_on or _repeats(row, columns, criterion)):
            if not row[at]:
                continue
            criterion = ReadCriterion(title=row[at])
            reading.rubric.criteria.append(criterion)
            reading.cell(r, at, f"the criterion “{row[at]}”", "criterion")
        _row(_Row(reading, grid, columns, r), criterion)


def _repeats(row: tuple[str, ...], columns: Columns, criterion: ReadCriterion) -> bool:
    """Say whether a row names the criterion above again, as exported tables often do."""
    named = columns.role.get("id")
    if named is not None and row[named] and criterion.id:
        return row[named] == criterion.id
    return row[columns.role["criterion"]] == criterion.title


class _Row:
    """The cells of one row by the role of their column."""

    def __init__(self, reading: Reading, grid: Grid, columns: Columns, r: int):
        self._reading, self._grid, self._columns, self._r = reading, grid, columns, r

    def take(self, role: Role, became: str, kind: Kind) -> str:
        """Return the text in a column, and note what it became."""
        c = self._columns.role.get(role)
        text = self._grid.rows[self._r][c] if c is not None else ""
        covered = c is not None and self._grid.merged.get((self._r, c), (self._r, c))[0] < self._r
        if not text or covered:
            return ""
        self._reading.cell(self._r, c, became, kind)  # type: ignore[arg-type]
        return text

    def number(self, role: Role, became: str, worth: float | None) -> float | None:
        """Return the points in a column."""
        text = self.take(role, became, "points")
        if not text:
            return None
        points = whole(text)
        value = points.of(worth) if points else None
        if value is None:
            c = self._columns.role[role]
            self._reading.remark(
                f"{cell_name(self._r, c)}: “{text}” is no number. Type the points in."
            )
        return value


def _row(row: _Row, criterion: ReadCriterion) -> None:
    name = criterion.title
    criterion.id = criterion.id or row.take("id", "its id", "criterion")
    kind = row.take("type", f"type of “{name}”", "criterion").lower()
    if kind in TYPES:
        criterion.type = kind  # type: ignore[assignment]
    # with no column for the points of levels, the points are theirs
    split = "level points" in row._columns.role
    if split and (points := row.number("points", f"points of “{name}”", None)) is not None:
        criterion.points = points
    if note := row.take("note", f"note for graders of “{name}”", "note"):
        criterion.grader_note = f"{criterion.grader_note}\n{note}".strip()
    if idea := row.take("idea", f"an idea of “{name}”", "idea"):
        variants = row.take("variants", "other ways of saying the idea", "idea")
        lines = [line.strip() for line in variants.split("\n") if line.strip()]
        criterion.key_elements.append(ReadIdea("", idea, lines))
    title = row.take("level", f"a level of “{name}”", "level")
    description = row.take("description", f"description of level “{title}” of “{name}”", "level")
    if not title and not description:
        return
    level = ReadLevel(title or f"Level {len(criterion.levels) + 1}", None, description)
    level.points = row.number(
        "level points" if split else "points", f"points of level “{title}”", criterion.points
    )
    level.example = row.take("example", f"example of level “{title}”", "level")
    level.feedback = row.take("feedback", f"feedback of level “{title}”", "level")
    criterion.levels.append(level)

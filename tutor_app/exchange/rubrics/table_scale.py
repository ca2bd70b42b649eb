"""Rubric tables whose rows are levels: one scale for the whole answer, or criteria across."""

from tutor_app.documents.grid import Grid
from tutor_app.exchange.rubrics.columns import Columns, level_heading, worth_words
from tutor_app.exchange.rubrics.headings import is_total, role_of
from tutor_app.exchange.rubrics.points import beside, whole
from tutor_app.exchange.rubrics.reading import ReadCriterion, Reading, ReadLevel


def is_scale(grid: Grid, columns: Columns, body: int) -> bool:
    """Say whether the rows are levels: their first cells are points, or titles with points."""
    firsts = [row[0] for row in grid.rows[body:] if row[0] and not is_total(row[0])]
    heads = any(points for _, points in columns.levels.values())
    known = role_of(grid.rows[columns.head][0]) if columns.head >= 0 else None
    if known == "criterion" or heads or len(firsts) < 2 or grid.width < 2:
        return False
    return all(whole(text) or beside(text, heading=True) for text in firsts)


def read_scale(reading: Reading, grid: Grid, columns: Columns, body: int) -> None:
    """Read one scale for the answer as a whole."""
    criterion = ReadCriterion(title="The answer as a whole", type="holistic")
    _levels_down(reading, grid, 1 if grid.width > 1 else 0, body, criterion)
    reading.rubric.criteria.append(criterion)


def read_sideways(reading: Reading, grid: Grid, columns: Columns, body: int) -> None:
    """Read levels down and criteria across."""
    for c in range(1, grid.width):
        title = grid.rows[columns.head][c]
        if title:
            criterion = ReadCriterion(title=title)
            reading.cell(columns.head, c, f"the criterion “{title}”", "criterion")
            _levels_down(reading, grid, c, body, criterion)
            reading.rubric.criteria.append(criterion)


def _levels_down(reading: Reading, grid: Grid, c: int, body: int, criterion: ReadCriterion) -> None:
    for r in range(body, len(grid.rows)):
        head, text = grid.rows[r][0], grid.rows[r][c]
        if not head or not text or is_total(head):
            continue
        title, points = level_heading(head)
        value = points.value if points else None
        level = ReadLevel(title, value, text)
        criterion.levels.append(level)
        if not reading.is_noted(r, 0):
            reading.cell(r, 0, f"level “{level.title}”, {worth_words(points)}", "points")
        reading.cell(r, c, f"level “{level.title}” of “{criterion.title}”", "level")


def read_unnamed(reading: Reading, grid: Grid, columns: Columns, body: int) -> None:
    """Read rows of levels whose criteria have no names: "4 | 3 | 2" above their descriptions."""
    rows = [r for r in range(body, len(grid.rows)) if any(grid.rows[r])]
    for n, r in enumerate(rows, 1):
        alone = len(rows) == 1
        criterion = ReadCriterion(title="The answer as a whole" if alone else f"Criterion {n}")
        criterion.type = "holistic" if alone else "levels"
        for c, (title, points) in columns.levels.items():
            if text := grid.rows[r][c]:
                value = points.value if points else None
                criterion.levels.append(ReadLevel(title, value, text))
                reading.cell(r, c, f"level “{title}” of “{criterion.title}”", "level")
        reading.rubric.criteria.append(criterion)

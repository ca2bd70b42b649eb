"""Any rubric that is a table: a row per criterion and a column per level, or otherwise.

Four shapes are known: criteria down and levels across; a row per level (`table_long`); levels
down and criteria across; and one scale ("4 ... 0") for the answer as a whole.
"""

from collections.abc import Callable
from pathlib import Path

from tutor_app.documents.grid import Grid
from tutor_app.errors import DocumentError
from tutor_app.exchange.rubrics.columns import (
    Columns,
    find_columns,
    note_headings,
    read_above,
    read_preamble,
    worth_words,
)
from tutor_app.exchange.rubrics.headings import Role, is_total, role_of
from tutor_app.exchange.rubrics.points import beside, whole
from tutor_app.exchange.rubrics.reading import (
    ReadCriterion,
    Reading,
    ReadLevel,
    RubricReading,
    cell_name,
    points_words,
)
from tutor_app.exchange.rubrics.table_long import read_rows
from tutor_app.exchange.rubrics.table_scale import is_scale, read_scale, read_sideways, read_unnamed

MAX_LEVELS = 20
_LOW = (
    "poor", "missing", "none", "unsatisfactory", "beginning", "needs", "inadequate", "fail",
    "not ", "no ", "weak", "insufficient", "below", "novice", "absent", "incomplete",
)  # fmt: skip


def read_table(name: str, grid: Grid, format: str) -> RubricReading | None:
    """Read a rubric from a table; None where it does not look like one.

    Args:
        name: the file's name, which names the rubric where nothing else does.
        grid: the table.
        format: what it came in, in words.

    Raises:
        DocumentError: it has more level columns than any rubric.
    """
    reading = Reading(grid)
    read_above(reading, grid.above)
    first = read_preamble(reading, grid)
    if first is None:
        return None
    columns = find_columns(grid, first)
    body = columns.head + 1
    if len(columns.levels) > MAX_LEVELS:
        raise DocumentError(
            f"{name}: {grid.name or 'the table'} has {len(columns.levels)} columns beside the "
            f"criteria, more than {MAX_LEVELS} levels. Bring the columns that are the rubric."
        )
    draw: Callable[[Reading, Grid, Columns, int], None] | None = None
    if "level" in columns.role and "criterion" in columns.role:
        draw = read_rows
    elif is_scale(grid, columns, body):
        draw = read_scale if grid.width == 2 or len(columns.levels) < 2 else read_sideways
    elif columns.levels or "points" in columns.role or columns.head < 0:
        draw = _criteria
    if draw is None:
        return None
    if draw not in (read_scale, read_sideways):
        note_headings(reading, grid, columns)
    draw(reading, grid, columns, body)
    rubric = reading.rubric
    if not rubric.criteria:
        return None
    rubric.title = rubric.title or _named(grid, name)
    return reading.done(format)


def _named(grid: Grid, name: str) -> str:
    own = grid.name if not grid.name.lower().startswith(("sheet", "tabelle", "rubric")) else ""
    return (
        own
        if own or not Path(name).suffix
        else Path(name).stem.replace("_", " ").replace("-", " ").strip()
    )


def _criteria(reading: Reading, grid: Grid, columns: Columns, body: int) -> None:
    """Read criteria down and levels across."""
    at = columns.role.get("criterion", -1)
    if at < 0:
        read_unnamed(reading, grid, columns, body)
        return
    criterion: ReadCriterion | None = None
    for r in range(body, len(grid.rows)):
        row = grid.rows[r]
        if not any(row):
            continue
        if is_total(row[at]):
            _total(reading, grid, columns, r)
        elif _is_points_row(grid, columns, r):
            for c in columns.levels:
                points = whole(row[c])
                columns.levels[c] = (columns.levels[c][0], points)
                reading.cell(r, c, f"{worth_words(points)} for “{columns.levels[c][0]}”", "points")
            if row[at]:
                reading.cell(r, at, "heading", "ignored")
        elif criterion is not None and (not row[at] or grid.merged.get((r, at), (r, 0))[0] < r):
            _more(reading, grid, columns, r, criterion)
        elif _is_group(grid, at, r):
            reading.cell(r, at, "heading of a group, left out", "ignored")
        elif row[at]:
            criterion = _criterion(reading, grid, columns, r)
            reading.rubric.criteria.append(criterion)


def _is_points_row(grid: Grid, columns: Columns, r: int) -> bool:
    cells = [grid.rows[r][c] for c in columns.levels]
    if not cells or role_of(grid.rows[r][columns.role["criterion"]]) not in (
        "points", "level points", "criterion", None,
    ):  # fmt: skip
        return False
    named = grid.rows[r][columns.role["criterion"]]
    return (not named or role_of(named) is not None) and all(text and whole(text) for text in cells)


def _is_group(grid: Grid, at: int, r: int) -> bool:
    """Say whether a row of three cells or more has its first one only: a heading in between."""
    others = [
        c for c in range(grid.width) if c != at and grid.rows[r][c] and (r, c) not in grid.merged
    ]
    return grid.width > 2 and not others


def _criterion(reading: Reading, grid: Grid, columns: Columns, r: int) -> ReadCriterion:
    row, at = grid.rows[r], columns.role["criterion"]
    title, more = _title(row[at])
    found = beside(title)
    criterion = ReadCriterion(title=found.rest if found else title, grader_note=more)
    reading.cell(r, at, f"the criterion “{criterion.title}”", "criterion")
    if more:
        reading.cell(r, at, "its further lines, a note for graders", "note")
    if found and found.share is None:
        criterion.points = found.value
        reading.cell(r, at, f"{points_words(found.value)} for it", "points")
    _worth_of(reading, grid, columns, r, criterion)
    roles: tuple[Role, ...] = ("note", "description", "feedback")
    for role in roles:
        if role in columns.role and (text := row[columns.role[role]]):
            criterion.grader_note = f"{criterion.grader_note}\n{text}".strip()
            reading.cell(r, columns.role[role], f"note for graders of “{criterion.title}”", "note")
    for c in columns.levels:
        if row[c]:
            criterion.levels.append(_level(reading, grid, columns, r, c, criterion))
    if not columns.levels or [title for title, _ in columns.levels.values()] == [""]:
        _yes_or_no(reading, criterion)
    _fill_points(criterion)
    return criterion


def _title(text: str) -> tuple[str, str]:
    """Return the first line of a criterion's cell, and the rest of it."""
    first, _, more = text.partition("\n")
    return first.strip().strip("*").rstrip(":").strip(), more.strip()


def _worth_of(
    reading: Reading, grid: Grid, columns: Columns, r: int, criterion: ReadCriterion
) -> None:
    roles: tuple[Role, ...] = ("points", "weight")
    for role in roles:
        c = columns.role.get(role, -1)
        text = grid.rows[r][c] if c >= 0 else ""
        if not text:
            continue
        points = whole(text)
        value = None
        if points is not None:
            value = points.value
            in_headings = any(points for _, points in columns.levels.values())
            if points.share is not None and "%" in text and not in_headings:
                value = round(points.share * 100, 6)
                reading.remark("Weights in per cent were read as points. Change them if need be.")
        if value is None:
            reading.cell(r, c, "not points that can be read", "ignored")
            reading.remark(f"{cell_name(r, c)}: “{text}” is no number. Type the points in.")
        elif criterion.points is None:
            criterion.points = value
            reading.cell(r, c, f"{points_words(value)} for “{criterion.title}”", "points")
        else:
            reading.cell(r, c, "points were given already", "ignored")


def _level(
    reading: Reading, grid: Grid, columns: Columns, r: int, c: int, criterion: ReadCriterion
) -> ReadLevel:
    """Read one level; points in the cell itself count more than those of its heading."""
    text = grid.rows[r][c]
    title, points = columns.levels[c]
    # "none" and "half" are descriptions here; only digits are points
    own = (whole(text) if any(map(str.isdigit, text)) else None) or beside(text)
    description = own.rest if own else text
    points = own or points
    if (r, c) in grid.merged:
        reading.remark(
            f"{cell_name(*grid.merged[r, c])} is merged over several levels, so “{title}” of "
            f"“{criterion.title}” has the same text."
        )
    level = ReadLevel(title or f"Level {len(criterion.levels) + 1}", None, description)
    level.points = points.of(criterion.points) if points else None
    became = f"level “{level.title}” of “{criterion.title}”"
    if level.points is not None:
        became += f", {points_words(level.points)}" + (" from this cell" if own else "")
    reading.cell(r, c, became, "level")
    return level


def _fill_points(criterion: ReadCriterion) -> None:
    """The best level of a criterion whose points are known gives just them."""
    levels = criterion.levels
    if criterion.points is not None and levels:
        best = levels[-1 if _rises(levels) else 0]
        if best.points is None and all(one.points != criterion.points for one in levels):
            best.points = criterion.points


def _rises(levels: list[ReadLevel]) -> bool:
    """Say whether the first level is the worst one, by its points or by its name."""
    first, last = levels[0], levels[-1]
    return first.points == 0 or (last.points != 0 and first.title.lower().startswith(_LOW))


def _yes_or_no(reading: Reading, criterion: ReadCriterion) -> None:
    """Make two levels of a criterion that only has points."""
    if criterion.points is not None and criterion.points < 0:
        criterion.type = "penalty"
        return
    described = criterion.levels[0].description if criterion.levels else criterion.title
    criterion.levels = [
        ReadLevel("Shown", criterion.points, described),
        ReadLevel("Not shown", 0.0, f"Not so: {criterion.title}"),
    ]
    reading.remark("There are no levels, so each criterion is met or not met. Add levels between.")


def _more(reading: Reading, grid: Grid, columns: Columns, r: int, criterion: ReadCriterion) -> None:
    """Add a further row to the criterion above: points of its levels, or more of their text."""
    row = grid.rows[r]
    filled = [c for c in columns.levels if row[c] and grid.merged.get((r, c), (r, c))[0] == r]
    titles = {level.title: level for level in criterion.levels}
    for c in filled:
        level = titles.get(columns.levels[c][0] or f"Level {c}")
        if level is None:
            level = _level(reading, grid, columns, r, c, criterion)
            criterion.levels.append(level)
        elif points := whole(row[c]):
            level.points = points.of(criterion.points)
            reading.cell(r, c, f"{worth_words(points)} for “{level.title}”", "points")
        else:
            level.description = f"{level.description}\n{row[c]}"
            reading.cell(r, c, f"more of level “{level.title}”", "level")


def _total(reading: Reading, grid: Grid, columns: Columns, r: int) -> None:
    """Note a row of sums, which the program makes itself, and compare it."""
    row = grid.rows[r]
    for c, text in enumerate(row):
        if text and (r, c) not in grid.merged:
            reading.cell(r, c, "a total; the program sums the points itself", "ignored")
    said = [p.value for text in row if (p := whole(text) or beside(text, heading=True)) and p.value]
    worth = [
        c.points if c.points is not None else max((v.points or 0 for v in c.levels), default=0)
        for c in reading.rubric.criteria
    ]
    total = sum(max(0.0, one) for one in worth)
    if said and total and all(abs(one - total) > 1e-9 for one in said):
        reading.remark(
            f"The file says {max(said):g} points in all, its criteria add up to {total:g}. Check "
            "which is meant."
        )

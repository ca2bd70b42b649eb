"""Canvas rubric CSV: one row per criterion, its ratings in columns of three.

The reading follows Canvas's own importer: ratings are found by their headings, numbered or not,
rows of one `Rubric Name` are one rubric, a decimal comma is a point, and a row without a rubric
name, a criterion name or ratings is an error there.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tutor_app.documents.grid import Grid
from tutor_app.domain.rubric import Rubric
from tutor_app.exchange.rubrics.levelled import as_levels, pieces_lost
from tutor_app.exchange.rubrics.points import whole
from tutor_app.exchange.rubrics.reading import (
    ReadCriterion,
    Reading,
    ReadLevel,
    RubricReading,
    points_words,
)
from tutor_app.exchange.rubrics.safe_cells import number, safe

FORMAT = "Canvas rubric CSV"
_START = ("Rubric Name", "Criteria Name", "Criteria Description", "Criteria Enable Range")
_RATING = ("Rating Name", "Rating Description", "Rating Points")
_PARTS = ("rating name", "rating description", "rating points")


def is_canvas(grid: Grid) -> bool:
    """Say whether a table has the headings of Canvas."""
    head = _head(grid)
    return "criteria name" in head and any(_PARTS[0] in cell for cell in head)


def read_canvas(name: str, grid: Grid) -> list[RubricReading]:
    """Read every rubric of a Canvas CSV.

    Args:
        name: the file's name, which names a rubric that has none.
        grid: the table; `is_canvas` holds.
    """
    head = _head(grid)
    column = {title.lower(): n for n, title in enumerate(head)}
    own = column.get("rubric name")
    groups: dict[str, list[int]] = {}
    for r, row in enumerate(grid.rows[1:], 1):
        if any(row):
            groups.setdefault(row[own] if own is not None else "", []).append(r)
    return [_rubric(name, grid, title, rows, column) for title, rows in groups.items()]


def _head(grid: Grid) -> list[str]:
    return [cell.lower() for cell in grid.rows[0]]


def _rubric(
    name: str, grid: Grid, title: str, rows: list[int], column: dict[str, int]
) -> RubricReading:
    reading = Reading(_part(grid, rows))
    reading.rubric.title = title or Path(name).stem.replace("_", " ").strip()
    if not title:
        reading.remark(
            f"There is no Rubric Name for {len(rows)} of the rows, so it is called after the file. "
            "Canvas itself refuses such rows."
        )
    for c, heading in enumerate(grid.rows[0]):
        reading.cell(0, c, "heading", "ignored") if heading else None
    triples = list(
        zip(*([n for n, h in enumerate(_head(grid)) if part in h] for part in _PARTS), strict=False)
    )
    for at, r in enumerate(rows, 1):
        _criterion(reading, grid.rows[r], at, column, triples)
    return reading.done(FORMAT)


def _part(grid: Grid, rows: list[int]) -> Grid:
    """Return the rows of one rubric under the heading."""
    return Grid((grid.rows[0], *(grid.rows[r] for r in rows)), grid.name, {}, grid.remarks)


def _criterion(
    reading: Reading,
    row: Sequence[str],
    at: int,
    column: dict[str, int],
    triples: Sequence[tuple[int, int, int]],
) -> None:
    def cell(heading: str) -> str:
        return row[column[heading]] if heading in column else ""

    criterion = ReadCriterion(title=cell("criteria name"))
    label = criterion.title or f"criterion {at}"
    if not criterion.title:
        reading.remark(f"Row {at}: the criterion has no name; Canvas refuses such a row.")
    for heading, became, kind in (
        ("rubric name", "title of the rubric", "title"),
        ("criteria name", "a criterion", "criterion"),
    ):
        if cell(heading):
            reading.cell(at, column[heading], became, kind)  # type: ignore[arg-type]
    if (text := cell("criteria description")) and text != criterion.title:
        criterion.grader_note = text
        reading.cell(at, column["criteria description"], f"note for graders of “{label}”", "note")
    elif text:
        reading.cell(at, column["criteria description"], "the criterion's name again", "ignored")
    if cell("criteria enable range").lower() == "true":
        reading.cell(
            at, column["criteria enable range"], "ranges; a level here has one number", "ignored"
        )
        reading.remark("Canvas scores some criteria by ranges. Here a level gives its upper end.")
    elif cell("criteria enable range"):
        reading.cell(at, column["criteria enable range"], "no ranges, as here", "ignored")
    for name_at, text_at, points_at in triples:
        given = [row[n] for n in (name_at, text_at, points_at)]
        if any(given):
            criterion.levels.append(
                _level(reading, at, label, given, (name_at, text_at, points_at))
            )
    if not criterion.levels:
        reading.remark(f"“{label}” has no ratings; Canvas refuses such a criterion.")
    reading.rubric.criteria.append(criterion)


def _level(
    reading: Reading, at: int, label: str, given: list[str], places: tuple[int, int, int]
) -> ReadLevel:
    points = whole(given[2])
    level = ReadLevel(given[0], points.of(None) if points else None, given[1])
    of = f"level “{level.title}” of “{label}”"
    if given[0]:
        reading.cell(at, places[0], f"a level of “{label}”", "level")
    if given[1]:
        reading.cell(at, places[1], f"description of {of}", "level")
    if given[2] and level.points is not None:
        reading.cell(at, places[2], f"{points_words(level.points)} for {of}", "points")
    elif given[2]:
        reading.cell(at, places[2], "no number that can be read", "ignored")
    return level


def write_canvas(rubrics: Sequence[Rubric]) -> bytes:
    """Return a CSV that Canvas imports; every name and description is filled, as Canvas wants.

    Cells that a spreadsheet would run as a formula are written with an apostrophe before them.
    """
    levels = [[as_levels(criterion) for criterion in rubric.criteria] for rubric in rubrics]
    most = max(len(one) for rubric in levels for one in rubric)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*_START, *(_RATING * most)])
    for rubric, parts in zip(rubrics, levels, strict=True):
        for criterion, ratings in zip(rubric.criteria, parts, strict=True):
            row = [safe(rubric.title), safe(criterion.title), safe(criterion.title), "false"]
            for level in ratings:
                row += [safe(level.title), safe(level.description), number(level.points)]
            writer.writerow(row)
    return out.getvalue().encode()


def lost_in_canvas(rubric: Rubric) -> list[str]:
    """Return what a Canvas CSV cannot carry of a rubric."""
    lost = pieces_lost(rubric)
    if any(criterion.type == "penalty" for criterion in rubric.criteria):
        lost.append("Penalties become a criterion worth 0 points with a rating below 0.")
    return lost

"""Read a rubric from a file of any known format, told by its content, or from a pasted table."""

from dataclasses import replace
from pathlib import Path

from tutor_app.documents.decoding import decode
from tutor_app.documents.grid import Grid, file_kind, read_grids
from tutor_app.documents.grid_text import text_grid
from tutor_app.documents.plain_yaml import load_plain_yaml
from tutor_app.errors import DocumentError
from tutor_app.exchange.rubrics.canvas import is_canvas, read_canvas
from tutor_app.exchange.rubrics.markus import is_markus, read_markus
from tutor_app.exchange.rubrics.native import is_native, read_native
from tutor_app.exchange.rubrics.prairielearn import is_prairielearn, load_json, read_prairielearn
from tutor_app.exchange.rubrics.reading import RubricReading
from tutor_app.exchange.rubrics.safe_cells import unguarded
from tutor_app.exchange.rubrics.table import read_table
from tutor_app.exchange.rubrics.workbook import is_own_workbook, read_own_workbook

SUFFIXES = (".csv", ".docx", ".json", ".md", ".tsv", ".txt", ".xlsx", ".yaml", ".yml")
PASTED = "The pasted table"
_FORMATS = {".xlsx": "Excel table", ".docx": "Word table", ".csv": "table in text"}
_WANTED = (
    "Bring Canvas CSV, MarkUs YAML, PrairieLearn JSON, an Excel or Word table, or paste a table "
    "with a row for each criterion and a column for each level"
)


def read_rubrics(name: str, content: bytes) -> list[RubricReading]:
    """Read every rubric in a file, the likeliest first.

    Args:
        name: the file's name, for messages, and for a rubric that has none.
        content: all its bytes.

    Raises:
        DocumentError: the file is empty, too large, damaged, unsafe, or holds no rubric.
    """
    path = Path(name)
    if not file_kind(path, content):
        text, remarks = decode(path, content)
        suffix = path.suffix.lower()
        if suffix == ".json" or (suffix not in (".csv", ".tsv") and text.lstrip().startswith("{")):
            return [_from_data(name, load_json(name, text), remarks)]
        if suffix in (".yaml", ".yml"):
            return [_from_data(name, load_plain_yaml(name, text), remarks)]
    kind, grids = read_grids(name, content)
    if kind == ".csv":
        grids = tuple(_unguarded(grid) for grid in grids)
    return _from_grids(name, grids, _FORMATS[kind])


def read_pasted(text: str) -> list[RubricReading]:
    """Read a table that somebody pasted, or the text of a JSON or YAML rubric.

    Raises:
        DocumentError: it is empty, or no rubric.
    """
    if not text.strip():
        raise DocumentError(f"{PASTED}: is empty. Copy the table with its headings.")
    if text.lstrip().startswith("{"):
        return [_from_data(PASTED, load_json(PASTED, text), ())]
    grid = text_grid(PASTED, text)
    if not grid.rows or grid.width < 2:
        try:
            return [_from_data(PASTED, load_plain_yaml(PASTED, text), ())]
        except DocumentError as error:
            raise DocumentError(f"{PASTED}: no columns were found. {_WANTED}.") from error
    return _from_grids(PASTED, (grid,), "pasted table")


def _unguarded(grid: Grid) -> Grid:
    return replace(grid, rows=tuple(tuple(map(unguarded, row)) for row in grid.rows))


def _from_data(name: str, data: object, remarks: tuple[str, ...]) -> RubricReading:
    if is_native(data):
        reading = read_native(data)  # type: ignore[arg-type]
    elif is_prairielearn(data):
        reading = read_prairielearn(data, name)  # type: ignore[arg-type]
    elif is_markus(data):
        reading = read_markus(data, Path(name).stem.replace("_", " "))  # type: ignore[arg-type]
    else:
        keys = ", ".join(map(str, data))[:100] if isinstance(data, dict) else type(data).__name__
        raise DocumentError(
            f"{name}: is no rubric that is known here (it holds {keys}). {_WANTED}."
        )
    if not reading.rubric.criteria:
        raise DocumentError(f"{name}: holds no criterion. {_WANTED}.")
    return replace(reading, remarks=(*remarks, *reading.remarks))


def _from_grids(name: str, grids: tuple[Grid, ...], format: str) -> list[RubricReading]:
    if is_own_workbook(grids):
        return [read_own_workbook(name, grids)]
    readings: list[RubricReading] = []
    passed_over = 0
    for grid in grids:
        if is_canvas(grid):
            readings += read_canvas(name, grid)
        elif reading := read_table(name, grid, format):
            readings.append(reading)
        else:
            passed_over += 1
    if not readings:
        raise DocumentError(f"{name}: no table in it looks like a rubric. {_WANTED}.")
    likeliest = sorted(readings, key=_unlikely)
    if len(grids) > 1:
        likeliest[0] = replace(
            likeliest[0],
            remarks=(_among(likeliest, len(grids), passed_over), *likeliest[0].remarks),
        )
    return likeliest


def _unlikely(reading: RubricReading) -> tuple[bool, bool]:
    """Sort tables with levels and points before those without."""
    criteria = reading.rubric.criteria
    levels = max(len(criterion.levels) for criterion in criteria)
    pointless = all(c.points is None for c in criteria)
    return levels < 2, pointless


def _among(readings: list[RubricReading], count: int, passed_over: int) -> str:
    title = readings[0].rubric.title
    rest = f"; {passed_over} of them look like no rubric" if passed_over else ""
    return (
        f"The file has {count} tables{rest}. This is the first that looks most like one: “{title}”."
    )

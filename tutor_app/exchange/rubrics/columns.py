"""What stands above a rubric table, and what its columns are."""

from dataclasses import dataclass, field

from tutor_app.documents.grid import Grid
from tutor_app.exchange.rubrics.headings import Role, label_of, role_of
from tutor_app.exchange.rubrics.points import Points, beside, whole
from tutor_app.exchange.rubrics.reading import Kind, Reading, cell_name, points_words

_SEARCHED = 25
_LONG_HEADING = 90
_OF_POINTS: tuple[Role, ...] = ("points", "weight", "level points", "description")


@dataclass
class Columns:
    """What the columns of a table are.

    Attributes:
        head: the row of the headings; -1 where there is none.
        role: role to the column that has it.
        levels: column to the title and points of the level that it describes.
    """

    head: int
    role: dict[Role, int] = field(default_factory=dict)
    levels: dict[int, tuple[str, Points | None]] = field(default_factory=dict)


def read_preamble(reading: Reading, grid: Grid) -> int | None:
    """Read what stands above the headings; returns their row, None where there is no table."""
    for r, row in enumerate(grid.rows[:_SEARCHED]):
        filled = [c for c, text in enumerate(row) if text and (r, c) not in grid.merged]
        if not filled:
            continue
        label = label_of(row[filled[0]])
        rest = [row[c] for c in filled[1:]]
        if len(filled) > 2 or (len(filled) == 2 and not (label and not role_of(rest[0]))):
            return r
        if len(filled) == 2:
            reading.cell(r, filled[0], "a label", "ignored")
            _labelled(reading, label, rest[0], r, filled[1])
        elif label_of(row[filled[0]].partition(":")[0]) and ":" in row[filled[0]]:
            text = row[filled[0]].partition(":")[2].strip()
            _labelled(reading, label_of(row[filled[0]].partition(":")[0]), text, r, filled[0])
        elif not reading.rubric.title and len(row[filled[0]]) <= _LONG_HEADING:
            reading.rubric.title = row[filled[0]]
            reading.cell(r, filled[0], "title of the rubric", "title")
        else:
            reading.cell(r, filled[0], "text above the table, left out", "ignored")
    return None


def read_above(reading: Reading, above: tuple[str, ...]) -> None:
    """Read the paragraphs above a table in a document: its title, the question, an answer.

    What bears no label is the question where it asks something, and the last short line before
    that is the title.
    """
    rubric = reading.rubric
    parts = [(text, *_label_and_rest(text)) for text in above]
    titles = [text for text, label, _ in parts if not label and len(text) <= _LONG_HEADING]
    rubric.title = titles[-1] if titles else ""
    kind: Kind
    for text, label, rest in parts:
        became, kind = "text above the table, left out", "ignored"
        if label == "title" or text == rubric.title:
            rubric.title = rest
            became, kind = "title of the rubric", "title"
        elif label == "question":
            rubric.question = f"{rubric.question}\n{rest}".strip()
            became, kind = "the question", "question"
        elif label == "reference_answers":
            rubric.reference_answers.append(rest)
            became, kind = "a reference answer", "question"
        reading.entry("above the table", text, became, kind)


def _label_and_rest(text: str) -> tuple[str, str]:
    label, colon, rest = text.partition(":")
    if colon and (field := label_of(label)):
        return field, rest.strip()
    return "question" if text.endswith("?") else "", text


def _labelled(reading: Reading, label: str, text: str, r: int, c: int) -> None:
    rubric = reading.rubric
    if label == "title":
        rubric.title = text
        reading.cell(r, c, "title of the rubric", "title")
    elif label == "question":
        rubric.question = text
        reading.cell(r, c, "the question", "question")
    elif label == "reference_answers":
        rubric.reference_answers.append(text)
        reading.cell(r, c, "a reference answer", "question")


def find_columns(grid: Grid, first: int) -> Columns:
    """Say what each column is; without any heading that is known, the first is the criterion."""
    row = grid.rows[first]
    columns = Columns(first)
    if grid.width == 2 and role_of(row[1]) is None and not role_of(row[0]) and whole(row[1]):
        # two columns without headings: what is judged, and its points
        return Columns(first - 1, {"criterion": 0, "points": 1})
    for c, text in enumerate(row):
        role = None if _is_level(text, c, columns) else role_of(text)
        if role and role not in columns.role:
            columns.role[role] = c
        elif text and not (role and columns.role.get(role) is not None):
            columns.levels[c] = level_heading(text)
    if not columns.role and all(whole(text) for text in row):
        # nothing but points: the rows under them have no names
        return columns
    if "criterion" not in columns.role and "level" not in columns.role:
        free = next((c for c in range(grid.width) if c not in columns.role.values()), 0)
        columns.levels.pop(free, None)
        columns.role["criterion"] = free
    if not columns.levels and "description" in columns.role and "level" not in columns.role:
        columns.levels[columns.role.pop("description")] = ("", None)
    return columns


def _is_level(text: str, c: int, columns: Columns) -> bool:
    """Say whether a heading right of the criterion's is a level's: "Standard (2)", "Yes | No"."""
    if "criterion" not in columns.role or columns.role["criterion"] > c:
        return False
    role = role_of(text)
    named = role == "id" and text.strip().lower() == "no"
    return named or (role not in _OF_POINTS and beside(text) is not None)


def level_heading(text: str) -> tuple[str, Points | None]:
    """Return the title and the points of a level's heading."""
    if points := whole(text):
        return points_words(points.value) if _is_digits(text, points) else text.strip(), points
    if points := beside(text, heading=True):
        return points.rest, points
    return text, None


def _is_digits(text: str, points: Points) -> bool:
    return points.value is not None and any(map(str.isdigit, text))


def note_headings(reading: Reading, grid: Grid, columns: Columns) -> None:
    """Note what the headings of the columns became."""
    if columns.head < 0 or columns.head >= len(grid.rows):
        return
    for c, text in enumerate(grid.rows[columns.head]):
        if not text:
            continue
        if c in columns.levels:
            title, points = columns.levels[c]
            worth = worth_words(points)
            said = f"level “{title or text}”" + (f", {worth}" if worth else ", no points")
            reading.cell(columns.head, c, said, "level")
            if points is not None and points.lower is not None:
                reading.remark(
                    f"{cell_name(columns.head, c)}: “{text}” is a range. A level here has one "
                    f"number, so its upper end counts: {points.value:g}."
                )
        else:
            reading.cell(columns.head, c, "heading", "ignored")


def worth_words(points: Points | None) -> str:
    """Return what a heading's points are in words: "3 points", "50%", or ""."""
    if points is None:
        return ""
    return f"{points.share:.0%}" if points.share is not None else points_words(points.value)

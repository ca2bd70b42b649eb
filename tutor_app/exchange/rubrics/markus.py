"""MarkUs criteria YAML: a criterion is of levels (rubric), free marks (flexible) or a checkbox.

MarkUs itself wants a `max_mark` above 0, names that differ, and levels whose names and marks
differ, none above `max_mark` and none below 0.
"""

from collections.abc import Mapping
from typing import Any

from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.exchange.rubrics.levelled import as_levels, pieces_lost
from tutor_app.exchange.rubrics.points import whole
from tutor_app.exchange.rubrics.reading import (
    ReadCriterion,
    ReadIdea,
    Reading,
    ReadLevel,
    RubricReading,
    points_words,
    text_of,
)

FORMAT = "MarkUs YAML"
_TYPES = {
    "rubric": "levels",
    "rubriccriterion": "levels",
    "flexible": "flexible",
    "flexiblecriterion": "flexible",
    "checkbox": "checkbox",
    "checkboxcriterion": "checkbox",
}
_PASSED_OVER = ("ta_visible", "peer_visible", "bonus", "weight")


def is_markus(data: Any) -> bool:
    """Say whether some data looks like MarkUs criteria."""
    return isinstance(data, dict) and any(
        isinstance(one, dict) and ("max_mark" in one or "levels" in one) for one in data.values()
    )


def read_markus(data: Mapping[str, Any], title: str) -> RubricReading:
    """Read MarkUs criteria.

    Args:
        data: the file's mapping; `is_markus` holds.
        title: what to call the rubric, which has no name in such a file.
    """
    reading = Reading()
    reading.rubric.title = title
    for name, body in data.items():
        if not isinstance(body, dict):
            reading.entry(str(name), body, "no criterion, left out", "ignored")
            continue
        reading.rubric.criteria.append(_criterion(reading, str(name).strip(), body))
    return reading.done(FORMAT)


def _criterion(reading: Reading, name: str, body: Mapping[str, Any]) -> ReadCriterion:
    kind = _TYPES.get(text_of(body, "type").replace("_", "").lower(), "")
    if not kind:
        kind = "levels" if "levels" in body or "level_0" in body else "flexible"
    criterion = ReadCriterion(title=name, points=_mark(body.get("max_mark")))
    reading.entry(name, text_of(body, "type") or kind, f"the criterion “{name}”", "criterion")
    if criterion.points is not None:
        reading.entry(f"{name}, max_mark", body["max_mark"], f"points of “{name}”", "points")
    elif "max_mark" in body:
        reading.entry(f"{name}, max_mark", body["max_mark"], "no number", "ignored")
    text = text_of(body, "description")
    if kind == "levels":
        _levels(reading, criterion, body)
        if text:
            criterion.grader_note = text
            reading.entry(f"{name}, description", text, f"note for graders of “{name}”", "note")
    elif kind == "checkbox":
        criterion.type = "checklist"
        criterion.key_elements = [ReadIdea(text=text or name)]
        reading.entry(f"{name}, description", text or name, f"an idea of “{name}”", "idea")
    else:
        _flexible(reading, criterion, text)
    for key in _PASSED_OVER:
        if key in body:
            reading.entry(f"{name}, {key}", body[key], "has no place here", "ignored")
    if body.get("bonus"):
        reading.remark(f"“{name}” is a bonus in MarkUs; here it counts like any other criterion.")
    return criterion


def _levels(reading: Reading, criterion: ReadCriterion, body: Mapping[str, Any]) -> None:
    name = criterion.title
    levels = body.get("levels")
    if not isinstance(levels, dict):
        # as MarkUs wrote it before 2019: level_0, level_1, ... worth 0 up to max_mark
        old = [body[f"level_{n}"] for n in range(20) if isinstance(body.get(f"level_{n}"), dict)]
        step = (criterion.points or 0.0) / max(1, len(old) - 1)
        levels = {
            text_of(one, "name") or f"Level {n}": {**one, "mark": round(n * step, 2)}
            for n, one in enumerate(old)
        }
    for title, level in levels.items():
        level = level if isinstance(level, dict) else {"description": level}
        points = _mark(level.get("mark"))
        of = f"level “{title}” of “{name}”"
        if text := text_of(level, "description"):
            reading.entry(f"{name}, {title}, description", text, f"description of {of}", "level")
        if points is not None:
            reading.entry(
                f"{name}, {title}, mark",
                level["mark"],
                f"{points_words(points)} for {of}",
                "points",
            )
        criterion.levels.append(ReadLevel(str(title).strip(), points, text))


def _flexible(reading: Reading, criterion: ReadCriterion, text: str) -> None:
    """Make two levels of free marks, and say so: the ones between cannot be known."""
    name = criterion.title
    criterion.levels = [
        ReadLevel("All marks", criterion.points, text),
        ReadLevel("No marks", 0.0, f"Shows nothing of it: {text or name}"),
    ]
    if text:
        reading.entry(
            f"{name}, description", text, f"description of the best level of “{name}”", "level"
        )
    reading.remark(
        f"“{name}” has free marks in MarkUs, so only its best and its worst level are known. Add "
        "levels between them if a half-right answer is possible."
    )


def _mark(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e6 else None
    found = whole(str(value))
    return found.value if found else None


def markus_data(rubric: Rubric) -> dict[str, Any]:
    """Return the mapping of a MarkUs criteria file; penalties have no place in it."""
    data: dict[str, Any] = {}
    for criterion in rubric.criteria:
        if criterion.points <= 0:
            continue
        body: dict[str, Any]
        if criterion.type == "checklist" and len(criterion.key_elements) == 1:
            text = criterion.key_elements[0].text
            body = {"type": "checkbox", "max_mark": criterion.points, "description": text}
        else:
            body = {"type": "rubric", "max_mark": criterion.points, "levels": _marks(criterion)}
        body |= {"ta_visible": True, "peer_visible": False}
        data[_unused(criterion.title, data)] = body
    return data


def _marks(criterion: Criterion) -> dict[str, Any]:
    """Return the levels by name, worst first as MarkUs lists them."""
    levels: dict[str, Any] = {}
    known: list[Level] = []
    for level in reversed(as_levels(criterion)):
        if level.points < 0 or any(level.points == other.points for other in known):
            continue
        known.append(level)
        levels[_unused(level.title, levels)] = {
            "mark": level.points,
            "description": level.description,
        }
    return levels


def lost_in_markus(rubric: Rubric) -> list[str]:
    """Return what a MarkUs file cannot carry of a rubric."""
    lost = pieces_lost(rubric)
    if gone := [c.title for c in rubric.criteria if c.points <= 0]:
        lost.append(f"MarkUs knows no penalties, so these are left out: {', '.join(gone)}.")
    for criterion in rubric.criteria:
        points = [level.points for level in as_levels(criterion)]
        if criterion.points > 0 and (min(points) < 0 or len(set(points)) < len(points)):
            lost.append(
                f"“{criterion.title}”: levels below 0 or with the points of another are left out."
            )
    return lost


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    return next(n for n in (name, *(f"{name} ({k})" for k in range(2, 999))) if n not in taken)

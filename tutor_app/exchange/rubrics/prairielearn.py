"""PrairieLearn's manual grading rubric: items that apply or do not, and add their points up.

The fields are those of its "export rubric settings"; points are rounded to two decimals there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.errors import DocumentError
from tutor_app.exchange.rubrics.levelled import as_levels, pieces_lost
from tutor_app.exchange.rubrics.reading import (
    ReadCriterion,
    Reading,
    ReadLevel,
    RubricReading,
    text_of,
)

FORMAT = "PrairieLearn JSON"
ONE_OF = "Tick exactly one item of “"
_START = "There is an answer"
_SETTINGS = {
    "replace_auto_points": "has no place here",
    "max_points": "the sum of the criteria counts here",
    "max_manual_points": "the sum of the criteria counts here",
    "max_auto_points": "has no place here",
}


def load_json(where: str, text: str) -> Any:
    """Return the data in a JSON text; raises DocumentError where it is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DocumentError(f"{where}: is not JSON ({reason}). Export it again.") from None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def is_prairielearn(data: Any) -> bool:
    """Say whether some data is such a rubric."""
    return isinstance(data, dict) and isinstance(data.get("rubric_items"), list)


def read_prairielearn(data: Mapping[str, Any], name: str) -> RubricReading:
    """Read such a rubric; `name` is the file's, which names it."""
    reading = Reading()
    rubric = reading.rubric
    rubric.title = Path(name).stem.replace("__", " ").replace("_", " ").strip()
    items = [one for one in data["rubric_items"] if isinstance(one, dict)]
    if len(items) < len(data["rubric_items"]):
        reading.remark("Some entries of rubric_items are no items; they are left out.")
    items.sort(key=lambda one: _number(one.get("order")) or 0.0)
    start = _number(data.get("starting_points")) or 0.0
    if start > 0:
        _begin(reading, start)
    for at, item in enumerate(items, 1):
        _item(reading, item, at)
    rubric.min_points = _number(data.get("min_points")) or 0.0
    rubric.max_extra = max(0.0, _number(data.get("max_extra_points")) or 0.0)
    for key, became in (("min_points", "the fewest points in all"),
                        ("max_extra_points", "the extra points at most")):  # fmt: skip
        if key in data:
            reading.entry(key, data[key], became, "points")
    if text := text_of(data, "grader_guidelines"):
        reading.entry("grader_guidelines", text, "note for graders of the first criterion", "note")
        if rubric.criteria:
            first = rubric.criteria[0]
            first.grader_note = f"{text}\n{first.grader_note}".strip()
    for key, why in _SETTINGS.items():
        if data.get(key) is not None:
            reading.entry(key, data[key], why, "ignored")
    _check_total(reading, data)
    return reading.done(FORMAT)


def _begin(reading: Reading, start: float) -> None:
    """Make a criterion of the points that everybody starts with."""
    criterion = ReadCriterion(title=_START, points=start, type="holistic")
    criterion.levels = [
        ReadLevel("An answer", start, "Answers the question at all."),
        ReadLevel("No answer", 0.0, "Is empty, or about something else."),
    ]
    reading.rubric.criteria.append(criterion)
    reading.entry("starting_points", f"{start:g}", f"the criterion “{_START}”", "criterion")
    reading.remark(
        f"Everybody starts with {start:g} points in PrairieLearn. Here that is a criterion of its "
        "own, which only an empty answer misses."
    )


def _item(reading: Reading, item: Mapping[str, Any], at: int) -> None:
    text = text_of(item, "description") or f"Item {at}"
    points = _number(item.get("points"))
    note, explanation = text_of(item, "grader_note"), text_of(item, "explanation")
    place = f"item {at}"
    group = next((line for line in note.splitlines() if line.startswith(ONE_OF)), "")
    if group:
        note = "\n".join(line for line in note.splitlines() if line != group)
        title = group.removeprefix(ONE_OF).removesuffix("”.").removesuffix("”")
        criterion = next((c for c in reading.rubric.criteria if c.title == title), None)
        if criterion is None:
            criterion = ReadCriterion(title=title, grader_note=note)
            reading.rubric.criteria.append(criterion)
        label = text.removeprefix(f"{title}: ")
        criterion.levels.append(ReadLevel(label, points, explanation or label))
        became, kind = f"level “{label}” of “{title}”", "level"
    else:
        criterion = ReadCriterion(title=text, points=points, grader_note=note)
        if points is not None and points < 0:
            criterion.type = "penalty"
            if explanation:
                criterion.grader_note = f"{note}\nStudents read: {explanation}".strip()
        else:
            criterion.levels = [
                ReadLevel("Shown", points, text, feedback=explanation),
                ReadLevel("Not shown", 0.0, f"Not so: {text}"),
            ]
        reading.rubric.criteria.append(criterion)
        became = f"the {'penalty' if criterion.type == 'penalty' else 'criterion'} “{text}”"
        kind = "criterion"
    reading.entry(f"{place}, description", text, became, kind)  # type: ignore[arg-type]
    if points is None:
        reading.entry(f"{place}, points", item.get("points"), "no number", "ignored")
    else:
        reading.entry(f"{place}, points", f"{points:g}", f"points of {became}", "points")
    if explanation:
        reading.entry(f"{place}, explanation", explanation, f"text of {became}", "level")
    if note:
        reading.entry(f"{place}, grader_note", note, f"note for graders of {became}", "note")
    if item.get("always_show_to_students") is not None:
        shown = item["always_show_to_students"]
        reading.entry(f"{place}, always_show_to_students", shown, "has no place here", "ignored")


def _check_total(reading: Reading, data: Mapping[str, Any]) -> None:
    rubric = reading.rubric
    total = 0.0
    for criterion in rubric.criteria:
        given = [level.points or 0.0 for level in criterion.levels]
        total += max([criterion.points or 0.0, *given]) if criterion.type != "penalty" else 0.0
    most = _number(data.get("max_manual_points")) or _number(data.get("max_points"))
    if most and abs(total - most) > 1e-9:
        reading.remark(
            f"The criteria add up to {total:g} points, the question there is worth {most:g}. "
            "Where items exclude each other, make them levels of one criterion."
        )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e6:
        return None
    return float(value)


def prairielearn_data(rubric: Rubric) -> dict[str, Any]:
    """Return the data of such a rubric; a criterion of three levels is three items, one to tick."""
    items: list[dict[str, Any]] = []
    for criterion in rubric.criteria:
        items += _items(criterion)
    return {
        "max_extra_points": round(rubric.max_extra, 2),
        "min_points": round(rubric.min_points, 2),
        "replace_auto_points": True,
        "starting_points": 0,
        "max_points": round(rubric.max_points, 2),
        "max_manual_points": round(rubric.max_points, 2),
        "max_auto_points": 0,
        "grader_guidelines": "",
        "rubric_items": [{"order": n, **item} for n, item in enumerate(items)],
    }


def _items(criterion: Criterion) -> list[dict[str, Any]]:
    if criterion.type == "penalty":
        return [_entry(criterion.title, criterion.points, "", criterion.grader_note)]
    levels = as_levels(criterion)
    if _is_binary(criterion, levels):
        best = levels[0]
        return [_entry(criterion.title, best.points, best.feedback, criterion.grader_note)]
    one = f"{ONE_OF}{criterion.title}”."
    return [
        _entry(
            f"{criterion.title}: {level.title}",
            level.points,
            level.description,
            f"{criterion.grader_note}\n{one}".strip() if n == 0 else one,
        )
        for n, level in enumerate(levels)
    ]


def _is_binary(criterion: Criterion, levels: list[Level]) -> bool:
    """Say whether the criterion is just what an item is: its title holds, or not."""
    return (
        criterion.type == "levels"
        and len(levels) == 2
        and levels[1].points == 0
        and levels[0].description == criterion.title
    )


def _entry(description: str, points: float, explanation: str, note: str) -> dict[str, Any]:
    return {
        "points": round(points, 2),
        "description": description,
        "explanation": explanation,
        "grader_note": note,
        "always_show_to_students": True,
    }


def lost_in_prairielearn(rubric: Rubric) -> list[str]:
    """Return what such a rubric cannot carry."""
    kept = ("The fewest points", "Notes for graders")
    lost = [one for one in pieces_lost(rubric) if not one.startswith(kept)]
    if any(len(as_levels(c)) > 1 and c.type != "penalty" for c in rubric.criteria):
        lost.append(
            "Levels become items of which exactly one is to be ticked; PrairieLearn cannot hold "
            "graders to that."
        )
    return lost

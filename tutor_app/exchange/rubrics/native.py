"""A rubric in the format of this program, read leniently: what is wrong in it can be put right."""

from collections.abc import Mapping
from typing import Any, get_args

from tutor_app.exchange.rubrics.reading import (
    CriterionType,
    ReadCriterion,
    ReadIdea,
    Reading,
    ReadLevel,
    RubricReading,
    text_of,
)

FORMAT = "rubric YAML of this program"
_FIELDS = frozenset(
    (
        "id title version question reference_answers criteria min_points max_extra course_sections"
    ).split()
)


def is_native(data: Any) -> bool:
    """Say whether some data is a rubric as this program keeps it."""
    return isinstance(data, dict) and isinstance(data.get("criteria"), list)


def read_native(data: Mapping[str, Any]) -> RubricReading:
    """Read such a rubric; a field of the wrong kind is left out, and said."""
    reading = Reading()
    rubric = reading.rubric
    rubric.id, rubric.title = text_of(data, "id"), text_of(data, "title")
    rubric.question = text_of(data, "question")
    rubric.reference_answers = _texts(data.get("reference_answers"))
    rubric.course_sections = _texts(data.get("course_sections"))
    version = data.get("version")
    rubric.version = version if isinstance(version, int) and version > 0 else 1
    rubric.min_points = _number(data.get("min_points")) or 0.0
    rubric.max_extra = max(0.0, _number(data.get("max_extra")) or 0.0)
    for key in ("title", "question"):
        if text := text_of(data, key):
            reading.entry(key, text, key, key)
    for text in rubric.reference_answers:
        reading.entry("reference_answers", text, "a reference answer", "question")
    for one in data["criteria"]:
        if isinstance(one, dict):
            rubric.criteria.append(_criterion(reading, one))
    for key in sorted(set(map(str, data)) - _FIELDS):
        reading.entry(key, data.get(key), "an unknown field", "ignored")
    return reading.done(FORMAT)


def _criterion(reading: Reading, data: Mapping[str, Any]) -> ReadCriterion:
    kind = text_of(data, "type") or "levels"
    criterion = ReadCriterion(
        id=text_of(data, "id"),
        title=text_of(data, "title"),
        points=_number(data.get("points")),
        negative_allowed=data.get("negative_allowed") is True,
        type=kind if kind in get_args(CriterionType) else "levels",  # type: ignore[arg-type]
        grader_note=text_of(data, "grader_note"),
    )
    name = criterion.title or criterion.id
    reading.entry(name, kind, f"the criterion “{name}”", "criterion")
    if criterion.points is not None:
        reading.entry(f"{name}, points", f"{criterion.points:g}", f"points of “{name}”", "points")
    for level in _mappings(data.get("levels")):
        read = ReadLevel(
            text_of(level, "title"),
            _number(level.get("points")),
            *(text_of(level, key) for key in ("description", "example", "feedback")),
        )
        criterion.levels.append(read)
        place = f"{name}, {read.title}"
        reading.entry(place, read.description, f"level “{read.title}” of “{name}”", "level")
        if read.points is not None:
            reading.entry(
                f"{place}, points", f"{read.points:g}", f"points of level “{read.title}”", "points"
            )
    for idea in _mappings(data.get("key_elements")):
        read_idea = ReadIdea(
            text_of(idea, "id"), text_of(idea, "text"), _texts(idea.get("variants"))
        )
        criterion.key_elements.append(read_idea)
        reading.entry(f"{name}, key_elements", read_idea.text, f"an idea of “{name}”", "idea")
    if criterion.grader_note:
        reading.entry(f"{name}, grader_note", criterion.grader_note, "note for graders", "note")
    return criterion


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    return (
        [str(one).strip() for one in value if str(one).strip()] if isinstance(value, list) else []
    )


def _number(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and abs(value) < 1e6 else None

"""Slots: what code fills into a wording that a teacher or tutor model left open."""

from tutor_app.answers.solution import Solution
from tutor_app.domain.demonstration import Situation
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.item import Item

NO_UNIT = " (no unit)"
MAX_QUOTED_WORDS = 12
_WITH_VALUE = (State.RIGHT, State.NEAR, State.WRONG, State.STEP_RIGHT, State.DISPUTES)


def slot_names(item: Item, situation: Situation) -> frozenset[str]:
    """Return the names a wording may leave open in this situation."""
    names = {*item.quantities, "quoted"}
    if situation.state in _WITH_VALUE and item.answer.kind != "text":
        names.add("yours")
    if situation.state is State.ASKS_TERM:
        names.add("definition")
    return frozenset(names)


def slot_values(
    item: Item, solution: Solution, diagnosis: Diagnosis, definition: str = ""
) -> dict[str, str]:
    """Return what the slots stand for in one turn; a slot with nothing to say is left out.

    `definition` carries its own citation mark.
    """
    values = {name: solution.names[name] for name in item.quantities}
    if yours := yours_of(diagnosis):
        values["yours"] = yours
    quoted = diagnosis.quoted
    if quoted and len(quoted.split()) <= MAX_QUOTED_WORDS and not quoted.endswith("…"):
        values["quoted"] = quoted
    if definition:
        values["definition"] = definition
    return values


def yours_of(diagnosis: Diagnosis) -> str:
    """Return the learner's value as it was read, an option by its letter, or ""."""
    if diagnosis.check is None:
        return ""
    reading = diagnosis.check.reading
    if reading.option:
        return f"option {reading.option}"
    return reading.echo.removesuffix(NO_UNIT) if _has_value(diagnosis) else ""


def _has_value(diagnosis: Diagnosis) -> bool:
    reading = diagnosis.check.reading if diagnosis.check else None
    return reading is not None and (reading.value is not None or bool(reading.formula))

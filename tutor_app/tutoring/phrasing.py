"""What the small tutor model reads and writes: one planned move, with every number left open.

Quantities are `{q1}` to `{q9}` in the item's order, the learner's value is `{yours}`, the learner's
words `{quoted}`; code fills them, so the model can get no number wrong. The same functions make the
training text and the prompt of a live turn. No final answer and no value of a step is in either.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby

from tutor_app.answers.cleaning import clean
from tutor_app.answers.solution import fill
from tutor_app.answers.typed_units import units_at
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import State
from tutor_app.domain.item import Item, Misconception
from tutor_app.errors import ContentError
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.slots import slot_values, yours_of

MAX_LEARNER_WORDS = 24
MAX_QUANTITIES = 9
WORDED = frozenset(
    ("nudge", "question", "teach", "misconception", "step right", "why", "unit", "sign", "rounding")
)
"""Rows of the plan that the small model words; the others quote the course or have a fixed text."""

_SLOT = re.compile(r"\[\[\s*(\w+)\s*\]\]")
_OPEN = re.compile(r"\{(\w+)\}")
_BRACKETS = re.compile(r"[{}]|\[\[|\]\]")
_MEASURE = re.compile(
    r"(?<![\w.])(?P<number>[-−]?\d+(?:(?:,\d{3})+(?:\.\d+)?|[.,]\d+)?(?:[eE][-+]?\d+)?)"
    r'(?P<after>\s*(?P<unit>[A-Za-zµΩ°%][\w²³⁻¹·*/^°-]*)(?=$|[\s.,;:?!)…”"]))?'
)
_PIECES = re.compile(r"[^\W\d_]+")
_FORMULA = re.compile(r"(?=.*[^\W\d_]).*[\d=+*/^√²³(\\×·÷]")
_Known = tuple[float, float, str]
"""A number, its relative tolerance, and the slot that stands for it."""
_EXACT, _ROUNDED = 1e-9, 0.01
_FUNCTIONS = "sqrt|cbrt|sin|cos|tan|asin|acos|atan|frac|left|right|cdot|pi"


def model_prompt(material: Material) -> str:
    """Return what the small model reads before it words a move."""
    item, diagnosis, move = material.item, material.diagnosis, material.move
    misconception = next((m for m in item.misconceptions if m.id == diagnosis.misconception), None)
    step = move.step or diagnosis.step
    lines = [
        f"problem: {_open(item.prompt, item)}",
        f"asked: {diagnosis.state.value}",
        f"idea: {misconception.title}" if misconception else "",
        f"step: {_open(item.step(step).goal, item)}" if step else "",
        f"move: {move.kind}, {move.strategy}, {move.intention}",
        _hint_line(material, misconception),
        f"learner: {_learner(material)}",
    ]
    return "\n".join(line for line in lines if line)


def to_model(reply: str, item: Item) -> str | None:
    """Return a demonstration's reply with the model's slots; None when it has none for a name."""
    numbered = _numbered(item)
    parts = {**numbered, "yours": "{yours}", "quoted": "{quoted}"}
    if any(name not in parts for name in _SLOT.findall(reply)):
        return None
    return _SLOT.sub(lambda match: parts[match[1]], reply)


def from_model(text: str, material: Material) -> str:
    """Fill what the model wrote with this turn's values; "" when a slot has nothing to say."""
    values = slot_values(material.item, material.solution, material.diagnosis)
    by_slot = {slot[1:-1]: values[name] for name, slot in _numbered(material.item).items()}
    by_slot |= {name: values[name] for name in ("yours", "quoted") if name in values}
    if any(name not in by_slot for name in _OPEN.findall(text)):
        return ""
    if _BRACKETS.search(_OPEN.sub("", text)):
        # half a slot
        return ""
    return _OPEN.sub(lambda match: by_slot[match[1]], text).strip()


def _numbered(item: Item) -> dict[str, str]:
    names = list(item.quantities)[:MAX_QUANTITIES]
    return {name: f"{{q{number}}}" for number, name in enumerate(names, 1)}


def _open(text: str, item: Item, extra: Mapping[str, str] | None = None) -> str:
    """Return a text of the item with slots for its quantities, on one line."""
    try:
        return " ".join(fill(text, {**_numbered(item), **(extra or {})}).split())
    except ContentError:
        # it names a step's value, which the model may not see
        return ""


def _hint_line(material: Material, misconception: Misconception | None) -> str:
    item, diagnosis, move = material.item, material.diagnosis, material.move
    step = move.step or diagnosis.step
    if move.situation == "right":
        text = item.steps[-1].why
    elif move.situation == "why":
        text = item.step(step).why
    elif misconception and move.level is not HintLevel.CONCEPT:
        text = misconception.question
    else:
        hints = [h.text for h in item.hints_for(step) if h.level is move.level] if step else []
        text = hints[0] if hints else ""
    opened = _open(text, item, {"yours": "{yours}"}) if text else ""
    return f"hint: {opened}" if opened else ""


def _learner(material: Material) -> str:
    """Return the learner's words with every known number left open."""
    diagnosis = material.diagnosis
    if diagnosis.state is State.HELP:
        return "(asks for a hint)"
    text = diagnosis.quoted
    check = diagnosis.check
    yours = yours_of(diagnosis)
    solution = material.solution
    known: list[_Known] = []
    if check is not None and check.reading.value is not None:
        known.append((check.reading.value, _EXACT, "{yours}"))
    elif yours.startswith("option "):
        text = "{yours}" if len(text.split()) <= 2 else text
    elif yours:
        text = _without_formulas(text, material.item) if len(text.split()) > 3 else "{yours}"
    known += [
        (solution.quantities[name].value, _EXACT, slot)
        for name, slot in _numbered(material.item).items()
        if name in solution.quantities
    ]
    # a step's value is the learner's own here, but the model is to see none
    known += [
        (solution.steps[step].value, _ROUNDED, "{yours}")
        for step in diagnosis.steps_shown
        if step in solution.steps
    ]
    text = _with_slots(text, known)
    return " ".join(text.split()[:MAX_LEARNER_WORDS]) or "(nothing typed)"


def _with_slots(text: str, known: Sequence[_Known]) -> str:
    """Put slots in the place of known numbers, with the unit behind them."""

    def swap(match: re.Match[str]) -> str:
        for value, tolerance, slot in known:
            if any(math.isclose(n, value, rel_tol=tolerance) for n in _readings(match["number"])):
                is_unit = match["unit"] and _is_unit(match["unit"])
                return slot if is_unit else slot + (match["after"] or "")
        return match[0]

    return _MEASURE.sub(swap, text)


def _readings(number: str) -> Iterator[float]:
    """Yield what a typed number may mean: a comma is a point or parts the thousands."""
    plain = number.replace("−", "-")
    for mark in (".", "") if "," in plain else ("",):
        with suppress(ValueError):
            yield float(plain.replace(",", mark))


def _is_unit(word: str) -> bool:
    plain = clean(word)
    # "in" is a preposition before it is an inch
    return plain != "in" and units_at(plain, 0)[1] == len(plain)


def _without_formulas(text: str, item: Item) -> str:
    """Put {yours} in the place of every stretch of words that writes a formula."""
    answer = item.answer
    if answer.kind != "symbolic":
        return text
    names = sorted({*answer.symbols, answer.target} - {""}, key=len, reverse=True)
    word = re.compile(rf"(?:{'|'.join(map(re.escape, names))}|{_FUNCTIONS})+")
    kept: list[str] = []
    for formal, words in groupby(text.split(), lambda w: _is_formal(w, word)):
        stretch = list(words)
        if formal and _FORMULA.search(" ".join(stretch)):
            kept.append("{yours}")
        else:
            kept += stretch
    return " ".join(kept)


def _is_formal(word: str, names: re.Pattern[str]) -> bool:
    pieces = _PIECES.findall(word.strip(".,;:?!"))
    return all(names.fullmatch(piece) for piece in pieces)

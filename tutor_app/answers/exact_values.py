"""Compare two exact values, and say whether one is in the form that the other is in."""

import math
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from tutor_app.answers.equivalence import confirmed
from tutor_app.answers.exact_forms import Value
from tutor_app.answers.exact_shapes import is_number, same_shape
from tutor_app.answers.formula import Formula, evaluate
from tutor_app.errors import AnswerSyntaxError

_POINTS = 12
_TRIES = 80
_SAME = 1e-9
_CLOSE = 0.012
_FAR = 40.0
_CONSTANTS = {"e": math.e}


class Sameness(Enum):
    """How a typed value relates to the right one."""

    SAME = "same"
    OTHER_FORM = "other form"
    ROUNDED = "rounded"
    UNSURE = "unsure"
    DIFFERENT = "different"


def points(
    names: Iterable[str], low: float = 0.2, high: float = 3.0
) -> Iterator[Mapping[str, float]]:
    """Yield seeded random values in (low, high) for the symbols; e is 2.718..."""
    source = random.Random(7)
    ordered = sorted(set(names) - set(_CONSTANTS))
    for _ in range(_TRIES):
        yield {**_CONSTANTS, **{name: source.uniform(low, high) for name in ordered}}


def number(value: Value) -> float | None:
    """Return the value of an expression without symbols; None where it has some."""
    if value.formula.names - set(_CONSTANTS):
        return None
    try:
        return evaluate(value.formula, _CONSTANTS)
    except AnswerSyntaxError:
        return None


def compare(typed: Value, right: Value, rounds: bool = False, confirm: bool = False) -> Sameness:
    """Compare two values in any of the typed one's readings.

    Args:
        typed: what the learner wrote.
        right: the key.
        rounds: the exercise asks for a rounded number, so that more digits are right too.
        confirm: ask SymPy where the numbers agree.
    """
    found = [_compare(formula, typed, right, rounds, confirm) for formula in typed.formulas]
    best = found[0]
    if best is Sameness.DIFFERENT and (Sameness.SAME in found or Sameness.OTHER_FORM in found):
        return Sameness.UNSURE
    return best


def _compare(formula: Formula, typed: Value, right: Value, rounds: bool, confirm: bool) -> Sameness:
    if formula.root == right.formula.root:
        return Sameness.SAME
    a, b = _constant(formula), number(right)
    if a is not None and b is not None:
        return _numbers(a, b, formula, typed, right, rounds)
    if (a is None) != (b is None):
        # x^0 and 1, or 2x - 2x + 3 and 3
        return Sameness.UNSURE if _agree(formula, right.formula, 0.2) else Sameness.DIFFERENT
    if not _agree(formula, right.formula, 0.2):
        decimals = re.search(r"\d\.\d", formula.text)
        near = decimals and _agree(formula, right.formula, 0.2, _CLOSE)
        return Sameness.ROUNDED if near else Sameness.DIFFERENT
    if not _agree(formula, right.formula, -3.0):
        return Sameness.UNSURE
    names = formula.names | right.formula.names
    checked = confirm and "e" not in names and formula.root != right.formula.root
    if checked and not confirmed(formula.text, right.formula.text, tuple(sorted(names))):
        return Sameness.UNSURE
    return Sameness.SAME if same_shape(formula, right.formula) else Sameness.OTHER_FORM


def _numbers(
    a: float, b: float, formula: Formula, typed: Value, right: Value, rounds: bool
) -> Sameness:
    gap = abs(a - b)
    step = right.step
    if step is None and rounds and float(b).is_integer() and is_number(right.formula.root):
        step = 0.5
    if gap <= _SAME * max(abs(a), abs(b)) or (a == b):
        return Sameness.SAME if same_shape(formula, right.formula) else Sameness.OTHER_FORM
    fine = typed.step is None or (step is not None and typed.step <= step * (1 + _SAME))
    if step is not None and fine and gap <= step * (1 + 1e-6):
        return Sameness.SAME
    rounded_far = typed.step is not None and gap <= typed.step * (1 + 1e-6)
    if rounded_far and gap <= _CLOSE * abs(b):
        return Sameness.ROUNDED
    if step is not None and gap <= 3 * step and gap <= _CLOSE * abs(b):
        return Sameness.ROUNDED
    return Sameness.DIFFERENT


def _constant(formula: Formula) -> float | None:
    if formula.names - set(_CONSTANTS):
        return None
    try:
        return evaluate(formula, _CONSTANTS)
    except AnswerSyntaxError:
        return None


def _agree(typed: Formula, right: Formula, low: float, tolerance: float = _SAME) -> bool:
    """Say whether two formulas agree wherever both have a value, at enough points.

    Near zero first; where nothing has a value there, as in sqrt(x - 6), further out.
    """
    names = typed.names | right.names
    met = _met(points(names, low), typed, right, tolerance)
    if met == 0:
        met = _met(points(names, -_FAR, _FAR), typed, right, tolerance)
    # below zero roots and logarithms may have no value anywhere
    return met > 0 or (met == 0 and low < 0)


def _met(
    tried: Iterable[Mapping[str, float]], typed: Formula, right: Formula, tolerance: float
) -> int:
    """Return at how many points both have a value; -1 where the values differ."""
    met = 0
    for values in tried:
        try:
            a, b = evaluate(typed, values), evaluate(right, values)
        except AnswerSyntaxError:
            continue
        if abs(a - b) > tolerance * max(abs(a), abs(b), 1e-12):
            return -1
        met += 1
        if met == _POINTS:
            break
    return met

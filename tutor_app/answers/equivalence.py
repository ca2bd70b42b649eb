"""Decide whether two formulas are equal: first at random points, then with SymPy.

Numbers at seeded random points settle every difference at once; agreement at all of them is
confirmed by SymPy in a worker, whose silence (too slow, still starting) does not overrule it.
"""

import random
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache

from tutor_app.answers.formula import Formula, evaluate
from tutor_app.answers.workers import shared_workers
from tutor_app.errors import AnswerSyntaxError

_POINTS = 10
_TRIES = 60
_ROUNDED = 0.012
_SAME = 1e-9


class Relation(Enum):
    """How a typed formula relates to the right one."""

    EQUAL = "equal"
    NEGATED = "negated"
    ROUNDED = "rounded"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def points(names: Iterable[str]) -> Iterable[Mapping[str, float]]:
    """Yield seeded random values in (0.2, 3) for the symbols."""
    source = random.Random(20)
    ordered = sorted(names)
    for _ in range(_TRIES):
        yield {name: source.uniform(0.2, 3.0) for name in ordered}


def relation(typed: Formula, right: Formula, confirm: bool = True) -> Relation:
    """Compare two formulas over positive symbols.

    Args:
        typed: what the learner wrote.
        right: what it is compared with.
        confirm: ask SymPy where the numbers agree.
    """
    found = _by_numbers(typed, right)
    if found is Relation.EQUAL and confirm and typed.root != right.root:
        names = sorted(typed.names | right.names)
        if not confirmed(typed.text, right.text, tuple(names)):
            return Relation.DIFFERENT
    return found


@lru_cache(maxsize=1024)
def confirmed(typed: str, right: str, names: tuple[str, ...]) -> bool:
    """Say whether SymPy does not object: two formulas over positive names may be equal."""
    return shared_workers().equal(typed, right, names) is not False


def _by_numbers(typed: Formula, right: Formula) -> Relation:
    ratios: list[float] = []
    for values in points(typed.names | right.names):
        try:
            expected = evaluate(right, values)
        except AnswerSyntaxError:
            continue
        try:
            value = evaluate(typed, values)
        except AnswerSyntaxError:
            return Relation.DIFFERENT
        if abs(expected) < 1e-12 or abs(value) < 1e-12:
            if abs(expected - value) > 1e-12:
                return Relation.DIFFERENT
            continue
        ratios.append(value / expected)
        if len(ratios) == _POINTS:
            break
    if not ratios:
        return Relation.UNKNOWN
    if all(abs(ratio - 1) <= _SAME for ratio in ratios):
        return Relation.EQUAL
    if all(abs(ratio + 1) <= _SAME for ratio in ratios):
        return Relation.NEGATED
    rounded = re.search(r"\d\.\d", typed.text) and all(abs(r - 1) <= _ROUNDED for r in ratios)
    return Relation.ROUNDED if rounded else Relation.DIFFERENT

"""Compare equations and inequalities: the same solutions, and solved as far as the key is."""

import random
from collections.abc import Iterator, Mapping

from tutor_app.answers.exact_forms import Group, Relation, Value
from tutor_app.answers.exact_values import Sameness, compare, points
from tutor_app.answers.formula import Formula, evaluate
from tutor_app.answers.formula_tree import Name, Negation
from tutor_app.errors import AnswerSyntaxError

_SAME = 1e-7
_TESTS = 300
_MIRROR = {"≤": "≥", "≥": "≤", "≺": "≻", "≻": "≺"}
INFINITE = Value("inf", (Formula("inf", Name("inf"), frozenset({"inf"})),))
MINUS_INFINITE = Value("-inf", (Formula("-inf", Negation(Name("inf")), frozenset({"inf"})),))


def compare_relations(typed: Relation, right: Relation) -> Sameness:
    """Compare two relations."""
    if typed.signs == right.signs == ("=",):
        return _equations(typed, right)
    if "=" in typed.signs or "=" in right.signs:
        return Sameness.DIFFERENT
    first, second = as_intervals(typed), as_intervals(right)
    if first is not None and second is not None:
        ends = zip(first.parts, second.parts, strict=True)
        same = all(
            isinstance(a, Value) and isinstance(b, Value) and compare(a, b) is Sameness.SAME
            for a, b in ends
        )
        brackets = (first.opens, first.closes) == (second.opens, second.closes)
        return Sameness.SAME if same and brackets else Sameness.DIFFERENT
    return _inequalities(typed, right)


def solved_for(relation: Relation) -> str:
    """Return the name that an equation is solved for; "" when it is not solved."""
    left, right = (side.formula for side in relation.sides[:2])
    for one, other in ((left, right), (right, left)):
        if isinstance(one.root, Name) and one.root.name not in other.names:
            return one.root.name
    return ""


def _equations(typed: Relation, right: Relation) -> Sameness:
    if typed.named and right.named and typed.named != right.named:
        return Sameness.UNSURE
    if typed.named and not right.named and solved_for(right) not in ("", "y"):
        return Sameness.UNSURE
    sides = [compare(a, b) for a, b in zip(typed.sides, right.sides, strict=True)]
    if all(side in (Sameness.SAME, Sameness.OTHER_FORM) for side in sides):
        return Sameness.SAME if Sameness.OTHER_FORM not in sides else Sameness.OTHER_FORM
    if solved_for(typed) and solved_for(typed) == solved_for(right):
        a, b = _solution(typed), _solution(right)
        return compare(a, b) if a and b else Sameness.UNSURE
    if _broken_somewhere(typed, right):
        return Sameness.DIFFERENT
    if not _proportional(typed, right):
        return Sameness.UNSURE
    return Sameness.SAME if solved_for(typed) == solved_for(right) else Sameness.OTHER_FORM


def _solution(relation: Relation) -> Value | None:
    name = solved_for(relation)
    for one, other in (relation.sides, relation.sides[::-1]):
        if one.formula.root == Name(name):
            return other
    return None


def _difference(relation: Relation, values: Mapping[str, float]) -> float:
    return evaluate(relation.sides[0].formula, values) - evaluate(relation.sides[1].formula, values)


def _names(*relations: Relation) -> frozenset[str]:
    return frozenset().union(*(s.formula.names for r in relations for s in r.sides))


def _proportional(typed: Relation, right: Relation) -> bool:
    """Say whether left minus right of one is a constant times that of the other."""
    ratios: list[float] = []
    for values in points(_names(typed, right), -3.0):
        try:
            a, b = _difference(typed, values), _difference(right, values)
        except AnswerSyntaxError:
            continue
        if abs(b) > 1e-9:
            ratios.append(a / b)
    first = ratios[0] if ratios else 0.0
    return bool(first) and all(abs(ratio - first) <= _SAME * abs(first) for ratio in ratios)


def _broken_somewhere(typed: Relation, right: Relation) -> bool:
    """Say whether a solution of the key is no solution of the typed equation."""
    for values in _solutions(right, _names(typed, right)):
        try:
            gap = abs(_difference(typed, values))
            size = max(abs(evaluate(side.formula, values)) for side in typed.sides)
        except AnswerSyntaxError:
            continue
        if gap > 1e-4 * max(size, 1.0):
            return True
    return False


def _solutions(relation: Relation, names: frozenset[str]) -> Iterator[dict[str, float]]:
    """Yield points that solve an equation: all names but one at random, that one by bisection."""
    source = random.Random(11)
    own = sorted(_names(relation) - {"e"})
    for _ in range(40):
        for name in own:
            values = {n: source.uniform(-3, 3) for n in names}
            values["e"] = 2.718281828459045
            low, high = source.uniform(-9, 0), source.uniform(0, 9)
            root = _root(relation, values, name, low, high)
            if root is not None:
                yield {**values, name: root}


def _root(
    relation: Relation, values: dict[str, float], name: str, low: float, high: float
) -> float | None:
    try:
        at_low = _difference(relation, {**values, name: low})
        at_high = _difference(relation, {**values, name: high})
        if at_low * at_high > 0:
            return None
        for _ in range(80):
            middle = (low + high) / 2
            there = _difference(relation, {**values, name: middle})
            if at_low * there <= 0:
                high = middle
            else:
                low, at_low = middle, there
        # a pole changes sign too
        solved = abs(_difference(relation, {**values, name: low})) < 1e-6
    except AnswerSyntaxError:
        return None
    return low if solved else None


def as_intervals(relation: Relation) -> Group | None:
    """Write x ≥ 2 and -1 ≺ x ≤ 3 as intervals; None for anything else."""
    sides, signs = relation.sides, relation.signs
    if any(sign not in _MIRROR for sign in signs):
        return None
    if len(sides) == 2:
        return _half_line(sides, signs[0])
    if not isinstance(sides[1].formula.root, Name) or {s in "≤≺" for s in signs} not in (
        {True},
        {False},
    ):
        return None
    if sides[0].formula.names or sides[2].formula.names:
        return None
    low, high, first, last = sides[0], sides[2], signs[0], signs[1]
    if signs[0] in "≥≻":
        low, high, first, last = high, low, _MIRROR[signs[1]], _MIRROR[signs[0]]
    opens, closes = "[" if first == "≤" else "(", "]" if last == "≤" else ")"
    return Group(relation.text, opens, closes, (low, high))


def _half_line(sides: tuple[Value, ...], sign: str) -> Group | None:
    left, right = sides
    if isinstance(right.formula.root, Name) and not left.formula.names:
        left, right, sign = right, left, _MIRROR[sign]
    if not isinstance(left.formula.root, Name) or right.formula.names:
        return None
    text = f"{left.text}{sign}{right.text}"
    if sign in "≥≻":
        return Group(text, "[" if sign == "≥" else "(", ")", (right, INFINITE))
    return Group(text, "(", "]" if sign == "≤" else ")", (MINUS_INFINITE, right))


def _inequalities(typed: Relation, right: Relation) -> Sameness:
    """Several symbols, or not solved: compare where they hold."""
    source = random.Random(13)
    names = sorted(_names(typed, right) - {"e"})
    seen: set[bool] = set()
    for _ in range(_TESTS):
        values = {name: source.uniform(-12, 12) for name in names} | {"e": 2.718281828459045}
        try:
            a, b = _holds(typed, values), _holds(right, values)
        except AnswerSyntaxError:
            continue
        if a != b:
            return Sameness.DIFFERENT
        seen.add(b)
    strict = {sign in "≺≻" for sign in typed.signs} == {sign in "≺≻" for sign in right.signs}
    if not strict:
        return Sameness.DIFFERENT
    solved = _is_solved(typed) == _is_solved(right)
    if len(seen) < 2 or len(typed.signs) != len(right.signs):
        return Sameness.UNSURE
    return Sameness.SAME if solved else Sameness.OTHER_FORM


def _is_solved(relation: Relation) -> bool:
    return any(isinstance(side.formula.root, Name) for side in relation.sides)


def _holds(relation: Relation, values: Mapping[str, float]) -> bool:
    sizes = [evaluate(side.formula, values) for side in relation.sides]
    for a, sign, b in zip(sizes, relation.signs, sizes[1:], strict=False):
        ok = a < b if sign in "≤≺" else a > b if sign in "≥≻" else a != b
        if not ok:
            return False
    return True

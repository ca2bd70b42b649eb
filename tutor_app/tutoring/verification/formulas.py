"""Does a text let the learner compute a withheld value, or hand over a withheld formula?"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from tutor_app.domain.course import HintLevel
from tutor_app.tutoring.verification.expressions import Equation, calculate
from tutor_app.tutoring.verification.statements import HEDGE_WORD, Reading
from tutor_app.tutoring.verification.terms import Term, to_terms
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.units import in_si
from tutor_app.tutoring.verification.values import Part, Value, binary
from tutor_app.tutoring.verification.withheld import UNKNOWN_SHIFT, Target, Withheld

_FORMULA_TOLERANCE = 1e-6
_POWERS_OF_TEN = (2, 3)
_TERMS_BEFORE = 40
"""How far back a calculation may begin that this reply ends."""
_EXACT = 0.006


def computed(reading: Reading, hidden: Withheld) -> str:
    """Return why the reply lets the learner compute what is withheld, or ""."""
    if not hidden.targets:
        return ""
    terms = to_terms(reading.tokens, hidden.vocabulary)
    begin = next((n for n, term in enumerate(terms) if term.last >= reading.present), len(terms))
    calculations = calculate(
        terms, hidden.meaning, hidden.vocabulary.names, max(0, begin - _TERMS_BEFORE)
    )
    if not calculations.complete:
        return "holds more mathematics than can be checked"
    hedged = bool(HEDGE_WORD.search(reading.pattern))
    shown = [
        _signature(to_terms(tokenize(t), hidden.vocabulary)) for t in hidden.context.counted_texts
    ]
    for part in calculations.parts:
        if terms[part.end - 1].last < reading.present:
            continue
        written = _signature(terms[part.start : part.end])
        if any(f" {written} " in f" {text} " for text in shown):
            continue  # the learner wrote this calculation in a counted attempt
        for target in hidden.targets:
            for value in part.readings:
                if _gives(value, target, hedged=hedged) and _forbidden(value, target, hidden):
                    return f"lets one compute {target.name}: {_quote(part, terms, reading)!r}"
    final = hidden.final
    if final is not None and final.is_formula and _in_pieces(calculations.parts, final):
        return f"gives {final.name} in two pieces"
    if final is not None:
        for equation in calculations.equations:
            if terms[equation.right.end - 1].last < reading.present:
                continue
            if _pins_down(equation, final, hidden):
                return f"gives an equation that leaves only {final.name}: " + repr(
                    _quote(Part(equation.left.start, equation.right.end, ()), terms, reading)
                )
    return ""


def _in_pieces(parts: Sequence[Part], target: Target) -> bool:
    """Say whether two formulas only need to be joined: "m v / t, and m u / t on top"."""
    whole = [
        part
        for part in parts
        if not any(o.start <= part.start and part.end <= o.end and o is not part for o in parts)
    ]
    for first, second in combinations(whole, 2):
        for name in "+-*/":
            joined = binary(name, first.readings, second.readings)
            if any(_gives(value, target, hedged=False) for value in joined):
                return True
    return False


def _signature(terms: Sequence[Term]) -> str:
    """Return the bare calculation: numbers by value, operators, names."""
    found = []
    for term in terms:
        if term.kind == "num" and term.token is not None:
            found.append(f"{term.token.value:g}")
        elif term.kind in ("op", "fn", "post", "name", "noun", "verb", "list"):
            found.append(term.text)
    return " ".join(found)


def _quote(part: Part, terms: list[Term], reading: Reading) -> str:
    first, last = terms[part.start].first, terms[part.end - 1].last
    return " ".join(token.text for token in reading.tokens[first : last + 1])[:80]


def _gives(value: Value, target: Target, *, hedged: bool) -> bool:
    """Say whether a calculation comes out at the target."""
    if not value.operations or value.unknown:
        return False
    if target.is_formula:
        return value.symbols > 0 and all(
            math.isclose(abs(a), abs(b), rel_tol=_FORMULA_TOLERANCE)
            for a, b in zip(value.samples, target.samples, strict=True)
        )
    size = value.samples[0]
    if not math.isclose(size, value.samples[1], rel_tol=1e-9) or not size:
        return False
    # Rounded inputs ("take g as 10") may shift a real calculation as far as the checker forgives;
    # a mere product of two numbers that comes near is a coincidence.
    generous = target.final and ((value.literals >= 2 and value.operations >= 2) or hedged)
    if target.equals(size, min(target.tolerance, 0.021) if generous else _EXACT):
        return True
    # Numbers without their prefixes: 500 (grams) times 9.8 is the answer but for a factor of 1000.
    return (
        target.final
        and value.literals >= 2
        and any(
            math.isclose(abs(size), abs(target.shown) * 10.0 ** (sign * power), rel_tol=0.002)
            for power in _POWERS_OF_TEN
            for sign in (1, -1)
        )
    )


def _forbidden(value: Value, target: Target, hidden: Withheld) -> bool:
    """Say whether this level must not show the calculation.

    Numbers put in are never allowed. A formula in symbols is what the learner must find, except
    that the concept level may state one general law that is not yet solved for anything, and a
    worked parallel shows the formula as a matter of course. Formulas of steps are not withheld.
    """
    if target.is_formula:
        return True
    if value.literals or not value.symbols:
        return True
    if not target.final:
        return False
    level = hidden.context.level
    if level.rank >= HintLevel.EXAMPLE.rank:
        return False
    if level is HintLevel.CONCEPT:
        one_law = value.steps > 0 or not any(True for _ in _earlier_values(target, hidden))
        return value.inverse or not one_law
    return value.operations > 0


def _earlier_values(target: Target, hidden: Withheld) -> Iterator[str]:
    """Yield the steps with a value that lie before the answer."""
    solution = hidden.context.solution
    given = [in_si(m.value, m.unit) for m in solution.quantities.values()]
    for step, measure in solution.steps.items():
        size = in_si(measure.value, measure.unit)
        converted = any(math.isclose(size, other, rel_tol=1e-9) for other in given)
        if not converted and not target.equals(measure.value, 1e-6):
            yield step


def _pins_down(equation: Equation, target: Target, hidden: Withheld) -> bool:
    """Say whether only the withheld value satisfies the equation, one step away from it."""
    below_concept = hidden.context.level.rank < HintLevel.CONCEPT.rank
    for left in equation.left.readings:
        for right in equation.right.readings:
            if left.unknown == right.unknown and not left.unknown:
                continue
            if not (left.operations or right.operations):
                continue
            if not _holds(left, right, target):
                continue
            numeric = bool(left.literals or right.literals)
            simple = left.unknown != right.unknown and _unknown_side(left, right).operations <= 1
            if target.is_formula:
                if simple or below_concept or _one_division_away(left, right):
                    return True
            elif numeric or below_concept:
                return True
    return False


def _one_division_away(left: Value, right: Value) -> bool:
    """Say whether the unknown is a mere factor, so that one division sets it free."""
    if left.unknown == right.unknown:
        return False
    side, other = (left, right) if left.unknown else (right, left)
    grown = side.samples[2] / side.samples[0] if side.samples[0] else 0.0
    return bool(other.symbols) and math.isclose(grown, UNKNOWN_SHIFT, rel_tol=1e-9)


def _unknown_side(left: Value, right: Value) -> Value:
    return left if left.unknown else right


def _holds(left: Value, right: Value, target: Target) -> bool:
    tolerance = _FORMULA_TOLERANCE if target.is_formula else _EXACT
    same = [
        math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-12)
        for a, b in zip(left.samples, right.samples, strict=True)
    ]
    return same[0] and same[1] and not same[2]

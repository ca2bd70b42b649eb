"""Closed world: every number comes from somewhere, and every equation holds."""

import math
import re
from collections.abc import Iterator

from tutor_app.answers.solution import Solution
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import CheckResult, State
from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.expressions import Equation, calculate
from tutor_app.tutoring.verification.terms import Term, Vocabulary, to_terms
from tutor_app.tutoring.verification.tokens import Token, tokenize
from tutor_app.tutoring.verification.units import in_si, in_unit
from tutor_app.tutoring.verification.values import Value
from tutor_app.tutoring.verification.withheld import prompt_text

NAME = "numbers"

_COUNT = 10
_TINY = 3
_ROUND_UNITS = frozenset({10.0, 100.0, 1000.0})
_CONVERSIONS = frozenset({60.0, 3600.0, 24.0, 1000.0, 100.0, 3.6, 360.0, 180.0, 90.0})
_CONVERTED = frozenset({"s", "min", "h", "m", "g", "km/h", "J", "W", "N", "cm", "mm"})
_MARKER = re.compile(
    r"(?:\[|\b(?:lines?|steps?|parts?|laws?|number|no|hint|option|rung|example|figure|page|section|"
    r"chapter|equation|case|level|and|of|or) )$|(?:^|\n)\s*$",
    re.I,
)
_TOLERANCE = 0.01


def check_numbers(text: str, context: VerificationContext) -> CheckResult:
    """Check where the numbers of one wording come from, and its equations."""
    if context.item.answer.kind == "code":
        reason = "Numbers beside a program are examples: any will do."
        return CheckResult(name=NAME, passed=True, reason=reason)
    tokens = tokenize(_without_own_hints(text, context))
    terms = to_terms(tokens, _vocabulary(context.solution))
    equations = list(_evaluable(terms, context))
    for equation in equations:
        if not _holds(equation) and not _is_the_learners(equation, terms, tokens, context):
            shown = _written(equation, terms, tokens)
            return CheckResult(name=NAME, passed=False, reason=f"“{shown}” does not hold.")
    results = {
        token.start
        for equation in equations
        if _holds(equation)
        for token in tokens[
            terms[equation.right.start].first : terms[equation.right.end - 1].last + 1
        ]
    }
    known = _known(context)
    plain = canonical(_without_own_hints(text, context))
    for token in tokens:
        if token.kind != "num" or token.start in results:
            continue
        if not (_is_harmless(token, plain) or any(_matches(token, k) for k in known)):
            return CheckResult(
                name=NAME, passed=False, reason=f"The number {token.text!r} comes from nowhere."
            )
    return CheckResult(name=NAME, passed=True)


def _without_own_hints(text: str, context: VerificationContext) -> str:
    """Leave out the hints of a path of solution: their numbers come from their author."""
    hints = context.item.hints if context.item.hints_in_order else ()
    for hint in hints:
        if hint.level is not HintLevel.ANSWER:
            text = text.replace(hint.text, " ")
    return text


# --- where numbers come from -------------------------------------------------------------------


def _known(context: VerificationContext) -> list[tuple[float, str, int]]:
    """Return (value, unit, digits) of every number that may be used; digits 0 is exact."""
    solution = context.solution
    found = [(m.value, m.unit, 0) for m in solution.quantities.values()]
    found += [(value, "", 0) for value in context.computed]
    steps = solution.steps.items()
    if context.move.answer_allowed or context.diagnosis.state is State.RIGHT:
        found += [(m.value, m.unit, 0) for _, m in steps]
        if solution.answer is not None:
            found.append((solution.answer.value, solution.answer.unit, 0))
        found += [n for step in context.item.steps for n in _numbers_in(f"{step.work} {step.why}")]
    else:
        found += [(m.value, m.unit, 0) for s, m in steps if s in context.diagnosis.steps_shown]
    texts = [prompt_text(context), *context.learner_texts, *(p.text for p in context.passages)]
    texts += context.previous_replies  # checked when they were said
    if context.diagnosis.check is not None:
        texts.append(context.diagnosis.check.reading.echo)
        found += [(n, "", 0) for n in context.diagnosis.check.reading.numbers]
    answer = context.item.answer
    if answer.kind == "choice":
        texts += [option.text for option in answer.options]
    for text in texts:
        found += _numbers_in(text)
    return found


def _numbers_in(text: str) -> list[tuple[float, str, int]]:
    return [
        (value, token.unit, token.digits)
        for token in tokenize(text)
        if token.kind == "num"
        for value in token.values
    ]


def _matches(token: Token, known: tuple[float, str, int]) -> bool:
    """Say whether a number is a known one, perhaps rounded, in a unit that fits."""
    value, unit, _ = known
    if token.unit and unit:
        there = in_unit(value, unit, token.unit)
        if there is None or not math.isclose(there, value, rel_tol=1e-9):
            return False
    if not math.isfinite(value):
        return False
    for own in token.values:
        if math.isclose(abs(own), abs(value), rel_tol=1e-9, abs_tol=1e-12):
            return True
        if value and token.digits >= 2:
            places = token.digits - 1 - math.floor(math.log10(abs(value)))
            if places <= 12 and math.isclose(abs(own), round(abs(value), places), rel_tol=1e-9):
                return True
    return False


def _is_harmless(token: Token, plain: str) -> bool:
    """Say whether a number counts, numbers a line, or is a tiny example ("after 1 s and 3 s").

    Bare whole numbers up to ten count things; with a unit only 0 to 3, 10, 100 and 1000 do, as in
    "what happens in one second". Halves, thirds and quarters in words, factors between units and
    the numbers of lines and citations are free.
    """
    value = abs(token.value)
    whole = value.is_integer()
    if whole and not token.unit:
        if value <= _COUNT or value in _CONVERSIONS:
            return True
        if value < 100 and _MARKER.search(plain[: token.start]) and not token.spelled:
            return bool(
                re.search(r"(?:\[|lines?|steps?|page|section)\W*$", plain[: token.start], re.I)
            )
    if whole and token.unit and (value <= _TINY or value in _ROUND_UNITS):
        return True
    if value in _CONVERSIONS and token.unit in _CONVERTED:
        return True
    if token.unit in ("deg", "%") and value in (0.0, 50.0, 90.0, 100.0, 180.0, 360.0):
        return True
    if not token.unit and value == 3.6:
        return True
    simple = (1 / 2, 1 / 3, 1 / 4, 2 / 3, 3 / 4)
    return any(math.isclose(value, s) for s in simple) and (token.spelled or value == 0.5)


# --- equations ---------------------------------------------------------------------------------


def _vocabulary(solution: Solution) -> Vocabulary:
    return Vocabulary(frozenset(name.replace("_", "") for name in solution.quantities), {})


def _evaluable(terms: list[Term], context: VerificationContext) -> Iterator[Equation]:
    """Yield equations of numbers and given quantities; a question asserts nothing."""
    sizes = {
        name.replace("_", ""): in_si(m.value, m.unit)
        for name, m in context.solution.quantities.items()
    }

    def meaning(name: str) -> tuple[Value, ...]:
        if name == "pi":
            return (Value((math.pi,) * 3),)
        size = sizes.get(name)
        return () if size is None else (Value((size, size, size), symbols=1),)

    best: dict[int, Equation] = {}
    for equation in calculate(terms, meaning).equations:
        known = best.get(equation.at)
        if known is None or equation.left.start < known.left.start:
            best[equation.at] = equation
    for equation in best.values():
        sides = (equation.left, equation.right)
        if any(not side.readings for side in sides) or _has_neighbors(equation, terms):
            continue
        if terms[equation.at].token is not None and _is_asked(equation, terms):
            continue
        written = terms[equation.at].token
        calculates = any(v.operations for v in equation.left.readings)
        # "is" joins all sorts of things; only a calculation on its left makes an equation.
        if calculates or written is None or written.kind == "rel":
            yield equation


def _has_neighbors(equation: Equation, terms: list[Term]) -> bool:
    """Say whether a side goes on beyond what could be read, as in "m g h = 200" without m."""
    before = terms[equation.left.start - 1] if equation.left.start else None
    after = terms[equation.right.end] if equation.right.end < len(terms) else None
    return any(
        term is not None and term.kind in ("op", "name", "fn", "post", "of", "lp", "rp", "noun")
        for term in (before, after)
    )


def _is_asked(equation: Equation, terms: list[Term]) -> bool:
    for term in terms[equation.right.end :]:
        if term.kind == "stop":
            return "?" in term.text
    return False


def _holds(equation: Equation) -> bool:
    return any(
        math.isclose(left.samples[0], right.samples[0], rel_tol=_TOLERANCE, abs_tol=1e-9)
        for left in equation.left.readings
        for right in equation.right.readings
    )


def _written(equation: Equation, terms: list[Term], tokens: tuple[Token, ...]) -> str:
    first, last = terms[equation.left.start].first, terms[equation.right.end - 1].last
    return " ".join(token.text for token in tokens[first : last + 1])


def _is_the_learners(
    equation: Equation, terms: list[Term], tokens: tuple[Token, ...], context: VerificationContext
) -> bool:
    written = re.sub(r"\s", "", _written(equation, terms, tokens)).lower()
    return any(
        written in re.sub(r"\s", "", " ".join(t.text for t in tokenize(said))).lower()
        for said in context.learner_texts
    )

"""Check an answer of any kind but words, which are judged against a rubric."""

from tutor_app.answers.equivalence import Relation, points, relation
from tutor_app.answers.exact import check_exact
from tutor_app.answers.formula import Formula, evaluate, parse_formula
from tutor_app.answers.formula_trouble import formula_trouble
from tutor_app.answers.matching import matching_misconception, matching_steps
from tutor_app.answers.numeric_check import Target, check_number
from tutor_app.answers.reader import Interpretation, interpret
from tutor_app.answers.solution import Solution
from tutor_app.answers.typed_formula import TypedFormula
from tutor_app.answers.units import registry
from tutor_app.answers.workers import shared_workers
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.item import (
    Answer,
    ChoiceAnswer,
    ExactAnswer,
    NumericAnswer,
    SymbolicAnswer,
    TextAnswer,
)
from tutor_app.errors import AnswerSyntaxError

__all__ = [
    "check_answer",
    "formula_trouble",
    "matching_misconception",
    "matching_steps",
    "warm_up",
]

_VERDICTS = {
    Relation.EQUAL: (Verdict.RIGHT, "The formula is equivalent to the one asked for."),
    Relation.NEGATED: (Verdict.SIGN, "The formula is right but for its sign."),
    Relation.ROUNDED: (Verdict.ROUNDING, "The formula is right but for a rounded number."),
    Relation.DIFFERENT: (Verdict.WRONG, "The formula is not equivalent to the one asked for."),
    Relation.UNKNOWN: (Verdict.CANNOT_TELL, "I cannot compare this formula."),
}


def warm_up() -> None:
    """Build the grammar and the units and start SymPy, so that the first check is quick."""
    parse_formula("1", ())
    registry()
    shared_workers()


def check_answer(
    text: str, answer: Answer, solution: Solution, target_step: str | None = None
) -> Check:
    """Judge a learner's text; never raises on what the text holds.

    Args:
        text: what was typed.
        answer: the item's answer key.
        solution: the item computed for the quantities the learner sees.
        target_step: judge against this step's value instead of the final answer.

    Returns:
        the verdict; `CANNOT_TELL` for text answers, for a step without a value, and wherever
        the text does not put forward one answer.
    """
    if target_step is not None:
        return _check_step(text, answer, solution, target_step)
    if isinstance(answer, NumericAnswer) and solution.answer is not None:
        target = Target(solution.answer, answer.tolerance, answer.tolerance_abs)
        found = interpret(text, answer)
        check = check_number(found, target, solution.mal_rules.values())
        if check.verdict is Verdict.RIGHT and _repeats_given(found, answer, solution):
            reason = "This repeats a given value. Give it in the unit asked for."
            return check.model_copy(update={"verdict": Verdict.UNIT, "reason": reason})
        return check
    if isinstance(answer, SymbolicAnswer) and solution.formula is not None:
        check = _check_formula(interpret(text, answer), solution.formula, answer.target)
        return _named(check, formula_trouble(text, answer))
    found = interpret(text, answer)
    if isinstance(answer, ExactAnswer) and solution.exact is not None:
        return check_exact(found.form, found.reading, solution.exact)
    if isinstance(answer, ChoiceAnswer) and found.reading.option:
        right = found.reading.option == answer.correct
        return Check(
            verdict=Verdict.RIGHT if right else Verdict.WRONG,
            reading=found.reading,
            reason="This is the right option." if right else "This is not the right option.",
        )
    reason = (
        "I cannot find one option that is meant."
        if isinstance(answer, ChoiceAnswer)
        else "An answer in words is judged against the rubric."
    )
    return Check(verdict=Verdict.CANNOT_TELL, reading=found.reading, reason=reason)


def _named(check: Check, trouble: str) -> Check:
    """Judge nothing by half a formula: what kept the rest from being read is named instead."""
    if not trouble or check.verdict not in (Verdict.WRONG, Verdict.CANNOT_TELL):
        return check
    unread = check.reading.model_copy(
        update={"echo": f"no formula ({trouble[0].lower()}{trouble[1:-1]})", "formula": ""}
    )
    return Check(verdict=Verdict.CANNOT_TELL, reading=unread, reason=trouble)


def _repeats_given(found: Interpretation, answer: NumericAnswer, solution: Solution) -> bool:
    """In "express 72 km/h in m/s" the given itself is not yet an answer."""
    given = found.measure
    return (
        given is not None
        and given.unit != answer.unit
        and any(given == quantity for quantity in solution.quantities.values())
    )


def _check_step(text: str, answer: Answer, solution: Solution, step: str) -> Check:
    if isinstance(answer, SymbolicAnswer) and step in solution.step_formulas:
        found = interpret(text, answer.model_copy(update={"target": ""}))
        return _check_formula(found, solution.step_formulas[step], "")
    measure = solution.steps.get(step)
    if measure is None:
        reading = interpret(text, TextAnswer(kind="text", rubric="step")).reading
        reason = "This step has no value to compare with."
        return Check(verdict=Verdict.CANNOT_TELL, reading=reading, reason=reason)
    tolerance = answer.tolerance if isinstance(answer, NumericAnswer) else 0.02
    key = NumericAnswer(kind="numeric", value=step, unit=measure.unit, tolerance=tolerance)
    return check_number(interpret(text, key), Target(measure, tolerance), [])


def _check_formula(found: Interpretation, right: Formula, target: str) -> Check:
    typed = found.typed
    if typed is None:
        verdict, reason = Verdict.CANNOT_TELL, "I cannot find one formula that is meant."
    elif typed.left is not None:
        verdict, reason = _check_equation(typed, typed.left, right, target)
    elif right.names and not typed.formula.names:
        verdict, reason = Verdict.CANNOT_TELL, "A formula in symbols is asked for, not a number."
    else:
        verdict, reason = _VERDICTS[relation(typed.formula, right)]
        if verdict is not Verdict.RIGHT and any(
            relation(other, right) is Relation.EQUAL for other in typed.others
        ):
            verdict = Verdict.CANNOT_TELL
            reason = "This can be read in two ways. Put brackets around what belongs together."
    return Check(verdict=verdict, reading=found.reading, reason=reason)


def _check_equation(
    typed: TypedFormula, left: Formula, right: Formula, target: str
) -> tuple[Verdict, str]:
    """An equation not solved for the target is wrong when the right value breaks it."""
    for values in points(right.names | typed.formula.names | left.names):
        try:
            known = {**values, target: evaluate(right, values)}
            a, b = evaluate(left, known), evaluate(typed.formula, known)
        except AnswerSyntaxError:
            continue
        if abs(a - b) > 1e-9 * max(abs(a), abs(b)):
            return Verdict.WRONG, "This equation does not hold."
    return Verdict.CANNOT_TELL, f"Solve the equation for {target} first."

"""Which misconception gives exactly this answer, and which steps does a text show?"""

from tutor_app.answers.candidates import measures_in
from tutor_app.answers.equivalence import Relation, relation
from tutor_app.answers.exact import same_answer
from tutor_app.answers.formula import parse_formula
from tutor_app.answers.numeric_check import Target
from tutor_app.answers.solution import Solution
from tutor_app.answers.typed_formula import spans
from tutor_app.answers.units import Measure, convert, same_dimension
from tutor_app.domain.answer import Reading
from tutor_app.domain.item import ChoiceAnswer, ExactAnswer, Item, NumericAnswer, SymbolicAnswer
from tutor_app.errors import AnswerSyntaxError

_CLOSE = 0.01


def matching_misconception(reading: Reading, item: Item, solution: Solution) -> str:
    """Return the id of the misconception that leads to this reading; "" when none does.

    A number matches within 1 %, as typed or in the answer's unit; a right answer matches none.
    """
    answer = item.answer
    if isinstance(answer, ChoiceAnswer):
        if not reading.option or reading.option == answer.correct:
            return ""
        return next((m.id for m in item.misconceptions if m.option == reading.option), "")
    if isinstance(answer, ExactAnswer):
        said = reading.exact
        return next((m.id for m in item.misconceptions if m.value and _same(said, m.value)), "")
    if isinstance(answer, SymbolicAnswer):
        return _by_formula(reading, answer, solution)
    if isinstance(answer, NumericAnswer) and solution.answer is not None:
        target = Target(solution.answer, answer.tolerance, answer.tolerance_abs)
        return _by_number(reading, target, solution)
    return ""


def _same(said: str, value: str) -> bool:
    return bool(said) and same_answer(said, value)


def _by_number(reading: Reading, target: Target, solution: Solution) -> str:
    if reading.value is None:
        return ""
    values = {reading.value}
    if same_dimension(reading.unit, target.right.unit):
        values.add(convert(Measure(reading.value, reading.unit), target.right.unit).value)
    if any(target.hit(value) for value in values):
        return ""
    gaps = {
        name: min(abs(value - number) for value in values) / (abs(number) or 1.0)
        for name, number in solution.mal_rules.items()
    }
    best = min(gaps, key=gaps.__getitem__, default="")
    return best if best and gaps[best] <= _CLOSE else ""


def _by_formula(reading: Reading, answer: SymbolicAnswer, solution: Solution) -> str:
    names = [*answer.symbols, *([answer.target] if answer.target else [])]
    try:
        typed = parse_formula(reading.formula, names)
    except AnswerSyntaxError:
        return ""
    if solution.formula and relation(typed, solution.formula, confirm=False) is Relation.EQUAL:
        return ""
    for name, formula in solution.mal_formulas.items():
        if relation(typed, formula, confirm=False) is Relation.EQUAL:
            return name
    return ""


def matching_steps(text: str, item: Item, solution: Solution) -> tuple[str, ...]:
    """Return the ids of the steps whose value stands in the text, in the item's order.

    A number counts within 1 % and with a compatible or missing unit; a formula when equal.
    """
    typed = measures_in(text)
    shown = {name for name, value in solution.steps.items() if any(_shows(m, value) for m in typed)}
    if isinstance(item.answer, SymbolicAnswer) and solution.step_formulas:
        for formula in spans(text, list(item.answer.symbols)):
            shown |= {
                name
                for name, value in solution.step_formulas.items()
                if relation(formula, value, confirm=False) is Relation.EQUAL
            }
    return tuple(step.id for step in item.steps if step.id in shown)


def _shows(measure: Measure, value: Measure) -> bool:
    number = measure.value
    if measure.unit:
        if not same_dimension(measure.unit, value.unit):
            return False
        number = convert(measure, value.unit).value
    return abs(number - value.value) <= _CLOSE * abs(value.value)

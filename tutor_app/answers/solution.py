"""Compute an item: its quantities, the value of every step, the answer and the mal-rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tutor_app.answers.exact import ExactKey, exact_key
from tutor_app.answers.filling import fill
from tutor_app.answers.formula import (
    Formula,
    evaluate,
    evaluate_measures,
    parse_formula,
    to_latex,
)
from tutor_app.answers.unit_names import ANGLES
from tutor_app.answers.units import (
    Measure,
    convert,
    format_measure,
    format_quantity,
    parse_measure,
    parse_unit,
)
from tutor_app.domain.item import ExactAnswer, Item, NumericAnswer, SymbolicAnswer
from tutor_app.errors import AnswerSyntaxError, ContentError

__all__ = ["Fault", "Place", "Solution", "examine", "fill", "solve"]

Place = tuple[str | int, ...]
"""A field of the item: ("steps", 1, "value")."""


_NUMBER_THEN_UNIT = re.compile(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*([A-Za-z%].*?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in an item's expressions, and the field it is in."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Solution:
    """An item computed for one set of quantities.

    Attributes:
        quantities: the given measures.
        steps: value of each step that has one, in the step's unit.
        answer: the answer in the answer's unit, for numeric items.
        mal_rules: misconception id to the plain number it leads to, in the answer's unit.
        names: quantity and step names to text ("9.8 m/s²") for `fill`.
        formula: the answer of a symbolic item.
        step_formulas: step id to its formula, for symbolic items.
        mal_formulas: misconception id to its formula, for symbolic items.
        exact: what an exact item accepts.
    """

    quantities: dict[str, Measure] = field(default_factory=dict)
    steps: dict[str, Measure] = field(default_factory=dict)
    answer: Measure | None = None
    mal_rules: dict[str, float] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    formula: Formula | None = None
    step_formulas: dict[str, Formula] = field(default_factory=dict)
    mal_formulas: dict[str, Formula] = field(default_factory=dict)
    exact: ExactKey | None = None


def solve(item: Item, quantities: Mapping[str, str] | None = None) -> Solution:
    """Compute an item with its own quantities or with others (its parallel's).

    Raises:
        ContentError: an expression cannot be read or computed; names the item and the field.
    """
    solution, faults = examine(item, quantities)
    if faults:
        where = ".".join(str(part) for part in faults[0].place)
        raise ContentError(f"item {item.id!r}, {where}: {faults[0].message}")
    return solution


def examine(
    item: Item, quantities: Mapping[str, str] | None = None
) -> tuple[Solution, list[Fault]]:
    """Compute what can be computed and list every mistake in the item's expressions."""
    faults: list[Fault] = []
    if isinstance(item.answer, SymbolicAnswer):
        solution = _symbolic(item, item.answer, faults)
    else:
        solution = Solution()
    _numeric(item, item.quantities if quantities is None else quantities, solution, faults)
    if isinstance(item.answer, NumericAnswer):
        answer = _answer(item.answer, solution, faults)
        solution = Solution(
            solution.quantities, solution.steps, answer, solution.mal_rules, solution.names
        )
        _mal_rules(item, item.answer, solution, faults)
    if isinstance(item.answer, ExactAnswer):
        try:
            solution = replace(solution, exact=exact_key(item.answer, item.prompt))
        except AnswerSyntaxError as error:
            faults.append(Fault(("answer", "accepted"), str(error)))
    return solution, faults


def _symbolic(item: Item, answer: SymbolicAnswer, faults: list[Fault]) -> Solution:
    steps: dict[str, Formula] = {}
    mal_rules: dict[str, Formula] = {}
    names: dict[str, str] = {}

    def parsed(text: str, place: Place) -> Formula | None:
        # An earlier step's id stands for its formula.
        whole = re.sub(
            r"[A-Za-z]\w*", lambda m: f"({steps[m[0]].text})" if m[0] in steps else m[0], text
        )
        try:
            return parse_formula(whole, answer.symbols)
        except AnswerSyntaxError as error:
            faults.append(Fault(place, str(error)))
            return None

    for number, step in enumerate(item.steps):
        if step.value and (formula := parsed(step.value, ("steps", number, "value"))):
            steps[step.id] = formula
            names[step.id] = f"${to_latex(formula)}$"
    for number, rule in enumerate(item.misconceptions):
        if rule.value and (formula := parsed(rule.value, ("misconceptions", number, "value"))):
            mal_rules[rule.id] = formula
    return Solution(
        names=names,
        formula=parsed(answer.value, ("answer", "value")),
        step_formulas=steps,
        mal_formulas=mal_rules,
    )


def _numeric(
    item: Item, quantities: Mapping[str, str], solution: Solution, faults: list[Fault]
) -> None:
    """Fill in quantities, steps and their names."""
    for name, text in quantities.items():
        try:
            solution.quantities[name] = parse_measure(text)
            solution.names[name] = format_quantity(text)
        except AnswerSyntaxError as error:
            faults.append(Fault(("quantities", name), str(error)))
    if isinstance(item.answer, SymbolicAnswer):
        return
    digits = item.answer.digits if isinstance(item.answer, NumericAnswer) else 3
    for number, step in enumerate(item.steps):
        if not step.value:
            continue
        known = {**solution.quantities, **solution.steps}
        try:
            value = _in_unit(step.value, step.unit, known)
        except AnswerSyntaxError as error:
            faults.append(Fault(("steps", number, "value"), str(error)))
        else:
            solution.steps[step.id] = value
            solution.names[step.id] = format_measure(value, digits)


def _in_unit(text: str, unit: str, known: Mapping[str, Measure]) -> Measure:
    parse_unit(unit)
    try:
        formula = parse_formula(text, known)
    except AnswerSyntaxError:
        if apart := _number_and_unit(text):
            raise AnswerSyntaxError(
                f"formula: {text!r} is a number with a unit. "
                f"Write {apart[0]} here, and write the unit {apart[1]} in the field Unit."
            ) from None
        raise
    return convert(evaluate_measures(formula, known), unit)


def _number_and_unit(text: str) -> tuple[str, str] | None:
    """Return the two parts of "18 m^3/s"; None for any other text."""
    found = _NUMBER_THEN_UNIT.fullmatch(text)
    try:
        parse_measure(text)
    except AnswerSyntaxError:
        return None
    return (found[1], found[2]) if found else None


def _answer(answer: NumericAnswer, solution: Solution, faults: list[Fault]) -> Measure | None:
    try:
        return _in_unit(answer.value, answer.unit, {**solution.quantities, **solution.steps})
    except AnswerSyntaxError as error:
        faults.append(Fault(("answer", "value"), str(error)))
        return None


def _mal_rules(item: Item, answer: NumericAnswer, solution: Solution, faults: list[Fault]) -> None:
    """Evaluate mal-rules on plain numbers: units are stripped, angles are radians."""
    plain: dict[str, float] = {}
    for name, measure in {**solution.quantities, **solution.steps}.items():
        plain[name] = convert(measure, "rad").value if measure.unit in ANGLES else measure.value
    for number, rule in enumerate(item.misconceptions):
        if not rule.value:
            continue
        try:
            value = evaluate(parse_formula(rule.value, plain), plain)
            if answer.unit in ANGLES:
                value = convert(Measure(value, "rad"), answer.unit).value
            solution.mal_rules[rule.id] = value
        except AnswerSyntaxError as error:
            faults.append(Fault(("misconceptions", number, "value"), str(error)))

"""Evaluate formulas on plain numbers, or on measures with their units."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tutor_app.answers.formula_tree import (
    Call,
    Formula,
    Name,
    Negation,
    Node,
    Number,
    Operation,
    walk,
)
from tutor_app.answers.unit_names import SYMBOLS
from tutor_app.answers.units import Measure, pint_units, registry, write_unit
from tutor_app.errors import AnswerSyntaxError

FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "abs": abs,
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
}
"""The functions a formula may use; angles in radians."""


def _computed(compute: Callable[..., Any], *arguments: Any) -> Any:
    """Compute; turn what mathematics forbids into one kind of error."""
    try:
        result = compute(*arguments)
    except ZeroDivisionError:
        raise AnswerSyntaxError("formula: it divides by zero. Check the values.") from None
    except (ValueError, OverflowError):
        raise AnswerSyntaxError("formula: it has no value there. Check the values.") from None
    if isinstance(result, complex) or (isinstance(result, float) and not math.isfinite(result)):
        raise AnswerSyntaxError("formula: it has no real value there. Check the values.")
    return result


def _operate(operator: str, left: Any, right: Any) -> Any:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
    return left**right


def _value(node: Node, values: Mapping[str, Any], call: Callable[[str, Any], Any]) -> Any:
    """Evaluate a tree; `call` applies a function to this kind of number."""
    match node:
        case Number(text):
            return float(text)
        case Name(name) if name in values:
            return values[name]
        case Name("pi"):
            return math.pi
        case Name(name):
            raise AnswerSyntaxError(f"formula: there is no value for {name!r}. Give one.")
        case Call(function, argument):
            return call(function, _value(argument, values, call))
        case Negation(operand):
            return -_value(operand, values, call)
        case Operation(operator, left, right):
            first = _value(left, values, call)
            second = _value(right, values, call)
            if operator == "^" and hasattr(second, "units"):
                second = float(second.to("").magnitude)
            return _computed(_operate, operator, first, second)


def _call(function: str, argument: float) -> float:
    return float(_computed(FUNCTIONS[function], argument))


def evaluate(formula: Formula, values: Mapping[str, float]) -> float:
    """Evaluate on plain numbers; angles are radians.

    Raises:
        AnswerSyntaxError: a value is missing, or the formula has no finite real value there.
    """
    return float(_computed(float, _value(formula.root, values, _call)))


def constant_value(root: Node) -> float | None:
    """Return the value of a tree without symbols; None where it has some.

    Raises:
        AnswerSyntaxError: it has no finite real value.
    """
    if any(isinstance(node, Name) and node.name != "pi" for node, _ in walk(root)):
        return None
    return float(_computed(float, _value(root, {}, _call)))


def _call_with_unit(function: str, argument: Any) -> Any:
    quantity = registry().Quantity
    if not hasattr(argument, "units"):
        argument = quantity(argument, pint_units(""))
    if function == "abs":
        return abs(argument)
    if function == "sqrt":
        if argument.magnitude < 0:
            raise AnswerSyntaxError("formula: it takes the root of a negative number. Check it.")
        return argument**0.5
    number = argument.to(pint_units("rad" if function in ("sin", "cos", "tan") else "")).magnitude
    unit = "rad" if function in ("asin", "acos", "atan") else ""
    return quantity(_call(function, number), pint_units(unit))


@cache
def _symbols() -> dict[str, str]:
    return {name: symbol for symbol, name in SYMBOLS.items()}


def evaluate_measures(formula: Formula, values: Mapping[str, Measure]) -> Measure:
    """Evaluate with units; trigonometric functions take angles in their unit.

    The unit of the result is whatever the formula yields ("g*m/s^2"); `convert` it.

    Raises:
        AnswerSyntaxError: the units do not fit together, or the formula has no value there.
    """
    from pint.errors import PintError

    quantity = registry().Quantity
    given = {name: quantity(m.value, pint_units(m.unit)) for name, m in values.items()}
    try:
        result = _value(formula.root, given, _call_with_unit)
    except PintError as error:
        raise AnswerSyntaxError(
            f"formula: the units in {formula.text!r} do not fit together: {error}. Check them."
        ) from None
    if not hasattr(result, "units"):
        return Measure(float(_computed(float, result)))
    powers = {_symbols()[n.removeprefix("delta_")]: power for n, power in result.unit_items()}
    return Measure(float(_computed(float, result.magnitude)), write_unit(powers))

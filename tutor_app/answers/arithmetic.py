"""Arithmetic the learner left standing: "sqrt(2*9.8*20)", "80/4 m/s^2", "1.2 x 10^3"."""

import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from tutor_app.answers.formula import evaluate, evaluate_measures, parse_formula
from tutor_app.answers.numerals import numeral_at
from tutor_app.answers.typed_units import units_at
from tutor_app.answers.units import Measure
from tutor_app.errors import AnswerSyntaxError

_MAX_DEPTH = 15
_FUNCTION = re.compile(r"(sqrt|cbrt|√|asin|acos|atan|sin|cos|tan|ln|log10|log|exp|abs)(?![a-z])\s?")
_TIMES = re.compile(r"\s?\*\s?|·|\s?[xX]\s?(?=[\d.(√-]|sqrt)")
_GLUED_FACTOR = re.compile(r"(?=\()|\s?(?=√|sqrt|pi\b|sin|cos|tan)")
_PLUS_OR_MINUS = re.compile(r"\s?([+-])\s?(?=[\d.(√a-z-])")
_DIVIDED = re.compile(r"\s?/\s?")
_HAT = re.compile(r"\s?\^\s?(-?)\s?")
_SIGNS = re.compile(r"(?:[+-]\s?){0,2}")
_TEN_E = re.compile(r"10[eE]\d")
_PI = re.compile(r"pi\b")
_IN_RADIANS = {"deg": "pi/180", "rad": "1", "rev": "2*pi"}
_SPACED_FACTOR = re.compile(r"\s(?=\([\d.]+\)\s?[\^(])")
_RADIANS = math.pi / 180


@dataclass(slots=True)
class Expression:
    """Arithmetic that stands in a text.

    Attributes:
        end: where it ends.
        formula: the same in the grammar of answers.formula; units are names u0, u1, ...
        units: readings of each unit name, best first.
        choices: names whose value the text leaves open, with the likely and the other value.
        literal: it is one number, perhaps with a sign and a unit.
        otherwise: the other value of a literal such as 1,234.
        loose_root: a root without brackets stands before a product.
        numbers: the numbers in it, unsigned.
    """

    end: int = 0
    formula: str = ""
    units: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, tuple[float, float]] = field(default_factory=dict)
    literal: bool = True
    otherwise: float | None = None
    loose_root: bool = False
    last_unit_end: int = -1
    numbers: list[float] = field(default_factory=list)


class _NoExpressionError(Exception):
    """The text at hand is no operand; the caller steps back."""


def expression_at(text: str, start: int, wide_root: bool = False) -> Expression | None:
    """Read the longest arithmetic expression that begins here; None when there is none.

    Args:
        text: cleaned text.
        start: position of its first character.
        wide_root: a root without brackets covers the whole product after it.
    """
    parser = _Parser(text, wide_root)
    try:
        formula, end = parser.sum(start, 0)
    except _NoExpressionError:
        return None
    parser.found.formula, parser.found.end = formula, end
    return parser.found


def measures(found: Expression) -> tuple[list[Measure], list[float]]:
    """Evaluate an expression.

    Returns:
        what it says, best reading first (they differ in unit), and other plain values that
        the typing allows.

    Raises:
        AnswerSyntaxError: it has no value, such as 1/0.
    """
    formula = parse_formula(found.formula, [*found.units, *found.choices])
    ones = {
        name: _RADIANS if units[0] == "deg" and not found.literal else 1.0
        for name, units in found.units.items()
    }
    likely = {name: values[0] for name, values in found.choices.items()}
    whole_unit = _unit_of_whole(found)
    if whole_unit:
        ones = dict.fromkeys(ones, 1.0)
    plain = evaluate(formula, {**ones, **likely})
    others = [] if found.otherwise is None else [math.copysign(found.otherwise, plain)]
    for name, values in found.choices.items():
        others.append(evaluate(formula, {**ones, **likely, name: values[1]}))
    if whole_unit:
        return [Measure(plain, unit) for unit in whole_unit], others
    if any(name.startswith("i") for name in found.choices):
        return [Measure(plain, "deg")], others
    readings: list[Measure] = []
    if found.units:
        given = {name: Measure(1.0, units[0]) for name, units in found.units.items()}
        given |= {name: Measure(value) for name, value in likely.items()}
        with suppress(AnswerSyntaxError):
            readings.append(evaluate_measures(formula, given))
    return readings or [Measure(plain)], others


def _unit_of_whole(found: Expression) -> list[str]:
    """A single unit at the very end belongs to the whole: 80/4 m/s^2."""
    if len(found.units) == 1 and found.last_unit_end == found.end:
        return next(iter(found.units.values()))
    return []


class _Parser:
    """Recursive descent; every method returns the formula text and the end position."""

    def __init__(self, text: str, wide_root: bool) -> None:
        self._text = text
        self._wide_root = wide_root
        self.found = Expression()

    def sum(self, at: int, depth: int) -> tuple[str, int]:
        left, at = self._product(at, depth)
        while sign := _PLUS_OR_MINUS.match(self._text, at):
            attempt = self._attempt(self._product, sign.end(), depth)
            if attempt is None:
                break
            left, at = f"{left}{sign[1]}{attempt[0]}", attempt[1]
        return left, at

    def _attempt(
        self, operand: Callable[[int, int], tuple[str, int]], at: int, depth: int
    ) -> tuple[str, int] | None:
        """Read one more operand; leave no trace of a failure."""
        before = replace(
            self.found,
            units=dict(self.found.units),
            choices=dict(self.found.choices),
            numbers=list(self.found.numbers),
        )
        try:
            result = operand(at, depth)
        except _NoExpressionError:
            self.found = before
            return None
        self.found.literal = False
        return result

    def _product(self, at: int, depth: int) -> tuple[str, int]:
        left, at = self._signed(at, depth)
        while True:
            sign, start = "*", at
            if times := _TIMES.match(self._text, at):
                start = times.end()
            elif divided := _DIVIDED.match(self._text, at):
                sign, start = "/", divided.end()
            elif glued := (at != self.found.last_unit_end) and _GLUED_FACTOR.match(self._text, at):
                start = glued.end()
            elif spaced := _SPACED_FACTOR.match(self._text, at):
                start = spaced.end()
            else:
                return left, at
            ten_e = sign == "*" and _TEN_E.match(self._text, start)
            attempt = self._attempt(self._signed, start, depth)
            if attempt is None:
                return left, at
            left, at = f"{left}{sign}{attempt[0]}", attempt[1]
            if ten_e:
                # "1.2 x 10e3" is 12000, but is often meant as 1200.
                left += "*" + self._choice("e", 1.0, 0.1)

    def _signed(self, at: int, depth: int) -> tuple[str, int]:
        signs = _SIGNS.match(self._text, at)
        at = signs.end() if signs else at
        minus = "-" if signs and signs[0].count("-") % 2 else ""
        body, end = self._power(at, depth)
        if end != self.found.last_unit_end:
            units, unit_end = units_at(self._text, end)
            if units:
                name = f"u{len(self.found.units)}"
                self.found.units[name] = units
                self.found.last_unit_end = unit_end
                body, end = f"({body}*{name})", unit_end
        return (f"({minus}{body})" if minus else body), end

    def _power(self, at: int, depth: int) -> tuple[str, int]:
        base, at = self._operand(at, depth)
        hat = _HAT.match(self._text, at)
        if hat is None:
            return base, at
        attempt = self._attempt(self._power, hat.end(), depth + 1)
        if attempt is None:
            return base, at
        return f"({base})^({hat[1]}{attempt[0]})", attempt[1]

    def _operand(self, at: int, depth: int) -> tuple[str, int]:
        if depth > _MAX_DEPTH:
            raise _NoExpressionError
        if numeral := numeral_at(self._text, at):
            if not math.isfinite(numeral.value):
                raise _NoExpressionError
            self.found.numbers.append(numeral.value)
            self.found.otherwise = numeral.otherwise if self.found.literal else None
            return numeral.digits, numeral.end
        if self._text.startswith("(", at):
            inner, end = self.sum(_skip_space(self._text, at + 1), depth + 1)
            end = _skip_space(self._text, end)
            if not self._text.startswith(")", end):
                raise _NoExpressionError
            return f"({inner})", end + 1
        if _PI.match(self._text, at):
            self.found.literal = False
            return "pi", at + 2
        if function := _FUNCTION.match(self._text, at):
            return self._call(function[1], function.end(), depth)
        raise _NoExpressionError

    def _call(self, function: str, at: int, depth: int) -> tuple[str, int]:
        self.found.literal = False
        bracket = self._text.startswith("(", at)
        if bracket:
            argument, end = self._operand(at, depth + 1)
        elif self._wide_root and function in ("√", "sqrt"):
            argument, end = self._product(at, depth + 1)
        else:
            argument, end = self._power(at, depth + 1)
            if function in ("√", "sqrt") and _TIMES.match(self._text, end):
                self.found.loose_root = True
        match function:
            case "√" | "sqrt":
                return f"sqrt({argument})", end
            case "cbrt":
                return f"(({argument})^(1/3))", end
            case "log":
                return f"log10({argument})", end
            case "sin" | "cos" | "tan":
                return self._trigonometric(function, argument, end, bracket)
            case "asin" | "acos" | "atan":
                return f"({function}({argument})*{self._choice('i', 1 / _RADIANS, 1.0)})", end
        return f"{function}({argument})", end

    def _trigonometric(
        self, function: str, argument: str, end: int, bracket: bool
    ) -> tuple[str, int]:
        """A bare number above a full turn is in degrees; below that it may be either."""
        if not bracket:
            units, unit_end = units_at(self._text, end)
            if units and units[0] in _IN_RADIANS:
                return f"{function}({argument}*{_IN_RADIANS[units[0]]})", unit_end
        if re.fullmatch(r"\(?[\d.]+\)?", argument):
            number = float(argument.strip("()"))
            factor = "pi/180" if number > 2 * math.pi else self._choice("d", 1.0, _RADIANS)
            return f"{function}({argument}*{factor})", end
        return f"{function}({argument})", end

    def _choice(self, letter: str, likely: float, other: float) -> str:
        name = f"{letter}{len(self.found.choices)}"
        self.found.choices[name] = (likely, other)
        return name


def _skip_space(text: str, at: int) -> int:
    return at + 1 if text.startswith(" ", at) else at

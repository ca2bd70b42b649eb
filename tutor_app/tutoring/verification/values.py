"""Values with their provenance, in three sample worlds, and the operations on them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Samples = tuple[float, float, float]
MOST_READINGS = 10


class Value(NamedTuple):
    """One reading of a part of a text.

    Attributes:
        samples: its value in the three worlds.
        unknown: it contains the unknown.
        literals: how many written numbers it contains that are no mere coefficients.
        symbols: how many names or nouns of the problem.
        steps: how many of those are results of earlier steps.
        operations: how many operations it takes.
        inverse: it takes a root or an inverse function, so something has been solved for.
    """

    samples: Samples
    unknown: bool = False
    literals: int = 0
    symbols: int = 0
    steps: int = 0
    operations: int = 0
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The readings of the terms from `start` up to, not including, `end`."""

    start: int
    end: int
    readings: tuple[Value, ...]


def _each(compute: Callable[..., float], *arguments: Samples) -> Samples | None:
    try:
        result = tuple(float(compute(*world)) for world in zip(*arguments, strict=True))
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return None
    return result if all(map(math.isfinite, result)) else None  # type: ignore[return-value]


def _power(a: float, b: float) -> float:
    if abs(b) > 12:
        raise ValueError
    return float(a**b)


_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "from": lambda a, b: b - a,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": _power,
    "mean": lambda a, b: (a + b) / 2,
}
UNARY: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "cbrt": lambda a: math.copysign(abs(a) ** (1 / 3), a),
    "half": lambda a: a / 2,
    "double": lambda a: 2 * a, "triple": lambda a: 3 * a, "quadruple": lambda a: 4 * a,
    "square": lambda a: a * a, "cube": lambda a: a**3, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan, "exp": math.exp,
    "ln": math.log, "abs": abs, "negative": lambda a: -a, "reciprocal": lambda a: 1 / a,
    "cot": lambda a: 1 / math.tan(a),
}  # fmt: skip
_INVERSE = {"sqrt", "cbrt", "asin", "acos", "atan", "ln"}
TRIGONOMETRIC = {"sin", "cos", "tan", "cot"}


def unary(name: str, operand: Sequence[Value]) -> tuple[Value, ...]:
    """Apply a function to every reading; angles in radians and in degrees are both tried."""
    found = []
    for value in operand:
        worlds = [value.samples]
        if name in TRIGONOMETRIC:
            worlds.append(tuple(map(math.radians, value.samples)))  # type: ignore[arg-type]
        for world in worlds:
            samples = _each(UNARY[name], world)
            if samples is not None:
                found.append(
                    value._replace(
                        samples=samples,
                        operations=value.operations + 1,
                        inverse=value.inverse or name in _INVERSE,
                    )
                )
    return tuple(found[:MOST_READINGS])


def binary(name: str, left: Sequence[Value], right: Sequence[Value]) -> tuple[Value, ...]:
    """Apply an operator to every pair of readings, at most MOST_READINGS of them."""
    found = []
    for a in left:
        for b in right:
            samples = _each(_BINARY[name], a.samples, b.samples)
            if samples is not None:
                inverse = a.inverse or b.inverse
                if name == "^" and b.samples[0] == 0.5:
                    inverse = True
                found.append(
                    Value(
                        samples,
                        a.unknown or b.unknown,
                        a.literals + b.literals,
                        a.symbols + b.symbols,
                        a.steps + b.steps,
                        a.operations + b.operations + 1,
                        inverse,
                    )
                )
    return tuple(found[:MOST_READINGS])

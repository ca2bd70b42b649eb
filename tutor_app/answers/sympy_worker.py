"""The program of a worker process: read two formulas a line, answer whether they are equal.

Formulas are parsed with our own grammar and built node by node; SymPy never parses text.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import sympy

from tutor_app.answers.formula import Formula, parse_formula
from tutor_app.answers.formula_tree import Call, Name, Negation, Node, Number
from tutor_app.errors import AnswerSyntaxError

_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sqrt": sympy.sqrt,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "asin": sympy.asin,
    "acos": sympy.acos,
    "atan": sympy.atan,
    "abs": sympy.Abs,
    "exp": sympy.exp,
    "ln": sympy.log,
    "log10": lambda x: sympy.log(x) / sympy.log(10),
}
_DIGITS = 60
_LAST_RESORT = 10.0


def to_sympy(formula: Formula) -> Any:
    """Build a SymPy expression; symbols are positive reals, decimals exact."""
    return _build(formula.root)


def _build(node: Node) -> Any:
    match node:
        case Number(text):
            return sympy.Rational(text)
        case Name("pi"):
            return sympy.pi
        case Name(name):
            return sympy.Symbol(name, positive=True)
        case Call(function, argument):
            return _FUNCTIONS[function](_build(argument))
        case Negation(operand):
            return -_build(operand)
    left, right = _build(node.left), _build(node.right)
    match node.operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
    return left**right


def equal(first: Formula, second: Formula) -> bool | None:
    """Say whether two formulas are equal for all positive symbols; None when unsure."""
    difference = to_sympy(first) - to_sympy(second)
    if difference == 0 or sympy.simplify(difference) == 0:
        return True
    for shift in (1, 2, 3):
        point = {
            symbol: sympy.Rational(7 * place + 3 * shift, 5 + place)
            for place, symbol in enumerate(sorted(difference.free_symbols, key=str), start=1)
        }
        value = difference.subs(point).evalf(_DIGITS)
        if value.is_real and abs(value) > sympy.Float(10) ** -30:
            return False
    return None


def main() -> None:
    """Serve requests on standard input until it closes."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        # The parent kills a slow worker; this is for a parent that died first.
        watchdog = threading.Timer(_LAST_RESORT, os._exit, (1,))
        watchdog.daemon = True
        watchdog.start()
        first, second, names = json.loads(line)
        try:
            result = equal(parse_formula(first, names), parse_formula(second, names))
        except (AnswerSyntaxError, ArithmeticError, ValueError, TypeError, RecursionError):
            result = None
        watchdog.cancel()
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

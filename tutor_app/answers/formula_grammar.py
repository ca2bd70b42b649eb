"""Parse formulas with a grammar of our own; bounded in length, depth and exponents."""

import math
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

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
from tutor_app.answers.formula_values import FUNCTIONS, constant_value
from tutor_app.errors import AnswerSyntaxError

MAX_LENGTH = 400
MAX_DEPTH = 100
MAX_EXPONENT = 64


class _ToTree(Transformer[Token, Node]):
    """Build the tree bottom-up while parsing, without recursion."""

    def number(self, parts: list[Token]) -> Node:
        return Number(str(parts[0]))

    def name(self, parts: list[Token]) -> Node:
        return Name(str(parts[0]))

    def call(self, parts: list[Any]) -> Node:
        return Call(str(parts[0]), parts[1])

    def add(self, parts: list[Node]) -> Node:
        return Operation("+", *parts)

    def subtract(self, parts: list[Node]) -> Node:
        return Operation("-", *parts)

    def multiply(self, parts: list[Node]) -> Node:
        return Operation("*", *parts)

    def divide(self, parts: list[Node]) -> Node:
        return Operation("/", *parts)

    def raise_to(self, parts: list[Node]) -> Node:
        return Operation("^", *parts)

    def negate(self, parts: list[Node]) -> Node:
        return Negation(parts[0])


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("formula.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_ToTree())


def parse_formula(text: str, names: Collection[str]) -> Formula:
    """Parse a formula over the given symbols.

    Args:
        text: for example "sqrt(2*g*h)"; `**` is read as `^`.
        names: the symbols that may occur; `pi` and the functions are always known.

    Raises:
        AnswerSyntaxError: the text is no formula, uses another name, or is too large.
    """
    return _parse(text, frozenset(names))


@lru_cache(maxsize=4096)
def _parse(text: str, names: frozenset[str]) -> Formula:
    if len(text) > MAX_LENGTH:
        raise AnswerSyntaxError(
            f"formula: {text[:20]!r}... has {len(text)} characters. Keep it below {MAX_LENGTH}."
        )
    try:
        root: Any = _parser().parse(text.replace("**", "^"))
    except UnexpectedInput as error:
        known = isinstance(error, UnexpectedCharacters) or error.column > 0
        place = text.replace("**", "^")[error.column - 1 :][:12] if known else ""
        where = f"at {place!r}" if place else "at its end"
        raise AnswerSyntaxError(
            f"formula: cannot read {text!r} {where}. Write it like sqrt(2*g*h)."
        ) from None
    return Formula(text, root, _checked_names(root, names, text))


def _checked_names(root: Node, names: frozenset[str], text: str) -> frozenset[str]:
    """Check every node; return the symbols in use."""
    used: set[str] = set()
    powers: list[Node] = []
    for node, depth in walk(root):
        if depth > MAX_DEPTH:
            raise AnswerSyntaxError(f"formula: {text[:20]!r}... is nested too deeply. Simplify it.")
        match node:
            case Number(digits) if not math.isfinite(float(digits)):
                raise AnswerSyntaxError(f"formula: the number {digits[:20]!r} is too large.")
            case Name(name) if name in names:
                used.add(name)
            case Name(name) if name != "pi":
                raise AnswerSyntaxError(
                    f"formula: {name!r} in {text!r} is not known. "
                    f"Known: {', '.join(sorted(names)) or 'none'}."
                )
            case Call(function, _) if function not in FUNCTIONS:
                raise AnswerSyntaxError(
                    f"formula: {function!r} in {text!r} is not a function. "
                    f"Use one of {', '.join(FUNCTIONS)}."
                )
            case Operation("^", _, exponent):
                powers.append(exponent)
    # Only now is the depth known to be safe for the recursive evaluation.
    for exponent in powers:
        value = constant_value(exponent)
        if value is not None and not abs(value) <= MAX_EXPONENT:
            raise AnswerSyntaxError(
                f"formula: an exponent in {text!r} is above {MAX_EXPONENT}. Make it small."
            )
    return frozenset(used)

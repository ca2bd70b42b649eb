"""The tree of a parsed formula."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, so that 0.1 can stay exact."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A symbol, or the constant pi."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument."""

    function: str
    argument: "Node"


@dataclass(frozen=True, slots=True)
class Negation:
    """Minus the operand."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """`left` and `right` joined by one of + - * / ^."""

    operator: str
    left: "Node"
    right: "Node"


Node = Number | Name | Call | Negation | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula.

    Attributes:
        text: the formula as given.
        root: its tree.
        names: the symbols it uses, without pi.
    """

    text: str
    root: Node
    names: frozenset[str]


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth (the root has 1), without recursion."""
    waiting: list[tuple[Node, int]] = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        match node:
            case Call(_, below) | Negation(below):
                waiting.append((below, depth + 1))
            case Operation(_, left, right):
                waiting += [(left, depth + 1), (right, depth + 1)]

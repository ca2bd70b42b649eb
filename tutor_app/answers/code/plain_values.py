"""Python values as plain JSON trees, taken apart without calling anything a learner defined.

The sandboxed process encodes, the server compares: an object whose `__eq__`, `__class__` or
`__repr__` lies is encoded by what it really holds, or as ["other", its class], which equals
nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any

Tree = list[Any]
MAX_NODES = 5_000
MAX_CHARACTERS = 50_000
MAX_DEPTH = 50
MAX_BITS = 100_000

# bound here, before a learner can replace the built-ins
_type, _len, _bases = type, len, type.__dict__["__mro__"].__get__
_ITEMS: dict[type, tuple[str, Callable[[Any], Iterable[Any]]]] = {
    list: ("list", list.__iter__),
    tuple: ("tuple", tuple.__iter__),
    set: ("set", set.__iter__),
    frozenset: ("set", frozenset.__iter__),
}
_PAIRS: Callable[[Any], Iterable[tuple[Any, Any]]] = dict.items


class TooBigError(Exception):
    """The value has more parts, or a longer text, than anybody would look at."""


class _Budget:
    def __init__(self) -> None:
        self.nodes, self.characters = MAX_NODES, MAX_CHARACTERS

    def take(self, characters: int = 0) -> None:
        self.nodes -= 1
        self.characters -= characters
        if self.nodes < 0 or self.characters < 0:
            raise TooBigError


def encode(value: object) -> Tree:
    """Return a value as a tree of JSON types.

    Raises:
        TooBigError: it is too large, or too deep.
    """
    return _encode(value, _Budget(), MAX_DEPTH)


def _encode(value: object, budget: _Budget, depth: int) -> Tree:
    if depth < 0:
        raise TooBigError
    budget.take()
    if value is None:
        return ["none"]
    for kind in _bases(_type(value)):
        if kind in _SCALARS:
            return _scalar(kind, value, budget)
        if kind in _ITEMS:
            name, items = _ITEMS[kind]
            return [name, [_encode(v, budget, depth - 1) for v in items(value)]]
        if kind is dict:
            return [
                "dict",
                [
                    [_encode(k, budget, depth - 1), _encode(v, budget, depth - 1)]
                    for k, v in _PAIRS(value)
                ],
            ]
    return ["other", str.__str__(_NAME(_type(value)))[:60]]


_NAME = type.__dict__["__name__"].__get__
_SCALARS = frozenset({bool, int, float, complex, str, bytes})


def _scalar(kind: type, value: Any, budget: _Budget) -> Tree:
    if kind is bool:
        return ["bool", value is True]
    if kind is int:
        whole = int.__pos__(value)
        if int.bit_length(whole) > MAX_BITS:
            raise TooBigError
        # hexadecimal: decimal takes quadratic time and has a limit of its own
        text = int.__format__(whole, "x")
        budget.take(_len(text))
        return ["int", text]
    if kind is float:
        return ["float", float.__repr__(float.__pos__(value))]
    if kind is complex:
        return ["complex", complex.__repr__(complex.__pos__(value))]
    if kind is str:
        text = str.__str__(value)
        budget.take(_len(text))
        return ["str", text]
    budget.take(2 * bytes.__len__(value))
    return ["bytes", bytes.hex(value)]

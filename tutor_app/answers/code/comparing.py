"""Compare and show the plain values that came out of the sandbox."""

import ast
import math
from typing import Any

from tutor_app.answers.code.plain_values import Tree, encode

RELATIVE, ABSOLUTE = 1e-6, 1e-9
MAX_SHOWN = 80
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}


def literal(text: str) -> Tree:
    """Return a Python literal as a tree; raises ValueError where it is none."""
    return encode(ast.literal_eval(text.strip()))


def equal(expected: Tree, got: Any) -> bool:
    """Say whether a value is the expected one.

    Kinds must agree (a list is no tuple, True is not 1), except that 3 and 3.0 are the same number;
    floats may differ by 1e-6 of their size. `got` comes from a process that is not trusted: a
    shape that no value has is not equal.
    """
    if not isinstance(got, list) or not got:
        return False
    kind, *rest = expected
    if kind in ("int", "float"):
        return got[0] in ("int", "float") and len(got) == 2 and _same_number(expected, got)
    if kind != got[0] or len(got) != len(expected):
        return False
    if kind in _BRACKETS or kind == "dict":
        ours, theirs = rest[0], got[1]
        if not isinstance(theirs, list) or len(ours) != len(theirs):
            return False
        if kind in ("list", "tuple"):
            return all(equal(a, b) for a, b in zip(ours, theirs, strict=True))
        alike = equal if kind == "set" else _same_pair
        return all(any(alike(a, b) for b in theirs) for a in ours)
    return bool(expected == got)


def _same_pair(expected: Tree, got: Any) -> bool:
    return (
        isinstance(got, list)
        and len(got) == 2
        and all(equal(a, b) for a, b in zip(expected, got, strict=True))
    )


def _same_number(expected: Tree, got: Tree) -> bool:
    if expected[0] == got[0] == "int":
        return bool(expected[1] == got[1])
    ours, theirs = _number(expected), _number(got)
    if ours is None or theirs is None:
        return False
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    return math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _number(tree: Tree) -> float | None:
    try:
        return float(int(tree[1], 16)) if tree[0] == "int" else float(tree[1])
    except (ValueError, TypeError, OverflowError):
        return None


def same_output(expected: str, got: str) -> bool:
    """Compare what was printed; white space at line ends and at the end does not count."""
    return _lines(expected) == _lines(got)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def show(tree: Any) -> str:
    """Write a value as Python does, shortened to 80 characters; never fails."""
    try:
        text = _shown(tree, 20)
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return "something that cannot be shown"
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _shown(tree: Tree, depth: int) -> str:
    kind = tree[0]
    if depth < 0:
        return "…"
    match kind:
        case "none":
            return "None"
        case "bool":
            return str(bool(tree[1]))
        case "int":
            whole = int(tree[1], 16)
            return str(whole) if whole.bit_length() < 4_000 else "a very long number"
        case "str":
            return repr(str(tree[1])[: 2 * MAX_SHOWN])
        case "bytes":
            return repr(bytes.fromhex(tree[1])[:MAX_SHOWN])
        case "dict":
            pairs = [f"{_shown(k, depth - 1)}: {_shown(v, depth - 1)}" for k, v in tree[1][:40]]
            return "{" + ", ".join(pairs) + "}"
        case "list" | "tuple" | "set":
            parts = [_shown(part, depth - 1) for part in tree[1][:40]]
            if kind == "set":
                # the order of a set changes from run to run
                parts.sort()
                if not parts:
                    return "set()"
            before, after = _BRACKETS[kind]
            lone = "," if kind == "tuple" and len(parts) == 1 else ""
            return f"{before}{', '.join(parts)}{lone}{after}"
        case "other":
            return f"an object of kind {str(tree[1])[:40]}"
        case _:
            return str(tree[1])[:MAX_SHOWN]

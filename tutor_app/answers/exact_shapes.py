"""Is an equal formula worked out as far as the key? 3x + 2x for 5x and 2/4 for 1/2 are not."""

import math
from collections.abc import Iterator

from tutor_app.answers.formula import Formula
from tutor_app.answers.formula_tree import Call, Name, Negation, Node, Number, Operation, walk

_SPARE_OPERATIONS = 2


def same_shape(typed: Formula, right: Formula) -> bool:
    """Say whether an equal formula is in the form that the key is in: expanded, factored, single.

    Unsure cases count as the same form: the two are equal, after all.
    """
    if not right.names - {"e"}:
        return _is_worked_out(typed.root, right.root)
    own, due = _class(typed.root), _class(right.root)
    if "open" not in (own, due) and own != due:
        return False
    if own == due == "factored" and not _is_fully_factored(typed.root, right.root):
        return False
    if len(list(_terms(typed.root))) > len(list(_terms(right.root))) and own == due:
        return False
    if _reducible(typed.root) and not _reducible(right.root):
        return False
    if _calls(typed.root) > _calls(right.root):
        return False
    return _operations(typed.root) <= _operations(right.root) + _SPARE_OPERATIONS


def is_number(node: Node) -> bool:
    """Say whether a node is one written number, perhaps negative."""
    return isinstance(_unsigned(node), Number)


def has_power_of_i(formula: Formula) -> bool:
    """Say whether i^2 stands unreduced in a complex number."""
    return any(
        isinstance(node, Operation) and node.operator == "^" and node.left == Name("i")
        for node, _ in walk(formula.root)
    )


def _class(root: Node) -> str:
    """Return "sum", "factored" (a product with a sum in it), "single", or "open" for quotients."""
    node = _unsigned(root)
    match node:
        case Operation("+" | "-"):
            return "sum"
        case Operation("/", above, below):
            single = _class(above) == "single" and isinstance(_unsigned(below), Number)
            return "single" if single else "open"
        case Operation("*", left, right):
            inner = {_class(left), _class(right)}
            return "open" if "open" in inner else "single" if inner == {"single"} else "factored"
        case Operation("^", base, _):
            return "factored" if _class(base) in ("sum", "factored") else "single"
    return "single"


def _is_fully_factored(typed: Node, right: Node) -> bool:
    """Fewer factors than the key, or a common factor left in a bracket: something is left to do."""
    own, due = list(_factors(typed)), list(_factors(right))
    if len(own) < len(due):
        return False
    return any(_content(f) > 1 for f in due) or all(_content(f) == 1 for f in own)


def _factors(root: Node) -> Iterator[Node]:
    """Yield the sums that are multiplied; a power counts as often as it says."""
    node = _unsigned(root)
    match node:
        case Operation("*", left, right):
            yield from _factors(left)
            yield from _factors(right)
        case Operation("^", base, Number(times)) if times.isdigit():
            for _ in range(min(int(times), 12)):
                yield from _factors(base)
        case Operation("+" | "-"):
            yield node


def _content(node: Node) -> int:
    """Return the whole number that all terms of a sum have in common."""
    return math.gcd(*(_coefficient(term) for term in _terms(node)))


def _terms(root: Node) -> Iterator[Node]:
    node = _unsigned(root)
    if isinstance(node, Operation) and node.operator in "+-":
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _coefficient(root: Node) -> int:
    """Return the whole number in front; 1 where there is none."""
    node = _unsigned(root)
    match node:
        case Number(text):
            return int(text) if text.isdigit() else 1
        case Operation("*", left, right):
            return _coefficient(left) * _coefficient(right)
        case Operation("+" | "-"):
            return _content(node)
    return 1


def _reducible(root: Node) -> bool:
    """Say whether a fraction in the formula has a whole number above and below in common."""
    return any(
        isinstance(node, Operation)
        and node.operator == "/"
        and math.gcd(_coefficient(node.left), _coefficient(node.right)) > 1
        for node, _ in walk(root)
    )


def _is_worked_out(typed: Node, right: Node) -> bool:
    """Numbers: 2/4 for 1/2 and 3+20 for 23 still leave something to do; 0.5 and 1 1/2 do not."""
    node = _unsigned(typed)
    if is_number(node) or _is_mixed(node) or node == _unsigned(right):
        return True
    if isinstance(node, Operation) and node.operator == "/":
        above, below = _unsigned(node.left), _unsigned(node.right)
        if isinstance(above, Number) and isinstance(below, Number):
            return _is_reduced(above.text, below.text)
    return (
        _operations(typed) <= _operations(right)
        and _calls(typed) <= _calls(right)
        and (_reducible(right) or not _reducible(typed))
        and (_has_square(right) or not _has_square(typed))
    )


def _has_square(root: Node) -> bool:
    """Say whether a root has a whole square left in it, as in sqrt(75)."""
    return any(
        isinstance(node, Call)
        and node.function == "sqrt"
        and isinstance(node.argument, Number)
        and node.argument.text.isdigit()
        and any(int(node.argument.text) % (n * n) == 0 for n in range(2, 40))
        for node, _ in walk(root)
    )


def _is_reduced(above: str, below: str) -> bool:
    if not (above.isdigit() and below.isdigit()):
        return True
    return math.gcd(int(above), int(below)) == 1 and int(below) != 1


def _is_mixed(node: Node) -> bool:
    """1 + 2/3, which is what a mixed number is read as."""
    match node:
        case Operation("+", Number(), Operation("/", Number(above), Number(below))):
            return _is_reduced(above, below)
    return False


def _unsigned(node: Node) -> Node:
    while isinstance(node, Negation):
        node = node.operand
    return node


def _operations(root: Node) -> int:
    return sum(isinstance(node, Operation | Call) for node, _ in walk(root))


def _calls(root: Node) -> int:
    """Count roots and functions; a power with a fraction in it is a root."""
    return sum(
        isinstance(node, Call)
        or (
            isinstance(node, Operation)
            and node.operator == "^"
            and isinstance(_unsigned(node.right), Operation)
            and any(
                isinstance(part, Operation) and part.operator == "/" for part, _ in walk(node.right)
            )
        )
        for node, _ in walk(root)
    )

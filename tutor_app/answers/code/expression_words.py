"""Python expressions in plain words: what they are, never what they should be."""

import ast
from collections.abc import Iterable

MAX_DEPTH = 3
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "{0} plus {1}",
    ast.Sub: "{0} minus {1}",
    ast.Mult: "{0} times {1}",
    ast.Div: "{0} divided by {1}",
    ast.FloorDiv: "{0} divided by {1}, rounded down to a whole number",
    ast.Mod: "the remainder of {0} divided by {1}",
    ast.Pow: "{0} to the power of {1}",
}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "is equal to",
    ast.NotEq: "is not equal to",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is greater than",
    ast.GtE: "is at least",
    ast.In: "stands in",
    ast.NotIn: "does not stand in",
    ast.Is: "is the same thing as",
    ast.IsNot: "is not the same thing as",
}
_CALLS = {
    "len": "the length of {0}",
    "int": "{0} as a whole number",
    "float": "{0} as a decimal number",
    "str": "{0} as text",
    "abs": "the size of {0} without its sign",
    "sum": "the sum of {0}",
    "max": "the largest of {0}",
    "min": "the smallest of {0}",
    "sorted": "the items of {0} in order, as a new list",
    "reversed": "the items of {0} from last to first",
    "enumerate": "the items of {0}, each with its place",
    "zip": "the items of {0}, taken in step",
    "round": "{0}, rounded",
    "list": "a list of the items of {0}",
    "set": "the different items of {0}",
    "type": "the kind of {0}",
}
_METHODS = {
    "lower": "{0} in small letters",
    "upper": "{0} in capital letters",
    "strip": "{0} without white space at its ends",
    "split": "the parts of {0}, as a list",
    "keys": "the keys of {0}",
    "values": "the values of {0}",
    "items": "the pairs of key and value of {0}",
}


def words(node: ast.expr, depth: int = MAX_DEPTH) -> str:
    """Say what an expression stands for; deeper parts are shown as code."""
    if depth <= 0 and not isinstance(node, ast.Name | ast.Constant):
        return code(node)

    def inner(part: ast.expr) -> str:
        return words(part, depth - 1)

    match node:
        case ast.Constant(value=bool() | None):
            return code(node)
        case ast.Constant(value=str() as text):
            return f"the text `{text!r}`" if text else "an empty text"
        case ast.BinOp(left, operator, right) if type(operator) in _BINARY:
            return _BINARY[type(operator)].format(inner(left), inner(right))
        case ast.UnaryOp(ast.Not(), operand):
            return f"the opposite of: {inner(operand)}"
        case ast.UnaryOp(ast.USub(), ast.Constant()):
            return code(node)
        case ast.UnaryOp(ast.USub(), operand):
            return f"minus {inner(operand)}"
        case ast.BoolOp(operator, values):
            return f" {'and' if isinstance(operator, ast.And) else 'or'} ".join(map(inner, values))
        case ast.Compare(left, operators, others):
            parts = [inner(left)]
            for n, (sign, other) in enumerate(zip(operators, others, strict=True)):
                parts.append(f"{'and ' if n else ''}{_COMPARED[type(sign)]} {inner(other)}")
            return " ".join(parts)
        case ast.Call():
            return _call(node, depth)
        case ast.Subscript(value, ast.Slice(start, stop, step)):
            return _slice(inner(value), start, stop, step, depth)
        case ast.Subscript(value, place):
            return f"the item at {inner(place)} of {inner(value)}"
        case ast.Attribute(value, name):
            return f"`{name}` of {inner(value)}"
        case ast.List(items) | ast.Tuple(items) | ast.Set(items):
            kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
            return f"a {kind} of {listed(map(inner, items))}" if items else f"an empty {kind}"
        case ast.Dict(keys, values):
            pairs = [f"{inner(k)} with {inner(v)}" for k, v in zip(keys, values, strict=True) if k]
            return f"a dictionary of {listed(pairs)}" if pairs else "an empty dictionary"
        case ast.ListComp(element, generators):
            return f"a list of {inner(element)}{_generators(generators, depth)}"
        case ast.SetComp(element, generators):
            return f"the different values of {inner(element)}{_generators(generators, depth)}"
        case ast.GeneratorExp(element, generators):
            return f"{inner(element)}{_generators(generators, depth)}"
        case ast.IfExp(test, body, other):
            return f"{inner(body)} if {inner(test)}, and otherwise {inner(other)}"
        case ast.JoinedStr():
            return f"the text {code(node)} with its gaps filled in"
        case ast.Lambda(arguments, body):
            return f"a small function of {listed(parameters(arguments))} that gives {inner(body)}"
        case _:
            return code(node)


def _call(node: ast.Call, depth: int) -> str:
    given = [words(part, depth - 1) for part in node.args]
    match node.func:
        case ast.Name("input"):
            asked = f", after it shows {given[0]}" if given else ""
            return f"the next line of the input, as text{asked}"
        case ast.Name("range") if 1 <= len(given) <= 3:
            start, stop = ("0", given[0]) if len(given) == 1 else given[:2]
            by = f", in steps of {given[2]}" if len(given) == 3 else ""
            return f"the whole numbers from {start} up to, but not including, {stop}{by}"
        case ast.Name(name) if name in _CALLS and given:
            return _CALLS[name].format(listed(given))
        case ast.Attribute(value, name) if name in _METHODS and not given:
            return _METHODS[name].format(words(value, depth - 1))
    shown = f"what `{ast.unparse(node.func)}` gives"
    return f"{shown} for {listed(given)}" if given else shown


def _slice(
    value: str, start: ast.expr | None, stop: ast.expr | None, step: ast.expr | None, depth: int
) -> str:
    begins = f"from place {words(start, depth - 1)}" if start else "from its beginning"
    ends = f"up to, but not including, place {words(stop, depth - 1)}" if stop else "to its end"
    by = f", in steps of {words(step, depth - 1)}" if step else ""
    return f"the part of {value} {begins} {ends}{by}"


def _generators(generators: Iterable[ast.comprehension], depth: int) -> str:
    text = ""
    for each in generators:
        text += f" for each {code(each.target)} in {words(each.iter, depth - 1)}"
        for test in each.ifs:
            text += f" for which {words(test, depth - 1)}"
    return text


def parameters(arguments: ast.arguments) -> list[str]:
    """Return the names of a function's parameters as code."""
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    extra = [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return [f"`{argument.arg}`" for argument in (*found, *extra)]


def code(node: ast.AST) -> str:
    """Return a piece of the program as it could be typed, on one line and shortened."""
    text = " ".join(ast.unparse(node).split()).replace("`", "'")
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"


def listed(parts: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = list(parts) or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last

"""The ideas of programming that a program uses, and where."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

MEANINGS = {
    "variable": "A name for a value; an assignment gives it one, or another one.",
    "running result": "A variable that changes in the rounds of a loop and so gathers a result.",
    "function": "A named piece of a program that runs when it is called.",
    "parameter": "A name for what a function is given when it is called.",
    "return": "Ends a function and gives a value back to where it was called.",
    "for loop": "Runs its lines once for every item of something.",
    "while loop": "Runs its lines again and again as long as a condition holds.",
    "nested loops": "A loop inside a loop; the inner one runs whole in each round of the outer.",
    "condition": "Decides which lines run: if, elif, else.",
    "comparison": "A question about two values that is true or false.",
    "and, or, not": "Join true and false to one answer.",
    "list": "Values in a row; it can be changed.",
    "dictionary": "Keys, each with a value.",
    "tuple": "Values in a row that stays as it is.",
    "set": "Different values without an order.",
    "indexing": "Takes one item by its place or its key; places are counted from 0.",
    "slicing": "Takes a part, from one place up to, but not including, another.",
    "range": "Whole numbers one after the other, the last one left out.",
    "comprehension": "A list, set or dictionary that is made by a loop on one line.",
    "f-string": "A text with gaps that values are written into.",
    "input": "Reads a line; what it gives is text.",
    "print": "Shows values; a function that prints gives nothing back by that.",
    "conversion": "Makes a value of another kind: text into a number, a number into text.",
    "remainder": "What is left over by a division.",
    "recursion": "A function that calls itself.",
    "module": "Somebody's program with functions that one can use.",
    "error handling": "Says what to do when an error is raised.",
    "class": "A kind of object, with functions of its own.",
    "with block": "Opens something and closes it again at the end of the block.",
    "lambda": "A small function without a name.",
}
_OF_NODE: dict[type[ast.AST], str] = {
    ast.FunctionDef: "function", ast.Return: "return", ast.For: "for loop", ast.While: "while loop",
    ast.If: "condition", ast.IfExp: "condition", ast.Compare: "comparison",
    ast.BoolOp: "and, or, not", ast.Not: "and, or, not", ast.List: "list", ast.Dict: "dictionary",
    ast.Tuple: "tuple", ast.Set: "set", ast.ListComp: "comprehension",
    ast.SetComp: "comprehension", ast.DictComp: "comprehension",
    ast.GeneratorExp: "comprehension", ast.JoinedStr: "f-string", ast.Import: "module",
    ast.ImportFrom: "module", ast.Try: "error handling", ast.Raise: "error handling",
    ast.ClassDef: "class", ast.With: "with block", ast.Lambda: "lambda", ast.Mod: "remainder",
}  # fmt: skip
_OF_CALL = {
    "input": "input", "print": "print", "range": "range", "int": "conversion",
    "float": "conversion", "str": "conversion",
}  # fmt: skip
_LOOPS = (ast.For, ast.While)


@dataclass(frozen=True)
class Concept:
    """An idea, what it is in one sentence, and the lines that use it."""

    name: str
    meaning: str
    lines: tuple[int, ...]


def concepts(tree: ast.Module) -> list[Concept]:
    """Return the ideas of a program in the order in which they first come up."""
    found: dict[str, list[int]] = {}
    for name, line in sorted(_found(tree), key=lambda pair: pair[1]):
        lines = found.setdefault(name, [])
        if line not in lines:
            lines.append(line)
    return [Concept(name, MEANINGS[name], tuple(lines)) for name, lines in found.items()]


def _found(tree: ast.Module) -> Iterator[tuple[str, int]]:
    line = 1
    for node in ast.walk(tree):
        line = getattr(node, "lineno", line)
        if name := _OF_NODE.get(type(node)):
            yield name, line
        match node:
            case ast.FunctionDef(name, arguments):
                if arguments.args:
                    yield "parameter", line
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") == name:
                        yield "recursion", inner.lineno
            case ast.Assign(targets) if any(isinstance(t, ast.Name) for t in targets):
                yield "variable", line
            case ast.Call(ast.Name(name)) if name in _OF_CALL:
                yield _OF_CALL[name], line
            case ast.Subscript(_, ast.Slice()):
                yield "slicing", line
            case ast.Subscript():
                yield "indexing", line
            case ast.For() | ast.While():
                for inner in ast.walk(node):
                    if isinstance(inner, _LOOPS) and inner is not node:
                        yield "nested loops", inner.lineno
                    if isinstance(inner, ast.AugAssign):
                        yield "running result", inner.lineno

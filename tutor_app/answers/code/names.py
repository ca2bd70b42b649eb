"""Which of some names a program uses: functions, methods, modules, and the word global."""

import ast
from collections.abc import Iterator, Sequence

from tutor_app.answers.code.parsing import parsed


def used_names(program: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return those of `names` that a program uses, in their order; none where it is no program.

    A variable of the program's own is no use of a function of that name, unless it is called.
    """
    tree = parsed(program) if names else None
    if tree is None:
        return ()
    used = set(_uses(tree))
    return tuple(name for name in names if name in used)


def _uses(tree: ast.Module) -> Iterator[str]:
    defined, assigned = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            assigned.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assigned.add(node.id)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in defined:
                yield name
            case ast.Name(id=name, ctx=ast.Load()) if name not in defined | assigned:
                yield name
            case ast.Attribute(attr=name):
                yield name
            case ast.Import(names=aliases):
                yield from (part for alias in aliases for part in alias.name.split("."))
            case ast.ImportFrom(module=module, names=aliases):
                yield from (module or "").split(".")
                yield from (alias.name for alias in aliases)
            case ast.Global():
                yield "global"

"""Explain a Python program as it stands: line by line, by concept, and as a whole.

Built on the syntax tree alone. It says what the lines do when they run, never what they should do:
nothing here knows an exercise, so nothing can lead to a solution.
"""

import ast
import io
import tokenize
from dataclasses import dataclass

from tutor_app.answers.code.concepts import Concept, concepts
from tutor_app.answers.code.expression_words import code, listed, parameters
from tutor_app.answers.code.parsing import MAX_CHARACTERS, parsed
from tutor_app.answers.code.plain_words import syntax_words
from tutor_app.answers.code.sandbox import Fault
from tutor_app.answers.code.statement_words import sentence
from tutor_app.errors import AnswerSyntaxError

_ELSE = {
    ast.If: "Otherwise, the lines moved in below run.",
    ast.For: "When the loop has gone through everything without a break, the lines below run.",
    ast.While: "When the condition no longer holds, the lines below run.",
    ast.Try: "If no error was raised, the lines below run.",
}


@dataclass(frozen=True)
class Line:
    """One line of the program (counted from 1) and what it does; "" for a blank line."""

    number: int
    code: str
    words: str


@dataclass(frozen=True)
class Explanation:
    """A program in plain words."""

    lines: tuple[Line, ...]
    concepts: tuple[Concept, ...]
    summary: str


def explain(program: str) -> Explanation:
    """Explain a program.

    Raises:
        AnswerSyntaxError: it is empty, no program, or too long; the message names the line.
    """
    if not program.strip():
        raise AnswerSyntaxError("Explain: there is no code yet. Type or paste some.")
    tree = parsed(program)
    if tree is None:
        raise AnswerSyntaxError(f"Explain: {_trouble(program)}")
    return Explanation(_lines(program, tree), tuple(concepts(tree)), _summary(program, tree))


def _trouble(program: str) -> str:
    if len(program) > MAX_CHARACTERS:
        return f"the code has {len(program)} characters. Take a part of at most {MAX_CHARACTERS}."
    try:
        ast.parse(program)
    except SyntaxError as error:
        said = syntax_words(Fault(type(error).__name__, str(error.msg), error.lineno or 0))
        return f"{said} Only code that Python can read can be explained."
    except (ValueError, RecursionError, MemoryError):
        pass
    return "this is nested too deep to be explained. Take a part of it."


def _lines(program: str, tree: ast.Module) -> tuple[Line, ...]:
    said: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            line = node.lineno
            said[line] = f"{said[line]} {sentence(node)}" if line in said else sentence(node)
    _headers(program, tree, said)
    covered = _continued(tree)
    found = []
    for number, text in enumerate(program.splitlines(), 1):
        words = said.get(number, "")
        if not words and text.strip():
            remark = text.lstrip().startswith("#")
            words = "A remark for people; Python skips it." if remark else covered.get(number, "")
        found.append(Line(number, text, words))
    return tuple(found)


def _headers(program: str, tree: ast.Module, said: dict[int, str]) -> None:
    """Add the lines that are no statements of their own: elif, else, except, finally, @."""
    lines = program.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and lines[node.lineno - 1].lstrip().startswith("elif"):
            said[node.lineno] = "Otherwise: " + said[node.lineno][0].lower() + said[node.lineno][1:]
        if isinstance(node, ast.ExceptHandler):
            kind = f"an error of kind `{ast.unparse(node.type)}`" if node.type else "any error"
            said[node.lineno] = f"If {kind} was raised, the lines moved in below run."
        for decorator in getattr(node, "decorator_list", ()):
            said[decorator.lineno] = f"Hands what is defined below to {code(decorator)} first."
        for part, keyword, words in (
            ("orelse", "else", _ELSE.get(type(node), "")),
            ("finalbody", "finally", _FINALLY),
        ):
            body = getattr(node, part, None)
            if words and isinstance(body, list) and body:
                _above(lines, body[0].lineno, keyword, words, said)


_FINALLY = "Whatever happened, the lines moved in below run at the end."


def _above(lines: list[str], first: int, keyword: str, words: str, said: dict[int, str]) -> None:
    for number in range(first, 0, -1):
        text = lines[number - 1].lstrip()
        if text.startswith(keyword):
            said.setdefault(number, words)
            return
        if number < first and text and not text.startswith("#"):
            return


def _continued(tree: ast.Module) -> dict[int, str]:
    """Return the further lines of statements that take several."""
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and node.end_lineno:
            for number in range(node.lineno + 1, node.end_lineno + 1):
                found[number] = f"Goes on from line {node.lineno}."
    return found


def _summary(program: str, tree: ast.Module) -> str:
    count = sum(bool(line.strip()) for line in program.splitlines())
    said = [f"{count} {'line' if count == 1 else 'lines'} of code."]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            said.append(_function(node))
    others = [node for node in tree.body if not isinstance(node, _DEFINITIONS)]
    if others:
        told = listed(_doing(others) or ["gives names to values or calls functions"])
        said.append(f"The main part {told}.")
    remarks = _remarks(program)
    if remarks:
        said.append(f"{remarks} {'remark' if remarks == 1 else 'remarks'} for people.")
    return " ".join(said)


_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def _function(node: ast.FunctionDef) -> str:
    takes = f"takes {listed(parameters(node.args) or ['nothing'])}"
    return f"The function `{node.name}` {listed([takes, *_doing(node.body)])}."


def _doing(body: list[ast.stmt]) -> list[str]:
    """Return what kinds of things a block does, in the order in which they first come up."""
    found: dict[str, int] = {}
    for statement in body:
        for node in ast.walk(statement):
            if told := _kind(node):
                found.setdefault(told, getattr(node, "lineno", 0))
    return sorted(found, key=found.__getitem__)


def _kind(node: ast.AST) -> str:
    match node:
        case ast.For(_, iterated):
            return f"goes through `{' '.join(ast.unparse(iterated).split())[:40]}` with a loop"
        case ast.While():
            return "repeats lines while a condition holds"
        case ast.If():
            return "decides with `if`"
        case ast.AugAssign(target):
            return f"changes `{ast.unparse(target)[:40]}` step by step"
        case ast.Return(value) if value is not None:
            return f"gives back `{' '.join(ast.unparse(value).split())[:40]}`"
        case ast.Call(ast.Name("input")):
            return "reads input"
        case ast.Call(ast.Name("print")):
            return "prints"
        case _:
            return ""


def _remarks(program: str) -> int:
    reader = io.StringIO(program).readline
    try:
        return sum(t.type == tokenize.COMMENT for t in tokenize.generate_tokens(reader))
    except (tokenize.TokenError, SyntaxError):
        return 0

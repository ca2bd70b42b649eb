"""For programs: does a reply write a line of the solution, or say in words what to change?

A line of the solution is looked for with its own names and with any others, in the reply's code and
in its prose. What the learner wrote, and what the prompt, the starter or a visible test holds, may
be said. In words, the item's spoilers are looked for, and the plain forms of moving, adding and
swapping lines.
"""

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache

from tutor_app.answers.code.parsing import parsed
from tutor_app.domain.item import CodeAnswer
from tutor_app.tutoring.verification.affirmation import affirms
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.lexical import sentences, stems
from tutor_app.tutoring.verification.withheld import Withheld, is_settled

_SKIPPED = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER, tokenize.ENCODING,
)  # fmt: skip
_FEWEST_FIXED = 3
"""So many fixed marks and words make a line recognisable when its names are others."""
_TRIVIAL = frozenset(
    {("else", ":"), ("try", ":"), ("pass",), ("break",), ("continue",), ("return",)}
)
_CODE = re.compile(r"```(?:\w+\n)?(.*?)```|`([^`\n]+)`", re.DOTALL)
_SAYS_SPOILER = 0.8
_EDIT_OBJECT = (
    r"(?:return|print|line|statement|loop|colon|bracket|else|elif|condition|import|"
    r"(?:your|the|an) if)s?\b"
)
_REPAIRS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:mov(?:e|ing)|put(?:ting)?|plac(?:e|ing)|pull(?:ing)?|shift(?:ing)?|tak(?:e|ing)|push)\b"
        rf"[^.?!\n]{{0,40}}\b{_EDIT_OBJECT}[^.?!\n]{{0,30}}\b(?:out(?:side)?|after|below|above|before|"
        r"under|up|down|left|right|into|inside|one level)\b",
        r"\b(?:de-?dent|un-?indent|out-?dent|indent)(?:ing)?\b[^.?!\n]{0,40}"
        rf"(?:\b{_EDIT_OBJECT}|\bit\b)",
        rf"\b{_EDIT_OBJECT}[^.?!\n]{{0,30}}\b(?:should|must|needs? to|has to|belongs?|ought to)\b"
        r"[^.?!\n]{0,25}\b(?:out(?:side)?|after|below|before|above|at the end|indent\w*|inside)\b",
        r"\b(?:add|insert|write|use|need|missing|forgot)(?:ing)?\b[^.?!\n]{0,20}\b(?:return|print|else|"
        r"elif|if|colon|import|break)\b[^.?!\n]{0,30}\b(?:after|at the end|outside|below|before|"
        r"inside|in the loop|at the bottom)\b",
        r"\b(?:replac|chang|swap|turn)\w*\b[^.?!\n]{0,30}`[^`\n]+`[^.?!\n]{0,12}\b(?:by|with|to|into|for)"
        r"\b[^.?!\n]{0,8}`[^`\n]+`",
        r"\buse\b[^.?!\n]{0,12}`[^`\n]+`[^.?!\n]{0,12}\b(?:instead of|rather than)\b",
        r"`[^`\n]+`[^.?!\n]{0,20}\b(?:should|must) (?:be|say|read)\b[^.?!\n]{0,8}`[^`\n]+`",
    )
)  # fmt: skip


def program_given_away(text: str, hidden: Withheld) -> str:
    """Return why a reply gives the program away, or ""."""
    context = hidden.context
    answer = context.item.answer
    if not isinstance(answer, CodeAnswer) or is_settled(context):
        return ""
    known = "\n".join(_known(context, answer))
    for line in _hidden_lines(answer.solution, known):
        if found := next((m[0] for p in _patterns(line) if (m := p.search(_plain(text)))), ""):
            return f"writes a line of the solution: {found.strip()[:60]!r}"
    if found := _same_shape(text, answer.solution, known):
        return f"writes a line of the solution with other names: {found[:60]!r}"
    if found := _new_statement(text, known):
        return f"shows a way to compute it: {found[:60]!r}"
    if found := says_repair(text, context):
        return f"says what to change: {found[:80]!r}"
    guess = context.learner_texts[-1] if context.learner_texts else ""
    if guess not in context.counted_texts and says_repair(guess, context) and affirms(text):
        return "confirms a change that the learner only guessed"
    return ""


def says_repair(text: str, context: VerificationContext) -> str:
    """Return the words that say what to change: a spoiler of the item, or a plain form of it."""
    spoilers = [stems(spoiler) for spoiler in context.item.spoiler_sentences]
    for sentence in sentences(text):
        said = stems(sentence)
        for spoiler in spoilers:
            if spoiler and len(said & spoiler) >= _SAYS_SPOILER * len(spoiler):
                return sentence
    found = next((m[0] for p in _REPAIRS if (m := p.search(text))), "")
    return "" if found and found.lower() in context.item.prompt.lower() else found


def _known(context: VerificationContext, answer: CodeAnswer) -> Iterator[str]:
    """Yield the code that the learner has seen or written, as text."""
    yield answer.starter
    yield from code_in(context.item.prompt)
    for said in context.learner_texts:
        yield from code_in(said) if "`" in said else (said,)
    for test in answer.tests:
        if not test.hidden:
            yield test.call


def code_in(text: str) -> list[str]:
    """Return the code between backticks, of one line or more."""
    return [(m[1] or m[2]).strip("\n") for m in _CODE.finditer(text)]


def _plain(text: str) -> str:
    return text.replace("`", " ").replace("“", '"').replace("”", '"').replace("’", "'")


def _tokens(line: str) -> tuple[str, ...]:
    try:
        found = list(tokenize.generate_tokens(io.StringIO(line.strip() + "\n").readline))
    except (tokenize.TokenError, SyntaxError):
        return tuple(line.split())
    return tuple(t.string for t in found if t.type not in _SKIPPED)


@lru_cache(maxsize=256)
def _hidden_lines(solution: str, known: str) -> tuple[tuple[str, ...], ...]:
    """Return the solution's lines that are not known, as tokens."""
    seen = {_shape(_tokens(line)) for line in known.splitlines()}
    lines = dict.fromkeys(_tokens(line) for line in solution.splitlines())
    return tuple(
        line
        for line in lines
        if len(line) > 1 and line not in _TRIVIAL and line[0] != '"""' and _shape(line) not in seen
    )


def _shape(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return a line with its names numbered, so that other names make no difference."""
    names: dict[str, str] = {}
    return tuple(
        names.setdefault(token, f"#{len(names)}") if _is_own_name(tokens, at) else _quoted(token)
        for at, token in enumerate(tokens)
    )


def _is_own_name(tokens: tuple[str, ...], at: int) -> bool:
    token = tokens[at]
    return (
        token.isidentifier()
        and not keyword.iskeyword(token)
        and not hasattr(builtins, token)
        and not (at and tokens[at - 1] == ".")
    )


def _quoted(token: str) -> str:
    return f"'{token[1:-1]}'" if token[:1] == '"' and token[:3] != '"""' else token


@lru_cache(maxsize=1024)
def _patterns(line: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return what finds a line in a text: with its own names, and where it is telling with any."""
    found = [_pattern(line, wild=False)]
    own = sum(_is_own_name(line, at) for at in range(len(line)))
    if own and len(line) - own >= _FEWEST_FIXED:
        found.append(_pattern(line, wild=True))
    if len(line) >= 3 and line[1] in ("+=", "-=", "*=", "/="):
        longer = (line[0], "=", line[0], line[1][0], *line[2:])
        found += [_pattern(longer, wild=False), _pattern(longer, wild=True)]
    elif len(line) > 4 and line[1] == "=" and line[2] == line[0]:
        found.append(_pattern((line[0], f"{line[3]}=", *line[4:]), wild=True))
    return tuple(found)


def _pattern(line: tuple[str, ...], *, wild: bool) -> re.Pattern[str]:
    names: dict[str, int] = {}
    parts = []
    shown = line if wild or line[-1] != ":" else line[:-1]
    for at, token in enumerate(shown):
        if wild and _is_own_name(line, at):
            if token in names:
                parts.append(rf"\b\{names[token]}\b")
            else:
                names[token] = len(names) + 1
                parts.append(r"\b([A-Za-z_]\w*)\b")
        elif token[:1] in "\"'":
            parts.append(rf"[\"']{re.escape(token[1:-1])}[\"']")
        elif token[0].isalnum() or token[0] == "_":
            parts.append(rf"\b{re.escape(token)}\b")
        else:
            parts.append(r"\s*".join(re.escape(c) for c in token))
    return re.compile(r"\s*".join(parts))


def _same_shape(text: str, solution: str, known: str) -> str:
    shapes = {_shape(line) for line in _hidden_lines(solution, known)}
    for code in code_in(text):
        for line in code.splitlines():
            if _shape(_tokens(line)) in shapes:
                return line.strip()
    return ""


def _new_statement(text: str, known: str) -> str:
    """Find code that is a piece of a program: a function's body, or a result that is computed."""
    seen = {_shape(_tokens(line)) for line in known.splitlines()}
    for code in code_in(text):
        lines = [line for line in code.splitlines() if line.strip()]
        if all(_shape(_tokens(line)) in seen for line in lines):
            continue
        tree = parsed(code) or parsed("def f():\n" + "\n".join(f"    {line}" for line in lines))
        for node in ast.walk(tree) if tree else ():
            computes = isinstance(node, ast.Return) and not isinstance(
                node.value, ast.Name | ast.Constant | None
            )
            if computes or (
                isinstance(node, ast.FunctionDef)
                and code.lstrip().startswith("def")
                and len(lines) > 1
            ):
                return code
    return ""

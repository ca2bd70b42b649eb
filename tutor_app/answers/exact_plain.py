"""Bring an exact answer, typed or in LaTeX, to plain characters: <=, inf, U, sqrt, abs, ln."""

import re
from functools import lru_cache

from tutor_app.answers.cleaning import clean

_MAX_CHARACTERS = 400
_MATRIX = re.compile(r"\\begin\{([bp]?matrix)\}(.*?)\\end\{\1\}", re.S)
_COMMANDS = [
    (re.compile(r"\\(?:left|right)\s*\\?([{}])"), " "),
    (re.compile(r"\\(?:left|right)(?![a-z])"), " "),
    (re.compile(r"\\[{}]"), " "),
    (re.compile(r"\\infty(?![a-z])"), " inf "),
    (re.compile(r"\\cup(?![a-z])"), " U "),
    (re.compile(r"\\leq?(?![a-z])|<=|=<"), "≤"),
    (re.compile(r"\\geq?(?![a-z])|>="), "≥"),
    (re.compile(r"\\neq?(?![a-z])|!=|/="), "≠"),
    (re.compile(r"\\lt(?![a-z])|<"), "≺"),
    (re.compile(r"\\gt(?![a-z])|>"), "≻"),
    (re.compile(r"\\(?:emptyset|varnothing)(?![a-z])"), "∅"),
    (re.compile(r"\\log_\{?\s*(\w+)\s*\}?"), r" log_\1 "),
    (re.compile(r"∪"), " U "),
    (re.compile(r"∞"), " inf "),
    (re.compile(r"ℝ"), " all real numbers "),
]
_WORDS = [
    (re.compile(r"\b(?:positive )?infinity\b|\boo\b", re.I), "inf"),
    (re.compile(r"\bunion\b", re.I), "U"),
    (re.compile(r"\b(?:is )?less than or equal to\b|\bat most\b", re.I), "≤"),
    (re.compile(r"\b(?:is )?greater than or equal to\b|\bat least\b", re.I), "≥"),
    (re.compile(r"\b(?:is )?less than\b", re.I), "≺"),
    (re.compile(r"\b(?:is )?(?:greater|more) than\b", re.I), "≻"),
    (re.compile(r"\b(?:is )?equal to\b|\bequals\b", re.I), "="),
    (re.compile(r"\bcube ?root(?: of)?\s*(?=[\w(])", re.I), " cbrt "),
    (re.compile(r"\b(?:square )?roots? of\b|\bsquare ?root\b|\bsqrt of\b", re.I), " √"),
    (re.compile(r"\b(?:multiplied by|times)\b", re.I), "*"),
    (re.compile(r"\b(?:divided by|over)\b", re.I), "/"),
    (re.compile(r"(?<=\d)\s?[xX]\s?(?=10\s?\^)|(?<=\d) [xX] (?=\d)"), "*"),
    (re.compile(r"\bplus or minus\b|\+/-|\+-", re.I), "±"),
    (re.compile(r"\bplus\b", re.I), "+"),
    (re.compile(r"\b(?:minus|negative)\b", re.I), "-"),
    (re.compile(r"\bto the power(?: of)?\b", re.I), "^"),
    (re.compile(r"\s?\bsquared\b", re.I), "^2"),
    (re.compile(r"\s?\bcubed\b", re.I), "^3"),
    (re.compile(r"(?<=\d)\s?percent\b", re.I), "%"),
    (re.compile(r"(?<=\d)\s?(?:degrees?|deg)\b(?!\s*[CF]\b)", re.I), "°"),
    (re.compile(r"\barc\s?(?=(?:sin|cos|tan))", re.I), "a"),
    (re.compile(r"\b(sin|cos|tan)\s?\^\s?\(?-1\)?", re.I), r"a\1"),
]
# "4 2/3" is a mixed number; written as a sum it stays exact
_MIXED = re.compile(r"(?<![\w.^/*)])(-?)(\d{1,4})\s{1,2}(\d{1,3})\s?/\s?(\d{1,3})(?![\w.,/^])")
_FRACTION_OF_NUMBERS = re.compile(r"\(\((\d{1,3})\)/\((\d{1,3})\)\)")
_LATEX_MIXED = re.compile(r"(?<![\w.^/*)])(-?)(\d{1,4})\s?\(\((\d{1,3})\)/\((\d{1,3})\)\)(?!\w)")
_LOG = re.compile(r"(?<![a-z])log_?\(?(\d+(?:\.\d+)?|[a-z])\)?\s*\(")
_RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan"}
_RECIPROCAL = re.compile(r"(?<![a-z])(sec|csc|cot)\s*\(")
_CBRT = re.compile(r"cbrt\s*(\(|\w+)")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return the text as exact_forms reads it, at most a few hundred characters long."""
    text = text[: 2 * _MAX_CHARACTERS]
    text = _MATRIX.sub(_matrix, text)
    for pattern, sign in _COMMANDS:
        text = pattern.sub(sign, text)
    text = clean(text.replace("±", " plus or minus "))
    for pattern, sign in _WORDS:
        text = pattern.sub(sign, text)
    text = _LATEX_MIXED.sub(r"\1(\2+\3/\4)", text) if "((" in text else text
    text = _FRACTION_OF_NUMBERS.sub(r"(\1/\2)", text)
    text = _MIXED.sub(r"\1(\2+\3/\4)", text)
    text = _with_logarithms(_with_bars(text))
    return " ".join(text[:_MAX_CHARACTERS].split())


def _matrix(found: re.Match[str]) -> str:
    rows = [row for row in re.split(r"\\\\", found[2]) if row.strip()]
    return "[" + ", ".join("[" + row.replace("&", ",").strip() + "]" for row in rows) + "]"


def _with_bars(text: str) -> str:
    """Write |x| as abs(x): a bar behind a sign or at the start opens, any other closes."""
    if text.count("|") % 2 or "|" not in text:
        return text
    out: list[str] = []
    depth = 0
    for character in text:
        if character != "|":
            out.append(character)
            continue
        before = "".join(out).rstrip()[-1:]
        if depth and before not in ("", "(", "+", "-", "*", "/", "=", ","):
            out.append(")")
            depth -= 1
        else:
            out.append(" abs(")
            depth += 1
    return "".join(out) if depth == 0 else text


def _with_logarithms(text: str) -> str:
    """Write log_2(x) as (ln(x)/ln(2)), sec(x) as (1/cos(x)), a cube root as a power."""
    for _ in range(12):
        if found := _LOG.search(text):
            end = closing(text, found.end() - 1)
            inner = text[found.end() : end]
            text = f"{text[: found.start()]}(ln({inner})/ln({found[1]})){text[end + 1 :]}"
        elif found := _RECIPROCAL.search(text):
            end = closing(text, found.end() - 1)
            inner, name = text[found.end() : end], _RECIPROCALS[found[1]]
            text = f"{text[: found.start()]}(1/{name}({inner})){text[end + 1 :]}"
        elif found := _CBRT.search(text):
            end = closing(text, found.end() - 1) if found[1] == "(" else found.end() - 1
            inner = text[found.start(1) : end + 1]
            text = f"{text[: found.start()]}(({inner})^(1/3)){text[end + 1 :]}"
        else:
            return text
    return text


def closing(text: str, at: int) -> int:
    """Return where the bracket that opens at `at` closes; the last place when it never does."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0:
            return place
    return len(text) - 1


def balanced(text: str) -> bool:
    """Say whether every bracket has a partner; (a, b] counts as a pair."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            return False
    return depth == 0

"""Read an exact answer as values, relations, groups (points, intervals, lists) or words."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tutor_app.answers.exact_plain import balanced, closing, plain
from tutor_app.answers.formula import FUNCTIONS, Formula
from tutor_app.answers.formula_tokens import token_spans
from tutor_app.answers.typed_formula import readings

_MAX_PARTS = 40
_MAX_DEPTH = 4
_SIGNS = "=≤≥≺≻≠≈"
_JOINS = re.compile(r"\s*(?:,|;|\n|\band\b|\bor\b)\s*", re.I)
_UNION = re.compile(r"\s*(?:(?<=[)\]\s])U(?=[\s(\[])|&)\s*")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?")
_DECIMALS = re.compile(r"\d*\.(\d+)(?:\s?\*\s?\(?10\)?\s?\^\s?\(?(-?\d+)\)?)?|(?<![\d.])\d+\s?\*\s?"
                       r"\(?10\)?\s?\^\s?\(?(-?\d+)\)?")  # fmt: skip
_KNOWN_WORDS = frozenset({"pi", "log", *FUNCTIONS})
_GREEK = frozenset("theta alpha beta gamma phi lambda rho mu sigma omega inf".split())
_NOTHING = frozenset({"dne", "none", "na", "n/a", "und", "undefined", "no solution"})
_FUNCTION_OF = re.compile(r"([A-Za-z](?:\^\(?-1\)?)?'{0,2})\s?\(\s?[A-Za-z]\s?\)$")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TIGHT_POWER = re.compile(r"\^(-?\d+[a-z]|[\da-z]/[\da-z]|-[a-z])(?![\w^(])")
_LEAD = re.compile(
    r"^(?:(?:so|then|hence|therefore|ok|well|maybe|perhaps|i (?:think|believe|guess)|um+)\b"
    r"[,:]?\s*)*"
    r"(?:(?:is|could|would) (?:it|the answer)(?: be)?\s+|(?:the |my )?(?:final )?"
    r"(?:answer|solution|result|it|that|this)(?:'s| is| would be| should be| must be)?"
    r"\s*:?\s+(?:is\s+)?"
    r"|i (?:get|got|have|found)\s+(?:that\s+)?|ans(?:wer)?\s*[:=]\s*)",
    re.I,
)
_TAIL = re.compile(r"(?:[.!?]|\s+right\?|\s+i think|\s+maybe)+$", re.I)


@dataclass(frozen=True, slots=True)
class Value:
    """A number or an expression.

    Attributes:
        formulas: its readings, likeliest first.
        unit: "%", "°" or "".
        step: half a unit of the last decimal place, 0.005 for "1.25"; None where it is exact.
    """

    text: str
    formulas: tuple[Formula, ...] = field(compare=False)
    unit: str = ""
    step: float | None = None

    @property
    def formula(self) -> Formula:
        """The likeliest reading."""
        return self.formulas[0]


@dataclass(frozen=True, slots=True)
class Relation:
    """Sides joined by = ≤ ≥ ≺ ≻ ≠; `named` is what f(x) = ... defines, "f", or ""."""

    text: str
    sides: tuple[Value, ...]
    signs: tuple[str, ...]
    named: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts in brackets (a point, an interval) or without (a list); `union` joins intervals."""

    text: str
    opens: str
    closes: str
    parts: tuple["Form", ...]
    union: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What is none of these."""

    text: str


Form = Value | Relation | Group | Words


@lru_cache(maxsize=4096)
def read_form(text: str, names: frozenset[str]) -> Form:
    """Read a text; never raises. What cannot be read as a whole is Words.

    Args:
        text: typed, or in LaTeX.
        names: symbols that the answer may hold; single letters are read without.
    """
    cleaned = plain(text)
    bare = _TAIL.sub("", _LEAD.sub("", cleaned)).strip()
    form = _form(bare, names, 0) if balanced(bare) else None
    return form or Words(bare or cleaned)


def _form(text: str, names: frozenset[str], depth: int) -> Form | None:
    text = text.strip()
    if not text or depth > _MAX_DEPTH:
        return None
    if _THOUSANDS.fullmatch(text):
        return _value(text.replace(",", ""), names)
    pieces = _split(text, _UNION)
    if len(pieces) > 1:
        return _group(text, "", "", pieces, names, depth, union=True)
    pieces = _split(text, _JOINS)
    if len(pieces) > 1:
        joined_by_or = bool(re.search(r"\bor\b", text, re.I))
        inequalities = joined_by_or and all(set(p) & set("≤≥≺≻") for p in pieces)
        return _group(text, "", "", _named_alike(pieces), names, depth, union=inequalities)
    if text[0] in "([" and closing(text, 0) == len(text) - 1:
        inner = _split(text[1:-1], _JOINS)
        if len(inner) > 1:
            return _group(text, text[0], text[-1], inner, names, depth)
        if text[0] == "(":
            return _form(text[1:-1], names, depth + 1)
        if text[0] == "[" and inner:
            return _group(text, "[", "]", inner, names, depth)
    if set(text) & set(_SIGNS):
        return _relation(text, names, depth)
    if "±" in text:
        both = [text.replace("±", sign, 1) for sign in "+-"]
        both = [piece.removeprefix("+") for piece in both]
        return _group(text, "", "", both, names, depth)
    if depth and text.lower() in _NOTHING:
        return Words(text)
    return _value(text, names)


def _group(
    text: str,
    opens: str,
    closes: str,
    pieces: list[str],
    names: frozenset[str],
    depth: int,
    union: bool = False,
) -> Group | None:
    parts: list[Form] = []
    for piece in pieces:
        part = _form(piece, names, depth + 1)
        if part is None:
            return None
        plus_minus = isinstance(part, Group) and "±" in piece and not part.opens
        parts += part.parts if plus_minus and isinstance(part, Group) else [part]
    return Group(text, opens, closes, tuple(parts), union) if len(parts) <= _MAX_PARTS else None


def _named_alike(pieces: list[str]) -> list[str]:
    """Read "x = 2, 3" as "x = 2, x = 3"."""
    first = re.match(r"([A-Za-z]\w{0,2})\s?=", pieces[0])
    if first is None or any(set(piece) & set(_SIGNS + "([") for piece in pieces[1:]):
        return pieces
    return [pieces[0], *(f"{first[1]} = {piece}" for piece in pieces[1:])]


def _split(text: str, joint: re.Pattern[str]) -> list[str]:
    """Split at joints that stand in no bracket; empty pieces are left out."""
    pieces: list[str] = []
    depth = start = at = 0
    while at < len(text):
        depth += (text[at] in "([") - (text[at] in ")]")
        found = joint.match(text, at) if depth == 0 else None
        if found and found.end() > at and (not found[0].strip().isalpha() or _apart(text, found)):
            pieces.append(text[start:at])
            start = at = found.end()
        else:
            at += 1
    return [piece for piece in [*pieces, text[start:]] if piece.strip()]


def _apart(text: str, found: re.Match[str]) -> bool:
    """A joining word stands apart from other letters."""
    before, after = text[: found.start()], text[found.end() :]
    return not (before[-1:].isalnum() and not found[0][:1].isspace()) and not (
        after[:1].isalnum() and not found[0][-1:].isspace()
    )


def _relation(text: str, names: frozenset[str], depth: int) -> Form | None:
    sides = re.split(f"[{_SIGNS}]", text)
    signs = tuple(c.replace("≈", "=") for c in text if c in _SIGNS)
    if len(sides) > 3:
        return None
    named = ""
    if head := _FUNCTION_OF.fullmatch(sides[0].strip()):
        named = head[1]
        sides[0] = "y"
    if signs == ("=",) and "±" in sides[1]:
        return _group(text, "", "", [f"{sides[0]}={p}" for p in _both(sides[1])], names, depth)
    bracketed = _form(sides[1], names, depth + 1) if signs == ("=",) and not named else None
    if isinstance(bracketed, Group) and re.fullmatch(r"\s*(?:\(.*\)|\w+)\s*", sides[0]):
        # "(x, y) = (1, 2)", "x = {1, 2}"
        return bracketed
    values = [_value(side, names) for side in sides]
    if any(value is None for value in values):
        return None
    return Relation(text, tuple(v for v in values if v), signs, named)


def _both(text: str) -> list[str]:
    return [text.replace("±", sign, 1).strip().removeprefix("+") for sign in "+-"]


def _value(text: str, names: frozenset[str]) -> Value | None:
    text = text.strip()
    unit = text[-1:] if text[-1:] in ("%", "°") else ""
    body = text.removesuffix(unit).strip() if unit else text
    if not body or set(body) & set(_SIGNS + "%°,[]±"):
        return None
    known = sorted(names | _letters(body, names))
    spans = list(token_spans(body, known))
    if len(spans) != 1 or not _covers(body, spans[0][0].start, spans[0][-1]):
        return None
    # a trailing sign would be left out silently
    if body[-1] in "+-*/^" or body[0] in "*/^":
        return None
    formulas = readings(spans[0], known)
    # e^2x is often meant as e^(2x), x^2/3 as x^(2/3)
    wider = _TIGHT_POWER.sub(r"^(\1)", body)
    if wider != body:
        for tokens in token_spans(wider, known):
            formulas = formulas + [f for f in readings(tokens, known) if f not in formulas]
    return Value(text, tuple(formulas), unit, _step(body)) if formulas else None


def _covers(body: str, start: int, last: object) -> bool:
    """Say whether one stretch of tokens holds the whole text: nothing unread before or behind."""
    end = getattr(last, "start", 0)
    rest = body[end:]
    return not body[:start].strip() and bool(re.fullmatch(r"[\w.,^]*|[()√]\s*", rest))


def _letters(text: str, names: frozenset[str]) -> frozenset[str]:
    """Return the symbols of a text that holds no words: letters, xy as x and y, a_1, theta."""
    found: set[str] = set()
    for word in _NAME.findall(text):
        if word in _KNOWN_WORDS or word in names:
            continue
        if len(word) == 1 or re.fullmatch(r"[A-Za-z]_\w", word) or word in _GREEK:
            found.add(word)
        elif len(word) == 2 or set(word) <= names:
            found |= {letter for letter in word if letter.isalpha()}
    return frozenset(found)


def _step(text: str) -> float | None:
    """Return half a unit of the last place written; None for a number without decimals."""
    found = _DECIMALS.fullmatch(text.strip("() -"))
    if found is None:
        return None
    decimals = len(found[1] or "")
    power = int(found[2] or found[3] or 0)
    return float(0.5 * 10.0 ** (power - decimals)) if abs(power) < 60 else None

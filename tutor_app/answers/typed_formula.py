"""Formulas as people type them: 2gh, √(2gh), "v = at", v^2/2g, sin²θ, "square root of 2 g h"."""

import re
from dataclasses import dataclass

from tutor_app.answers.cleaning import clean
from tutor_app.answers.formula import Formula, parse_formula, to_text
from tutor_app.answers.formula_assembly import Assembler, Scopes, UnreadableError
from tutor_app.answers.formula_tokens import Token, token_spans
from tutor_app.answers.number_words import words_to_digits
from tutor_app.domain.item import SymbolicAnswer
from tutor_app.errors import AnswerSyntaxError

_WORDS = [
    (
        re.compile(r"\b(?:square )?roots? of\b|\bsqrt of\b|\bsq(?:uare)? ?root\b(?: of)?", re.I),
        "ROOT ",
    ),
    (re.compile(r"\b(?:multiplied by|times)\b", re.I), "*"),
    (re.compile(r"\b(?:divided by|over)\b", re.I), "/"),
    (re.compile(r"\bplus\b", re.I), "+"),
    (re.compile(r"\bminus\b", re.I), "-"),
    (re.compile(r"\bto the power(?: of)?\b", re.I), "^"),
    (re.compile(r"\s?\bsquared\b", re.I), "^2"),
    (re.compile(r"\s?\bcubed\b", re.I), "^3"),
    (re.compile(r"(?:(?<==)|^)([^=\n]+?),?\s(?:then )?square[ -]?rooted\b", re.I), r"√(\1)"),
    (re.compile(r"\barc\s?(?=(?:sin|cos|tan))", re.I), "a"),
    (re.compile(r"\b(sin|cos|tan)\s?\^\s?\(?-1\)?", re.I), r"a\1"),
    (re.compile(r"\bequals?\b|\bis equal to\b", re.I), "="),
    (re.compile("μ"), "mu"),
    (re.compile(r"[\[{]"), "("),
    (re.compile(r"[\]}]"), ")"),
]
_BREAK = re.compile(r"[;\n?!:]|,(?!\d)|\.(?!\d)")
_SCOPES = [
    Scopes(),
    Scopes(flip_root=True),
    Scopes(flip_fraction=True),
    Scopes(flip_root=True, flip_fraction=True),
    Scopes(sum_below=True),
]
_EXPLANATION = re.compile(
    r"\b(?:because|bc|cuz|since|using|with|where|given|assuming|from|due|but|instead|rather|not)\b",
    re.I,
)
_CORRECTION = re.compile(
    r"\b(?:no,? wait|wait|actually|sorry|i mean|i meant|oops|correction)\b", re.I
)
_CONCLUSION = re.compile(r"\b(?:so|therefore|thus|hence|answer(?: is)?|i get|i got|then)\b", re.I)
_REJECTED = re.compile(r"(?:\bnot|n't|\bnever|≠|!=)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class TypedFormula:
    """What a text says as a formula.

    Attributes:
        formula: the right-hand side, or the only side.
        others: readings that the typing also allows: √2*g*h, a/b c.
        left: the left-hand side of an equation that is not solved for the target.
    """

    formula: Formula
    others: tuple[Formula, ...] = ()
    left: Formula | None = None


def typed_formula(text: str, answer: SymbolicAnswer) -> TypedFormula | None:
    """Read the formula a text puts forward; None when there is none or several."""
    prepared = clean(text)
    if re.search(r"[A-Za-z]{3}", prepared):
        prepared = words_to_digits(prepared, articles="a" not in answer.symbols)
    prepared = with_signs(prepared)
    names = dict.fromkeys([*answer.symbols, *([answer.target] if answer.target else [])])
    for cue in (_CORRECTION, _CONCLUSION):
        ends = [m.end() for m in cue.finditer(prepared)]
        for end in reversed(ends[-3:]):
            if (found := _in_part(prepared[end:], list(names), answer.target)) is not None:
                return found
    reason = _EXPLANATION.search(prepared)
    if reason and (found := _in_part(prepared[: reason.start()], list(names), answer.target)):
        return found
    return _in_part(prepared, list(names), answer.target)


def with_signs(cleaned: str) -> str:
    """Write spoken operators ("squared", "divided by") as signs."""
    for pattern, sign in _WORDS:
        cleaned = pattern.sub(sign, cleaned)
    return cleaned


def best_formula(side: str, names: list[str], *, last: bool) -> Formula | None:
    """Return the formula that touches the equals sign behind (`last`) or before a side."""
    pieces = _BREAK.split(side)
    found = _best(pieces[-1 if last else 0], names, first=not last)
    return found[0] if found else None


def spans(text: str, names: list[str]) -> list[Formula]:
    """Return every formula over the names that stands in a text, in its likeliest reading."""
    prepared = with_signs(clean(text))
    found: list[Formula] = []
    for side in re.split("[=≈]", prepared)[:30]:
        for piece in _BREAK.split(side)[:30]:
            for tokens in token_spans(piece, names):
                if formulas := readings(tokens, names):
                    found.append(formulas[0])
    return found


def _in_part(text: str, names: list[str], target: str) -> TypedFormula | None:
    """Read the last equation, or else the longest formula."""
    sides = re.split(r"[=≈]", text)
    if len(sides) > 1:
        if target:
            # x(t) = ... is solved for x.
            sides[-2] = re.sub(rf"\b{re.escape(target)}\s?\(\w+\)\s*$", target, sides[-2])
        right = _best(_BREAK.split(sides[-1])[0], names, first=True)
        left = _best(_BREAK.split(sides[-2])[-1], names, first=False)
        if right and right[0].text.strip() == target and left:
            left, right = right, left
        if right:
            solved = left is None or left[0].text == target or target not in _used(left, right)
            formula, *others = right
            return TypedFormula(formula, tuple(others), None if solved or not left else left[0])
        text = sides[-2] if left else text
    candidates = [f for piece in _BREAK.split(text) if (f := _best(piece, names, first=None))]
    candidates = [c for c in candidates if c[0].text != target]
    if not candidates:
        return None
    if re.search(r"\bor\b", text) and len({c[0].text for c in candidates}) > 1:
        return None
    formula, *others = max(candidates, key=lambda c: len(c[0].text))
    return TypedFormula(formula, tuple(others))


def _used(*sides: list[Formula] | None) -> set[str]:
    return {name for side in sides if side for name in side[0].names}


def _best(piece: str, names: list[str], first: bool | None) -> list[Formula] | None:
    """Return the readings of the first, last or longest formula in a piece of text."""
    found: list[list[Formula]] = []
    for tokens in token_spans(piece, names):
        if _REJECTED.search(piece[: tokens[0].start]):
            continue
        if formulas := readings(tokens, names):
            found.append(formulas)
    if not found:
        return None
    if first is None:
        if len(found) > 1 and re.search(r"\bor\b", piece):
            return None
        return max(found, key=lambda f: len(f[0].text))
    return found[0] if first else found[-1]


def readings(tokens: list[Token], names: list[str]) -> list[Formula]:
    """Return the readings of a stretch of tokens, likeliest first."""
    while tokens and tokens[-1].text in "+-*/^(":
        tokens = tokens[:-1]
    while tokens and tokens[0].text in "*/^)":
        tokens = tokens[1:]
    if not any(token.kind != "sign" for token in tokens):
        return []
    texts: dict[str, None] = {}
    for variant, scopes in [(tokens, scopes) for scopes in _SCOPES] + _rooted(tokens):
        try:
            texts[Assembler(variant, scopes).formula()] = None
        except UnreadableError:
            continue
    found: list[Formula] = []
    for text in texts:
        try:
            found.append(parse_formula(to_text(parse_formula(text, names).root), names))
        except AnswerSyntaxError:
            continue
    return found


def _rooted(tokens: list[Token]) -> list[tuple[list[Token], Scopes]]:
    """2gh^(1/2) may be meant as (2gh)^(1/2)."""
    for tail in (["^", "(", "1", "/", "2", ")"], ["^", "0.5"], ["^", ".5"]):
        body = tokens[: -len(tail)]
        if body and [token.text for token in tokens[-len(tail) :]] == tail:
            opening, closing = (Token("sign", sign, False, 0) for sign in "()")
            return [([opening, *body, closing, *tokens[-len(tail) :]], Scopes())]
    return []

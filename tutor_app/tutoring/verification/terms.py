"""Turn tokens into the terms of an expression: "twice the height" becomes 2, times, h."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tutor_app.tutoring.verification.tokens import Token, unit_after

_NAMES_THEN_FUNCTION = re.compile(r"([A-Za-z0-9]{1,4}?)(sqrt|sin|cos|tan)")
_LONGEST = 5
_AMBIGUOUS_LETTERS = frozenset("aAIi")
_SIMPLE = {"+": "+", "-": "-", "*": "*", "/": "/", "^": "^", "±": "+"}


@cache
def _phrases() -> dict[str, tuple[str, str]]:
    """Return phrase to (kind of term, what it means)."""
    table = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
    return {
        phrase: (kind, meaning)
        for kind, meanings in table.items()
        for meaning, phrases in meanings.items()
        for phrase in phrases
    }


@dataclass(frozen=True, slots=True)
class Term:
    """One term: kind as in phrases.toml, or num, name, noun, lp, rp, stop, word.

    `first` and `last` are the tokens it covers.
    """

    kind: str
    text: str
    first: int
    last: int
    token: Token | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of the item (without underscores) and the nouns that may stand for them.

    `symbolic`: the answer is a formula, so letters after a number are symbols and not units.
    """

    names: frozenset[str]
    nouns: Mapping[str, object]
    symbolic: bool = False


def to_terms(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Term]:
    """Return the terms of a text."""
    terms: list[Term] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.kind != "word":
            terms.extend(_unit_as_names(token, position, vocabulary))
            position += 1
            continue
        if token.lower == "in" and (length := unit_after(tokens, position + 1)[1]):
            terms.append(Term("fill", "", position, position + length, token))
            position += length + 1
            continue
        if (phrase := _phrase(tokens, position)) and not _is_name(tokens, position, vocabulary):
            kind, text, length = phrase
            terms.append(Term(kind, text, position, position + length - 1, token))
            position += length
            continue
        terms.extend(_word_terms(tokens, position, vocabulary))
        position += 1
    return terms


_UNIT_PART = re.compile(r"[A-Za-z]|\^-?\d+|[*/()]")


def _unit_as_names(token: Token, position: int, vocabulary: Vocabulary) -> list[Term]:
    """Return a number's terms; in "2h/g" of a problem about h and g the letters are no units."""
    unit = token.unit
    known = {"h", "g", "m", "s", "t", "N", "J", "W", "A", "V", "C", "T", "F", "L", "K"}
    letters = set(re.findall("[A-Za-z]", unit))
    together = token.end - token.start == len(token.text) + len(unit)
    if not (
        unit
        and letters
        and letters <= vocabulary.names & known
        and (together or vocabulary.symbolic)
    ):
        return [_symbol_term(token, position)]
    number = replace(token, unit="", end=token.start + len(token.text))
    terms = [_symbol_term(number, position)]
    for part in _UNIT_PART.findall(unit):
        if part.isalpha():
            terms.append(Term("name", part, position, position, token))
        elif part[0] == "^":
            power = float(part[1:])
            written = Token("num", part[1:], token.start, token.end, (power,), "", 1)
            terms.append(Term("op", "^", position, position, token))
            terms.append(Term("num", part[1:], position, position, written))
        else:
            kind = {"(": "lp", ")": "rp"}.get(part, "op")
            terms.append(Term(kind, part, position, position, token))
    return terms


def _symbol_term(token: Token, position: int) -> Term:
    kind = token.kind
    if kind == "op" and token.text in _SIMPLE:
        return Term("op", _SIMPLE[token.text], position, position, token)
    if kind == "rel":
        relation = "=" if token.text in ("=", "==", "≈", "=>") else token.text
        return Term("rel", relation, position, position, token)
    if kind == "sep":
        return Term("and", ",", position, position, token)
    if kind in ("num", "lp", "rp", "stop"):
        return Term(kind, token.text, position, position, token)
    return Term("word", token.text, position, position, token)


def _phrase(tokens: Sequence[Token], position: int) -> tuple[str, str, int] | None:
    words = []
    for token in tokens[position : position + _LONGEST]:
        if token.kind != "word":
            break
        words.append(token.lower)
    for length in range(len(words), 0, -1):
        found = _phrases().get(" ".join(words[:length]))
        if found:
            return (*found, length)
    return None


def _is_name(tokens: Sequence[Token], position: int, vocabulary: Vocabulary) -> bool:
    text = tokens[position].text
    return len(text) <= 2 and text.replace("_", "") in vocabulary.names


def _word_terms(tokens: Sequence[Token], position: int, vocabulary: Vocabulary) -> list[Term]:
    """Read a word as a name, a product of names ("mgh"), a noun of the problem, or a plain word."""
    token = tokens[position]
    text = token.text.replace("_", "")
    if text == "x" and _between_numbers(tokens, position):
        return [Term("op", "*", position, position, token)]
    if text in vocabulary.names or text == "pi":
        if text not in _AMBIGUOUS_LETTERS or _beside_maths(tokens, position):
            return [Term("name", text, position, position, token)]
        return [Term("word", token.text, position, position, token)]
    noun = token.lower.removesuffix("'s")
    for form in (noun, noun.removesuffix("s")):
        if form in vocabulary.nouns:
            return [Term("noun", form, position, position, token)]
    if len(text) == 1 or (len(text) == 2 and text[1].isdigit()):
        if text not in _AMBIGUOUS_LETTERS or _beside_maths(tokens, position):
            return [Term("name", text, position, position, token)]
    elif (match := _NAMES_THEN_FUNCTION.fullmatch(text)) and (
        letters := _product(match[1], vocabulary)
    ):
        found = [Term("name", c, position, position, token) for c in letters]
        return [*found, Term("fn", match[2], position, position, token)]
    elif len(text) <= 5 and (letters := _product(text, vocabulary)):
        vowels = any(c in "aeiouAEIOU" for c in text)
        if not vowels or _beside_maths(tokens, position):
            return [Term("name", c, position, position, token) for c in letters]
    return [Term("word", token.text, position, position, token)]


def _product(text: str, vocabulary: Vocabulary) -> list[str]:
    """Split "mgh" or "v0t" into names; [] when a part is no known letter."""
    letters: list[str] = []
    rest = text
    while rest:
        size = 2 if len(rest) > 1 and rest[1].isdigit() else 1
        name, rest = rest[:size], rest[size:]
        if name not in vocabulary.names and name not in "mghvatFdpkxsEWPrVIRqL":
            return []
        letters.append(name)
    return letters if any(name in vocabulary.names for name in letters) else []


def _between_numbers(tokens: Sequence[Token], position: int) -> bool:
    before = tokens[position - 1] if position else None
    after = tokens[position + 1] if position + 1 < len(tokens) else None
    return bool(before and after and before.kind in ("num", "rp") and after.kind in ("num", "lp"))


def _beside_maths(tokens: Sequence[Token], position: int) -> bool:
    """Say whether a letter that is also an English word stands in a formula."""
    for neighbour in (position - 1, position + 1):
        if 0 <= neighbour < len(tokens):
            other = tokens[neighbour]
            if other.kind in ("op", "rel") or (other.kind in ("lp", "rp") and len(other.text) == 1):
                return True
            if other.kind == "word" and len(other.text) == 1 and other.text not in "aAIi":
                return True
    return False

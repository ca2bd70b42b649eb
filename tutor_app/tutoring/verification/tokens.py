"""Cut canonical text into the tokens of mathematics and of the words around it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.numerals import read_numeral, roman
from tutor_app.tutoring.verification.units import read_unit

_RAW = re.compile(
    r"""
    (?P<num>\d+(?:[.,]\d+)*(?:[eE][-+]?\d{1,3}(?![A-Za-z\d]))?|(?<![\w.])\.\d+)
  | (?P<word>[^\W\d_]+(?:'[a-z]+)?(?:(?<![A-Za-z]{2})_?\d+|_[A-Za-z\d]+)?)
  | (?P<rel><=|>=|=>|==|!=|[=<>≈])
  | (?P<op>[-+*/^–±])
  | (?P<lp>[(\[])
  | (?P<rp>[)\]])
  | (?P<stop>[.!?;:\n]+|—)
  | (?P<sep>,)
  | (?P<deg>°)
  | (?P<pct>%)
  | (?P<other>\S)
    """,
    re.X,
)
_MAX_TOKENS = 1500
_ONE = (["a"], ["an"], ["one"])


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text.

    Attributes:
        kind: num, word, rel, op, lp, rp, stop, sep, other.
        values: for a number, its possible readings ("1,980" is 1980 or 1.98).
        unit: plain unit that follows the number, or "".
        digits: significant digits as written.
        spelled: written in words ("nineteen").
        start, end: place in the canonical text.
    """

    kind: str
    text: str
    start: int
    end: int
    values: tuple[float, ...] = ()
    unit: str = ""
    digits: int = 0
    spelled: bool = False

    @property
    def value(self) -> float:
        """The first reading."""
        return self.values[0]

    @property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    @property
    def decimal(self) -> bool:
        """Written as a fraction below one: ".8", "0.8", "point eight"."""
        return 0 < abs(self.value) < 1


@lru_cache(maxsize=512)
def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text; number words are numbers, units belong to their number."""
    plain = canonical(text)
    raw: list[Token] = []
    for match in _RAW.finditer(plain):
        kind = str(match.lastgroup)
        token = Token(kind, match[0], match.start(), match.end())
        if kind == "num":
            token = _number(token)
        elif kind == "word" and (value := roman(match[0])) is not None:
            token = replace(token, kind="num", values=(float(value),), digits=2, spelled=True)
        elif kind == "deg":
            token = replace(token, kind="word", text="deg")
        elif kind == "pct":
            token = replace(token, kind="word", text="%")
        raw.append(token)
        if len(raw) >= _MAX_TOKENS:
            break
    return tuple(_with_units(_with_numerals(raw)))


def _number(token: Token) -> Token:
    readings, digits = number_readings(token.text)
    if not readings:
        return replace(token, kind="other")
    return replace(token, values=readings, digits=digits)


def number_readings(text: str) -> tuple[tuple[float, ...], int]:
    """Return what a written number may mean (finite), and its significant digits."""
    mantissa = re.split("[eE]", text)[0]
    exponent = text[len(mantissa) :]
    plain = [mantissa]
    if "," in mantissa:
        groups = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", mantissa)
        plain = [mantissa.replace(",", "")] if groups else []
        if mantissa.count(",") == 1 and "." not in mantissa:
            plain.append(mantissa.replace(",", "."))
    elif mantissa.count(".") > 1:
        plain = []
    plain = plain or [re.sub(r"[.,](?=.*[.,])", "", mantissa).replace(",", ".")]
    readings = []
    for one in plain:
        value = float(one + exponent)
        if math.isfinite(value):
            readings.append(value)
    digits = len(re.sub(r"[^\d]", "", plain[0]).lstrip("0")) or 1
    return tuple(readings), digits


def _with_numerals(raw: list[Token]) -> list[Token]:
    """Join number words, and digits spoken with "point", into number tokens."""
    tokens: list[Token] = []
    position = 0
    while position < len(raw):
        token = raw[position]
        if token.kind in ("num", "word"):
            words = [
                (t.text if t.kind == "num" else t.lower) if t.kind in ("num", "word") else t.text
                for t in raw[position : position + 16]
            ]
            gaps = [b.start - a.end for a, b in pairwise(raw[position : position + 17])]
            found = read_numeral(words, gaps)
            if found is not None:
                last = raw[position + found.length - 1]
                text = " ".join(words[: found.length])
                spelled = token.kind == "word" or found.length > 1
                tokens.append(
                    Token(
                        "num", text, token.start, last.end, found.values, "", found.digits, spelled
                    )
                )
                position += found.length
                continue
        tokens.append(token)
        position += 1
    return tokens


def _with_units(raw: list[Token]) -> list[Token]:
    """Attach the unit that follows a number."""
    tokens: list[Token] = []
    position = 0
    while position < len(raw):
        token = raw[position]
        position += 1
        if token.kind == "num" and position < len(raw):
            following = raw[position : position + 14]
            words = [t.text for t in following]
            gaps = [b.start - a.end for a, b in pairwise([token, *following])]
            skipped = 0
            if token.decimal and token.spelled and words[:1] == ["of"] and words[1:2] in _ONE:
                skipped = 2  # "a fifth of a megajoule"
            unit, length = read_unit(words[skipped:], gaps[skipped:])
            if length:
                length += skipped
                token = replace(token, unit=unit, end=raw[position + length - 1].end)
                position += length
        tokens.append(token)
    return tokens


def unit_after(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    """Return the unit that stands alone, as in "the speed in m/s", and how many tokens it takes."""
    following = tokens[position : position + 8]
    if not following or following[0].kind != "word":
        return "", 0
    gaps = [1, *(b.start - a.end for a, b in pairwise(following))]
    return read_unit([token.text for token in following], gaps)

"""Find every number in a text that could be an answer."""

import re
from dataclasses import dataclass

from tutor_app.answers.arithmetic import Expression, expression_at, measures
from tutor_app.answers.cleaning import clean
from tutor_app.answers.number_words import words_to_digits
from tutor_app.answers.typed_units import units_at
from tutor_app.answers.units import Measure
from tutor_app.errors import AnswerSyntaxError

_MAX_CANDIDATES = 60
_RATIO = re.compile(r"(?<![\d:])(\d{1,4}):(\d{1,4})(?![\d:])")
_ARC_MINUTES = re.compile(r"(\d{1,3})°\s?(\d{1,2})'")
_WORD_OPERATORS = [
    (re.compile(r"\bper cent\b", re.I), "percent"),
    (
        re.compile(
            r"\b(kilo|mega|milli|centi|micro) (?=(?:joule|watt|newton|meter|metre)s?\b)", re.I
        ),
        r"\1",
    ),
    (re.compile(r"\b(?:twice|double)\s+(?=[\d.])", re.I), "2*"),
    (re.compile(r"(?<=\d) out of (?=\d)", re.I), "/"),
    (re.compile(r"(?:(?<=\b0\.5)|(?<=%)) of (?=[\d.])", re.I), "*"),
    (re.compile(r"(?<=\d) tenths?\b", re.I), "/10"),
    (re.compile(r"(?<=\d) hundredths?\b", re.I), "/100"),
    (re.compile(r"\broot\s+(?=\d)", re.I), "√"),
    (re.compile(r"\b(?:square |sq\.? ?)?roots?\s+of\b|\bsquare roots?\b|\bsqrt of\b", re.I), "√"),
    (re.compile(r"\b(?:multiplied by|times)\b", re.I), "*"),
    (re.compile(r"\bdivided by\b|(?<=\d )over(?= \d)", re.I), "/"),
    (re.compile(r"\bto the power(?: of)?\b", re.I), "^"),
    (re.compile(r"(?<=\d )plus(?= [\d.])", re.I), "+"),
    (re.compile(r"\b(?:minus|negative)\s+(?=[\d.√(])", re.I), "-"),
    (re.compile(r"(?<=[\d)])\s?squared\b", re.I), "^2"),
    (re.compile(r"(?<=[\d)])\s?cubed\b", re.I), "^3"),
    (re.compile(r"\barc\s?(?=(?:sin|cos|tan)\b)|\binverse (?=(?:sin|cos|tan))", re.I), "a"),
    (re.compile(r"\b(sin|cos|tan)\s?\^?\s?\(?-1\)?(?=\s?\()", re.I), r"a\1"),
    (re.compile(r"(?:±|\+/?-)\s?\d+(?:[.,]\d+)?"), ""),
    (re.compile(r"√\s+"), "√"),
]
_DIGITS = re.compile(r"\d+")
_DOTTED = re.compile(r"(\d+)·(\d+)[A-Za-z/^]*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:'[a-z]+)?(?:\s?\^\s?\(?-?\d+\)?)?")
_FUNCTION = re.compile(r"(?:sqrt|cbrt|asin|acos|atan|sin|cos|tan|ln|log10|log|exp|pi)(?![a-z])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_SYMBOL_AFTER = re.compile(
    r"\s?[*/^]\s?[A-Za-z(√_]|[+-][A-Za-z](?![a-z])|\s?[A-Za-z]{1,4}\s?\^|\s[a-z]\s[a-z]\s?\^"
)
# "2 m g" is a formula, "2 N m" a torque.
_SPACED_SYMBOLS = re.compile(r"[\d./]+(?!k )\s?[a-z](?:\s[A-Za-z])+")
_SYMBOL_BEFORE = re.compile(r"(?:[A-Za-z0-9_)]\s?[*/^]\s?|[A-Za-z][+-])$")
_FUNCTION_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}\(?$")
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:step|part|question|problem|exercise|eq|eqn|equation|law|number|option|section|"
    r"figure|fig|method|way|case|q)\b\.?\s?[(#]?|#)$",
    re.I,
)
_PRECISION_AFTER = re.compile(r"\s?(?:s\.?f\b|sig\b|significant|decimals?\b|d\.?p\b)", re.I)
_UNIT_BEFORE = re.compile(r"(?:[(\[]|\bin )([A-Za-z][A-Za-z0-9/^* .-]{0,14}?)[)\]]?\s?[:=≈]\s?$")
_UNIT_AFTER = re.compile(r",?\s?(?:\()?in\s+(?=[A-Za-z])")
_LIST_MARKER = re.compile(r"(?:^|\n)[ \t]*\(?\d{1,2}[.):]\s+(?=\S)")
_SIGN_AFTER = re.compile(
    r"(?:[=≈(<>:,;]|\b(?:is|be|are|was|of|to|about|by|equals?|get|got))\s*$", re.I
)
_GLUED_OK = re.compile(r"(?:ish|x\b)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number in a text.

    Attributes:
        start, end: its span in the text that `prepared` returns.
        readings: what it says, best first; they differ in unit.
        otherwise: other plain values that the typing allows.
        symbolic: part of a formula with symbols, so no answer by itself.
        span_of_values: "19-20", which may be a range or a subtraction.
        arithmetic: more than one number with a sign and a unit.
    """

    start: int
    end: int
    readings: tuple[Measure, ...]
    otherwise: tuple[float, ...] = ()
    symbolic: bool = False
    span_of_values: bool = False
    arithmetic: bool = False


def prepared(cleaned: str, ratios: bool = False) -> str:
    """Write number words and spoken operators as digits and signs; bounded like `clean`.

    Args:
        cleaned: what `clean` returns.
        ratios: read 1:4 as 1/4.
    """
    text = cleaned
    if ratios:
        text = _RATIO.sub(r"\1/\2", text)
    text = _ARC_MINUTES.sub(lambda m: f"{int(m[1]) + int(m[2]) / 60:.6g}°", text)
    if re.search(r"[A-Za-z]{3}", text):
        text = words_to_digits(text)
    for pattern, sign in _WORD_OPERATORS:
        text = pattern.sub(sign, text)
    return text


def candidates(text: str) -> tuple[list[Candidate], list[float]]:
    """Find the numbers in a prepared text, and all plain numbers that stand in it."""
    found: list[Candidate] = []
    numbers: list[float] = []
    markers = {match.end() for match in _LIST_MARKER.finditer(text)}
    at = 0
    while at < len(text) and len(found) < _MAX_CANDIDATES:
        character = text[at]
        if character.isalpha() or character == "_":
            if not (_FUNCTION.match(text, at) and _begins_call(text, at)):
                word = _WORD.match(text, at)
                at = word.end() if word else at + 1
                continue
        elif not (character.isdigit() or character in "√.(" or _is_sign(text, at)):
            at += 1
            continue
        if any(at < end <= at + 6 and text[at:end].strip(" ().:").isdigit() for end in markers):
            end = min(end for end in markers if end > at)
            numbers.append(float(text[at:end].strip(" ().:")))
            at = end
            continue
        expression = expression_at(text, at)
        if expression is None:
            digits = _DIGITS.match(text, at)
            at = digits.end() if digits else at + 1
            continue
        numbers += expression.numbers
        candidate = _candidate(text, at, expression)
        if candidate:
            found.append(candidate)
        at = max(expression.end, at + 1)
    return found, numbers


def measures_in(text: str) -> list[Measure]:
    """Read every number in a learner's or tutor's text with its unit.

    Number words, LaTeX and arithmetic are read too; numbers inside formulas with symbols are
    left out. A unit with several readings ("ms-1") gives one measure for each.
    """
    found, _ = candidates(prepared(clean(text)))
    return [measure for c in found if not c.symbolic for measure in c.readings]


def _begins_call(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")


def _is_sign(text: str, at: int) -> bool:
    """A dash is a minus unless it joins words or opens a list entry."""
    if text[at] not in "+-":
        return False
    if text[at + 1 : at + 2] != " ":
        return at == 0 or not text[at - 1].isalnum()
    before = text[:at].rsplit("\n", 1)[-1]
    if not before.strip():
        return "\n" not in text.strip()
    return bool(_SIGN_AFTER.search(before[-20:]))


def _unit_elsewhere(text: str, start: int, end: int) -> list[str]:
    """Read the unit in "19.8 in m/s", "in m/s: 19.8" and "v (m/s) = 19.8"."""
    if match := _UNIT_AFTER.match(text, end):
        units, stop = units_at(text, match.end())
        return units if not text[stop : stop + 1].isalpha() else []
    if match := _UNIT_BEFORE.search(text[max(0, start - 24) : start]):
        units, stop = units_at(match[1], 0)
        return units if stop == len(match[1]) else []
    return []


def _is_range(typed: str) -> bool:
    """19-20 is a range, 60-20 a difference."""
    match = re.match(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?![\d.]| ?[*/^=])", typed)
    return match is not None and float(match[1]) < float(match[2])


def _candidate(text: str, start: int, expression: Expression) -> Candidate | None:
    end = expression.end
    before, after = text[max(0, start - 14) : start], text[end : end + 16]
    label = text[start:end].isdigit() and _LABEL_BEFORE.search(before)
    if label or _ORDINAL.match(after) or _PRECISION_AFTER.match(after):
        return None
    try:
        readings, others = measures(expression)
        if expression.loose_root and (wide := expression_at(text, start, wide_root=True)):
            others.append(measures(wide)[0][0].value)
    except AnswerSyntaxError:
        return None
    if dotted := _DOTTED.fullmatch(text[start:end].split(" ")[0]):
        others.append(float(f"{dotted[1]}.{dotted[2]}"))
    if not expression.units and (units := _unit_elsewhere(text, start, end)):
        readings = [Measure(readings[0].value, unit) for unit in units]
    glued = after[:1].isalpha() and text[end - 1].isalnum() and not _GLUED_OK.match(after)
    symbolic = bool(
        (glued and not expression.units)
        or _SPACED_SYMBOLS.fullmatch(text[start:end])
        or _SYMBOL_AFTER.match(after)
        or _SYMBOL_BEFORE.search(before)
        or ("(" in text[max(0, start - 1) : start + 1] and _FUNCTION_BEFORE.search(before))
    )
    return Candidate(
        start,
        end,
        tuple(readings),
        tuple(others),
        symbolic=symbolic,
        span_of_values=_is_range(text[start:end]),
        arithmetic=not expression.literal,
    )

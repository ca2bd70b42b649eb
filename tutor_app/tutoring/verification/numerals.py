"""Numbers written in words: "nineteen point eight", "ninety-nine fifths", "1 point 9", "XIX"."""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

_ROMAN = re.compile(r"(?=[MDCLXVI]{2})M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_LITERAL = re.compile(r"\d+(?:[.,]\d+)?")
_IDEOGRAPHS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_IDEOGRAPH_TENS = {"十": 10, "百": 100, "千": 1000}
_IDEOGRAPHIC = re.compile("[〇零一二三四五六七八九两十百千点點]+")
_LONGEST_FORM = 90


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from words: its value, significant digits, and how many words it took."""

    values: tuple[float, ...]
    digits: int
    length: int


@dataclass(frozen=True, slots=True)
class _Lexicon:
    small: dict[str, int]
    tens: dict[str, int]
    large: dict[str, int]
    point: frozenset[str]
    joining: frozenset[str]
    parts: dict[str, int]
    articles: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    table = tomllib.loads(Path(__file__).with_name("numerals.toml").read_text(encoding="utf-8"))
    small: dict[str, int] = {}
    tens: dict[str, int] = {}
    for language in table["language"].values():
        for value, words in enumerate(language["small"].split()):
            small.update(dict.fromkeys(words.split("|"), value))
        for number, words in enumerate(language["tens"].split(), start=2):
            tens.update(dict.fromkeys(words.split("|"), 10 * number))
        for number, words in enumerate(language.get("hundreds", "").split(), start=1):
            tens.update(dict.fromkeys(words.split("|"), 100 * number))
    german = table["language"]["de"]
    for unit, words in enumerate(german["small"].split()[1:10], start=1):
        for number, ten in enumerate(german["tens"].split(), start=2):
            stem = "ein" if unit == 1 else words.split("|")[0]
            small[f"{stem}und{ten}"] = 10 * number + unit
    return _Lexicon(
        small,
        tens,
        table["large"],
        frozenset(table["point"]),
        frozenset(table["joining"]),
        table["parts"],
        frozenset(table["articles"]),
    )


def read_numeral(words: Sequence[str], gaps: Sequence[int]) -> Numeral | None:
    """Read the number that the words begin with.

    Args:
        words: tokens in lower case (digits as written), hyphens included.
        gaps: characters between each token and the next.

    Returns:
        None when the words begin with no numeral, or with a plain literal that stands alone.
    """
    lexicon = _lexicon()
    first = words[0]
    if not (
        _LITERAL.fullmatch(first)
        or first in lexicon.point
        or first in lexicon.articles
        or first == "half"
        or _is_number_word(first)
    ):
        return _ideographic(first)
    whole, position = _whole(words, gaps)
    fraction, after = _after_point(words, position)
    position = after
    if whole is None and not fraction:
        return _article_and_part(words, lexicon)
    try:
        value = float(f"{whole or '0'}.{fraction}" if fraction else whole or "0")
    except ValueError:
        return None
    scale = lexicon.large.get(words[position - 1], 0) if position else 0
    before = value
    value, position = _with_part(value, words, position, lexicon)
    if scale and math.isclose(value - before, 0.5):
        value = before + scale / 2  # "a dozen and a half"
    if position < len(words) and words[position] in lexicon.large and position > 0:
        value *= lexicon.large[words[position]]
        position += 1
    if (position == 1 and _LITERAL.fullmatch(first)) or not math.isfinite(value):
        return None
    return Numeral((value,), _digits(value), position)


def _is_number_word(word: str) -> bool:
    lexicon = _lexicon()
    return word in lexicon.large or _small(word) is not None or word in lexicon.tens


@cache
def _near_words() -> tuple[str, ...]:
    lexicon = _lexicon()
    known = {**lexicon.small, **lexicon.tens}
    return tuple(w for w, v in known.items() if len(w) >= 6 and v >= 10 and w.isascii())


def _small(word: str) -> int | None:
    """Return the value of a word below a hundred; one slip of the pen is forgiven."""
    lexicon = _lexicon()
    value = lexicon.small.get(word, lexicon.tens.get(word))
    if value is None and "hundert" in word:
        value = _german_hundreds(word)
    if value is not None or len(word) < 6 or word.endswith(("th", "ths")):
        return value
    if not word.endswith(("ty", "teen", "een", "en", "lve", "tey", "ey")):
        return None
    for known in _near_words():
        if known[0] == word[0] and Levenshtein.distance(known, word, score_cutoff=1) <= 1:
            return lexicon.small.get(known, lexicon.tens.get(known))
    return None


def _german_hundreds(word: str) -> int | None:
    """Read "hundertzweiundvierzig"."""
    lexicon = _lexicon()
    before, _, after = word.partition("hundert")
    parts = [1 if not before else lexicon.small.get(before)]
    parts.append(0 if not after else lexicon.small.get(after, lexicon.tens.get(after)))
    if parts[0] is None or parts[1] is None:
        return None
    return 100 * parts[0] + parts[1]


def _whole(words: Sequence[str], gaps: Sequence[int]) -> tuple[str | None, int]:
    """Read the part before the point: digits as text, and the words taken."""
    lexicon = _lexicon()
    if _LITERAL.fullmatch(words[0]):
        return words[0].replace(",", "."), 1
    text, total, group, position = "", 0, 0, 0
    room = 0  # what may still be added to the group: 10 after "twenty", 100 after "hundred"
    seen = False
    while position < len(words):
        word = words[position]
        nxt = position + 1
        if seen and word == "-" and nxt < len(words) and _is_number_word(words[nxt]):
            position += 1
            continue
        if seen and word in lexicon.joining:
            if room >= 100 and nxt < len(words) and _small(words[nxt]) is not None:
                position += 1
                continue
            break
        value = _small(word)
        if value is not None:
            if seen and value >= max(room, 1):
                text += f"{total + group}"
                total = group = 0
            elif seen and value == 0:
                break
            group += value
            room = 10 if (value >= 20 and value % 10 == 0) or word == "dix" else 0
            room = 100 if value >= 100 else room
        elif word in lexicon.large and (seen or lexicon.large[word] >= 100 or word == "dozen"):
            scale = lexicon.large[word]
            group = max(group, 0 if seen else 1) * scale
            if scale >= 1000:
                total, group = total + group, 0
            room = scale
        else:
            break
        seen = True
        position += 1
        if len(text) > _LONGEST_FORM:
            break
    if not seen:
        return None, 0
    return f"{text}{total + group}", position


def _after_point(words: Sequence[str], position: int) -> tuple[str, int]:
    """Read "point eight five": the digits after the point, and the new position."""
    lexicon = _lexicon()
    start = position
    if position < len(words) and words[position] == "-":
        position += 1
    if (
        position >= len(words)
        or words[position] not in lexicon.point
        or (start and "." in words[0])
    ):
        return "", start
    position += 1
    digits = ""
    while position < len(words) and len(digits) < 12:
        word = words[position]
        value = _small(word)
        if word == "-" and digits:
            position += 1
        elif word.isdigit():
            digits += word
            position += 1
        elif value is not None:
            before = words[position - 1 - (words[position - 1] == "-")]
            tens = digits and before in lexicon.tens and value < 10
            digits = digits[:-1] + str(value) if tens else digits + str(value)
            position += 1
        elif word == "-" and position + 1 < len(words) and _small(words[position + 1]) is not None:
            position += 1
        else:
            break
    if not digits:
        return "", start
    return digits, position - (words[position - 1] == "-")


def _with_part(
    value: float, words: Sequence[str], position: int, lexicon: _Lexicon
) -> tuple[float, int]:
    """Read "four fifths", "and a half", "and 8 tenths" after a whole number."""
    here = [w for w in words[position : position + 5] if w != "-"]
    skipped = len(words[position : position + 5]) - len(here)
    if here and here[0] in lexicon.parts and position:
        return value / lexicon.parts[here[0]], position + 1 + (words[position] == "-")
    if len(here) >= 3 and here[0] in lexicon.joining and here[2] in lexicon.parts and not skipped:
        above = 1 if here[1] in lexicon.articles else _small(here[1])
        if above is None and here[1].isdigit():
            above = int(here[1])
        if above is not None:
            return value + above / lexicon.parts[here[2]], position + 3
    return value, position


def _article_and_part(words: Sequence[str], lexicon: _Lexicon) -> Numeral | None:
    """Read "a third", "a hundred", "a dozen", "half a"."""
    if words[0] == "half" and words[1:2] and words[1] in lexicon.articles:
        return Numeral((0.5,), 1, 2)
    if words[0] not in lexicon.articles or len(words) < 2:
        return None
    if words[1] in lexicon.parts and words[1] != "second":
        return Numeral((1 / lexicon.parts[words[1]],), 1, 2)
    if words[1] in lexicon.large:
        found = read_numeral(["one", *words[1:]], [1] * len(words))
        return found
    return None


def roman(word: str) -> int | None:
    """Return the value of a Roman numeral of two capitals or more ("XIX"), or None."""
    if not _ROMAN.fullmatch(word) and not re.fullmatch("[ivx]{3,}", word):
        return None
    values = [_ROMAN_VALUES[c] for c in word.upper()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _ideographic(word: str) -> Numeral | None:
    if not _IDEOGRAPHIC.fullmatch(word):
        return None
    before, _, after = re.sub("點", "点", word).partition("点")
    total, digit, text = 0, 0, ""
    for character in before:
        if character in _IDEOGRAPH_TENS:
            total += max(digit, 1) * _IDEOGRAPH_TENS[character]
            digit = 0
        else:
            digit = _IDEOGRAPHS[character]
            text += str(digit)
    whole = str(total + digit) if total else text or "0"
    decimals = "".join(str(_IDEOGRAPHS.get(c, "")) for c in after)
    value = float(f"{whole}.{decimals or 0}")
    return Numeral((value,), _digits(value), 1)


def _digits(value: float) -> int:
    return len(f"{value:.10g}".replace(".", "").replace("-", "").lstrip("0")) or 1

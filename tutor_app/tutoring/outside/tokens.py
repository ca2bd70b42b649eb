"""Cut prose with arithmetic in it into tokens, in place, so that spans can be quoted verbatim."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tutor_app.answers.cleaning import clean

MAX_CHARACTERS = 6_000

_ONES = dict(zip("one two three four five six seven eight nine".split(), range(1, 10), strict=True))
_TEENS = dict(
    zip(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        range(20, 100, 10),
        strict=True,
    )
)
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_MULTIPLES = {"twice": 2, "double": 2, "triple": 3, "thrice": 3, "dozen": 12}
_SMALL = "|".join(sorted(_ONES | _TEENS, key=len, reverse=True))
_PART = "|".join(_PARTS)
_TOKEN = re.compile(
    rf"""(?P<clock>\b\d{{1,2}}:\d\d(?:\s?[ap]\.?m\.?)?)
      | (?P<percent>\d+(?:\.\d+)?\s?(?:%|percent\b|per\ cent\b))
      | (?P<wordpercent>\b(?:(?:{"|".join(_TENS)})(?:[\s-](?:{"|".join(_ONES)}))?|{_SMALL})\s
            per\s?cent\b)
      | (?P<fraction>(?<![\d./])\d{{1,3}}/\d{{1,3}}(?![\d./]))
      | (?P<num>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|(?<!\d)\.\d+)
      | (?P<part>\b(?:(?:an?|one|two|three|four)[\s-])?(?:{_PART})s?\b)
      | (?P<multiple>\b(?:twice|double|triple|thrice|(?:an?\s)?dozen)\b)
      | (?P<spelled>\b(?:(?:{"|".join(_TENS)})(?:[\s-](?:{"|".join(_ONES)}))?|{_SMALL})
            (?:\shundred)?\b)
      | (?P<word>[A-Za-z]+(?:['’][a-z]+)?)
      | (?P<money>[$£€])
      | (?P<open>[(\[]) | (?P<close>[)\]])
      | (?P<eq>[=≈]) | (?P<op>[-+−–*×·÷/^])
      | (?P<stop>[.,;:?!\n])
      | (?P<other>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
Kind = Literal["num", "word", "money", "open", "close", "eq", "op", "stop", "other"]
_KINDS: dict[str, Kind] = {
    "money": "money",
    "open": "open",
    "close": "close",
    "eq": "eq",
    "op": "op",
    "stop": "stop",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of text.

    Attributes:
        value: of a number; 30 % is 0.3.
        how: how a number is written: "digits", "percent", "fraction", "spelled", "multiple".
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: float = 0.0
    how: str = ""


def tidy(text: str) -> str:
    """Return the text on plain lines: no LaTeX, no calculator marks, at most 6,000 characters."""
    text = text[:MAX_CHARACTERS]
    text = re.sub(r"<<[^<>]*>>", "", text).replace("####", "\n")
    if "\\" in text:
        text = clean(text)
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r" ?\n[ \n]*", "\n", text).strip()


@lru_cache(maxsize=512)
def tokenize(text: str) -> tuple[Token, ...]:
    """Cut a tidy text into tokens, left to right."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match[0]
        if kind == "fraction" and not _is_one_number(text, match):
            cut = piece.index("/")
            at = match.start()
            for part, begin in ((piece[:cut], at), (piece[cut + 1 :], at + cut + 1)):
                found.append(Token("num", part, begin, begin + len(part), float(part), "digits"))
            found.insert(-1, Token("op", "/", at + cut, at + cut + 1))
            continue
        if kind == "part" and not _is_fraction(text, match):
            kind = "word"
        value = _value(kind, piece)
        if value is not None:
            how = {"num": "digits", "part": "fraction", "wordpercent": "percent"}.get(kind, kind)
            found.append(Token("num", piece, match.start(), match.end(), value, how))
        else:
            found.append(Token(_KINDS.get(kind, "word"), piece, match.start(), match.end()))
    return tuple(found)


def _is_one_number(text: str, match: re.Match[str]) -> bool:
    """1/3 is a number; 52/2 and "3/12 =" are divisions somebody carries out."""
    above, below = (int(part) for part in match[0].split("/"))
    factor = text[: match.start()].rstrip().endswith(("*", "×", "+", "-", "(", "·"))
    carried_out = text[match.end() :].lstrip().startswith("=") and not factor
    return 0 < above < below and (below <= 12 or below == 100) and not carried_out


def _is_fraction(text: str, match: re.Match[str]) -> bool:
    """Tell a fraction, "a third of", from "the third day" and "a quarter" (a coin)."""
    piece = match[0].lower()
    if "half" in piece or "halves" in piece:
        return True
    counted = piece.startswith(("a ", "an ", "one", "two", "three", "four"))
    return bool(re.match(r"\s+(of|as|the|less|more)\b", text[match.end() :])) and (
        counted or not text[: match.start()].lower().rstrip().endswith("the")
    )


def _value(kind: str, piece: str) -> float | None:
    lowered = piece.lower()
    match kind:
        case "percent":
            return float(re.match(r"[\d.]+", piece)[0]) / 100  # type: ignore[index]
        case "fraction":
            above, below = (int(part) for part in piece.split("/"))
            return above / below
        case "clock":
            hours, minutes = re.findall(r"\d+", lowered)[:2]
            return int(hours) + int(minutes) / 60
        case "wordpercent":
            return (_spelled(lowered.split(" per")[0]) or 1.0) / 100
        case "num":
            return float(piece.replace(",", ""))
        case "part":
            words = re.split(r"[\s-]", lowered)
            above = _ONES.get(words[0], 1)
            word = words[-1].replace("halves", "half")
            return above / _PARTS[word if word in _PARTS else word.rstrip("s")]
        case "multiple":
            return float(_MULTIPLES[lowered.split()[-1]])
        case "spelled":
            return _spelled(lowered)
    return None


def _spelled(words: str) -> float | None:
    total = 0
    for word in re.split(r"[\s-]", words):
        if word == "hundred":
            total *= 100
        else:
            total += _ONES.get(word) or _TEENS.get(word) or _TENS.get(word) or 0
    # "one" is far more often a pronoun than a number
    return None if words == "one" else float(total)

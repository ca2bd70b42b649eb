"""Text that a person would not see: found, named and taken out.

How to use: when submissions come in, before they are stored and graded,

    clean, found = strip_hidden(submission.text)
    submission = submission.model_copy(update={
        "text": clean, "hidden": (*submission.hidden, *map(str, found))})

so that people, graders and quotes all work on the same text. White and tiny text is found by the
readers of the files and is in `submission.hidden` already.

What may hide (Boucher et al. 2022, "Bad Characters"; Unicode TR36 and TR39): zero-width
characters, characters that turn the direction of reading, "tag" characters and variation
selectors that carry a second text, and look-alike letters of another script within a word.
"""

import re
from dataclasses import dataclass
from typing import Literal

HiddenKind = Literal["zero-width", "direction", "tags", "selectors", "look-alikes"]

_ZERO_WIDTH = "\u200b\u2060\u2061\u2062\u2063\u2064\u180e\ufeff\u115f\u1160\u3164\uffa0"
_JOINERS = "\u200c\u200d"
_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,8}\U000e007f")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}|[\U000e0100-\U000e01ef]")
_DROPPED = re.compile(f"[{_ZERO_WIDTH}]+")
_TURNED = re.compile(f"[{_DIRECTION}]")
_LATIN_JOINED = re.compile(f"(?<=[A-Za-zÀ-ɏ0-9])[{_JOINERS}]+(?=[A-Za-zÀ-ɏ0-9])")
_SOFT = re.compile("\u00ad")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_FORMULA = 3
"""Up to so many letters, Greek among Latin ones is taken for a formula (ρgh)."""
_LOOK_ALIKES = str.maketrans(
    dict(zip("аеорсухіјѕһԁԛԝгАВЕКМНОРСТУХІЈЅ", "aeopcyxijshdqwrABEKMHOPCTYXIJS", strict=True))
    | dict(zip("οανικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavikptuxABEZHIKMNOPTYX", strict=True))
)
_SHOWN = 200


@dataclass(frozen=True)
class HiddenText:
    """One way in which text was hidden.

    Attributes:
        kind: how.
        count: how many characters.
        text: what they say, where they say something, at most 200 characters.
    """

    kind: HiddenKind
    count: int
    text: str = ""

    def __str__(self) -> str:
        """Say it in a sentence for people."""
        n = f"{self.count} character" + ("s" if self.count != 1 else "")
        if self.kind == "zero-width":
            return f"{n} without width between the letters"
        if self.kind == "direction":
            return f"{n} that turn the direction of reading"
        if self.kind == "look-alikes":
            return f"{n} of another alphabet that look like Latin letters: {self.text}"
        said = f", which say: {self.text}" if self.text else ""
        return f"{n} that no screen shows{said}"


def strip_hidden(text: str) -> tuple[str, tuple[HiddenText, ...]]:
    """Return the text as a person sees it, and what was hidden in it.

    Soft hyphens and a mark at the very start go without a word: programs put them there. Joiners
    stay in scripts that need them, marks of direction (LRM, RLM) stay everywhere, a flag made of
    tags stays. Words of look-alike letters are reported and left as they are.
    """
    if text.isascii():
        return text, ()
    text = _SOFT.sub("", text.removeprefix("\ufeff"))
    found: list[HiddenText] = []
    flags = [match.span() for match in _FLAG.finditer(text)]
    text, said = _take(_TAGS, text, flags)
    if said:
        words = "".join(chr(ord(c) - 0xE0000) for c in said if 0xE0020 <= ord(c) < 0xE007F)
        found.append(HiddenText("tags", len(said), words[:_SHOWN]))
    text, said = _take(_SELECTORS, text, [])
    if said:
        found.append(HiddenText("selectors", len(said), _selected(said)[:_SHOWN]))
    text, wide = _take(_DROPPED, text, [])
    text, joined = _take(_LATIN_JOINED, text, [])
    if count := len(wide) + len(joined):
        found.append(HiddenText("zero-width", count))
    text, said = _take(_TURNED, text, [])
    if said:
        found.append(HiddenText("direction", len(said)))
    if mixed := [word for word in _WORD.findall(text) if _is_mixed(word)]:
        odd = sum(not _LATIN.match(c) for word in mixed for c in word)
        found.append(HiddenText("look-alikes", odd, ", ".join(mixed)[:_SHOWN]))
    return text, tuple(found)


def unmask(text: str) -> str:
    """Return the text with look-alike letters in Latin words made Latin, for comparing only."""
    if text.isascii():
        return text
    return _WORD.sub(lambda m: m[0].translate(_LOOK_ALIKES) if _is_mixed(m[0]) else m[0], text)


def _is_mixed(word: str) -> bool:
    """Tell a Latin word with foreign look-alikes from a word of another script, or Δv."""
    if len(word) <= _FORMULA and not _CYRILLIC.search(word):
        return False
    latin = sum(map(bool, map(_LATIN.match, word)))
    return 0 < latin < len(word) and word.translate(_LOOK_ALIKES).isascii()


def _take(pattern: re.Pattern[str], text: str, kept: list[tuple[int, int]]) -> tuple[str, str]:
    """Take out what matches, except within spans that are kept; return the rest and the taken."""
    taken: list[str] = []

    def drop(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match[0]
        taken.append(match[0])
        return ""

    return pattern.sub(drop, text), "".join(taken)


def _selected(said: str) -> str:
    """Read bytes that are smuggled as variation selectors (0-15, then 16-255)."""
    values = [ord(c) - 0xFE00 if ord(c) < 0x10000 else ord(c) - 0xE0100 + 16 for c in said]
    words = bytes(values).decode("utf-8", errors="ignore")
    return words if words.isprintable() else ""

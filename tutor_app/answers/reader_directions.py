"""Directions in words, "0.7 m/s to the left": read as a sign where the problem defines one."""

import re
from dataclasses import dataclass

from tutor_app.answers.reader import read
from tutor_app.domain.item import Item, NumericAnswer

_OPPOSITES = (
    ("left", "right"),
    ("up", "down"),
    ("forward", "backward"),
    ("east", "west"),
    ("north", "south"),
)
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
# "right" and "left" are directions only where they cannot mean "correct" or "remaining"
_WORD = (
    r"(?:(?:to|towards?|on|from) (?:the |its |their )?(?:left|right)\b(?!\s+(?:answer|way|one))"
    r"|\b(?:left|right)(?:-?wards?|\s+direction)\b|(?<=direction )(?:left|right)\b"
    r"|\b(?:up|down|forward|backward|east|west|north|south)(?:-?wards?|ern)?s?\b)"
)
_DIRECTION = re.compile(_WORD, re.IGNORECASE)
_LONE = re.compile(
    r"^\W*(left)\b|(?<!\bis )(?<!\bare )(?<!'s )\b(left|right)[\s.!]*$", re.IGNORECASE
)
_GAP = rf"(?:(?!{_WORD})[^.?!;]){{0,40}}?"
_POSITIVE = (
    re.compile(rf"(?P<way>{_WORD}){_GAP}\bpositive\b", re.IGNORECASE),
    re.compile(rf"\bpositive\b{_GAP}(?P<way>{_WORD})", re.IGNORECASE),
)
_UNSURE = re.compile(r"[+]\s*\d|\b(?:not|nor|never|or|from|instead|rather)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directed:
    """A text with its direction turned into a sign.

    Attributes:
        text: the text to check: as typed, or the number with the sign that its direction has.
        unread: the text speaks of a direction that cannot be turned into a sign safely.
    """

    text: str
    unread: bool = False


def directed(text: str, item: Item) -> Directed:
    """Turn a direction in words into a sign; never raises.

    Only for numeric items whose prompt says which direction is positive, and only for one positive
    number with one direction on that axis; a number that carries a sign keeps it.
    """
    positive = positive_direction(item.prompt)
    if not isinstance(item.answer, NumericAnswer) or not positive:
        return Directed(text)
    said = _without_convention(text)
    ways = {_plain(found[0]) for found in _DIRECTION.finditer(said)}
    if not ways:
        lone = _LONE.search(said)
        return Directed(text, unread=lone is not None and _plain(lone[0]) != positive)
    reading = read(text, item.answer)
    sure = len(ways) == 1 and not _UNSURE.search(said)
    if reading.value is None or reading.value <= 0 or (sure and ways == {positive}):
        return Directed(text)
    if not sure or len(reading.numbers) != 1 or ways != {_OPPOSITE[positive]}:
        return Directed(text, unread=True)
    return Directed(f"-{reading.value:.12g} {reading.unit}".strip())


def positive_direction(prompt: str) -> str:
    """Return the direction that a problem calls positive, as "right"; "" when it names none."""
    for pattern in _POSITIVE:
        if found := pattern.search(prompt):
            return _plain(found["way"])
    return ""


def _without_convention(text: str) -> str:
    """Leave out "because right is positive", which repeats the problem."""
    way = r"(?:the )?(?:left|right|up|down|forward|backward|east|west|north|south)(?:wards?)?"
    signed = r"(?:(?:is|as|being|means|counts as|=)\s+)?(?:the )?(?:positive|negative)\b"
    return re.sub(rf"\b{way}\s+{signed}", " ", text, flags=re.IGNORECASE)


def _plain(way: str) -> str:
    return next(name for name in _OPPOSITE if re.search(rf"\b{name}", way.lower()))

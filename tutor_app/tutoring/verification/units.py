"""Units after a number in running text, and conversion that is cheap enough for every token."""

from collections.abc import Sequence
from functools import lru_cache

from tutor_app.answers.unit_names import SYMBOLS, WORDS
from tutor_app.answers.units import Measure, convert, parse_unit, same_dimension
from tutor_app.errors import AnswerSyntaxError

_RUN_TOGETHER = {
    "kmh": "km/h", "kph": "km/h", "kmph": "km/h", "kmhr": "km/h", "mph": "mi/h", "mps": "m/s",
    "fps": "ft/s", "Nm": "N*m", "Ns": "N*s", "kWh": "kWh", "ms-1": "m/s",
}  # fmt: skip
_PER = {"/", "per", "a", "an", "every", "each"}
_ONE = frozenset({"a", "an", "one", "1", "each", "every"})
_JUXTAPOSED = frozenset({"s", "m", "kg", "N", "J", "K"})
_POWERS = {"squared": "2", "cubed": "3"}
_BEFORE = {"square": "2", "cubic": "3"}
_SI = (
    "", "m", "s", "kg", "m/s", "m/s^2", "N", "J", "W", "kg*m/s", "N/m", "rad", "Hz", "m^2", "m^3",
    "Pa", "kg/m^3", "A", "V", "ohm", "C", "K", "kg/s", "J/kg", "rad/s", "N/kg",
)  # fmt: skip


def unit_symbol(word: str) -> str:
    """Return the plain symbol for a unit word or symbol, or ""."""
    if word in SYMBOLS:
        return word
    return WORDS.get(word.lower(), "")


def read_unit(words: Sequence[str], gaps: Sequence[int]) -> tuple[str, int]:
    """Read a unit from the words after a number.

    Args:
        words: tokens after the number, operators included.
        gaps: characters between each token and the one before it.

    Returns:
        The plain unit and how many words it takes; ("", 0) when there is none, or when the letters
        are algebra, as in "2 g h".
    """
    if words[0] in _RUN_TOGETHER and gaps[0] <= 1:
        return _RUN_TOGETHER[words[0]], 1
    if gaps[0] > 2 or _is_algebra(words, gaps):
        return "", 0
    if words[0] == "in" and len(words) > 1 and words[1].isalpha():
        return "", 0  # a preposition, not inches
    unit, taken, position = "", 0, 0
    joiner = ""
    while position < len(words):
        power = ""
        if words[position].lower() in _BEFORE and position + 1 < len(words):
            power = _BEFORE[words[position].lower()]
            position += 1
        symbol = unit_symbol(words[position])
        # "second" after a number or an article is an ordinal ("a second"), unless a unit precedes.
        if not symbol or (not unit and words[position] == "second" and joiner):
            break
        position += 1
        if not power and position < len(words):
            raised, length = _power(words[position:])
            power, position = raised, position + length
        unit += joiner + symbol + (f"^{power}" if power else "")
        taken = position
        if position >= len(words):
            break
        word = words[position].lower()
        if word in _PER:
            joiner, position = "/", position + 1
        elif word == "in" and position + 1 < len(words) and words[position + 1] in _ONE:
            joiner, position = "/", position + 2
        elif word in ("*", "-") and position + 1 < len(words) and unit_symbol(words[position + 1]):
            joiner, position = "*", position + 1
        elif gaps[position] <= 1 and words[position] in _JUXTAPOSED:
            joiner = "*"
        else:
            break
    if not taken:
        return "", 0
    try:
        parse_unit(unit)
    except AnswerSyntaxError:
        return "", 0
    return unit, taken


def _power(words: Sequence[str]) -> tuple[str, int]:
    """Read "^2", "^(-1)", "squared"; return the exponent and how many words it takes."""
    if words[0] in _POWERS:
        return _POWERS[words[0]], 1
    if words[0] != "^":
        return "", 0
    shape = [w for w in words[1:5]]
    for pattern in (("(", "-", "#", ")"), ("(", "#", ")"), ("-", "#"), ("#",)):
        part = shape[: len(pattern)]
        if len(part) == len(pattern) and all(
            w.isdigit() if p == "#" else w == p for p, w in zip(pattern, part, strict=True)
        ):
            number = next(w for p, w in zip(pattern, part, strict=True) if p == "#")
            return ("-" if "-" in pattern else "") + number, len(pattern) + 1
    return "", 0


def _is_algebra(words: Sequence[str], gaps: Sequence[int]) -> bool:
    """Say whether the letters after a coefficient are symbols: 2gh, 2 g h, 3x, 2(a+b)."""
    if len(words) < 2 or len(words[0]) != 1:
        return False
    following = words[1]
    if following == "(" and gaps[1] == 0:
        return True
    if following in ("^",) and len(words) > 2 and words[0] in ("v", "t", "x", "g"):
        return True
    letters = [words[0]]
    for word, gap in zip(words[1:], gaps[1:], strict=False):
        if len(word) == 1 and word.isalpha() and word not in "aI" and gap <= 1:
            letters.append(word)
        else:
            break
    if len(letters) < 2:
        return False
    return "".join(letters[:2]) not in ("Ns", "Nm", "Wh", "Js", "ms")


@lru_cache(maxsize=2048)
def _scale(unit: str, target: str) -> tuple[float, float] | None:
    try:
        if not same_dimension(unit, target):
            return None
        zero = convert(Measure(0.0, unit), target).value
        return convert(Measure(1.0, unit), target).value - zero, zero
    except AnswerSyntaxError:
        return None


def in_unit(value: float, unit: str, target: str) -> float | None:
    """Return the value in another unit, or None when the dimensions differ."""
    if unit == target:
        return value
    scale = _scale(unit, target)
    return None if scale is None else value * scale[0] + scale[1]


@lru_cache(maxsize=1024)
def si_unit(unit: str) -> str:
    """Return the SI unit of the same dimension; the unit itself when none is listed."""
    if unit == "%":
        return ""
    return next((si for si in _SI if _scale(unit, si) is not None), unit)


def in_si(value: float, unit: str) -> float:
    """Return the magnitude in SI units."""
    found = in_unit(value, unit, si_unit(unit))
    return value if found is None else found

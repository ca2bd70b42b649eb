"""Units as people type them: m/s2, m s^-1, mps, kmh, "meters per second squared", °C."""

import re
from functools import lru_cache
from itertools import islice, product

from tutor_app.answers.unit_names import SYMBOLS, WORDS
from tutor_app.answers.units import Powers, parse_unit, write_unit

_ALIASES: dict[str, Powers] = {
    "mps": {"m": 1, "s": -1},
    "kmh": {"km": 1, "h": -1},
    "kph": {"km": 1, "h": -1},
    "kmph": {"km": 1, "h": -1},
    "kmhr": {"km": 1, "h": -1},
    "mph": {"mi": 1, "h": -1},
    "fps": {"ft": 1, "s": -1},
    "mpss": {"m": 1, "s": -2},
    "rpm": {"rev": 1, "min": -1},
    "gm": {"g": 1},
    "gms": {"g": 1},
    "kgf": {"kg": 1},
    "mtr": {"m": 1},
    "mtrs": {"m": 1},
    "msec": {"ms": 1},
    "degs": {"deg": 1},
    "rads": {"rad": 1},
    "pct": {"%": 1},
    "ml": {"mL": 1},
    "l": {"L": 1},
    "nt": {"N": 1},
}
_FACTORS = ("kg", "km", "cm", "rad", "m", "s", "N", "J", "W", "g")
# Units that people write without their capital; "mv" is m times v, not millivolts.
_LOWER_CASE = frozenset({"n", "kn", "j", "kj", "w", "kw", "pa", "kpa", "hz", "khz"})
_MAX_READINGS = 12
_MAX_POWER = 6

_FACTOR = re.compile(
    r"(?P<temperature>(?:deg(?:rees?)?\.?|°)\s?(?P<scale>celsius|centigrade|fahrenheit|C|F)\b"
    r"|(?:celsius|centigrade|fahrenheit)\b)"
    r"|(?P<sign>[°%])"
    r"|(?:(?P<before>square|sq\.?|cubic)\s)?(?P<word>[A-Za-zμΩ]{1,20})"
    r"(?:\s?\^\s?\(\s?(?P<inside>[-+]?\d{1,2})\s?\)|\s?\^\s?(?P<power>[-+]?\d{1,2})(?![\d.])"
    r"|(?P<glued>-?\d)(?![\d.,^*]|\s?/\s?\d)"
    r"|\s(?P<after>squared|cubed)\b)?",
    re.IGNORECASE,
)
_JOINER = re.compile(
    r"\s?/\s?(?=[A-Za-zμ(])|\s?\*\s?|\.(?=[A-Za-zμ])|\s?-\s?(?=[A-Za-zμ])|\s(?:per|an?)\s|\s(?=[A-Za-zμ])"
)
_OPENING = re.compile(r"(?:per\s|/\s?)(?=[A-Za-zμ])")
# "5 in" at the end of a clause is a length, "5 in the first" is not.
_ENDS_INCHES = re.compile(r"\s*(?:$|[.,;)/^])")
_CLOSING = re.compile(r"\s?[)\]]")
_SQUARED = {"squared": 2, "square": 2, "sq": 2, "sq.": 2, "cubed": 3, "cubic": 3}


@lru_cache(maxsize=2048)
def _word_readings(word: str) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Return what a run of letters may mean, as ordered factors, best first."""
    word = word.replace("μ", "u").replace("Ω", "ohm")
    lower = word.lower()
    found: list[tuple[tuple[str, int], ...]] = []
    if word in SYMBOLS:
        found.append(((word, 1),))
    if lower in _ALIASES:
        found.append(tuple((s, int(p)) for s, p in _ALIASES[lower].items()))
    if lower in WORDS:
        found.append(((WORDS[lower], 1),))
    found += [_each_once(parts) for parts in _split(word)]
    if word != lower or lower in _LOWER_CASE:
        found += [((s, 1),) for s in SYMBOLS if s.lower() == lower and len(word) <= 3]
    found += [_each_once(parts) for parts in _split(lower)]
    if word in ("C", "F"):
        found.append((("deg" + word, 1),))
    return tuple(dict.fromkeys(found))[:6]


def _split(text: str) -> list[tuple[str, ...]]:
    """Split glued symbols: kgm is kg·m, Ns is N·s, ms is m·s."""
    if not 2 <= len(text) <= 5:
        return []
    splits: list[tuple[str, ...]] = []
    for first in _FACTORS:
        rest = text.removeprefix(first)
        if rest != text and rest in _FACTORS and rest != first:
            splits.append((first, rest))
        elif rest != text and len(rest) < len(text):
            splits += [(first, *more) for more in _split(rest) if first not in more]
    return splits


def _each_once(symbols: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((symbol, 1) for symbol in symbols)


def units_at(text: str, start: int) -> tuple[list[str], int]:
    """Read the longest unit that begins here, after spaces.

    Returns:
        its readings in plain form, best first, and where it ends; ([], start) without a unit.
    """
    at = start
    while at < len(text) and text[at] == " " and at - start < 3:
        at += 1
    chosen: list[list[Powers]] = []
    end, sign = start, 1
    if opening := _OPENING.match(text, at):
        at, sign = opening.end(), -1
    elif text[at : at + 1] in ("(", "["):
        inside, end = units_at(text, at + 1) if text[at + 1 : at + 2].isalpha() else ([], 0)
        closed = _CLOSING.match(text, end) if inside else None
        return (inside, closed.end()) if closed else ([], start)
    while len(chosen) < 6:
        if chosen and text.startswith("(", at):
            inside, close = units_at(text, at)
            if inside:
                chosen.append([{s: sign * p for s, p in parse_unit(u).items()} for u in inside])
                end = close
            break
        match = _FACTOR.match(text, at)
        readings = _factor(match, sign) if match else []
        if not match or not readings:
            break
        if match["word"] == "in" and not _ENDS_INCHES.match(text, match.end()):
            break
        chosen.append(readings)
        end = match.end()
        joiner = _JOINER.match(text, end)
        if joiner is None:
            break
        divides = "/" in joiner[0] or joiner[0].strip() in ("per", "a", "an")
        if joiner[0].isspace() and not _plain_factor(text, joiner.end()):
            break
        at, sign = joiner.end(), -1 if divides else 1
    if not chosen:
        return [], start
    whole: dict[str, None] = {}
    for combination in islice(product(*chosen), 4 * _MAX_READINGS):
        powers: Powers = {}
        for factor in combination:
            for symbol, power in factor.items():
                powers[symbol] = powers.get(symbol, 0) + power
        if all(abs(power) <= _MAX_POWER for power in powers.values()):
            whole[write_unit({s: p for s, p in powers.items() if p})] = None
        if len(whole) >= _MAX_READINGS:
            break
    return (list(whole), end) if whole else ([], start)


def _factor(match: re.Match[str], sign: int) -> list[Powers]:
    if match["temperature"]:
        scale = (match["scale"] or match["temperature"])[0].upper()
        return [{"degF" if scale == "F" else "degC": sign}]
    if match["sign"]:
        return [{"deg" if match["sign"] == "°" else "%": sign}]
    power = int(match["inside"] or match["power"] or match["glued"] or 1)
    power *= _SQUARED.get((match["after"] or match["before"] or "").lower(), 1)
    readings: list[Powers] = []
    for factors in _word_readings(match["word"]):
        # In ms^-1 the exponent belongs to the last symbol.
        last = len(factors) - 1
        readings.append(
            {s: sign * p * (power if n == last else 1) for n, (s, p) in enumerate(factors)}
        )
    if power < 0 and match["word"] == "ms":
        readings.reverse()
    return readings


def _plain_factor(text: str, at: int) -> bool:
    """After a space only a symbol continues a unit: "m s^-1" does, "m above" does not."""
    match = _FACTOR.match(text, at)
    if match is None or not match["word"]:
        return False
    word = match["word"]
    if word in SYMBOLS:
        return word not in ("in", "t", "A", "day", "week", "year", "min")
    return word.lower() in WORDS and len(word) > 4

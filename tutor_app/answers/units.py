"""Numbers with units: read, convert, compare dimensions, format.

A unit travels as plain text ("m/s^2", "kg*m/s", "" for none). `parse_unit` turns it into powers of
whitelisted symbols; only those reach pint.
"""

import math
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tutor_app.answers.unit_names import ANGLES, SYMBOLS, TEMPERATURES
from tutor_app.errors import AnswerSyntaxError

if TYPE_CHECKING:
    from pint import UnitRegistry

Powers = dict[str, float]
"""Symbol to exponent: m/s^2 is {"m": 1, "s": -2}."""

_MAX_UNIT_LENGTH = 60
_MAX_EXPONENT = 12
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TO_SUPERSCRIPT = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")
_TOKEN = re.compile(
    r"\s*(?:(?P<symbol>[A-Za-z]+|%)(?:\^?(?P<power>[-+]?\d+(?:\.\d+)?))?|(?P<sign>[*/()])|(?P<one>1)(?=\s*/))"
)
_NUMBER_THEN_UNIT = re.compile(r"\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)", re.S)
_PRETTY = {"deg": "°", "degC": "°C", "degF": "°F", "ohm": "Ω"}

_registry: "UnitRegistry[Any] | None" = None
_registry_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in a unit; the unit is plain text such as "m/s^2", or "" for a pure number."""

    value: float
    unit: str = ""


def registry() -> "UnitRegistry[Any]":
    """Return the one pint registry, built at first use (0.4 s)."""
    global _registry
    with _registry_lock:
        if _registry is None:
            from pint import UnitRegistry

            _registry = UnitRegistry(autoconvert_offset_to_baseunit=True)
    return _registry


@lru_cache(maxsize=2048)
def _parsed(unit: str) -> tuple[tuple[str, float], ...]:
    text = unit.translate(_SUPERSCRIPTS).replace("**", "^").replace("°", "deg")
    text = re.sub("[·⋅×]", "*", text).replace("µ", "u").replace("μ", "u").replace("Ω", "ohm")
    if len(unit) > _MAX_UNIT_LENGTH:
        raise AnswerSyntaxError(f"unit: {unit[:20]!r}... is too long. Give a unit such as m/s^2.")
    powers: Powers = {}
    position, divide, group = 0, 1, [1]
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise AnswerSyntaxError(f"unit: cannot read {unit!r}. Write it like m/s^2 or kg*m/s.")
        position = match.end()
        symbol, sign = match["symbol"], match["sign"]
        if symbol:
            if symbol not in SYMBOLS:
                raise AnswerSyntaxError(
                    f"unit: {symbol!r} in {unit!r} is not known. Use one such as m, km/h, N or J."
                )
            power = float(match["power"] or 1) * divide * group[-1]
            powers[symbol] = powers.get(symbol, 0) + power
            if abs(powers[symbol]) > _MAX_EXPONENT:
                raise AnswerSyntaxError(f"unit: the exponent in {unit!r} is too large.")
            divide = 1
        elif sign == "(":
            group.append(group[-1] * divide)
            divide = 1
        elif sign == ")" and len(group) > 1:
            group.pop()
        elif sign == ")":
            raise AnswerSyntaxError(f"unit: {unit!r} closes a bracket that is not open. Remove it.")
        elif sign:
            divide = -1 if sign == "/" else 1
    if len(group) > 1 or divide < 0:
        raise AnswerSyntaxError(f"unit: {unit!r} is not complete. Write it like m/s^2 or J/(kg*K).")
    return tuple((symbol, power) for symbol, power in powers.items() if power)


def parse_unit(unit: str) -> Powers:
    """Read a unit in plain form.

    Raises:
        AnswerSyntaxError: a symbol is not on the whitelist, or the text is no unit.
    """
    return dict(_parsed(unit))


def write_unit(powers: Powers) -> str:
    """Write powers of symbols in plain form: {"m": 1, "s": -2} is "m/s^2"."""

    def factor(symbol: str, power: float) -> str:
        return symbol if power == 1 else f"{symbol}^{power:g}"

    above = "*".join(factor(s, p) for s, p in powers.items() if p > 0)
    below = [factor(s, -p) for s, p in powers.items() if p < 0]
    if not below:
        return above
    bottom = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{above or '1'}/{bottom}"


def parse_measure(text: str) -> Measure:
    """Read an author's quantity: "9.8 m/s^2", "30 deg", "0.25".

    Raises:
        AnswerSyntaxError: it does not begin with a number, or the unit is not known.
    """
    match = _NUMBER_THEN_UNIT.fullmatch(text.strip())
    if match is None or not math.isfinite(float(match[1])):
        raise AnswerSyntaxError(
            f"quantity: {text[:60]!r} is not a number with a unit. Write it like 9.8 m/s^2."
        )
    return Measure(float(match[1]), write_unit(parse_unit(match[2])))


@lru_cache(maxsize=2048)
def pint_units(unit: str) -> Any:
    """Return pint's UnitsContainer for a plain unit."""
    from pint.util import UnitsContainer

    powers = parse_unit(unit)
    alone = list(powers.values()) == [1]
    names = {
        ("delta_" if symbol in TEMPERATURES and not alone else "") + SYMBOLS[symbol]: power
        for symbol, power in powers.items()
    }
    return UnitsContainer(names)


@lru_cache(maxsize=2048)
def _dimension(unit: str) -> tuple[Any, bool]:
    powers = parse_unit(unit)
    angle = len(powers) == 1 and all(s in ANGLES and p == 1 for s, p in powers.items())
    return registry().get_dimensionality(pint_units(unit)), angle


def same_dimension(a: str, b: str) -> bool:
    """Say whether two plain units measure the same thing; an angle is not a pure number."""
    return _dimension(a) == _dimension(b)


def convert(measure: Measure, unit: str) -> Measure:
    """Express a measure in another unit of the same dimension; a pure number counts as radians.

    Raises:
        AnswerSyntaxError: the dimensions differ.
    """
    if measure.unit == unit:
        return measure
    if _dimension(measure.unit)[0] != _dimension(unit)[0]:
        raise AnswerSyntaxError(
            f"unit: {measure.unit or 'a pure number'!r} cannot be expressed in {unit or 'none'!r}. "
            "Use a unit of the same dimension."
        )
    quantity = registry().Quantity(measure.value, pint_units(measure.unit))
    return Measure(float(quantity.to(pint_units(unit)).magnitude), unit)


def to_base(measure: Measure) -> Measure:
    """Express a measure in coherent SI base units, angles in radians."""
    quantity = registry().Quantity(measure.value, pint_units(measure.unit)).to_base_units()
    symbols = {SYMBOLS[symbol]: symbol for symbol in ("m", "kg", "s", "A", "K", "mol", "rad")}
    powers = {symbols[name]: float(power.real) for name, power in quantity.unit_items()}
    return Measure(float(quantity.magnitude), write_unit(powers))


def format_number(value: float, digits: int = 3) -> str:
    """Format with that many significant digits, without trailing zeros: 19.8, 3 × 10⁸.

    The digits before the point are kept below a million, so 11025 stays 11025.
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    size = abs(float(f"{value:.{digits - 1}e}"))
    sign = "−" if value < 0 else ""
    if 1e-3 <= size < 1e6:
        places = max(0, digits - 1 - math.floor(math.log10(size) + 1e-12))
        text = f"{abs(value):.{places}f}"
        return sign + (text.rstrip("0").rstrip(".") if "." in text else text)
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{sign}{mantissa} × 10{str(int(exponent)).translate(_TO_SUPERSCRIPT)}"


def format_unit(unit: str) -> str:
    """Write a plain unit for people: "kg*m^2/s^2" becomes "kg·m²/s²"."""
    text = re.sub(r"\^(-?[\d.]+)", lambda m: m[1].translate(_TO_SUPERSCRIPT), unit)
    text = re.sub(r"[A-Za-z]+", lambda m: _PRETTY.get(m[0], m[0]), text).replace("*", "·")
    return re.sub(r"\bu(?=[a-zA-Z])", "µ", text)


def format_measure(measure: Measure, digits: int = 3) -> str:
    """Format for reading, in Markdown: "9.8 m/s²", "45°", "25%", "3 × 10⁸ m/s"."""
    return format_number(measure.value, digits) + _unit_after_number(measure.unit)


def _unit_after_number(unit: str) -> str:
    return ("" if unit in ("", "deg", "%") else " ") + format_unit(unit)


def format_quantity(text: str) -> str:
    """Format an author's quantity with the digits as written: "0.50 m" stays "0.50 m".

    Raises:
        AnswerSyntaxError: as `parse_measure`.
    """
    measure = parse_measure(text)
    match = _NUMBER_THEN_UNIT.fullmatch(text.strip())
    if match is None or "e" in match[1].lower():
        return format_measure(measure, 12)
    return match[1].replace("-", "−").lstrip("+") + _unit_after_number(measure.unit)

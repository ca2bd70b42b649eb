"""Numbers and units in plain sentences: which are the same, which are new, which clash."""

import re
from dataclasses import dataclass

from tutor_app.documents.wording import fold

_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_UNITS = {
    form: forms.split()[0]
    for forms in (
        "m meter meters metre metres",
        "cm centimeter centimeters centimetre centimetres",
        "mm millimeter millimeters millimetre millimetres",
        "km kilometer kilometers kilometre kilometres",
        "g gram grams",
        "kg kilogram kilograms kilos",
        "mg milligram milligrams",
        "l liter liters litre litres",
        "ml milliliter milliliters millilitre millilitres",
        "s sec second seconds secs",
        "min minute minutes mins",
        "h hr hour hours hrs",
        "day days",
        "year years yrs",
        "v volt volts",
        "a amp amps ampere amperes",
        "ohm ohms",
        "w watt watts",
        "j joule joules",
        "n newton newtons",
        "pa pascal pascals",
        "hz hertz",
        "% percent",
        "c celsius degrees degree",
        "f fahrenheit",
        "k kelvin",
        "mol mole moles",
        "m/s mps",
        "m/s2 m/s^2 m/s²",
        "inch inches",
        "ft foot feet",
        "times",
    )
    for form in forms.split()
}
_QUANTITY = re.compile(
    rf"(?<![\w.])([-+]?\d+(?:[.,]\d+)*|(?:{'|'.join(_WORDS)})\b)"
    r"(?:\s*([a-z%][a-z]*(?:/[a-z]+)?(?:\^?[2²])?))?"
)


@dataclass(frozen=True)
class Quantities:
    """The numbers of a text, and those with a unit as (number, unit)."""

    numbers: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    def against(self, wanted: "Quantities", asked: "Quantities") -> tuple[float, ...]:
        """Return four measures in [0, 1] of these, which an answer says.

        The share of the wanted numbers that is said (1 where none is wanted); the share of the
        said numbers that are neither wanted nor asked; whether a wanted unit carries another
        number; whether a wanted number carries another unit.
        """
        said = len(self.numbers & wanted.numbers) / len(wanted.numbers) if wanted.numbers else 1.0
        new = self.numbers - wanted.numbers - asked.numbers
        units, numbers = {u for _, u in wanted.pairs}, {n for n, _ in wanted.pairs}
        clash = self.pairs - wanted.pairs
        return (
            said,
            len(new) / len(self.numbers) if self.numbers else 0.0,
            float(any(unit in units for _, unit in clash)),
            float(any(number in numbers for number, _ in clash)),
        )


def read_quantities(text: str) -> Quantities:
    """Find numbers, in digits or words up to twelve, and the units behind them."""
    numbers, pairs = set(), set()
    for match in _QUANTITY.finditer(fold(text)):
        number = _plain(match[1])
        numbers.add(number)
        unit = _UNITS.get(match[2] or "")
        if unit:
            pairs.add((number, unit))
    return Quantities(frozenset(numbers), frozenset(pairs))


def _plain(number: str) -> str:
    number = _WORDS.get(number, number)
    # 1,000.5 has thousands apart; 2,5 has a decimal comma
    number = number.replace(",", "" if "." in number else ".")
    try:
        return f"{float(number):g}"
    except ValueError:
        return number

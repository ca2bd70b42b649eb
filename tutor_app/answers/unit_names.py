"""The units that may be typed: a whitelist, so that pint only ever sees names written here."""

_PREFIXES = {
    "p": "pico",
    "n": "nano",
    "u": "micro",
    "m": "milli",
    "c": "centi",
    "d": "deci",
    "k": "kilo",
    "M": "mega",
    "G": "giga",
    "T": "tera",
}

# Symbol, pint's name, and the prefixes in use for it.
_PREFIXED = [
    ("m", "meter", "pnumcdkMG"),
    ("s", "second", "pnum"),
    ("g", "gram", "numkM"),
    ("N", "newton", "numkMG"),
    ("J", "joule", "numkMGT"),
    ("W", "watt", "numkMGT"),
    ("Pa", "pascal", "mkMG"),
    ("Hz", "hertz", "mkMGT"),
    ("A", "ampere", "pnumk"),
    ("V", "volt", "numkM"),
    ("C", "coulomb", "pnum"),
    ("ohm", "ohm", "mkM"),
    ("F", "farad", "pnum"),
    ("T", "tesla", "num"),
    ("H", "henry", "num"),
    ("Wb", "weber", "m"),
    ("L", "liter", "umcd"),
    ("mol", "mole", "numk"),
    ("eV", "electron_volt", "mkMGT"),
    ("cal", "calorie", "k"),
    ("bar", "bar", "m"),
    ("Wh", "watt_hour", "mkMG"),
    ("K", "kelvin", "m"),
]

SYMBOLS: dict[str, str] = {
    "min": "minute",
    "h": "hour",
    "day": "day",
    "week": "week",
    "year": "year",
    "deg": "degree",
    "rad": "radian",
    "rev": "revolution",
    "%": "percent",
    "degC": "degree_Celsius",
    "degF": "degree_Fahrenheit",
    "t": "metric_ton",
    "mi": "mile",
    "ft": "foot",
    "in": "inch",
    "yd": "yard",
    "lb": "pound",
    "lbf": "force_pound",
    "atm": "atmosphere",
    "hp": "horsepower",
}
"""Plain symbol to pint name, for example "kN" to "kilonewton"."""
for _symbol, _name, _letters in _PREFIXED:
    SYMBOLS[_symbol] = _name
    for _letter in _letters:
        SYMBOLS[_letter + _symbol] = _PREFIXES[_letter] + _name

NAMES_OF_PREFIXES = {
    "milli": "a thousandth",
    "centi": "a hundredth",
    "micro": "a millionth",
    "kilo": "a thousand",
    "mega": "a million",
}
"""What the prefixes that learners meet stand for."""

ANGLES = frozenset({"deg", "rad", "rev"})
"""Symbols of angles; pint counts them as plain numbers."""

TEMPERATURES = frozenset({"degC", "degF"})
"""Symbols whose zero is not the zero of the quantity; they stand alone in a unit."""

_SINGULAR = {
    "meter metre": "m",
    "kilometer kilometre": "km",
    "centimeter centimetre": "cm",
    "millimeter millimetre": "mm",
    "micrometer micrometre micron": "um",
    "nanometer nanometre": "nm",
    "second sec": "s",
    "millisecond": "ms",
    "microsecond": "us",
    "minute": "min",
    "hour hr": "h",
    "day": "day",
    "week": "week",
    "year yr": "year",
    "gram gramme": "g",
    "kilogram kilogramme kilo": "kg",
    "milligram": "mg",
    "ton tonne": "t",
    "newton": "N",
    "kilonewton": "kN",
    "joule": "J",
    "kilojoule": "kJ",
    "megajoule": "MJ",
    "millijoule": "mJ",
    "watt": "W",
    "kilowatt": "kW",
    "megawatt": "MW",
    "milliwatt": "mW",
    "pascal": "Pa",
    "kilopascal": "kPa",
    "hertz": "Hz",
    "kilohertz": "kHz",
    "ampere amp": "A",
    "milliamp milliampere": "mA",
    "volt": "V",
    "coulomb": "C",
    "liter litre": "L",
    "milliliter millilitre": "mL",
    "mole": "mol",
    "calorie": "cal",
    "kilocalorie": "kcal",
    "kelvin": "K",
    "degree": "deg",
    "radian": "rad",
    "revolution turn": "rev",
    "percent": "%",
    "mile": "mi",
    "foot": "ft",
    "inch": "in",
    "yard": "yd",
    "pound": "lb",
    "horsepower": "hp",
    "atmosphere": "atm",
    "celsius": "degC",
    "fahrenheit": "degF",
}

WORDS: dict[str, str] = {
    "feet": "ft",
    "inches": "in",
    "secs": "s",
    "hrs": "h",
    "yrs": "year",
    "mins": "min",
    "amps": "A",
    "kgs": "kg",
    "kms": "km",
    "cms": "cm",
    "lbs": "lb",
    "kilos": "kg",
}
"""Written-out unit, lower case, to plain symbol."""
for _words, _symbol in _SINGULAR.items():
    for _word in _words.split():
        WORDS[_word] = _symbol
        WORDS[_word + "s"] = _symbol

"""Keep a number and its unit on one line."""

import re

_NO_BREAK_SPACE = "\u00a0"
_JOINER = "\u2060"
_FORMULA = r"(?<!\\)\$\$?[^$]+\$\$?"
_SYMBOL = (
    "(?:mm|cm|dm|km|m|mg|kg|g|ms|s|min|h|mN|kN|MN|N|kJ|MJ|J|kW|MW|W|kPa|Pa|kHz|Hz|rad|L|mL|K|°C|°|%)"
    "(?:[²³]|\\^[0-9])?"
)
_QUANTITY = re.compile(rf"{_FORMULA}|(?<=\d) ?{_SYMBOL}(?:[/·]{_SYMBOL})*(?![\w²³])")


def unbroken(text: str) -> str:
    """Return Markdown in which no line ends between a number and its unit, or inside the unit.

    Formulas between dollars stay as they are. For what is drawn only: stored text is never changed.
    """
    return _QUANTITY.sub(_bound, text)


def _bound(found: re.Match[str]) -> str:
    quantity = found[0]
    if "$" in quantity:
        return quantity
    # a browser may break a line behind a slash
    return quantity.replace(" ", _NO_BREAK_SPACE).replace("/", f"/{_JOINER}")

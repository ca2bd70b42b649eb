"""Superscripts in plain text: 10³, e^x, 1st."""

import re

_POWERS = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_IS_POWER = re.compile(r"[+\-−]?\d{1,4}[+\-−]?|[+\-−]|n")
_IS_ORDINAL = re.compile(r"st|nd|rd|th|e|er|re|ère|o|a|º|ª|tm|\W*", re.IGNORECASE)


def raised(text: str) -> str:
    """Write a superscript: as small digits where they exist, ordinals as they are, else with ^.

    A subscript needs no such help: "H2O" and "v0" are what people type.
    """
    body = text.strip()
    if _IS_POWER.fullmatch(body):
        return body.translate(_POWERS)
    if _IS_ORDINAL.fullmatch(body) or len(body) > 12 or body.startswith("["):
        return text
    return f"^{body}" if len(body) == 1 else f"^({body})"

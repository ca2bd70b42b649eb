"""Fill double-bracketed names in learner-facing text."""

import re
from collections.abc import Mapping

from tutor_app.errors import ContentError

_NAME = re.compile(r"\[\[\s*([A-Za-z]\w*)\s*\]\]")
_MATHS = re.compile(r"(\$\$.+?\$\$|(?<!\\)\$(?!\s)[^$]+\$)", re.S)
_MEASURE = re.compile(r"(−?[\d.]+)(?: × 10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?(?:( ?)([^\d\s$]\S*))?")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def fill(text: str, names: Mapping[str, str]) -> str:
    """Replace every [[name]]; between dollars the value is written as KaTeX.

    Raises:
        ContentError: a name is not among `names`.
    """

    def plain(match: re.Match[str]) -> str:
        return _value(match[1], names)

    def maths(match: re.Match[str]) -> str:
        return _in_maths(_value(match[1], names))

    # Splitting on a group puts the maths at the odd places.
    parts = _MATHS.split(text)
    return "".join(_NAME.sub(maths if n % 2 else plain, part) for n, part in enumerate(parts))


def _value(name: str, names: Mapping[str, str]) -> str:
    if name not in names:
        known = ", ".join(sorted(names)) or "none"
        raise ContentError(f"text: [[{name}]] names nothing. Known: {known}.")
    return names[name]


def _in_maths(value: str) -> str:
    r"""Write "9.8 m/s²" as `9.8\,\mathrm{m/s^{2}}`; a formula loses its dollars."""
    match = _MEASURE.fullmatch(value)
    if match is None:
        return value.replace("$", "")
    number, exponent, space, unit = match.groups()
    text = number.replace("−", "-")
    if exponent:
        text += rf" \times 10^{{{exponent.translate(_FROM_SUPERSCRIPT)}}}"
    if not unit:
        return text
    unit = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: f"^{{{m[0].translate(_FROM_SUPERSCRIPT)}}}", unit)
    unit = unit.replace("°", r"^\circ ").replace("%", r"\%").replace("·", r"\cdot ").strip()
    return text + (rf"\,\mathrm{{{unit}}}" if space else unit)

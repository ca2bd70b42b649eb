"""Numbers as people type them in digits: 1,234.5; 4,9; 12 000; 3e8; 1 1/2; 2 million."""

import re
from dataclasses import dataclass

_NUMBER = re.compile(
    r"""(?P<mixed>(?P<whole>\d{1,4})\s{1,3}(?P<above>\d{1,3})/(?P<below>\d{1,3})(?![\d.,/]))
      | (?P<us>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]))
      | (?P<indian>\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?(?![\d,]))
      | (?P<european>\d{1,3}(?:\.\d{3})+,\d+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?![\d.]))
      | (?P<spaced>\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d))
      | (?P<comma>\d+,\d+(?![\d,]))
      | (?P<plain>\d+(?:\.\d+)?|\.\d+)""",
    re.VERBOSE,
)
_EXPONENT = re.compile(r"\s?[eE]\s?([-+]?\d{1,3})(?!\d)")
_SCALE = re.compile(r"\s?(hundred|thousand|million|billion)\b|(k)(?=\s|$)", re.IGNORECASE)
_POWER_OF_TEN = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9}
_MAX_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Attributes:
        digits: the number as Python writes it ("1234.5", "3e8"); never negative.
        end: where it ends in the text.
        otherwise: what else it may mean (1,234 may be 1.234), or None.
    """

    digits: str
    end: int
    otherwise: float | None = None

    @property
    def value(self) -> float:
        """The number; infinite when it is too large for a float."""
        return float(self.digits)


def numeral_at(text: str, start: int) -> Numeral | None:
    """Read the unsigned number that begins here; None when there is none."""
    match = _NUMBER.match(text, start)
    if match is None:
        return None
    kind, typed, end = match.lastgroup, match[0], match.end()
    if match["mixed"]:
        whole, above, below = int(match["whole"]), int(match["above"]), int(match["below"])
        if 0 < above < below:
            return Numeral(repr(whole + above / below), end)
        kind, typed, end = "plain", match["whole"], match.end("whole")
    digits, otherwise = _decimal(str(kind), typed)
    if len(digits) > _MAX_DIGITS:
        digits = repr(float(digits))
    if exponent := _EXPONENT.match(text, end):
        return Numeral(f"{digits.partition('e')[0]}e{exponent[1]}", exponent.end())
    if scale := _SCALE.match(text, end):
        power = _POWER_OF_TEN[(scale[1] or "thousand").lower()]
        return Numeral(f"{digits.partition('e')[0]}e{power}", scale.end())
    return Numeral(digits, end, otherwise)


def _decimal(kind: str, typed: str) -> tuple[str, float | None]:
    """Return Python's digits, and the other value that the separators allow."""
    match kind:
        case "us" if typed.count(",") == 1 and "." not in typed:
            as_decimal = typed.replace(",", ".")
            if typed.startswith("0"):
                return as_decimal, None
            return typed.replace(",", ""), float(as_decimal)
        case "european":
            return typed.replace(".", "").replace(",", "."), None
        case "spaced":
            return re.sub("[ ']", "", typed).replace(",", "."), None
        case "comma":
            return typed.replace(",", "."), None
    digits = typed.replace(",", "")
    thousands = re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits)
    return digits, float(digits.replace(".", "")) if thousands else None

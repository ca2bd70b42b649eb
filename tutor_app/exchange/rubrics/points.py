"""Points as people write them into a table: "(4)", "3 pts", "2,5 P.", "4-3", "50 %", "full"."""

import re
from dataclasses import dataclass

_NUMBER = r"[-\N{MINUS SIGN}\N{EN DASH}+]?\s*\d{1,5}(?:[.,]\d{1,3})?"
_BARE = r"\d{1,5}(?:[.,]\d{1,3})?"
_UNIT = r"(?:points?|pts?\.?|marks?|punkte?n?|pkt\.?|p\.|puntos?|pontos?|punti)"
_RANGE = (
    rf"(?:>\s*)?(?P<first>{_NUMBER})(?:\s*(?:-|–|—|to|bis|/|\.\.)\s*(?:<\s*)?(?P<second>{_BARE}))?"
)
_ALL = re.compile(rf"^[\[(]?\s*{_RANGE}\s*(?P<unit>%|{_UNIT})?\s*[\])]?$", re.IGNORECASE)
_BRACKETED = re.compile(rf"[\[(]\s*{_RANGE}\s*(?P<unit>%|{_UNIT})?\s*[\])]", re.IGNORECASE)
_WITH_UNIT = re.compile(rf"(?<![\w.,]){_RANGE}\s*(?P<unit>%|{_UNIT})(?!\w)", re.IGNORECASE)
_AT_END = _RANGE.replace("<first>", "<first2>").replace("<second>", "<second2>")
_AT_EDGE = re.compile(
    rf"^{_RANGE}\s*(?:[-–—:=]\s+|\s)(?=\D)|(?:\s[-–—=]\s*|[:=]\s*|\s){_AT_END}$",
    re.IGNORECASE,
)
_WORDS = {
    "none": 0, "zero": 0, "no": 0, "null": 0, "nil": 0, "keine": 0, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_SHARES = {"full": 1.0, "all": 1.0, "max": 1.0, "maximum": 1.0, "half": 0.5, "voll": 1.0,
           "halb": 0.5}  # fmt: skip


@dataclass(frozen=True)
class Points:
    """Points that were found in a text.

    Attributes:
        value: the number; of a range its upper end; None for a share alone.
        share: the part of the criterion's points, for "50 %" and "half"; else None.
        rest: the text without them.
        lower: the lower end of a range, or None.
    """

    value: float | None
    share: float | None = None
    rest: str = ""
    lower: float | None = None

    def of(self, worth: float | None) -> float | None:
        """Return the number, given what the criterion is worth."""
        if self.share is None:
            return self.value
        return None if worth is None else round(self.share * worth, 6)


def whole(text: str) -> Points | None:
    """Read a cell that holds points and nothing else; None where it holds more."""
    word = re.sub(rf"\b(?:{_UNIT}|credit)\b", "", text.strip().lower()).strip(" ().")
    if word in _WORDS:
        return Points(float(_WORDS[word]))
    if word in _SHARES:
        return Points(None, _SHARES[word])
    found = _ALL.match(text.strip())
    return _points(found, "") if found else None


def beside(text: str, *, heading: bool = False) -> Points | None:
    """Read points that stand at the start or the end of other text: "(3 pts) Says that ...".

    Args:
        text: the cell.
        heading: a level's heading, where a bare number ("Excellent 4", "4 - Excellent") counts.
    """
    text = text.strip()
    for pattern in (_BRACKETED, _WITH_UNIT):
        for found in pattern.finditer(text):
            rest = _without(text, found)
            at_edge = not text[: found.start()].strip(" -–:*") or not text[found.end() :].strip(
                " -–:.*"
            )
            if at_edge and rest:
                return _points(found, rest)
    edge = _AT_EDGE.search(text) if heading else None
    if edge and (rest := _without(text, edge)):
        return _points(edge, rest)
    return None


def _points(found: re.Match[str], rest: str) -> Points:
    groups = found.groupdict()
    first = _number(groups.get("first") or groups.get("first2") or "")
    second = groups.get("second") or groups.get("second2")
    if (groups.get("unit") or "") == "%":
        return Points(None, first / 100, rest)
    if second is None:
        return Points(first, None, rest)
    if "/" in found[0]:
        # "3/4" is three of four
        return Points(first, None, rest)
    other = _number(second)
    return Points(max(first, other), None, rest, min(first, other))


def _number(text: str) -> float:
    plain = re.sub(r"[\N{MINUS SIGN}\N{EN DASH}]", "-", text).replace(" ", "").replace(",", ".")
    return float(plain)


def _without(text: str, found: re.Match[str]) -> str:
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return rest.strip().strip("-–—:=").strip()

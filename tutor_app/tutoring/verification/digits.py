"""Does a text give a withheld value in pieces: part by part, or digit by digit?"""

import re
from collections.abc import Sequence
from itertools import pairwise

from tutor_app.tutoring.verification.statements import EXACT, NUMBER, Reading, fits
from tutor_app.tutoring.verification.withheld import Withheld

_DIGIT_TALK = re.compile(
    r"\b(?:digits?|decimals?|(?:tens|ones|units) (?:digit|place|column)|tens|tenths|"
    r"hundredths|figures?|decimal place|numerals?|gaps?|blanks?)\b"
)
_DIGIT_FOLLOWS = re.compile(
    r"\b(?:(?:starts?|starting|begins?|beginning) with|ends? (?:in|with)|ending (?:in|with)|"
    r"followed by|point|then comes?|comes?|is then)(?: an?| the| digit| number)* $"
)
_POINT_THEN = re.compile(
    r"\b(?:after|behind|past) the (?:decimal )?(?:point|comma)[^#.?!]{0,40}#(\d+)"
)
_DIGIT_COUNT = re.compile(
    r" (?:significant |sig |decimal )*(?:digits?|figures?|decimals?|places?|sig|s\.f)"
)


def pieced_together(reading: Reading, hidden: Withheld) -> str:
    """Return why the reply gives a withheld value in pieces, or ""."""
    return (
        _in_parts(reading, hidden)
        or _digit_by_digit(reading, hidden)
        or _after_the_point(reading, hidden)
        or _spelled_by_digits(reading, hidden)
    )


def _in_parts(reading: Reading, hidden: Withheld) -> str:
    """Find "nineteen" here and "point eight" there, or "19 m/s and 80 cm/s"."""
    numbers = [(i, t) for i, t in enumerate(reading.tokens) if t.kind == "num"]
    for (i, whole), (j, part) in pairwise(numbers):
        if j < reading.present or not whole.value.is_integer():
            continue
        for target in hidden.targets:
            if target.is_formula:
                continue
            own = [fits(whole, target), fits(part, target)]
            if own[0] is None or own[1] is None or own[0] <= own[1] or not own[1]:
                continue
            same = bool(whole.unit) and bool(part.unit) and j - i <= 2
            pointed = part.decimal and not whole.unit and part.text[0] in ".p"
            near = j - i <= 6 or i < reading.present
            spoken = part.decimal and not part.unit and part.spelled and near
            if (same or pointed or spoken) and target.equals(own[0] + own[1], EXACT):
                return f"states {target.name} in parts: {whole.text!r} and {part.text!r}"
    return ""


def _after_the_point(reading: Reading, hidden: Withheld) -> str:
    """Find "nineteen" in one reply and "after the point comes an 8" in this one."""
    wholes = [t.value for t in reading.tokens if t.kind == "num" and t.value.is_integer()]
    for match in _POINT_THEN.finditer(reading.pattern):
        if int(match[1]) < reading.present:
            continue
        digits = f"{reading.number(match[1]).value:g}"
        for target in hidden.targets:
            if target.is_formula or not digits.isdigit():
                continue
            if any(target.equals(float(f"{w:.0f}.{digits}"), EXACT) for w in _said(wholes)):
                return f"names the digits of {target.name} after the point"
    return ""


def _said(wholes: Sequence[float]) -> list[float]:
    """Return the whole numbers, and the ones that two digits in a row make."""
    pairs = [10 * a + b for a, b in pairwise(wholes) if 0 < a <= 9 and 0 <= b <= 9]
    return [w for w in wholes if abs(w) < 1e9] + pairs


def _digit_by_digit(reading: Reading, hidden: Withheld) -> str:
    """Find "one, nine, point, eight" and a reply that is nothing but "1 8"."""
    run = ""
    last = -9
    for index, token in enumerate(reading.tokens):
        if token.kind == "num" and not token.unit and len(token.text) <= 5:
            digits = f"{token.value:g}"
            if len(digits) > 1 and not (run and token.text[0] in ".p"):
                run = ""
                continue
            close = index - last <= 3
            run = (run if close else "") + digits.lstrip("0.")
            last = index
            alone = all(t.kind in ("num", "stop", "sep") for t in reading.tokens[reading.present :])
            if index < reading.present or len(run) < (2 if alone else 3):
                continue
            for target in hidden.targets:
                if target.is_formula or not target.shown:
                    continue
                wanted = f"{abs(target.shown):.3g}".split("e")[0].replace(".", "").lstrip("0")
                if len(wanted) > 1 and run == wanted:
                    return f"names {target.name} digit by digit"
    return ""


def _spelled_by_digits(reading: Reading, hidden: Withheld) -> str:
    """Find the digits of the answer named one by one, over several replies if need be."""
    final = hidden.final
    if final is None or final.is_formula or not final.shown:
        return ""
    named: list[str] = []
    present = False
    for sentence in re.split(r"[.!?;\n]", reading.pattern):
        whole = bool(_DIGIT_TALK.search(sentence))
        for match in re.finditer(NUMBER, sentence):
            index = int(match[1])
            token = reading.tokens[index]
            before, rest = sentence[: match.start()], sentence[match.end() :]
            if not (whole or _DIGIT_FOLLOWS.search(before)):
                continue
            if token.unit or len(f"{token.value:g}") > 4 or _DIGIT_COUNT.match(rest):
                continue
            named += [c for c in f"{token.value:g}" if c.isdigit()]
            present = present or index >= reading.present
    if not present or len(named) < 2:
        return ""
    for digits in (2, 3):
        wanted = f"{abs(final.shown):.{digits}g}".split("e")[0].replace(".", "").lstrip("0")
        if len(wanted) > 1 and _contains(named, wanted):
            return f"names the digits of {final.name}"
    return ""


def _contains(named: Sequence[str], wanted: str) -> bool:
    rest = list(named)
    for digit in wanted:
        if digit not in rest:
            return False
        rest.remove(digit)
    return True

"""Does a text state a withheld value: outright, nearly, between bounds, or digit by digit?"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor_app.tutoring.verification.tokens import Token, tokenize
from tutor_app.tutoring.verification.units import in_unit, unit_symbol
from tutor_app.tutoring.verification.withheld import Target, Withheld

_NEAR = 0.10
_NARROW = 0.12
_ROUNDING = 0.05
_SMALL = 12

_N = r"#(\d+)"
_HEDGE = (
    r"(?:about|around|roughly|approximately|approx|nearly|almost|close to|near|just (?:under|over|"
    r"below|above|shy of|short of|past|about|less than|more than)|(?:slightly|a (?:bit|little|"
    r"touch|"
    r"hair|shade|tad)|barely|marginally)(?: (?:under|over|below|above|less|more|greater|smaller|"
    r"larger|faster|slower|higher|lower|shy|short|off|past))?(?: (?:than|of))?|not quite|≈|"
    r"in the (?:neighborhood|region|vicinity) of|on the order of|a whisker (?:under|over|"
    r"below|above))"
)
_MORE = (
    r"(?:more|greater|larger|bigger|higher|faster|longer|heavier|stronger|above|over|exceeds?|"
    r"exceeding|past|beyond|at least|no less than|not less than|>=?|lower bound (?:is|of)|"
    r"minimum of)"
)
_LESS = (
    r"(?:less|smaller|lower|fewer|slower|shorter|lighter|weaker|below|under|at most|no more than|"
    r"not more than|up to|<=?|upper bound (?:is|of)|maximum of)"
)
_BETWEEN = re.compile(
    rf"(?:between|from|in the range|within|range of|somewhere in) (?:\w+ )?{_N} (?:and|to|-|–) {_N}"
    rf"|{_N} (?:–|\.\.\.?) {_N}"
)
_LOWER = re.compile(rf"{_MORE}(?: than)? (?:but )?{_N}")
_UPPER = re.compile(rf"{_LESS}(?: than)? (?:but )?{_N}")
_HEDGED = re.compile(rf"{_HEDGE} (?:the )?{_N}\b")
_CUE_BEFORE = re.compile(
    r"\b(?:answers?|results?|solution|final|finally|you(?: will|'ll| should| would|"
    r"'d)? (?:get|find|"
    r"obtain|have|reach)|should (?:get|be|come)|comes? (?:out|to)|works? out|turns? out|ends? up|"
    r"gives?|equals?|therefore|thus|hence|so it|so the|must be|would be|will be)\b[^.!?\n]{0,60}$"
)
_PREDICATE = re.compile(
    r"(?:\b(?:is|are|be|was|were|equals?|equal to|gives?|gets?|get|to|about|around|answers?|result|"
    r"makes?|leaves?|factor of|say|write|type|enter|exactly|precisely|than|reach|obtain|find|"
    r"namely)"
    r"|=|≈|:|->|=>|\") ?(?:a |an |the |just |simply |exactly |only )?$|^ ?$"
)
_GOES_ON = frozenset("and but because since so as times not".split())
_DIGIT_TALK = re.compile(
    r"\b(?:digits?|decimals?|(?:tens|ones|units) (?:digit|place|column)|tens|tenths|"
    r"hundredths|figures?|decimal place|numerals?)\b"
)
_DIGIT_FOLLOWS = re.compile(
    r"\b(?:(?:starts?|starting|begins?|beginning) with|ends? (?:in|with)|ending (?:in|with)|"
    r"followed by|point|then comes?|comes?|is then)(?: an?| the| digit| number)* $"
)
_DIGIT_COUNT = re.compile(
    r" (?:significant |sig |decimal )*(?:digits?|figures?|decimals?|places?|sig|s\.f)"
)


@dataclass(frozen=True)
class Reading:
    """The tokens of one or more replies, and the text with #n for the n-th token that is a number.

    `present` is the index of the first token of the reply being checked.
    """

    tokens: tuple[Token, ...]
    pattern: str
    present: int

    def number(self, index: str) -> Token:
        """Return the number behind #index."""
        return self.tokens[int(index)]


def read(previous: Sequence[str], text: str) -> Reading:
    """Join the previous replies and this one."""
    tokens: list[Token] = []
    for reply in previous:
        tokens.extend(tokenize(reply))
        tokens.append(Token("stop", "\n", 0, 0))
    present = len(tokens)
    tokens.extend(tokenize(text))
    parts = []
    for index, token in enumerate(tokens):
        parts.append(f"#{index}" if token.kind == "num" else token.lower)
    return Reading(tuple(tokens), " ".join(parts), present)


def means(target: Target, token: Token, tolerance: float | None = None) -> bool:
    """Say whether a written number is the target: within tolerance, rounded, in another unit.

    The tolerance is relative; by default what the checker of answers would forgive.
    """
    return any(_means(target, token, value, tolerance) for value in token.values)


def _means(target: Target, token: Token, value: float, tolerance: float | None) -> bool:
    if target.is_formula or not math.isfinite(value):
        return False
    if token.unit:
        own = in_unit(value, token.unit, target.unit)
        if own is None:
            return token.digits >= 3 and math.isclose(
                abs(value), abs(target.shown), rel_tol=_STEP_EXACT
            )
        bare = token.unit == "%" and not target.unit and target.equals(value, tolerance)
        if bare or target.equals(own, tolerance):
            return True
        there = in_unit(target.shown, target.unit, token.unit)
        return there is not None and _rounds_to(there, value, token.digits)
    if target.equals(value, tolerance) or _rounds_to(target.shown, value, token.digits):
        return True
    figures = len(f"{value:.10g}".split("e")[0].replace(".", "").strip("-0"))
    if figures < 3 or not value or not target.shown:
        return False
    # The digits give the answer away even when the point stands elsewhere: 1980, .198
    shift = math.log10(abs(value / target.shown))
    whole = round(shift)
    return (
        bool(whole)
        and abs(whole) <= 6
        and _rounds_to(target.shown * 10.0**whole, value, token.digits)
    )


_STEP_EXACT = 0.005


def _rounds_to(exact: float, value: float, digits: int) -> bool:
    """Say whether `value` is `exact` rounded or cut to that many digits."""
    if not exact or abs(value - exact) > _ROUNDING * abs(exact):
        return False
    places = digits - 1 - math.floor(math.log10(abs(exact)))
    size = 10.0**places
    rounded = round(abs(exact) * size) / size
    cut = math.floor(abs(exact) * size + 1e-9) / size
    return any(math.isclose(abs(value), near, rel_tol=1e-9) for near in (rounded, cut))


def stated(reading: Reading, hidden: Withheld) -> str:
    """Return why the reply states a withheld value, or ""."""
    for index in range(reading.present, len(reading.tokens)):
        token = reading.tokens[index]
        if token.kind != "num":
            continue
        for target in hidden.targets:
            if means(target, token) and _counts(reading, index, token, target, hidden):
                return f"states {target.name}: {token.text!r}"
    return (
        _hedged(reading, hidden)
        or _bounded(reading, hidden)
        or _in_parts(reading, hidden)
        or _digit_by_digit(reading, hidden)
        or _spelled_by_digits(reading, hidden)
    )


def _counts(reading: Reading, index: int, token: Token, target: Target, hidden: Withheld) -> bool:
    """Say whether a number equal to a target is a statement of it, not a count or a given."""
    before, after = _around(reading, index)
    if hidden.is_given(token):
        return target.final and _asserted(before, after, hidden)
    matching_unit = bool(token.unit) and in_unit(1.0, token.unit, target.unit) is not None
    if token.unit and not matching_unit and token.digits < 3:
        return False
    small = token.value.is_integer() and abs(token.value) <= _SMALL and not token.unit
    if not small:
        return True
    if re.match(r" ?(?:times|fold|-fold|- fold|x)\b", after) and not target.unit:
        return True
    if not target.final:
        return bool(re.search(r"(?:=|≈|\bis|\bequals|\bgives) $", before))
    return _predicated(before, after, hidden)


def _predicated(before: str, after: str, hidden: Withheld) -> bool:
    """Say whether a small number is said of something, and does not count a noun."""
    if not _PREDICATE.search(before) and not _CUE_BEFORE.search(before):
        return False
    following = re.match(r" ?([a-z]+)", after)
    if following is None or _CUE_BEFORE.search(before):
        return True
    word = following[1]
    return bool(unit_symbol(word)) or word in _GOES_ON or word in hidden.asked_words


def _asserted(before: str, after: str, hidden: Withheld) -> bool:
    """Say whether a number of the problem is put forward as the answer."""
    sentence = re.split(r"[.!?\n]", before)[-1]
    if "?" in re.split(r"[.!\n]", after)[0][:80] and "answer" not in sentence:
        return False
    if re.search(
        r"\b(?:answer|result|solution|final|comes? out|works? out|turns? out|ends? up|hence|thus|"
        r"therefore|so it is|so it's|you (?:should )?get)\b[^.!?]{0,50}$",
        sentence,
    ) or re.match(r" (?:is|was|would be) (?:the|your) (?:final )?(?:answer|result)", after):
        return True
    said = set(re.findall(r"[a-z]{4,}", sentence))
    link = re.search(
        r"\b(?:is|are|be|at|with|of|=|equals?) (?:also |again |exactly |still )?$", sentence
    )
    return bool(link and said & hidden.question_words)


def _around(reading: Reading, index: int) -> tuple[str, str]:
    """Return the pattern before and after the token, in the same reply."""
    where = re.search(rf"#{index}\b", reading.pattern)
    if where is None:
        return "", ""
    start = reading.pattern.rfind("\n", 0, where.start()) + 1
    end = reading.pattern.find("\n", where.end())
    after = reading.pattern[where.end() : end if end >= 0 else None]
    return reading.pattern[start : where.start()], after


def _fits(token: Token, target: Target) -> float | None:
    """Return the number in the target's unit; None when it measures something else."""
    if target.is_formula:
        return None
    return in_unit(token.value, token.unit, target.unit) if token.unit else token.value


def _hedged(reading: Reading, hidden: Withheld) -> str:
    final = hidden.final
    if final is None or final.is_formula:
        return ""
    for match in _HEDGED.finditer(reading.pattern):
        index = int(match[1])
        token = reading.tokens[index]
        value = _fits(token, final)
        if index < reading.present or value is None:
            continue
        if hidden.is_given(token) and token.unit:
            continue
        if abs(abs(value) - abs(final.shown)) <= _NEAR * abs(final.shown):
            return f"says that {final.name} is near {token.text!r}"
    return ""


def _bounded(reading: Reading, hidden: Withheld) -> str:
    final = hidden.final
    if final is None or final.is_formula:
        return ""
    lowest, highest, latest = -math.inf, math.inf, -1
    for match in _BETWEEN.finditer(reading.pattern):
        first, second = (g for g in match.groups() if g is not None)
        a, b = (_fits(reading.number(n), final) for n in (first, second))
        if a is None or b is None:
            continue
        if int(second) >= reading.present and _leaves_one(min(a, b), max(a, b), final):
            return f"bounds {final.name} between {a:g} and {b:g}"
    for pattern, is_lower in ((_LOWER, True), (_UPPER, False)):
        for match in pattern.finditer(reading.pattern):
            value = _fits(reading.number(match[1]), final)
            if value is None:
                continue
            if is_lower and lowest < value <= abs(final.shown):
                lowest, latest = value, max(latest, int(match[1]))
            elif not is_lower and highest > value >= abs(final.shown):
                highest, latest = value, max(latest, int(match[1]))
    if latest >= reading.present and _leaves_one(lowest, highest, final):
        return f"bounds {final.name} between {lowest:g} and {highest:g}"
    return ""


def _leaves_one(low: float, high: float, target: Target) -> bool:
    size = abs(target.shown)
    if not low <= size <= high or math.isinf(high) or math.isinf(low):
        return False
    whole = size == round(size) and round(size) - 1 <= low and high <= round(size) + 1
    return whole or high - low <= _NARROW * size


def _in_parts(reading: Reading, hidden: Withheld) -> str:
    """Find "nineteen" here and "point eight" there, or "19 m/s and 80 cm/s"."""
    numbers = [(i, t) for i, t in enumerate(reading.tokens) if t.kind == "num"]
    for (i, whole), (j, part) in pairwise(numbers):
        if j < reading.present or not whole.value.is_integer():
            continue
        for target in hidden.targets:
            if target.is_formula:
                continue
            own = [_fits(whole, target), _fits(part, target)]
            if own[0] is None or own[1] is None or own[0] <= own[1] or not own[1]:
                continue
            same = bool(whole.unit) and bool(part.unit) and j - i <= 2
            pointed = part.decimal and not whole.unit and part.text[0] in ".p"
            spoken = part.decimal and not part.unit and part.spelled and j - i <= 6
            if (same or pointed or spoken) and target.equals(own[0] + own[1], _STEP_EXACT):
                return f"states {target.name} in parts: {whole.text!r} and {part.text!r}"
    return ""


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
        for match in re.finditer(_N, sentence):
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

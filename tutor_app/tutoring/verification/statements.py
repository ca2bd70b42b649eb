"""Does a text state a withheld value: outright, nearly, between bounds, or digit by digit?"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tutor_app.tutoring.verification.tokens import Token, tokenize, unit_after
from tutor_app.tutoring.verification.units import in_si, in_unit, read_unit, unit_symbol
from tutor_app.tutoring.verification.withheld import Target, Withheld

_UNIT_BEFORE = 12
_NEAR = 0.10
_NARROW = 0.12
_ROUNDING = 0.05
_SMALL = 12

NUMBER = r"#(\d+)"
_HEDGE = (
    r"(?:about|around|roughly|approximately|approx|nearly|almost|close to|near|just (?:under|over|"
    r"below|above|shy of|short of|past|about|less than|more than)|(?:slightly|a (?:bit|little|"
    r"touch|"
    r"hair|shade|tad)|barely|marginally)(?: (?:under|over|below|above|less|more|greater|smaller|"
    r"larger|faster|slower|higher|lower|shy|short|off|past))?(?: (?:than|of))?|not quite|≈|"
    r"in the (?:neighborhood|region|vicinity) of|on the order of|a whisker (?:under|over|"
    r"below|above))"
)
HEDGE_WORD = re.compile(r"\b(?:about|around|roughly|approximately|nearly|almost|some)\b|≈")
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
    r"(?:between|from|in the range|within|range of|somewhere in) (?:\w+ )?"
    rf"{NUMBER} (?:and|to|-|–) {NUMBER}|{NUMBER} (?:–|\.\.\.?) {NUMBER}"
)
_LOWER = re.compile(rf"{_MORE}(?: than)? (?:but )?{NUMBER}")
_UPPER = re.compile(rf"{_LESS}(?: than)? (?:but )?{NUMBER}")
_HEDGED = re.compile(rf"{_HEDGE} (?:the )?{NUMBER}\b")
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
_AS_MANY = re.compile(r"\bas many ((?:\w+ ?/? ?){1,4}?)(?: \w+){0,3} as\b(?![^.!]*\?)")
_GOES_ON = frozenset("and but because since so as times not".split())


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
            # "60 cm/s in each second": the number betrays it although the unit is not quite right
            sizes = [abs(value)] * (token.digits >= 3) + [abs(in_si(value, token.unit))]
            close = [math.isclose(s, abs(target.shown), rel_tol=EXACT) for s in sizes]
            return target.final and token.digits >= 2 and any(close)
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


EXACT = 0.005


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
        for read_as in (token, *_with_unit_said_before(reading, index)):
            for target in hidden.targets:
                if means(target, read_as) and _counts(reading, index, read_as, target, hidden):
                    return f"states {target.name}: {token.text!r}"
    return _riddle(reading, hidden) or _hedged(reading, hidden) or _bounded(reading, hidden)


def _with_unit_said_before(reading: Reading, index: int) -> Iterator[Token]:
    """Yield the number with the unit of "in km/h it comes to 59"."""
    if reading.tokens[index].unit:
        return
    start = max(index - _UNIT_BEFORE, reading.present)
    for place in range(start, index):
        if reading.tokens[place].lower == "in":
            unit = unit_after(reading.tokens, place + 1)[0]
            if unit:
                yield replace(reading.tokens[index], unit=unit)


def _counts(reading: Reading, index: int, token: Token, target: Target, hidden: Withheld) -> bool:
    """Say whether a number equal to a target is a statement of it, not a count or a given."""
    before, after = _around(reading, index)
    if hidden.is_given(token):
        return target.final and _asserted(before, after, hidden)
    matching_unit = bool(token.unit) and in_unit(1.0, token.unit, target.unit) is not None
    if token.unit and not matching_unit and token.digits < 2:
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


def fits(token: Token, target: Target) -> float | None:
    """Return the number in the target's unit; None when it measures something else."""
    if target.is_formula:
        return None
    return in_unit(token.value, token.unit, target.unit) if token.unit else token.value


def _riddle(reading: Reading, hidden: Withheld) -> str:
    """Find "as many meters as January has days": a number that is looked up elsewhere."""
    final = hidden.final
    if final is None or final.is_formula:
        return ""
    present = " ".join(token.lower for token in reading.tokens[reading.present :])
    for match in _AS_MANY.finditer(present):
        words = match[1].split()
        if any(in_unit(1.0, unit, final.unit) is not None for unit in _units_in(words)):
            return f"tells {final.name} by a riddle: {match[0][:60]!r}"
    return ""


def _units_in(words: Sequence[str]) -> Iterator[str]:
    for size in range(len(words), 0, -1):
        unit, length = read_unit(words[:size], [1] * size)
        if length:
            yield unit


def _hedged(reading: Reading, hidden: Withheld) -> str:
    final = hidden.final
    if final is None or final.is_formula:
        return ""
    for match in _HEDGED.finditer(reading.pattern):
        index = int(match[1])
        token = reading.tokens[index]
        value = fits(token, final)
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
        a, b = (fits(reading.number(n), final) for n in (first, second))
        if a is None or b is None:
            continue
        if int(second) >= reading.present and _leaves_one(min(a, b), max(a, b), final):
            return f"bounds {final.name} between {a:g} and {b:g}"
    for pattern, is_lower in ((_LOWER, True), (_UPPER, False)):
        for match in pattern.finditer(reading.pattern):
            value = fits(reading.number(match[1]), final)
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

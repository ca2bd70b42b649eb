"""Does a reply hand over the one change that turns the learner's own value into the answer?

"Double what you wrote", "only a factor of 1000 is missing", "turn your fraction upside down": each
leaves nothing to think. The change that is needed is computed first; then the reply is searched for
it, so that any other change may be talked about freely.
"""

import math
import re
from collections.abc import Iterator, Sequence

from tutor_app.domain.item import SymbolicAnswer
from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.expressions import calculate
from tutor_app.tutoring.verification.lexical import sentences
from tutor_app.tutoring.verification.terms import Vocabulary, to_terms
from tutor_app.tutoring.verification.tokens import Token, tokenize
from tutor_app.tutoring.verification.units import in_si, in_unit
from tutor_app.tutoring.verification.values import Samples, Value
from tutor_app.tutoring.verification.withheld import Target, Withheld

_EXACT = 0.006
_SHORT = 12
_FARTHEST = 1e9
_POINTING = re.compile(
    r"\b(?:your|yours|you (?:wrote|write|have|had|got|get|found|gave|put|said|"
    r"are (?:only )?missing|"
    r"left out|forgot|need only|only need)|what you|everything|missing|lacks?|factor|too (?:small|"
    r"large|big|little|low|high|much)|it (?:only )?(?:has|needs) to|once more|only|same letters|"
    r"(?:multiply|divide|double|halve|square|flip|turn|take) (?:it|that|this))\b",
    re.I,
)
_TELLING = re.compile(
    r"\b(?:double|halve|half|twice|triple|times|multipl\w+|divid\w+|add|plus|subtract|minus|take|off|"
    r"missing|lacks?|left out|forgot|factor|less|more|comes?|remain\w*|belongs?|below|under|above|"
    r"squared|square|root|flip|invert|turn|upside|move|put|becomes?|gone|into|place|too)\b",
    re.I,
)
_WORDS = {
    2.0: r"\b(?:double|doubled|twice|two times)\b",
    0.5: r"\b(?:half|halve|halved|twice too (?:large|big)|double (?:of )?what it should)\b",
    3.0: r"\b(?:triple|thrice|three times)\b",
    4.0: r"\b(?:quadruple|four times)\b",
    0.25: r"\b(?:a quarter|one quarter|a fourth)\b",
}
_POINT = re.compile(
    r"\bdecimal point (?:by )?(\w+) (?:places?|digits?)(?: to the)? (left|right)|"
    r"\bdecimal point\b.{0,20}\b(left|right)\b",
    re.I,
)
_UPSIDE_DOWN = re.compile(r"\b(?:upside down|flip|invert|turn .{0,20}over|reciprocal|swap)\b", re.I)
_ADDING = re.compile(
    r"\b(?:add|plus|subtract|minus|take|off|less|more|missing|lacks?|left out|forgot|comes?|"
    r"remain\w*|gone|short|together|weight|too)\b",
    re.I,
)
_SCALING = re.compile(
    r"\b(?:times|multipl\w+|divid\w+|factor|over|of (?:your|what|it)|missing|lacks?|below|under|"
    r"put|inside|take|too|large|small)\b",
    re.I,
)
_WINDOW = 35
_COUNTS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4}
_NO_NAMES = Vocabulary(frozenset(), {})
_CHANGES_SIGN = re.compile(r"\b(?:plus|minus|sign|add|subtract)\b", re.I)


def corrected(text: str, hidden: Withheld) -> str:
    """Return why the reply turns the learner's value into the answer, or ""."""
    final = hidden.final
    if final is None or not hidden.context.learner_texts:
        return ""
    own = list(_own_values(hidden))
    for sentence in sentences(text):
        if not (_POINTING.search(sentence) and _TELLING.search(sentence)):
            continue
        for value in own:
            if found := _change(sentence, value, final, hidden):
                return f"tells the one change that makes the learner's value right: {found!r}"
    return ""


def _own_values(hidden: Withheld) -> Iterator[Samples]:
    """Yield what the learner last put forward, in SI magnitudes or as a formula's samples."""
    said = [*hidden.context.counted_texts[-1:], *hidden.context.learner_texts[-1:]]
    final = hidden.final
    for text in dict.fromkeys(said):
        if final is not None and final.is_formula:
            terms = to_terms(tokenize(text), hidden.vocabulary)
            parts = calculate(terms, hidden.meaning, hidden.vocabulary.names).parts
            longest = max((part.end - part.start for part in parts), default=0)
            for part in parts:
                if part.end - part.start == longest:
                    yield from (v.samples for v in part.readings[:2] if not v.unknown)
            continue
        numbers = [
            token
            for token in tokenize(text)
            if token.kind == "num" and not hidden.is_given(token, by_learner=False)
        ]
        # In a long text the numbers before the last are working, not what is put forward.
        for token in numbers if len(text.split()) <= _SHORT else numbers[-1:]:
            yield from _sizes(token, final)


def _sizes(token: Token, final: Target | None) -> Iterator[Samples]:
    for value in token.values[:1]:
        if final is None:
            return
        own = value
        if token.unit and in_unit(value, token.unit, final.unit) is not None:
            own = in_si(value, token.unit)
        elif not token.unit:
            own = in_si(value, final.unit)
        yield (own, own, own)


def _change(sentence: str, own: Samples, final: Target, hidden: Withheld) -> str:
    ratios = _quotients(final.samples, own)
    if ratios is None or not all(1 / _FARTHEST < abs(ratio) < _FARTHEST for ratio in ratios):
        return ""
    if math.isclose(abs(ratios[0]), 1.0, rel_tol=_EXACT):
        return ""
    if _UPSIDE_DOWN.search(sentence) and _worlds_close(own, _inverse(final.samples)):
        return "upside down"
    constant = math.isclose(ratios[0], ratios[1], rel_tol=1e-9)
    if constant and (found := _names_ratio(sentence, abs(ratios[0]))):
        return found
    if final.is_formula:
        if not constant and (found := _names_symbols(sentence, ratios, hidden)):
            return found
        return _flips_sign(sentence, hidden, final)
    root = math.isclose(own[0], final.samples[0] ** 2, rel_tol=_EXACT)
    if root and re.search(r"\broots?\b", sentence, re.I):
        return "root"
    return _names_difference(sentence, own[0], final)


def _quotients(above: Samples, below: Samples) -> tuple[float, float] | None:
    if not (below[0] and below[1]):
        return None
    return above[0] / below[0], above[1] / below[1]


def _inverse(samples: Samples) -> Samples:
    first, second, third = (1 / s if s else math.inf for s in samples)
    return first, second, third


def _worlds_close(a: Samples, b: Samples) -> bool:
    return all(math.isclose(a[n], b[n], rel_tol=_EXACT) for n in (0, 1))


def _names_ratio(sentence: str, ratio: float) -> str:
    """Find the factor in words, in numbers or in a small calculation such as √2."""
    for wanted in (ratio, 1 / ratio, ratio**2, 1 / ratio**2):
        for value, words in _WORDS.items():
            if math.isclose(value, wanted, rel_tol=_EXACT) and (
                match := re.search(words, sentence, re.I)
            ):
                return match[0]
    for match in _POINT.finditer(canonical(sentence)):
        count = _COUNTS.get((match[1] or "one").lower(), 1)
        way = (match[2] or match[3]).lower()
        if math.isclose(10.0 ** (count if way == "right" else -count), ratio, rel_tol=_EXACT):
            return match[0]
    numbers = [
        value
        for token in tokenize(sentence)
        if token.kind == "num" and not token.unit and _beside(sentence, token, _SCALING)
        for value in token.values
    ]
    terms = to_terms(tokenize(sentence), _NO_NAMES)
    for part in calculate(terms, lambda name: ()).parts:
        numbers += [value.samples[0] for value in part.readings]
    for number in numbers:
        for wanted in (ratio, 1 / ratio, ratio**2, 1 / ratio**2):
            squared = wanted in (ratio**2, 1 / ratio**2)
            if squared and not re.search(r"\broot|inside|under|square", sentence, re.I):
                continue
            if number not in (0.0, 1.0) and math.isclose(number, wanted, rel_tol=_EXACT):
                return f"{number:g}"
    return ""


def _beside(sentence: str, token: Token, cue: re.Pattern[str]) -> bool:
    plain = canonical(sentence)
    return bool(cue.search(plain[max(0, token.start - _WINDOW) : token.end + _WINDOW]))


def _names_symbols(sentence: str, ratios: tuple[float, float], hidden: Withheld) -> str:
    """Find the letters whose product or quotient is what the learner's formula lacks."""
    terms = to_terms(tokenize(sentence), hidden.vocabulary)
    parts = [(term.text, tuple(hidden.meaning(term.text))) for term in terms if term.kind == "name"]
    found = calculate(terms, hidden.meaning, hidden.vocabulary.names).parts
    parts += [(terms[p.start].text, p.readings) for p in found]
    for name, readings in parts:
        for value in readings:
            if not value.unknown and _makes(value, ratios):
                return name
    return ""


def _makes(value: Value, ratios: tuple[float, float]) -> bool:
    return any(
        all(
            1 / _FARTHEST < value.samples[n] < _FARTHEST
            and math.isclose(abs(ratios[n]), value.samples[n] ** power, rel_tol=_EXACT)
            for n in (0, 1)
        )
        for power in (1, -1, 0.5, -0.5, 2, -2)
    )


def _flips_sign(sentence: str, hidden: Withheld, final: Target) -> str:
    """Find that one plus or minus of the learner's formula is to be turned."""
    symbolic = isinstance(hidden.context.item.answer, SymbolicAnswer)
    if not symbolic or not _CHANGES_SIGN.search(sentence):
        return ""
    said = [*hidden.context.learner_texts[-1:], *hidden.context.counted_texts[-1:]]
    for text in said:
        plain = canonical(text)
        for match in re.finditer(r"[-+]", plain):
            turned = "+" if match[0] == "-" else "-"
            changed = plain[: match.start()] + turned + plain[match.end() :]
            terms = to_terms(tokenize(changed), hidden.vocabulary)
            for part in calculate(terms, hidden.meaning, hidden.vocabulary.names).parts:
                if any(_worlds_close(v.samples, final.samples) for v in part.readings):
                    return turned
    return ""


def _names_difference(sentence: str, own: float, final: Target) -> str:
    """Find "34 less than yours", "84 m are missing"."""
    for token in tokenize(sentence):
        if token.kind != "num" or not _beside(sentence, token, _ADDING):
            continue
        for value in token.values:
            size = in_si(value, token.unit) if token.unit else in_si(value, final.unit)
            sums: Sequence[float] = (own + size, own - size, size - own)
            if size and any(math.isclose(s, final.samples[0], rel_tol=_EXACT) for s in sums):
                return token.text
    return ""

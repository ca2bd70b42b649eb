"""Choose the number a text asserts: after the last "=", after "so", not the one in "because"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tutor_app.answers.candidates import Candidate
from tutor_app.answers.units import convert, same_dimension
from tutor_app.errors import AnswerSyntaxError

_CORRECTION = re.compile(
    r"\b(?:no,? wait|wait|actually|sorry|i mean|i meant|correction|scratch that|oops|rather|"
    r"should be|should have been|changed? (?:it|my (?:mind|answer)))\b",
    re.I,
)
_CONCLUSION = re.compile(
    r"\b(?:(?:final |my )?answer(?:'s| is| would be| =|:)?|ans(?:wer)?\b|therefore|thus|hence|"
    r"so(?! (?:close|much|far|fast|many|long|small|big|slow))|then|finally|"
    r"which (?:is|gives|makes)|"
    r"gives?(?: me| us)?|(?:i|we|you)(?:'ll| would| will)? (?:get|got|have|find|found|think|say|"
    r"guess|choose|calculated|worked out)|comes out (?:as|at|to)|equals?|works out|"
    r"results? (?:is|in)"
    r"|ends? up|total(?: is| of)?)\b",
    re.I,
)
_EXPLANATION = re.compile(
    r"\b(?:because|bc|cuz|coz|since|using|with|where|given|taking|assuming|i used|"
    r"(?:as|for|if|when|but) (?=\w{1,12} ?=)|but not|not|instead of|rather than)\b",
    re.I,
)
_NEGATED = re.compile(
    r"(?:\bnot|n't|\b(?:anything|everything|all|nothing) but|\binstead of|\brather than|\bneither|"
    r"\bnor|\bnever|\bwithout|\bexcept|≠|!=)"
    r"(?:\s+(?:be|equal(?: to)?|just|exactly|about|the|an?))*\s*$",
    re.I,
)
_INEQUALITY = re.compile(
    r"(?:[<>≤≥]|\b(?:less|more|greater|smaller|larger|bigger|higher|lower|faster|slower) than|"
    r"\bat (?:least|most)|\bunder|\bover|\bbelow|\babove)\s*$",
    re.I,
)
_EQUALS = re.compile(
    r"(?:[=≈:]|\b(?:is|was|be|are|equals?|equal to|gives?|get|got|of|about|approximately|approx\.?|"
    r"roughly|around|nearly|almost))\s*(?:about|approximately|approx\.?|roughly|around|exactly|"
    r"equal to|just|nearly|almost|[=≈:])?\s*$",
    re.I,
)
_STRONG = re.compile(r"[=≈]\s*(?:about|approximately|approx\.?|roughly|around)?\s*$", re.I)
_ALTERNATIVE = re.compile(
    r"^\s*(?:,\s*)?(?:or|/|to|and|through|vs\.?)\s+(?:maybe |perhaps |is it )?(?:about )?$", re.I
)


def asserted(text: str, found: Sequence[Candidate], unit: str) -> Candidate | None:
    """Return the candidate the text puts forward as the answer; None when it is unclear.

    Args:
        text: the prepared text that the candidates stand in.
        found: its candidates, in order.
        unit: the plain unit of the expected answer.
    """
    possible = [
        c
        for c in found
        if not c.symbolic
        and not _NEGATED.search(text[max(0, c.start - 40) : c.start])
        and not _INEQUALITY.search(text[max(0, c.start - 20) : c.start])
    ]
    possible = _after_last(_CORRECTION, text, possible)
    possible = _outside_brackets(text, possible)
    possible = _conclusion(text, possible)
    possible = _fitting(text, possible, unit)
    if len(possible) > 1 and _agree(possible):
        return possible[-1] if fits(possible[-1], unit) else possible[0]
    if len(possible) > 1:
        possible = _equated(text, possible)
    if len(possible) != 1 or possible[0].span_of_values:
        return None
    return None if _has_alternative(text, possible[0], found, unit) else possible[0]


def _has_alternative(text: str, chosen: Candidate, found: Sequence[Candidate], unit: str) -> bool:
    """Say whether the text offers two: "14 or 19.8 m/s", "between 19 and 20 m/s"."""
    for first, second in pairwise(found):
        if chosen in (first, second) and _ALTERNATIVE.match(text[first.end : second.start]):
            other = second if chosen is first else first
            bare = not any(m.unit for m in other.readings)
            if (bare or fits(other, unit)) and not _agree([first, second]):
                return True
    return False


def fits(candidate: Candidate, unit: str) -> bool:
    """Say whether one reading has the dimension of this unit."""
    return any(m.unit and same_dimension(m.unit, unit) for m in candidate.readings)


def _after_last(cue: re.Pattern[str], text: str, found: list[Candidate]) -> list[Candidate]:
    """Keep what follows the last cue that has a candidate after it."""
    if len(found) < 2:
        return found
    ends = [m.end() for m in cue.finditer(text) if m.end() <= found[-1].start]
    return [c for c in found if c.start >= ends[-1]] if ends else found


def _outside_brackets(text: str, found: list[Candidate]) -> list[Candidate]:
    """Leave out asides in brackets when something stands outside them."""
    outside = [c for c in found if text.count("(", 0, c.start) <= text.count(")", 0, c.start)]
    return outside or found


def _conclusion(text: str, found: list[Candidate]) -> list[Candidate]:
    """Prefer what follows "so" or "the answer is"; leave out the reasons given after it."""
    if len(found) < 2:
        return found
    found = _after_last(_CONCLUSION, text, found)
    for cue in _EXPLANATION.finditer(text):
        before = [c for c in found if c.end <= cue.start()]
        if before:
            return before
    return found


def _fitting(text: str, found: list[Candidate], unit: str) -> list[Candidate]:
    """Leave out numbers whose unit is of another kind, when others remain."""
    kept = [c for c in found if fits(c, unit) or not any(m.unit for m in c.readings)]
    with_unit = [c for c in kept if fits(c, unit)]
    if unit and len(with_unit) == 1:
        rivals = [c for c in kept if c is not with_unit[0]]
        if not any(_strongly_equated(text, c) for c in rivals):
            return with_unit
    return kept or found


def _equated(text: str, found: list[Candidate]) -> list[Candidate]:
    """Take the last number after an equals sign, or else after "is" or "about"."""
    strong = [c for c in found if _strongly_equated(text, c)]
    if (
        strong
        and any(m.unit for c in found for m in c.readings)
        and not strong[-1].readings[0].unit
    ):
        # "v = 19.8 m/s, t = 2": the last equation is about something else.
        return [] if any(c.readings[0].unit for c in strong) else strong[-1:]
    if strong:
        return strong[-1:]
    weak = [c for c in found if _EQUALS.search(text[max(0, c.start - 30) : c.start])]
    return weak[-1:] or found


def _strongly_equated(text: str, candidate: Candidate) -> bool:
    return bool(_STRONG.search(text[max(0, candidate.start - 30) : candidate.start]))


def _agree(found: list[Candidate]) -> bool:
    """All say the same up to rounding: 19.8 m/s = 71.3 km/h."""
    first = found[0].readings[0]
    for other in found[1:]:
        reading = other.readings[0]
        value = reading.value
        if reading.unit != first.unit and (
            (reading.unit and first.unit) or "%" in (reading.unit, first.unit)
        ):
            try:
                value = convert(reading, first.unit).value
            except AnswerSyntaxError:
                return False
        if abs(value - first.value) > 0.006 * abs(first.value):
            return False
    return True

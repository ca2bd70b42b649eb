"""A chat model's verdicts turned into proposals: points, quotes and doubts are code's business."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tutor_app.domain.grade import CriterionGrade, Evidence
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.grading.hidden import strip_hidden
from tutor_app.grading.levels import title_of, unearned
from tutor_app.grading.llm_prompt import Ask, asks_of
from tutor_app.grading.llm_reply import Verdict

ALONE = 0.6
"""Confidence of a verdict that nothing could be compared with."""
LOST_QUOTE = 0.5
"""What a missing quote leaves of the confidence."""
_SHOWN = 200
_SAME = 0.006
Locate = Callable[[str], Evidence | None]


@dataclass(frozen=True)
class Compared:
    """What a verdict is held against.

    Attributes:
        local: the proposals of the grader that has no words to be talked into anything.
        locate: finds a quote in the submission, None where it is not there or shows nothing.
        passages: "document#Section" of the course that the model was shown.
    """

    local: Mapping[str, CriterionGrade]
    locate: Locate
    passages: tuple[str, ...] = ()


def proposals(
    rubric: Rubric, verdicts: Mapping[str, Verdict], compared: Compared, problem: str = ""
) -> tuple[CriterionGrade, ...]:
    """Return one proposal per criterion, in the rubric's order.

    A criterion without a verdict for each of its parts, or with CANNOT_ASSESS, is pending.

    Args:
        rubric: what was judged.
        verdicts: by the ids of `asks_of(rubric)`; some may be missing.
        compared: what they are held against.
        problem: why some are missing.
    """
    asks: dict[str, list[Ask]] = {}
    for ask in asks_of(rubric):
        asks.setdefault(ask.criterion, []).append(ask)
    return tuple(
        _proposal(one, asks[one.id], verdicts, compared, problem) for one in rubric.criteria
    )


def _proposal(
    criterion: Criterion,
    asks: Sequence[Ask],
    verdicts: Mapping[str, Verdict],
    compared: Compared,
    problem: str,
) -> CriterionGrade:
    given = [verdicts[ask.id] for ask in asks if ask.id in verdicts]
    said = tuple(f"Model: {_clean(one.reason)}" for one in given if one.reason.strip())
    if len(given) < len(asks):
        return _pending(criterion, (f"No score: {problem or 'the model left it out'}.", *said))
    if any(one.verdict == "CANNOT_ASSESS" for one in given):
        return _pending(criterion, ("No score: the model cannot assess this.", *said))
    points = _points(criterion, given)
    found, lost = _quotes(criterion, given, compared.locate)
    confidence, doubts = _confidence(points, compared.local.get(criterion.id))
    if lost:
        confidence *= LOST_QUOTE
        doubts = (*doubts, *(f"Not found in the answer: “{_clean(one)}”" for one in lost))
    return CriterionGrade(
        criterion=criterion.id,
        level=title_of(criterion, points),
        auto_score=points,
        evidence=found,
        passages=compared.passages,
        confidence=confidence,
        reasons=(*doubts, *said),
        needs_review=bool(doubts),
    )


def _pending(criterion: Criterion, reasons: tuple[str, ...]) -> CriterionGrade:
    return CriterionGrade(criterion=criterion.id, reasons=reasons)


def _points(criterion: Criterion, given: Sequence[Verdict]) -> float:
    if criterion.type == "checklist":
        met = sum(one.verdict == "MET" for one in given)
        return criterion.possible_points[len(given) - met]
    (verdict,) = given
    if criterion.type == "penalty":
        return criterion.points if verdict.verdict == "MET" else unearned(criterion)
    return {level.title: level.points for level in criterion.levels}[verdict.level]


def _quotes(
    criterion: Criterion, given: Sequence[Verdict], locate: Locate
) -> tuple[tuple[Evidence, ...], list[str]]:
    """Return the quotes that are there, and those that had to be there and are not."""
    found, lost = [], []
    lowest = title_of(criterion, unearned(criterion))
    for one in given:
        if one.verdict == "UNMET" or (one.verdict == "LEVEL" and one.level == lowest):
            continue
        if evidence := locate(one.quote):
            found.append(evidence)
        else:
            lost.append(one.quote.strip() or "(no quote)")
    return tuple(dict.fromkeys(found)), lost


def _confidence(points: float, local: CriterionGrade | None) -> tuple[float, tuple[str, ...]]:
    """Weigh the model against the local grader: values to start with, until they are calibrated."""
    if local is None or local.auto_score is None:
        return ALONE, ()
    if abs(local.auto_score - points) < _SAME:
        return 1 - (1 - local.confidence) / 2, ()
    doubt = f"The local grader would give {local.auto_score:g}, the model {points:g}."
    return min(0.5, max(0.2, 1 - local.confidence)), (doubt,)


def _clean(words: str) -> str:
    return " ".join(strip_hidden(words)[0].split())[:_SHOWN]

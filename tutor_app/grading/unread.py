"""Criterion grades that need no model: nothing handed in, nothing of its own, cannot be read."""

from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.grading.levels import title_of, unearned

NOTHING_HANDED_IN = "Nothing was handed in."
NOTHING_OWN = "The answer only repeats the question."
NOTHING_READ = "There is nothing that can be read as an answer; a person has to look."


def unanswered(rubric: Rubric) -> tuple[CriterionGrade, ...]:
    """Return the lowest score of every criterion, for sure; penalties do not apply."""
    return _lowest(rubric, NOTHING_HANDED_IN, confidence=1.0)


def nothing_own(rubric: Rubric, confidence: float) -> tuple[CriterionGrade, ...]:
    """Return the lowest score of every criterion for an answer that only says the question."""
    return _lowest(rubric, NOTHING_OWN, confidence)


def pending(rubric: Rubric, reason: str) -> tuple[CriterionGrade, ...]:
    """Return no score for any criterion: a person has to look, and the reason says why."""
    return tuple(CriterionGrade(criterion=one.id, reasons=(reason,)) for one in rubric.criteria)


def _lowest(rubric: Rubric, reason: str, confidence: float) -> tuple[CriterionGrade, ...]:
    return tuple(_lowest_of(one, reason, confidence) for one in rubric.criteria)


def _lowest_of(criterion: Criterion, reason: str, confidence: float) -> CriterionGrade:
    points = unearned(criterion)
    return CriterionGrade(
        criterion=criterion.id,
        level=title_of(criterion, points),
        auto_score=points,
        confidence=confidence,
        reasons=(reason,),
        needs_review=False,
    )

"""Criterion grades that need no model: nothing handed in, nothing of its own, cannot be read.

Two of them are certain, and say by which rule: nothing was handed in, and the question and not a
word more. That an answer only repeats the question in other words is a guess, if a good one.
"""

from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.levels import title_of, unearned

NOTHING_HANDED_IN = "Nothing was handed in."
NOTHING_OWN = "The answer only repeats the question."
THE_QUESTION = "The answer is the question and nothing else."
NOTHING_READ = "There is nothing that can be read as an answer; a person has to look."


def unanswered(rubric: Rubric) -> tuple[CriterionGrade, ...]:
    """Return the lowest score of every criterion, for sure; penalties do not apply."""
    return _lowest(rubric, NOTHING_HANDED_IN, 1.0, rule=NOTHING_HANDED_IN)


def only_the_question(rubric: Rubric) -> tuple[CriterionGrade, ...]:
    """Return the lowest score of every criterion, for sure, for the question itself handed in."""
    return _lowest(rubric, NOTHING_OWN, 1.0, rule=THE_QUESTION)


def is_the_question(text: str, question: str) -> bool:
    """Tell whether a text is the whole question, letter for letter but for case and spaces."""
    return _bare(text) == _bare(question) != ""


def nothing_own(rubric: Rubric, confidence: float) -> tuple[CriterionGrade, ...]:
    """Return the lowest score of every criterion for an answer that only says the question."""
    return _lowest(rubric, NOTHING_OWN, confidence)


def pending(rubric: Rubric, reason: str) -> tuple[CriterionGrade, ...]:
    """Return no score for any criterion: a person has to look, and the reason says why."""
    return tuple(CriterionGrade(criterion=one.id, reasons=(reason,)) for one in rubric.criteria)


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .?!\"'“”")


def _lowest(
    rubric: Rubric, reason: str, confidence: float, *, rule: str = ""
) -> tuple[CriterionGrade, ...]:
    return tuple(
        CriterionGrade(
            criterion=one.id,
            level=title_of(one, unearned(one)),
            auto_score=unearned(one),
            confidence=confidence,
            reasons=(reason,),
            needs_review=False,
            rule=rule,
        )
        for one in rubric.criteria
    )

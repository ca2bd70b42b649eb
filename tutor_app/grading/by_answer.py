"""Numbers, formulas, choices and programs: what `answers` computes decides, not a model."""

from functools import lru_cache

from tutor_app.answers.check import check_answer
from tutor_app.answers.solution import Solution, solve
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.grade import CriterionGrade, Evidence
from tutor_app.domain.item import Item, TextAnswer
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.grading.evidence import span
from tutor_app.grading.levels import title_of

ANSWER = "answer"
"""Id of the criterion that the final answer settles, where a rubric has several."""
DECIDED = 0.99
"""Confidence of what was computed. It is set, not measured: no model was asked."""
NEARLY = 0.5
NEARLY_SHARE = 0.5
"""Share of the points for an answer that is right but for its unit, sign or rounding."""
COMPUTED = "The answer is nothing but its result, which was computed to be right or wrong."
TESTED = "The program passes every test."
_READ = 20_000
_QUOTED = 300
_NEARLY = {
    Verdict.UNIT: "Right but for the unit.",
    Verdict.SIGN: "Right but for the sign.",
    Verdict.ROUNDING: "Right but for the rounding.",
}


def decides(item: Item | None) -> bool:
    """Tell whether an item's answers are computed instead of read."""
    return item is not None and not isinstance(item.answer, TextAnswer)


def grade_by_answer(text: str, rubric: Rubric, item: Item) -> tuple[CriterionGrade, ...]:
    """Return one grade per criterion; never raises on what the text holds.

    The criterion with the id "answer", or the only one that gives points, is settled by the final
    answer. Other criteria (the way to it, say) stay pending: nothing here can tell.

    Raises:
        ContentError: the item itself cannot be computed.
    """
    settled = _settled(rubric)
    check = check_answer(text[:_READ], item.answer, _solution(item))
    return tuple(
        _settle(one, check, text)
        if one.id == settled
        else CriterionGrade(
            criterion=one.id, reasons=("Only the final answer can be checked by computing.",)
        )
        for one in rubric.criteria
    )


def _settled(rubric: Rubric) -> str:
    if any(one.id == ANSWER for one in rubric.criteria):
        return ANSWER
    giving = [one.id for one in rubric.criteria if one.type != "penalty"]
    return giving[0] if len(giving) == 1 else ""


def _settle(criterion: Criterion, check: Check, text: str) -> CriterionGrade:
    points, confidence, reason = _points(criterion, check)
    read = f"Read as {check.reading.echo}." if check.reading.echo and not check.outcomes else ""
    shown = _shown(text) if points else None
    return CriterionGrade(
        criterion=criterion.id,
        level="" if points is None else title_of(criterion, points),
        auto_score=points,
        evidence=(shown,) if shown else (),
        confidence=confidence,
        reasons=tuple(one for one in (reason, read) if one),
        needs_review=confidence < DECIDED,
        rule=_rule(check),
    )


def _points(criterion: Criterion, check: Check) -> tuple[float | None, float, str]:
    possible = criterion.possible_points
    if check.verdict is Verdict.RIGHT:
        return possible[0], DECIDED, check.reason
    if check.verdict is Verdict.CANNOT_TELL:
        return None, 0.0, check.reason
    if check.verdict.nearly:
        part = min(possible, key=lambda p: abs(p - criterion.points * NEARLY_SHARE))
        return part, NEARLY, _NEARLY[check.verdict]
    passed = sum(outcome.passed for outcome in check.outcomes)
    if passed:
        part = min(possible, key=lambda p: abs(p - criterion.points * NEARLY_SHARE))
        return part, NEARLY, f"{passed} of {len(check.outcomes)} tests pass."
    return possible[-1], DECIDED, check.reason


def _rule(check: Check) -> str:
    """Say by what it was decided for certain: nothing of the text was left to be interpreted."""
    if check.outcomes:
        return TESTED if check.verdict is Verdict.RIGHT else ""
    decided = check.verdict in (Verdict.RIGHT, Verdict.WRONG) and check.reading.bare
    return COMPUTED if decided else ""


def _shown(text: str) -> Evidence | None:
    bare = text.strip()
    return span(text, 0, len(text)) if 0 < len(bare) <= _QUOTED else None


@lru_cache(maxsize=64)
def _solved(item_json: str) -> Solution:
    return solve(Item.model_validate_json(item_json))


def _solution(item: Item) -> Solution:
    return _solved(item.model_dump_json())

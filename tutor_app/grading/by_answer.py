"""Numbers, formulas, choices and programs: what `answers` computes decides, not a model."""

from functools import lru_cache

from tutor_app.answers.check import check_answer
from tutor_app.answers.solution import Solution, solve
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.grade import CriterionGrade, Evidence
from tutor_app.domain.item import CodeAnswer, Item, TextAnswer
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.errors import ContentError
from tutor_app.grading.evidence import span
from tutor_app.grading.levels import title_of

ANSWER = "answer"
"""Id of the criterion that the final answer settles, where a rubric has several."""
DECIDED = 0.99
"""Confidence of what was computed. It is set, not measured: no model was asked."""
NEARLY = 0.5
NEARLY_SHARE = 0.5
"""Share of the points for an answer that is right but for its unit, sign or rounding."""
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


def rubric_for_item(item: Item, points: float = 1.0) -> Rubric:
    """Return a rubric with one criterion for an item whose answers are computed.

    Args:
        item: numeric, symbolic, choice, exact or code.
        points: for a right answer; half of them where it is right but for its unit, sign or
            rounding, or where a program passes some of its tests.

    Raises:
        ContentError: the item wants an answer in words, which needs a rubric of its own.
    """
    if not decides(item):
        raise ContentError(
            f"item {item.id!r}: its answer is in words. Grade it with its rubric instead."
        )
    code = isinstance(item.answer, CodeAnswer)
    some = (
        ("Some tests pass", "The program runs, and passes at least one test but not all.")
        if code
        else ("Nearly right", "Right but for the unit, the sign or the rounding.")
    )
    levels = [
        Level(title="Right", points=points,
              description="Passes every test." if code else "The right answer."),
        Level(title=some[0], points=points * NEARLY_SHARE, description=some[1]),
        Level(title="Wrong", points=0.0, description="Any other answer."),
    ]  # fmt: skip
    return Rubric(
        id=f"{item.id}-answer"[:80],
        title=item.title,
        version=1,
        question=item.prompt,
        reference_answers=["The right answer, as it is computed from the item."],
        criteria=[
            Criterion(id=ANSWER, title="Answer", points=points, type="levels", levels=levels)
        ],
        course_sections=item.sections,
    )


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


def _shown(text: str) -> Evidence | None:
    bare = text.strip()
    return span(text, 0, len(text)) if 0 < len(bare) <= _QUOTED else None


@lru_cache(maxsize=64)
def _solved(item_json: str) -> Solution:
    return solve(Item.model_validate_json(item_json))


def _solution(item: Item) -> Solution:
    return _solved(item.model_dump_json())

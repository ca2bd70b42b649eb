"""The plan, the draw and the verdict of a release."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from scipy.stats import chisquare

from tutor_app.domain.batch import Decision, Marked, Released
from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.grading.bounds import (
    clopper_pearson,
    critical_errors,
    most_errors,
    needed_audit,
)
from tutor_app.grading.release import (
    Candidate,
    ReleasePlan,
    can_promise,
    candidates,
    decide_release,
    draw_audit,
    make_plan,
    suggest,
    worth_auditing,
)
from tutor_app.grading.release_plan import rule_of

LEVELS = [{"title": f"{p}", "points": p, "description": "d"} for p in (2, 1, 0)]
RUBRIC = Rubric.model_validate(
    {
        "id": "ice", "title": "Ice", "version": 1, "question": "Why?", "reference_answers": ["x"],
        "criteria": [
            {"id": "a", "title": "A", "points": 2, "levels": LEVELS},
            {"id": "b", "title": "B", "points": 2, "levels": LEVELS},
        ],
    }
)  # fmt: skip
RIGHT = {"a": 2.0, "b": 1.0}


def batch(n: int = 300) -> list[Candidate]:
    return [
        Candidate(submission=f"s{i}", confidence=1 - i / (2 * n), points=RIGHT) for i in range(n)
    ]


def plan(found: list[Candidate], audit: int = 100, **changes: object) -> ReleasePlan:
    chosen = {"target": 0.05, "thresholds": (0.6, 0.5), "audit_size": audit, "seed": 7} | changes
    return make_plan(found, **chosen)  # type: ignore[arg-type]


def graded(ids: tuple[str, ...], wrong: int = 0, points: dict[str, float] | None = None) -> dict:
    other = points or {"a": 0.0, "b": 1.0}
    return {name: other if i < wrong else RIGHT for i, name in enumerate(ids)}


def test_bounds_are_those_of_the_tables_and_of_plain_counting() -> None:
    assert clopper_pearson(0, 45) == pytest.approx(1 - 0.1 ** (1 / 45))
    assert clopper_pearson(3, 3) == 1
    # Of ten, five are drawn and none is wrong: with two wrong ones that happens in 2/9 of draws.
    assert most_errors(10, 5, 0, 0.25) == 1
    assert most_errors(10, 5, 0, 0.2) == 2
    assert most_errors(10, 10, 3, 0.1) == 3
    assert most_errors(10**6, 59, 0, 0.05) / 10**6 == pytest.approx(0.05, abs=0.001)


def test_the_found_errors_are_credited_only_when_it_comes_to_releasing() -> None:
    go_on, release = critical_errors(300, 100, 20, 0.05)
    assert 0 <= go_on < release
    assert most_errors(300, 100, go_on, 0.05) <= 20 < most_errors(300, 100, go_on + 1, 0.05)
    assert most_errors(300, 100, release, 0.05) <= 20 + release
    assert most_errors(300, 100, release + 1, 0.05) > 20 + release + 1


def test_the_needed_audit_is_enough_and_one_less_is_not() -> None:
    assert needed_audit(100_000, 0.05, 0.05) == 59
    least = needed_audit(300, 0.1, 0.05)
    assert least is not None
    assert critical_errors(300, least, int(0.1 * (300 - least)), 0.05)[1] >= 0
    assert critical_errors(300, least - 1, int(0.1 * (301 - least)), 0.05)[1] < 0
    assert needed_audit(1_000, 0.1, 0.05, expected=0.2) is None
    assert needed_audit(1, 0.1, 0.05) is None


def test_nothing_differs_and_the_widest_set_goes_out_without_the_audited() -> None:
    found = batch()
    one = plan(found)
    ids = draw_audit(one, found)
    verdict = decide_release(one, found, graded(ids))
    assert verdict.outcome == "release"
    assert verdict.threshold == 0.5
    assert set(verdict.released) == {c.submission for c in found} - set(ids)
    assert verdict.sentence == (
        "Of the 200 marks released without review, at most 5\u00a0% differ from what you would "
        "have given (90\u00a0% confidence; 100 audited, 0 differed). This counts all 200 as they "
        "stood at the verdict of the audit, however many of them you release or read since; it is "
        "no promise about a part of them."
    )
    assert {c.criterion: c.errors for c in verdict.criteria} == {"a": 0, "b": 0}


def test_errors_among_the_less_confident_stop_at_the_stricter_threshold() -> None:
    found = batch(1_000)
    one = plan(found, audit=150, thresholds=(0.7, 0.5))
    sure = {c.submission: c.confidence for c in found}
    ids = draw_audit(one, found)
    low = [name for name in ids if sure[name] < 0.7]
    verdict = decide_release(one, found, graded(ids) | graded(tuple(low), wrong=12))
    assert verdict.threshold == 0.7
    assert {sure[name] >= 0.7 for name in verdict.released} == {True}
    assert verdict.errors == 0
    assert [t.passed for t in verdict.tests] == [True, False]


def test_too_many_differ_and_not_enough_evidence_are_told_apart() -> None:
    found = batch()
    one = plan(found)
    ids = draw_audit(one, found)
    bad = decide_release(one, found, graded(ids, wrong=40))
    assert (bad.outcome, bad.released, bad.threshold) == ("too many differ", (), None)
    few = plan(found, audit=30, target=0.1)
    short = decide_release(few, found, graded(draw_audit(few, found)))
    assert short.outcome == "not enough evidence"
    least = needed_audit(240, 0.1, few.delta)
    assert f"{least} without a difference would have been needed" in short.sentence
    assert short.more is not None
    assert f"a fresh audit of {short.more} answers" in short.sentence


def test_a_small_batch_is_told_to_be_read() -> None:
    found = batch(20)
    thresholds, size = suggest(found, target=0.05)
    one = make_plan(found, target=0.05, thresholds=thresholds, audit_size=min(size, 5), seed=1)
    verdict = decide_release(one, found, graded(draw_audit(one, found)))
    assert verdict.outcome == "not enough evidence"
    assert "so read them all" in verdict.sentence


def test_so_few_that_no_audit_carries_the_promise_are_known_before_anybody_grades() -> None:
    assert not can_promise(5, 0.05)
    assert can_promise(60, 0.05)
    assert not can_promise(20, 0.2, attempt=8)


def test_suggested_plans_release_what_a_good_grader_did() -> None:
    found = batch(600)
    thresholds, size = suggest(found, target=0.1)
    one = make_plan(found, target=0.1, thresholds=thresholds, audit_size=size, seed=3)
    assert size < 150
    assert decide_release(one, found, graded(draw_audit(one, found))).outcome == "release"
    with pytest.raises(GradingError, match="nothing to audit"):
        suggest([])
    with pytest.raises(GradingError, match=r"1 mark .* too small a number for an audit"):
        suggest(found[:1])


def test_what_counts_as_different_is_in_the_plan() -> None:
    found = batch()
    swapped = {"a": 1.0, "b": 2.0}

    def errors(points: dict[str, float], **changes: object) -> int:
        one = plan(found, **changes)
        ids = draw_audit(one, found)
        return decide_release(one, found, graded(ids, len(ids), points)).tests[-1].errors

    assert errors(swapped) == 0
    assert errors(swapped, differs="any criterion") == 100
    assert errors({"a": 2.0, "b": 2.0}) == 100
    assert errors({"a": 2.0, "b": 2.0}, tolerance=1.0) == 0


def test_a_total_that_the_rubric_caps_is_the_same() -> None:
    one = Candidate(submission="s", confidence=1, points={"a": 2, "b": -3}, floor=0, ceiling=4)
    assert not plan(batch()).differ(one, {"a": 1.0, "b": -3.0})


def test_the_draw_is_uniform_repeatable_and_from_the_widest_set_only() -> None:
    found = batch(40)
    counts = Counter(
        name
        for seed in range(800)
        for name in draw_audit(plan(found, 8, thresholds=(0.9, 0.625), seed=seed), found)
    )
    assert set(counts) == {f"s{i}" for i in range(31)}
    assert chisquare(list(counts.values())).pvalue > 0.001
    one = plan(found, 8)
    assert draw_audit(one, found) == draw_audit(one, found[::-1])


def test_each_attempt_spends_half_of_what_is_left() -> None:
    found = batch()
    spent = [plan(found, attempt=k).delta for k in range(1, 30)]
    assert spent[:2] == pytest.approx([0.05, 0.025])
    assert sum(spent) <= 0.1


def test_the_plan_comes_back_from_json_with_its_digest() -> None:
    one = plan(batch())
    again = ReleasePlan.model_validate_json(one.model_dump_json())
    assert again == one
    assert again.digest == one.digest != plan(batch(), seed=8).digest


def test_a_plan_is_void_when_a_proposal_changed_or_an_audit_grade_is_missing() -> None:
    found = batch()
    one = plan(found)
    ids = draw_audit(one, found)
    changed = [found[0].model_copy(update={"points": {"a": 0.0, "b": 0.0}}), *found[1:]]
    with pytest.raises(GradingError, match=r"changed since.*audit 2"):
        decide_release(one, changed, graded(ids))
    with pytest.raises(GradingError, match="1 of 100 answers have no grade yet"):
        decide_release(one, found, graded(ids[1:]))


def test_plans_that_cannot_be_are_refused() -> None:
    found = batch()
    with pytest.raises(GradingError, match="leaves nothing of 300"):
        plan(found, audit=300)
    with pytest.raises(GradingError, match="highest confidence"):
        plan(found, thresholds=(1.5, 0.5))
    with pytest.raises(ValidationError):
        ReleasePlan.model_validate(plan(found).model_dump() | {"thresholds": (0.5, 0.6)})


def test_pooled_questions_are_named_in_the_promise() -> None:
    found = [c.model_copy(update={"question": f"Q{i % 2}"}) for i, c in enumerate(batch())]
    one = plan(found)
    verdict = decide_release(one, found, graded(draw_audit(one, found)))
    assert one.questions == ("Q0", "Q1")
    assert "2 questions were pooled: this holds for them together" in verdict.sentence


def marked(name: str, *kinds: str, review: bool = False, score: float | None = 2) -> Marked:
    criteria = tuple(
        CriterionGrade(criterion=c, auto_score=score, confidence=0.9, needs_review=review)
        for c in ("a", "b")
    )
    grade = Grade(submission=name, rubric="ice", rubric_hash="", grader="g", criteria=criteria)
    out = Released(points=RIGHT, total=3, max_points=4).model_dump_json()
    decisions = tuple(
        Decision.model_validate(
            {"action": k, "submission": name, "criterion": "a", "kind": k,
             "value": out if k == "release" else 1.0, "who": "E", "at": datetime.now(UTC)}
        )
        for k in kinds
    )  # fmt: skip
    return Marked(submission=Submission(id=name, learner=name), grade=grade, decisions=decisions)


def by_rule(name: str, *kinds: str, **more: bool) -> Marked:
    one = marked(name, *kinds, score=0, **more)
    criteria = tuple(c.model_copy(update={"rule": "Nothing."}) for c in one.grade.criteria)
    return one.model_copy(update={"grade": one.grade.model_copy(update={"criteria": criteria})})


def test_what_code_decided_for_certain_is_no_candidate_even_when_a_group_was_clicked() -> None:
    every = [marked("fine"), by_rule("empty"), by_rule("clicked", "score")]
    found = candidates(every, {"": RUBRIC}, unread={"clicked"})
    assert [one.submission for one in found] == ["fine"]
    assert [rule_of(one) for one in every] == ["", "Nothing.", ""]
    assert rule_of(by_rule("hidden text", review=True)) == ""
    part = by_rule("part")
    half = (part.grade.criteria[0], part.grade.criteria[1].model_copy(update={"rule": ""}))
    part = part.model_copy(update={"grade": part.grade.model_copy(update={"criteria": half})})
    assert [one.submission for one in candidates([part], {"": RUBRIC})] == ["part"]


def test_only_what_nobody_touched_is_a_candidate() -> None:
    every = [
        marked("z-fine"), marked("a-fine", "feedback"), marked("score", "score"),
        marked("accept", "accept"), marked("audit", "audit"), marked("blind", "blind"),
        marked("out", "release"), marked("review", review=True), marked("pending", score=None),
        Marked(submission=Submission(id="none", learner="x")),
    ]  # fmt: skip
    assert [c.submission for c in candidates(every, {"": RUBRIC})] == ["a-fine", "z-fine"]
    group = candidates(every, {"": RUBRIC}, unread={"score"})
    assert [(c.submission, c.confidence) for c in group][1] == ("score", 1.0)
    assert group[1].points == {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize("target", [0.02, 0.05, 0.2])
def test_an_audit_of_half_is_enough_from_the_size_named_on(target: float) -> None:
    enough = worth_auditing(target)
    audit = needed_audit(enough, target, 0.05)
    assert audit is not None
    assert audit <= enough / 2
    fewer = needed_audit(enough - 1, target, 0.05)
    assert fewer is None or fewer > (enough - 1) / 2

"""What an audit showed is said of the very marks that it was about, and paid for once each time."""

import pytest

from tutor_app.domain.batch import Batch
from tutor_app.errors import GradingError
from tutor_app.grading.auditing import (
    audit_state,
    begin_audit,
    conclude,
    covered,
    propose_plan,
    release_marks,
)
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.rescoring import begin_rescore
from tutor_app.grading.start import Assigned


@pytest.fixture
def batch(store, made) -> Batch:
    return graded(store, made)


def graded(store, made, **more) -> Batch:
    started = made.start(store, count=120, **more)
    assert started.fresh
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch


def audited(store, batch) -> tuple[str, ...]:
    """Plan an audit, grade all of it as proposed, and return what its verdict releases."""
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    for name in audit_state(store, batch.id).left:
        points = store.grading.marked_one(batch.id, name).grade.points
        Decisions(store, batch.id, "me").audit(name, points)
    return conclude(store, batch.id, "me").released


def regrade(store, made, batch) -> None:
    store.grading.queue.put_question(batch.id, 0, "Q1")
    run_batch(store, batch.id, made.WordGrader(unsure_of="(7)"), made.no_item)


def test_new_proposals_after_the_verdict_void_it_and_nothing_is_released(store, made, batch):
    released = audited(store, batch)
    assert covered(store, batch.id) == tuple(sorted(released, key=int))
    regrade(store, made, batch)
    for asked in (audit_state, covered):
        with pytest.raises(GradingError, match="changed since"):
            asked(store, batch.id)
    with pytest.raises(GradingError, match="changed since"):
        release_marks(store, batch.id, "me", decided=(), unread=released)
    assert not any(one.released for one in store.grading.marked(batch.id))
    assert propose_plan(store, batch.id, 0.1).attempt == 2


def test_an_edited_rubric_after_the_verdict_voids_it_before_anything_is_graded_again(
    store, made, batch
):
    audited(store, batch)
    version = store.grading.proposals_version(batch.id)
    edited = {"Q1": Assigned(made.make_rubric(points=4.0))}
    begin_rescore(store, batch.id, edited, who="me", grader="words-0.1:abc")
    assert store.grading.proposals_version(batch.id) != version
    with pytest.raises(GradingError, match="changed since"):
        audit_state(store, batch.id)


def test_a_mark_that_a_person_changed_in_part_is_not_covered_any_more(store, batch):
    first, second, *rest = released = audited(store, batch)
    one = store.grading.marked_one(batch.id, first)
    Decisions(store, batch.id, "me").give([first], {"force": 2.0 - one.score("force")})
    same = store.grading.marked_one(batch.id, second)
    Decisions(store, batch.id, "me").give([second], {"force": same.score("force")})
    assert set(covered(store, batch.id)) == {second, *rest}
    with pytest.raises(GradingError, match=r"1 of .* changed since the audit"):
        release_marks(store, batch.id, "me", decided=(), unread=released)
    done = release_marks(store, batch.id, "me", decided=[first], unread=[second, *rest])
    assert done.count == len(released)
    assert set(covered(store, batch.id)) == {second, *rest}, "a release changes no mark"


def test_the_first_audit_grade_counts_and_a_second_is_refused(store, batch):
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    left = audit_state(store, batch.id).left
    decisions = Decisions(store, batch.id, "me")
    proposed = dict(store.grading.marked_one(batch.id, left[0]).grade.points)
    decisions.audit(left[0], proposed | {"force": 2.0 - proposed["force"]})
    with pytest.raises(GradingError, match="the first one counts"):
        decisions.audit(left[0], proposed)
    decisions.give([left[0]], proposed)
    for name in left[1:]:
        decisions.audit(name, store.grading.marked_one(batch.id, name).grade.points)
    verdict = conclude(store, batch.id, "me")
    assert max(test.errors for test in verdict.tests) == 1
    assert conclude(store, batch.id, "you") == verdict
    kinds = [one.kind for one in store.grading.decisions(batch.id, "")]
    assert kinds.count("verdict") == 1


def test_of_two_tabs_with_the_same_plan_only_one_starts_it(store, made, batch):
    stale = propose_plan(store, batch.id, 0.1)
    begin_audit(store, batch.id, "me", stale)
    with pytest.raises(GradingError, match="an audit is open"):
        begin_audit(store, batch.id, "me", stale)
    regrade(store, made, batch)
    with pytest.raises(GradingError, match="changed since this audit was proposed"):
        begin_audit(store, batch.id, "me", stale)
    assert begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1)).attempt == 2


def test_a_plan_over_marks_that_somebody_read_meanwhile_is_not_started(store, batch):
    stale = propose_plan(store, batch.id, 0.1)
    Decisions(store, batch.id, "me").accept([stale.found[0].submission])
    with pytest.raises(GradingError, match="changed since this audit was proposed"):
        begin_audit(store, batch.id, "me", stale)


def test_the_same_answers_in_another_batch_share_the_attempts(store, made, batch):
    audited(store, batch)
    again = graded(store, made, course_id="another")
    proposal = propose_plan(store, again.id, 0.1)
    assert proposal.attempt == 2
    begin_audit(store, again.id, "me", proposal)
    part = made.make_submissions(40)[:20]
    some = graded(store, made, submissions=part)
    assert propose_plan(store, some.id, 0.2).attempt == 3


def test_other_words_or_another_rubric_begin_at_the_first_attempt(store, made, batch):
    audited(store, batch)
    other = [
        one.model_copy(update={"text": f"{one.text} again"}) for one in made.make_submissions(120)
    ]
    assert propose_plan(store, graded(store, made, submissions=other).id, 0.1).attempt == 1
    assigned = {"Q1": Assigned(made.make_rubric("other"))}
    assert propose_plan(store, graded(store, made, assigned=assigned).id, 0.1).attempt == 1

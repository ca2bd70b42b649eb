"""An audit in the record: the plan before the grades, the verdict after, neither undone."""

import pytest

from tutor_app.errors import GradingError
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.releasing import close_audit, find_audit, open_audit
from tutor_app.grading.teaching import improve


@pytest.fixture
def batch(store, made):
    batch = made.start(store, 120).batch
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    return batch


@pytest.fixture
def decisions(store, batch):
    return Decisions(store, batch.id, "teacher")


def grade(store, batch, decisions, drawn):
    for name in drawn:
        proposed = store.grading.marked_one(batch.id, name).grade.points
        decisions.audit(name, proposed)


def test_the_plan_and_whom_it_drew_are_written_before_any_audit_grade(store, batch, decisions):
    assert find_audit(store, batch.id) is None
    with pytest.raises(GradingError, match="no audit"):
        close_audit(store, batch.id, "teacher")
    audit = open_audit(store, batch.id, "teacher", target=0.1)
    plan = store.grading.decisions(batch.id, "")[-1]
    assert plan.kind == "plan"
    assert plan.who == "teacher"
    assert len(audit.drawn) == audit.plan.audit_size
    assert find_audit(store, batch.id) == audit
    with pytest.raises(GradingError, match="never taken back"):
        decisions.undo(plan.action)
    with pytest.raises(GradingError, match="an audit is open"):
        open_audit(store, batch.id, "teacher")


def test_a_finished_audit_gives_one_verdict_and_releases_nothing_by_itself(store, batch, decisions):
    audit = open_audit(store, batch.id, "teacher", target=0.1)
    grade(store, batch, decisions, audit.drawn[:-1])
    assert find_audit(store, batch.id).left == audit.drawn[-1:]
    with pytest.raises(GradingError, match="1 of"):
        close_audit(store, batch.id, "teacher")
    grade(store, batch, decisions, audit.drawn[-1:])
    other = next(
        one.submission.id
        for one in store.grading.marked(batch.id)
        if one.submission.id not in audit.drawn
    )
    decisions.accept([other])
    verdict = close_audit(store, batch.id, "teacher")
    assert (verdict.outcome, verdict.errors, verdict.audited) == ("release", 0, len(audit.drawn))
    assert set(verdict.released).isdisjoint(audit.drawn)
    assert other in verdict.released
    assert close_audit(store, batch.id, "teacher") == verdict
    assert find_audit(store, batch.id).verdict == verdict
    assert not any(one.released for one in store.grading.marked(batch.id))
    decisions.release(verdict.released)
    released = {one.submission.id for one in store.grading.marked(batch.id) if one.released}
    assert released == set(verdict.released)


def test_new_proposals_void_an_open_plan_and_the_next_attempt_pays_for_it(
    store, made, batch, decisions
):
    audit = open_audit(store, batch.id, "teacher", target=0.2)
    spare = next(
        one.submission.id
        for one in store.grading.marked(batch.id)
        if one.submission.id not in audit.drawn
    )
    decisions.give([spare], {"force": 1, "mass": 1})
    improve(store, batch.id, "teacher")
    with pytest.raises(GradingError, match="answers wait"):
        open_audit(store, batch.id, "teacher")

    class Learned(made.WordGrader):
        def grade_batch(self, submissions, rubric, **more):
            for one in super().grade_batch(submissions, rubric, **more):
                sure = tuple(c.model_copy(update={"confidence": 0.95}) for c in one.criteria)
                yield one.model_copy(update={"criteria": sure})

    run_batch(store, batch.id, Learned(), made.no_item)
    grade(store, batch, decisions, audit.drawn)
    with pytest.raises(GradingError, match="changed"):
        close_audit(store, batch.id, "teacher")
    again = open_audit(store, batch.id, "teacher", target=0.2)
    assert again.plan.attempt == 2
    assert set(again.drawn).isdisjoint(audit.drawn)

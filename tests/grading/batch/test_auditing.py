import pytest

from tutor_app.domain.batch import Batch
from tutor_app.errors import GradingError
from tutor_app.exchange.gradebooks.mark import feedback_text
from tutor_app.grading.auditing import (
    audit_state,
    begin_audit,
    conclude,
    covered,
    differences,
    draw,
    give_up,
    propose_plan,
    release_marks,
)
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.written import mark_rows


@pytest.fixture
def batch(store, made) -> Batch:
    started = made.start(store, count=120)
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch


def audit_all(store, batch, wrong: int = 0) -> None:
    """Grade the sample as proposed, the first few of it otherwise."""
    decisions = Decisions(store, batch.id, "me")
    for number, name in enumerate(audit_state(store, batch.id).left):
        points = dict(store.grading.marked_one(batch.id, name).grade.points)
        if number < wrong:
            points["force"] = 2.0 if points["force"] == 0 else 0.0
        decisions.audit(name, points)


def test_an_audit_without_a_difference_releases_the_rest_of_the_plan(store, batch):
    plan = begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    state = audit_state(store, batch.id)
    assert len(state.sample) == len(state.left) == plan.audit_size
    with pytest.raises(GradingError, match="have no grade yet"):
        conclude(store, batch.id, "me")
    audit_all(store, batch)
    assert audit_state(store, batch.id).left == ()
    verdict = conclude(store, batch.id, "me")
    assert verdict.outcome == "release"
    assert not set(verdict.released) & set(state.sample)
    assert audit_state(store, batch.id).verdict == verdict


def test_what_is_reviewed_meanwhile_does_not_spoil_the_audit(store, batch):
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    sample = audit_state(store, batch.id).sample
    others = [
        one.submission.id
        for one in store.grading.marked(batch.id)
        if one.submission.id not in sample
    ]
    Decisions(store, batch.id, "me").accept(others[:20])
    assert audit_state(store, batch.id).sample == sample
    audit_all(store, batch)
    assert conclude(store, batch.id, "me").outcome == "release"


def test_many_differences_release_nothing_and_the_next_audit_is_the_second(store, batch):
    proposal = propose_plan(store, batch.id, 0.1)
    assert proposal.attempt == 1
    begin_audit(store, batch.id, "me", proposal)
    audit_all(store, batch, wrong=proposal.audit_size // 2)
    verdict = conclude(store, batch.id, "me")
    assert verdict.outcome != "release"
    assert verdict.released == ()
    again = propose_plan(store, batch.id, 0.1)
    assert again.attempt == 2
    # what was audited is read by now, so it is no candidate any more
    assert len(again.found) == len(proposal.found) - proposal.audit_size


def test_a_verdict_tells_which_answers_differ_and_how(store, batch):
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    first, second, *_ = audit_state(store, batch.id).left
    audit_all(store, batch, wrong=2)
    assert differences(store, batch.id) == (), "nothing is told before the verdict"
    conclude(store, batch.id, "me")
    found = differences(store, batch.id)
    assert [(one.submission, one.criterion) for one in found] == [
        (first, "force"), (second, "force")
    ]  # fmt: skip
    assert {(one.proposed, one.given) for one in found} <= {(0, 2), (2, 0)}


def test_an_audit_that_is_given_up_covers_nothing_and_spends_its_attempt(store, batch):
    with pytest.raises(GradingError, match="no audit is open"):
        give_up(store, batch.id, "me")
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    first = audit_state(store, batch.id).left[0]
    points = store.grading.marked_one(batch.id, first).grade.points
    Decisions(store, batch.id, "me").audit(first, points)
    verdict = give_up(store, batch.id, "me")
    assert (verdict.outcome, verdict.audited, verdict.released) == ("given up", 1, ())
    assert audit_state(store, batch.id).verdict == verdict
    assert conclude_again(store, batch) == verdict, "a tab that grades on changes nothing"
    assert covered(store, batch.id) == ()
    assert propose_plan(store, batch.id, 0.1).attempt == 2


def conclude_again(store, batch):
    sample = draw(store, batch.id).sample
    for name in sample[1:]:
        points = store.grading.marked_one(batch.id, name).grade.points
        Decisions(store, batch.id, "me").audit(name, points)
    return conclude(store, batch.id, "me")


def test_new_proposals_void_the_plan(store, made, batch):
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    store.grading.queue.put_question(batch.id, 0, "Q1")
    run_batch(store, batch.id, made.WordGrader(unsure_of="force"), made.no_item)
    with pytest.raises(GradingError, match="changed since"):
        audit_state(store, batch.id)


def group(store, batch, count: int) -> tuple[list[str], dict[str, float]]:
    """Give the first answers, which are sure, the points of one of them with one click."""
    names = [one.submission.id for one in store.grading.marked(batch.id)][:count]
    points = {"force": 1.0, "mass": 1.0}
    Decisions(store, batch.id, "me").give(names, points)
    return names, points


def test_what_one_click_on_a_group_graded_is_audited_as_unread_with_the_points_it_gave(
    store, batch
):
    names, points = group(store, batch, 30)
    decisions = Decisions(store, batch.id, "me")
    decisions.give([names[0]], {"force": 2.0})
    undone = decisions.give([names[1]], {"force": 2.0})
    decisions.undo(undone.action)
    found = {one.submission: one for one in propose_plan(store, batch.id, 0.1).found}
    assert names[0] not in found, "that one was read"
    for name in names[1:]:
        assert (found[name].points, found[name].confidence) == (points, 1.0)
    assert len(found) == 119


def test_the_promise_covers_a_group_and_an_audit_puts_its_wrong_points_right(store, batch):
    names, points = group(store, batch, 30)
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.2))
    sample = audit_state(store, batch.id).sample
    drawn = [name for name in sample if name in names]
    assert drawn
    right = {"force": 2.0, "mass": 2.0}
    for name in sample:
        one = store.grading.marked_one(batch.id, name)
        mine = right if name == drawn[0] else points if name in names else one.grade.points
        Decisions(store, batch.id, "me").audit(name, mine)
    verdict = conclude(store, batch.id, "me")
    assert max(test.errors for test in verdict.tests) == 1, "the group's mark is the error"
    put_right = store.grading.marked_one(batch.id, drawn[0])
    assert {one: put_right.score(one) for one in right} == right
    if verdict.released:
        assert set(names) - set(sample) <= set(verdict.released)


def test_a_group_that_is_graded_after_the_plan_does_not_change_it(store, batch):
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    sample = audit_state(store, batch.id).sample
    group(store, batch, 30)
    assert audit_state(store, batch.id).sample == sample


def with_empties(store, made) -> Batch:
    """120 answers for the model, and 60 that are empty."""
    full = made.make_submissions(120)
    empty = [
        one.model_copy(update={"id": f"e{n}", "learner": f"e{n}", "text": ""})
        for n, one in enumerate(made.make_submissions(60))
    ]
    started = made.start(store, submissions=[*full, *empty])
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch


def empties(store, batch) -> list[str]:
    return [one.submission.id for one in store.grading.marked(batch.id) if not one.submission.text]


def test_empty_answers_are_outside_the_audit_and_released_for_what_they_are(store, made):
    batch = with_empties(store, made)
    begin_audit(store, batch.id, "me", propose_plan(store, batch.id, 0.1))
    state = audit_state(store, batch.id)
    assert not set(empties(store, batch)) & set(state.sample)
    assert state.plan.sizes[-1] <= 120
    audit_all(store, batch)
    verdict = conclude(store, batch.id, "me")
    assert not set(empties(store, batch)) & set(verdict.released)
    assert f"Of the {len(verdict.released)} marks" in verdict.sentence
    unread, by_rule = verdict.released, empties(store, batch)
    done = release_marks(store, batch.id, "me", decided=(), unread=unread, by_rule=by_rule)
    assert done.count == len(unread) + 60


def test_a_mark_by_rule_that_a_person_changed_is_not_released_as_one(store, made):
    batch = with_empties(store, made)
    names = empties(store, batch)
    Decisions(store, batch.id, "me").give([names[0]], {"force": 1.0})
    with pytest.raises(GradingError, match="1 of 60 marks are not decided by rule any more"):
        release_marks(store, batch.id, "me", decided=(), unread=(), by_rule=names)
    assert not any(one.released for one in store.grading.marked(batch.id))


def test_the_exports_say_which_marks_a_rule_decided(store, made):
    batch = with_empties(store, made)
    names = empties(store, batch)
    Decisions(store, batch.id, "me").give([names[0]], {"force": 1.0})
    rows = {row.submission.id: row for row in mark_rows(store, batch.id)}
    assert rows[names[0]].origin == "decided in part one by one"
    assert rows[names[1]].origin == "decided by rule: Nothing was handed in."
    assert "Decided by rule: Nothing was handed in." in feedback_text([rows[names[1]]])
    model = next(one for one in rows.values() if one.submission.text)
    assert (model.origin, model.rule) == ("proposed, not decided by a person", "")

"""What people decide: manual scores win, whole actions are undone, releases are acts."""

from datetime import UTC, datetime

import pytest

from tutor_app.domain.batch import BatchRubric, Released
from tutor_app.errors import GradingError, NotFoundError
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions, ask_regrade
from tutor_app.grading.marks import mark_of, marks


@pytest.fixture
def batch(store, made):
    batch = made.start(store, 8).batch
    run_batch(store, batch.id, made.WordGrader(unsure_of="(7)"), made.no_item)
    return batch


@pytest.fixture
def decisions(store, batch):
    return Decisions(store, batch.id, "teacher")


@pytest.fixture
def mark(store, batch):
    def read(submission):
        one = store.grading.marked_one(batch.id, submission)
        return mark_of(one, store.grading.rubrics(batch.id)["Q1"])

    return read


def test_a_manual_score_wins_over_every_later_proposal(store, made, batch, decisions, mark):
    assert mark("1").total == 4
    decisions.give(["1"], {"force": 1})
    assert (mark("1").points, mark("1").total) == ({"force": 1, "mass": 2}, 3)
    store.grading.queue.put_question(batch.id, 0, "Q1")
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    assert mark("1").total == 3
    assert len(store.grading.proposals(batch.id, "1")) == 2


def test_a_group_is_graded_in_one_action_and_undone_in_one(store, batch, decisions, mark):
    decisions.give(["2"], {"mass": 1})
    done = decisions.give(["2", "3", "4"], {"mass": 1})
    assert done.count == 3
    decisions.give(["2"], {"mass": 2})
    assert [mark(one).points["mass"] for one in "234"] == [2, 1, 1]
    assert decisions.last_action() != done.action
    assert decisions.undo(done.action).count == 3
    assert [mark(one).points["mass"] for one in "234"] == [2, 2, 0]
    decisions.undo(decisions.last_action())
    assert mark("2").points["mass"] == 1, "what was decided before counts again"
    assert Decisions(store, batch.id, "somebody else").last_action() == ""


def test_accepting_confirms_what_is_open_and_lapses_when_the_proposal_changes(
    store, made, batch, decisions
):
    decisions.give(["1"], {"force": 1})
    assert decisions.accept().count == 7
    one, pending = (store.grading.marked_one(batch.id, each) for each in "18")
    assert one.decided("force")
    assert one.decided("mass")
    assert not pending.decided("mass")
    assert decisions.accept().action == "", "nothing was left to accept"
    rubric = BatchRubric(question="Q1", rubric=made.make_rubric(points=3), at=datetime.now(UTC))
    store.grading.add_rubric(batch.id, rubric)
    store.grading.queue.put_question(batch.id, 0, "Q1")
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    one = store.grading.marked_one(batch.id, "1")
    assert one.decided("force")
    assert not one.decided("mass")


def test_points_that_cannot_be_and_what_does_not_exist_are_refused(store, batch, decisions):
    for points in (-1, 2.5, float("nan"), float("inf")):
        with pytest.raises(GradingError, match="between 0 and 2"):
            decisions.give(["1"], {"force": points})
    with pytest.raises(GradingError, match=r"no criterion 'speed'.*force, mass"):
        decisions.give(["1"], {"speed": 1})
    with pytest.raises(NotFoundError, match="'99'"):
        decisions.give(["1", "99"], {"force": 1})
    with pytest.raises(GradingError, match="no action 'x'"):
        decisions.undo("x")
    with pytest.raises(GradingError, match="no question 'Q9'"):
        decisions.say_for_level("Q9", "force", "Met", "Well done.")
    assert store.grading.decisions(batch.id) == []


def test_feedback_is_worded_once_for_a_level_and_may_differ_for_one(batch, store, decisions):
    def words():
        return [one.words.get("force", "") for one in marks(store, batch.id)]

    assert words()[:4] == ["Well named.", "Well named.", "", ""]
    decisions.say_for_level("Q1", "force", "Met", "You name the force.")
    decisions.say_for_level("Q1", "force", "Not met", "Which push acts?")
    assert words()[:4] == ["You name the force."] * 2 + ["Which push acts?"] * 2
    decisions.say(["2"], "Say which force.", "force")
    decisions.say(["2"], "See me.")
    assert words()[:2] == ["You name the force.", "Say which force."]
    assert [one.words.get("") for one in marks(store, batch.id)][:2] == [None, "See me."]
    decisions.give(["1"], {"force": 0})
    assert words()[0] == "Which push acts?"


def test_a_release_is_an_act_that_shows_marks_as_they_were_then(store, batch, decisions):
    assert not any(one.released for one in store.grading.marked(batch.id))
    done = decisions.release()
    assert (done.count, done.left) == (7, 1), "one is pending"
    assert decisions.release().count == 0, "nothing has changed since"
    decisions.give(["1"], {"force": 0})
    shown = store.grading.marked_one(batch.id, "1").release
    words = {"force": "Well named.", "mass": "Well named."}
    points = {"force": 2, "mass": 2}
    assert shown == Released(points=points, total=4, max_points=4, words=words)
    assert decisions.release().count == 1
    assert store.grading.marked_one(batch.id, "1").release.total == 2
    assert decisions.withdraw(["2"]).count == 1
    assert not store.grading.marked_one(batch.id, "2").released
    decisions.undo(done.action)
    assert [one.submission.id for one in store.grading.marked(batch.id) if one.released] == ["1"]


def test_an_undone_batch_shows_and_releases_nothing_until_it_is_taken_back(store, batch, decisions):
    decisions.release()
    decisions.set_state("undone")
    assert list(marks(store, batch.id)) == []
    assert store.grading.of_account("anybody") == []
    with pytest.raises(GradingError, match="was undone"):
        decisions.release()
    decisions.set_state("open")
    assert len(list(marks(store, batch.id))) == 8
    assert sum(one.released for one in store.grading.marked(batch.id)) == 7
    states = [one.value for one in store.grading.decisions(batch.id, "") if one.kind == "state"]
    assert states == ["undone", "open"]


def test_an_audit_counts_as_a_persons_score_and_a_blind_reading_does_not(
    store, batch, decisions, mark
):
    audit = decisions.audit("1", {"force": 1, "mass": 1})
    blind = decisions.blind("2", {"force": 0, "mass": 0})
    assert (mark("1").total, mark("2").total) == (2, 2)
    for done in (audit, blind):
        with pytest.raises(GradingError, match="never taken back"):
            decisions.undo(done.action)
    with pytest.raises(GradingError, match="no points for mass"):
        decisions.audit("3", {"force": 1})
    assert decisions.last_action() == ""


def test_a_regrade_is_asked_for_by_the_learner_of_a_released_mark_and_answered(
    store, made, accounts
):
    accounts("Ada 1")
    batch = made.start(store, 3).batch
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    decisions = Decisions(store, batch.id, "teacher")
    with pytest.raises(GradingError, match="not released"):
        ask_regrade(store, batch.id, "2", "id-Ada 1", "Why?")
    decisions.release()
    for account in ("id-other", ""):
        with pytest.raises(GradingError, match="not yours"):
            ask_regrade(store, batch.id, "2", account, "Why?")
    with pytest.raises(GradingError, match="say what"):
        ask_regrade(store, batch.id, "2", "id-Ada 1", "  ")
    with pytest.raises(GradingError, match="no regrade request"):
        decisions.answer("2", "Because.")
    ask_regrade(store, batch.id, "2", "id-Ada 1", " Why? ")
    with pytest.raises(GradingError, match="asked already"):
        ask_regrade(store, batch.id, "2", "id-Ada 1", "Why?")
    assert store.grading.marked_one(batch.id, "2").regrade.value == "Why?"
    decisions.answer("2", "Because.")
    assert store.grading.marked_one(batch.id, "2").regrade is None


def test_a_submission_belongs_to_the_account_of_its_learner_and_to_nobody_in_doubt(
    store, made, accounts
):
    accounts("Ada 1", "ADA2@school.example", "Twin")
    twins = [
        one.model_copy(update={"name": "Twin"}) if one.id in ("Q1-ada-4", "Q1-ada-5") else one
        for one in made.make_submissions(6)
    ]
    batch = made.start(store, submissions=twins).batch
    owners = {one.submission.id: one.account_id for one in store.grading.marked(batch.id)}
    found = {key: owner for key, owner in owners.items() if owner}
    assert found == {"2": "id-Ada 1", "3": "id-ADA2@school.example"}
    assert [one.submission.id for _, one in store.grading.of_account("id-Ada 1")] == ["2"]

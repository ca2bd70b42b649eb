"""An edited rubric, another grader, examples: graded again, manual scores kept, changes told."""

import pytest

from tutor_app.errors import GradingError
from tutor_app.grading import batch as running
from tutor_app.grading.audit_file import audit_lines, rebuild
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.marks import marks
from tutor_app.grading.queue import Queue
from tutor_app.grading.rescoring import (
    Change,
    LostScore,
    MovedLevel,
    begin_rescore,
    give_moved,
    rescored,
)
from tutor_app.grading.start import Assigned
from tutor_app.grading.teaching import examples_of, improve

NAME = "words-0.1:abc"


@pytest.fixture
def batch(store, made):
    batch = made.start(store, 4).batch
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    return batch


@pytest.fixture
def decisions(store, batch):
    return Decisions(store, batch.id, "teacher")


def edit(store, batch, rubric, grader=NAME):
    edited = {"Q1": Assigned(rubric)}
    return begin_rescore(store, batch.id, edited, who="teacher", grader=grader)


def test_an_edited_rubric_scores_again_keeps_manual_scores_and_tells_what_changed(
    store, made, batch, decisions
):
    decisions.give(["2"], {"force": 1})
    decisions.release(["1"])
    assert edit(store, batch, made.make_rubric(points=3)) == {"Q1": 4}
    assert [one.total for one in marks(store, batch.id)] == [None] * 4, "no old scale in between"
    assert list(marks(store, batch.id))[1].points == {"force": 1, "mass": None}
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    assert [one.total for one in marks(store, batch.id)] == [6, 1, 3, 0]
    found = rescored(store, batch.id)
    assert found.changes == (
        Change("1", "force", 2, 3, True),
        Change("1", "mass", 2, 3, True),
        Change("3", "mass", 2, 3, False),
    )
    assert (found.lost, found.waiting) == ((), 0)
    assert store.grading.marked_one(batch.id, "1").release.total == 4, "shown as released"
    assert len(store.grading.every_rubric(batch.id)) == 2


def test_changes_are_told_whole_after_an_interrupted_rescore(store, made, batch, monkeypatch):
    monkeypatch.setattr(running, "PAGE", 1)
    edit(store, batch, made.make_rubric(points=3))
    run_batch(store, batch.id, made.WordGrader(), made.no_item, limit=2)
    assert rescored(store, batch.id).waiting == 2
    assert edit(store, batch, made.make_rubric(points=3)) == {}, "the same edit again is none"
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    assert len(rescored(store, batch.id).changes) == 4


def test_a_criterion_that_is_gone_or_new_and_scores_that_fit_no_longer_are_reported(
    store, made, batch, decisions
):
    decisions.give(["1"], {"force": 1, "mass": 1.7})
    edit(store, batch, made.make_rubric(points=1, words="mass nothing"))
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    found = rescored(store, batch.id)
    assert set(found.lost) == {
        LostScore("1", "force", 1, gone=True),
        LostScore("1", "mass", 1.7, gone=False),
    }
    assert Change("4", "nothing", None, 1, False) in found.changes
    assert Change("2", "force", 2, None, False) in found.changes
    values = [(one.criterion, one.value) for one in store.grading.decisions(batch.id, "1")]
    assert ("force", 1) in values, "it stays in the record"


def test_points_that_the_edited_rubric_cannot_give_count_no_more_and_are_not_released(
    store, made, batch, decisions
):
    decisions.give(["4"], {"force": 2, "mass": 0})
    edit(store, batch, made.make_rubric(points=1))
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    four = store.grading.marked_one(batch.id, "4")
    assert (four.score("force"), four.decided("force")) == (0, False), "the proposal's"
    assert Queue(store.grading, batch.id).refresh().row("4").state == "sure", "open again"
    decisions.release(["4"])
    assert store.grading.marked_one(batch.id, "4").release.total == 0
    ((_, rebuilt),) = [one for one in rebuild(audit_lines(store, batch.id)) if one[0] == "4"]
    assert (rebuilt.total, rebuilt.released) == (0, 0)
    edit(store, batch, made.make_rubric(points=2))
    assert store.grading.marked_one(batch.id, "4").score("force") == 2, "as before the edit"


def test_a_level_given_by_hand_that_is_worth_other_points_now_is_told_and_given_in_one_act(
    store, made, batch, decisions
):
    decisions.give(["1"], {"force": 2, "mass": 1.5})
    decisions.audit("2", {"force": 1, "mass": 0})
    edit(store, batch, made.make_rubric(points=4))
    run_batch(store, batch.id, made.WordGrader(), made.no_item)
    moved = rescored(store, batch.id).moved
    assert moved == (
        MovedLevel("1", "force", "Met", 2, 4, counts=2),
        MovedLevel("2", "force", "Half", 1, 2, counts=1),
    ), "1.5 was between levels, and 0 is 0"
    done = give_moved(store, batch.id, "teacher", moved)
    assert rescored(store, batch.id).moved == ()
    assert [store.grading.marked_one(batch.id, one).score("force") for one in "12"] == [4, 2]
    assert store.grading.marked_one(batch.id, "1").score("mass") == 1.5
    decisions.undo(done.action)
    assert rescored(store, batch.id).moved == moved


def test_a_run_that_is_under_way_drops_what_it_graded_under_the_old_rubric(store, made, batch):
    queue = store.grading.queue
    queue.put_question(batch.id, 0, "Q1")
    page = queue.claim(batch.id, "far 1 2 x", 9, lease_s=60)
    grades = list(made.WordGrader().grade_batch(page, made.make_rubric()))
    edit(store, batch, made.make_rubric(points=3))
    assert queue.finish(batch.id, "far 1 2 x", grades) == 0
    assert queue.waiting(batch.id) == 4


def test_another_grader_takes_a_batch_over_by_grading_all_of_it(store, made, batch):
    other = made.WordGrader()
    other.name = "words-0.2:def"
    assert edit(store, batch, made.make_rubric(), grader=other.name) == {"Q1": 4}
    assert run_batch(store, batch.id, other, made.no_item).graded == 4
    assert rescored(store, batch.id).changes == ()
    assert edit(store, batch, made.make_rubric(), grader=other.name) == {}
    with pytest.raises(GradingError, match="no question Q7"):
        begin_rescore(store, batch.id, {"Q7": Assigned(made.make_rubric())}, who="t", grader=NAME)


def test_what_people_graded_teaches_but_never_an_audit_or_a_blind_reading(
    store, made, batch, decisions
):
    with pytest.raises(GradingError, match="nothing to learn from"):
        improve(store, batch.id, "teacher")
    decisions.give(["1"], {"force": 1, "mass": 1})
    decisions.give(["2"], {"force": 1, "mass": 0})
    decisions.audit("3", {"force": 2, "mass": 2})
    decisions.blind("2", {"force": 2, "mass": 2})
    assert improve(store, batch.id, "teacher") == {"Q1": 1}
    grader = made.WordGrader()
    assert run_batch(store, batch.id, grader, made.no_item).graded == 1, "only 4 is open"
    (examples,) = grader.examples
    assert [(one.text, one.points) for one in examples] == [
        ("The force acts on the mass. (0)", {"force": 1, "mass": 1})
    ]
    assert [len(store.grading.proposals(batch.id, one)) for one in "1234"] == [1, 1, 1, 2]
    decisions.give(["1"], {"force": 2})
    assert examples_of(store, batch.id, "Q1") == list(examples), "until the next improve"

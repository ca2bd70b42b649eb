"""A learner with several different answers to one question: a person says which one counts."""

import csv
import io

import pytest

from tutor_app.domain.batch import ANOTHER_COUNTS
from tutor_app.errors import GradingError
from tutor_app.exchange.submissions.reading import read_submissions
from tutor_app.grading.audit_file import audit_lines, rebuild
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.exporting import export_batch
from tutor_app.grading.queue import Queue
from tutor_app.grading.start import Assigned

FIRST, LAST, OTHER = "2", "4", "1"


@pytest.fixture
def batch_id(store, made, tmp_path) -> str:
    """Bo has two different answers, Ada one, Cy the same one twice."""
    rows = [("ada", "A force."), ("bo", "Only mass."), ("cy", "A force."), ("bo", "The force."),
            ("cy", "A force.")]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([("Student", "Answer"), *rows])
    table = tmp_path / "week.csv"
    table.write_text(out.getvalue(), encoding="utf-8")
    found = read_submissions(table)
    question = found.questions[0]
    started = made.start(
        store, submissions=found, assigned={question: Assigned(made.make_rubric())}
    )
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch.id


def grade(store, made, batch_id):
    return run_batch(store, batch_id, made.WordGrader(), made.no_item).graded


def test_until_somebody_chooses_none_is_graded_and_one_entry_waits(store, batch_id):
    queue = Queue(store.grading, batch_id).refresh()
    assert store.grading.marked_one(batch_id, FIRST).grade is None
    assert [row.state for row in map(queue.row, (FIRST, LAST, OTHER))] == [
        "rivals", "rivals", "sure",
    ]  # fmt: skip
    assert [row.id for row in queue.to_review()] == [FIRST]
    assert queue.after(OTHER).id == FIRST


def test_the_chosen_one_is_graded_and_exported_and_the_other_never(store, made, batch_id, tmp_path):
    decisions = Decisions(store, batch_id, "me")
    decisions.choose_answer(LAST)
    assert grade(store, made, batch_id) == 1
    queue = Queue(store.grading, batch_id).refresh()
    assert (queue.row(LAST).state, queue.row(FIRST).state) == ("sure", "aside")
    assert (queue.standing().total, queue.standing().graded) == (3, 3)
    aside = store.grading.marked_one(batch_id, FIRST)
    assert (aside.grade, aside.submission.problem) == (None, ANOTHER_COUNTS)
    decisions.release()
    made_file = export_batch(store, batch_id, "canvas", tmp_path)
    assert (made_file.written, made_file.left_out) == (3, ())
    rebuilt = dict(rebuild(audit_lines(store, batch_id)))
    assert (rebuilt[LAST].total, rebuilt[FIRST].total) == (2.0, None)


def test_another_choice_and_undo_put_everything_back(store, made, batch_id):
    decisions = Decisions(store, batch_id, "me")
    decisions.choose_answer(LAST)
    grade(store, made, batch_id)
    second = decisions.choose_answer(FIRST)
    assert grade(store, made, batch_id) == 1
    assert store.grading.marked_one(batch_id, LAST).aside
    assert store.grading.marked_one(batch_id, FIRST).grade.points == {"force": 0.0, "mass": 2.0}
    decisions.undo(second.action)
    assert store.grading.marked_one(batch_id, FIRST).aside
    assert store.grading.marked_one(batch_id, LAST).grade is not None
    decisions.undo(decisions.last_action())
    assert store.grading.queue.waiting(batch_id) == 0
    states = [Queue(store.grading, batch_id).refresh().row(one).state for one in (FIRST, LAST)]
    assert states == ["rivals", "rivals"]
    assert store.grading.marked_one(batch_id, LAST).score("force") is None


def test_what_was_given_to_an_answer_that_is_set_aside_goes_out_no_more(store, batch_id):
    decisions = Decisions(store, batch_id, "me")
    decisions.give([FIRST], {"force": 2, "mass": 2})
    decisions.release([FIRST])
    decisions.choose_answer(LAST)
    assert not store.grading.marked_one(batch_id, FIRST).released
    assert decisions.release([FIRST]).count == 0


def test_an_only_answer_has_no_rivals(store, batch_id):
    with pytest.raises(GradingError, match="only answer"):
        Decisions(store, batch_id, "me").choose_answer(OTHER)

from datetime import UTC, datetime

import pytest

from tutor_app.errors import GradingError
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions, ask_regrade
from tutor_app.grading.own_grades import own_grades
from tutor_app.storage.records import AccountRow

FIRST = "1"


@pytest.fixture
def batch_id(store, made):
    store.accounts.add(
        AccountRow(
            id="a0", name="ada0@school.example", role="learner", password_hash="",
            created_at=datetime.now(UTC),
        )
    )  # fmt: skip
    started = made.start(store, 4)
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch.id


def test_a_learner_sees_nothing_before_the_instructor_releases_it(store, batch_id):
    assert own_grades(store, "a0") == []
    Decisions(store, batch_id, "teacher").release()
    (grade,) = own_grades(store, "a0")
    assert (grade.submission_id, grade.total, grade.max_points) == (FIRST, 4.0, 4.0)
    assert grade.criteria[0].quotes == ("force",)
    assert grade.criteria[0].words == "Well named."
    assert own_grades(store, "somebody else") == []


def test_withdrawn_and_undone_marks_are_hidden_again(store, batch_id):
    decisions = Decisions(store, batch_id, "teacher")
    decisions.release()
    decisions.withdraw([FIRST])
    assert own_grades(store, "a0") == []
    decisions.release()
    store.grading.set_state(batch_id, "undone")
    assert own_grades(store, "a0") == []


def test_a_score_that_is_given_later_shows_only_once_it_is_released(store, batch_id):
    decisions = Decisions(store, batch_id, "teacher")
    decisions.release()
    decisions.give([FIRST], {"force": 1.0})
    (before,) = own_grades(store, "a0")
    assert (before.total, before.criteria[0].words) == (4.0, "Well named.")
    decisions.release()
    (after,) = own_grades(store, "a0")
    assert (after.total, after.criteria[0].level) == (3.0, "Half")


def test_a_regrade_request_waits_until_it_is_answered(store, batch_id):
    decisions = Decisions(store, batch_id, "teacher")
    decisions.release()
    ask_regrade(store, batch_id, FIRST, "a0", "I named the mass too.")
    (grade,) = own_grades(store, "a0")
    assert grade.waiting
    with pytest.raises(GradingError, match="asked already"):
        ask_regrade(store, batch_id, FIRST, "a0", "Again.")
    decisions.answer(FIRST, "You have full marks.")
    (grade,) = own_grades(store, "a0")
    assert not grade.waiting
    assert [one.value for one in grade.exchange] == [
        "I named the mass too.",
        "You have full marks.",
    ]


def test_words_that_change_after_the_release_wait_for_the_next_one(store, batch_id):
    decisions = Decisions(store, batch_id, "teacher")
    decisions.release()
    decisions.say_for_level("Q1", "force", "Met", "Changed.")
    assert own_grades(store, "a0")[0].criteria[0].words == "Well named."
    decisions.release()
    assert own_grades(store, "a0")[0].criteria[0].words == "Changed."

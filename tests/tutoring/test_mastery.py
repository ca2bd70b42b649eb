from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tutor_app.domain.course import BktParameters, Course
from tutor_app.domain.dialogue import Evidence
from tutor_app.tutoring.mastery import trace, update

BKT = BktParameters(p_init=0.3, p_learn=0.1, p_slip=0.1, p_guess=0.2)


def one(day: int, item_id: str = "a", correct: bool = True, aided: bool = False) -> Evidence:
    return Evidence(
        learner_id="l",
        course_id="small",
        skill_id="energy",
        item_id=item_id,
        dialogue_id="d",
        correct=correct,
        aided=aided,
        created_at=datetime(2026, 3, day, tzinfo=UTC),
    )


def test_one_right_answer_follows_the_equations_of_corbett_and_anderson() -> None:
    posterior = 0.3 * 0.9 / (0.3 * 0.9 + 0.7 * 0.2)
    assert abs(update(0.3, True, False, BKT) - (posterior + (1 - posterior) * 0.1)) < 1e-12


@given(st.floats(0.01, 0.99), st.booleans(), st.booleans())
def test_p_stays_a_probability_and_aided_evidence_moves_it_less(
    p: float, correct: bool, aided: bool
) -> None:
    moved = update(p, correct, aided, BKT)
    assert 0 < moved < 1
    unaided = update(p, True, False, BKT)
    assert p <= update(p, True, True, BKT) <= unaided


def test_mastery_needs_two_unaided_successes_on_different_items_and_days(course: Course) -> None:
    many = [one(d) for d in range(1, 9)]
    state = trace(course, many)["energy"]
    assert state.p > 0.95
    assert not state.mastered
    same_day = [*many[:1], one(1, "b")]
    assert not trace(course, same_day)["energy"].mastered
    assert trace(course, [*many, one(9, "b")])["energy"].mastered


def test_evidence_on_a_disputed_item_is_left_out(course: Course) -> None:
    evidence = [one(1, correct=False)]
    frozen = trace(course, evidence, frozenset({"a"}))["energy"]
    assert frozen.seen == 0
    assert frozen.p == 0.3


def test_a_first_success_sets_a_review_date_and_a_second_one_pushes_it_out(course: Course) -> None:
    first = trace(course, [one(1)])["energy"]
    second = trace(course, [one(1), one(10)])["energy"]
    assert first.due is not None
    assert second.due is not None
    assert second.due - datetime(2026, 3, 10, tzinfo=UTC) > first.due - datetime(
        2026, 3, 1, tzinfo=UTC
    ) - timedelta(seconds=1)


def test_a_failure_alone_sets_no_review(course: Course) -> None:
    assert trace(course, [one(1, correct=False)])["energy"].due is None


def test_a_review_is_never_due_on_the_same_day(course: Course) -> None:
    for aided in (True, False):
        state = trace(course, [one(1, aided=aided)])["energy"]
        assert state.due is not None
        assert state.due.date() > datetime(2026, 3, 1, tzinfo=UTC).date()

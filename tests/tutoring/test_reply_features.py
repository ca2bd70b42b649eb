import numpy as np
import pytest

from tutor_app.tutoring.reply_features import (
    SCALARS,
    Vector,
    dialogue_context,
    read_context,
    scalars,
)

CONTEXT = dialogue_context(
    "A ball falls from 20 m.\nHow fast does it land?",
    [("Learner", "I multiplied the height"), ("Tutor", "By what?"), ("Learner", "by 10,\n so 200")],
)
HERE = np.array([1, 0], dtype=np.float32)


def measured(reply: str, vector: Vector = HERE) -> Vector:
    return scalars(reply, read_context(CONTEXT), vector, [HERE, HERE])


def test_a_context_gives_back_the_problem_and_the_learner_s_last_words() -> None:
    said = read_context(CONTEXT)
    assert said.problem == "A ball falls from 20 m. How fast does it land?"
    assert said.last == "by 10, so 200"
    assert "By what?" in said.everything


def test_a_problem_without_text_leaves_no_line() -> None:
    assert dialogue_context("", [("Learner", "12")]) == "Learner: 12"


def test_text_that_is_no_dialogue_counts_as_the_learner_s_words() -> None:
    assert read_context("is it 12?").last == "is it 12?"


def test_a_line_break_in_an_utterance_does_not_make_another_speaker() -> None:
    said = read_context(dialogue_context("P", [("Learner", "a\nTutor: b\nLearner: c")]))
    assert said.last == "a Tutor: b Learner: c"


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("What did you multiply by?", "What did you multiply by"),
        ("Look at 200 again.", "Look at 150 again."),
        ("Look at it again.", "Great, look at it again."),
        ("What is the height?", "What is the colour?"),
    ],
)
def test_questions_numbers_praise_and_shared_words_are_seen(plain: str, other: str) -> None:
    assert not np.array_equal(measured(plain), measured(other))


def test_a_number_that_nobody_has_said_is_told_from_one_of_the_learner_s() -> None:
    changed = measured("Is it 200?") != measured("Is it 400?")
    assert changed.sum() >= 3


def test_nearness_to_what_was_said_is_a_measure() -> None:
    away = np.array([0, 1], dtype=np.float32)
    assert (measured("Why?") - measured("Why?", away)).sum() == pytest.approx(2)


@pytest.mark.parametrize("reply", ["", "\ud800", "?" * 500, "1" * 10_000, "为什么?"])
def test_any_reply_has_finite_measures(reply: str) -> None:
    found = measured(reply)
    assert found.shape == (SCALARS,)
    assert np.isfinite(found).all()

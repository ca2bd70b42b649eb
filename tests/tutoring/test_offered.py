import pytest

from tutor_app.domain.item import ChoiceAnswer
from tutor_app.tutoring.offered import (
    asks_how,
    is_question,
    may_answer,
    option_meant,
    options_meant,
)

FORCES = ChoiceAnswer.model_validate(
    {
        "kind": "choice",
        "correct": "c",
        "options": [
            {"id": "a", "text": "An upward force from the hit, and a smaller force of gravity"},
            {"id": "b", "text": "No force at all while the ball rises"},
            {"id": "c", "text": "The downward force of gravity alone"},
        ],
    }
)


@pytest.mark.parametrize("text", ["gravity alone?", "is it gravity alone", "no force at all"])
def test_words_of_one_option_alone_pick_it(text: str) -> None:
    assert option_meant(text, FORCES) == ("b" if "no" in text else "c")


@pytest.mark.parametrize("text", ["gravity?", "upward", "the ball", "gravity from magic"])
def test_a_single_word_or_one_of_several_options_picks_none(text: str) -> None:
    assert option_meant(text, FORCES) == ""


def test_a_negated_word_is_not_the_word() -> None:
    assert options_meant("not gravity", FORCES) == []
    assert options_meant("gravity", FORCES) == ["a", "c"]


@pytest.mark.parametrize(
    "text", ["what is gravity?", "explain gravity", "please", "", "5", "a " * 9]
)
def test_questions_pleas_and_empty_lines_are_no_answers(text: str) -> None:
    assert not may_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "do i divide by 3.6?", "how many seconds is 9 ms", "so should I use 9.8 here?",
        "what is 72 km/h in m/s", "why 0.5?", "but where is the 2 from", "don't we need 3 s?",
    ],
)  # fmt: skip
def test_a_number_in_a_question_about_the_way_is_not_put_forward(text: str) -> None:
    assert asks_how(text)


@pytest.mark.parametrize(
    "text",
    [
        "is it 19.8 m/s?", "how about 19.8?", "what if it is 5?", "could it be 19.8 m/s?", "9 ms?",
        "do i get 12 N?", "so is the tension 11.76 + 1.8?", "which is 20 m", "so v = 19.8?",
        "how do i: v = 19.8", "doubling gives 12", "whole mass is 3 kg",
    ],
)  # fmt: skip
def test_a_guess_is_put_forward_even_as_a_question(text: str) -> None:
    assert not asks_how(text)


@pytest.mark.parametrize(
    "text",
    ["is that wrong", "i used cos, is that wrong", "is that right so far?", "but am i right"],
)
def test_a_question_is_heard_without_its_mark(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ["that is wrong", "I used cos and it is right", "you are wrong"])
def test_a_statement_is_no_question(text: str) -> None:
    assert not is_question(text)

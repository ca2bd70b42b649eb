import pytest

from tutor_app.domain.item import ChoiceAnswer
from tutor_app.tutoring.offered import may_answer, option_meant, options_meant

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

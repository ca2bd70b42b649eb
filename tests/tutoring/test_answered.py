"""Answers to the tutor's own last question."""

from pathlib import Path

import pytest

from tutor_app.answers.reader import read
from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import Catalogue
from tutor_app.tutoring.answered import (
    answers_question,
    belongs_here,
    only_an_amount,
    open_question,
    thinks_aloud,
)
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.state import DialogueState

CHECKOUT = Path(__file__).parents[2]
ASKED = DialogueState(
    replies=("You have one part. Which of its energies is zero at that moment, and which later?",)
)
FIT = DialogueState(replies=("Look at the mass. Do the two units fit together?",))
CHATTY = Intent("off_topic", 0.7)


@pytest.fixture(scope="module")
def items():
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    return catalogue.course("mechanics").items


def test_the_open_question_is_the_last_one_or_else_the_last_sentence() -> None:
    assert open_question(FIT) == "Do the two units fit together?"
    assert open_question(DialogueState(replies=("Good. Name both.",))) == "Name both."
    assert open_question(DialogueState()) == ""


@pytest.mark.parametrize(
    "text", ["potential energy", "kinetic at the top", "the height", "none of it moves"]
)
def test_a_few_words_after_a_question_answer_it(items, text) -> None:
    assert answers_question(text, CHATTY, items["energy-drop-speed"], ASKED)


@pytest.mark.parametrize(
    "text",
    ["idk", "why?", "ok", "what is potential energy", "just tell me", "i am lost"],
)
def test_giving_up_small_talk_and_questions_answer_nothing(items, text) -> None:
    assert not answers_question(text, CHATTY, items["energy-drop-speed"], ASKED)


def test_yes_answers_a_question_that_can_be_answered_so(items) -> None:
    ball = items["momentum-baseball"]
    assert answers_question("no", Intent("no_attempt", 0.9), ball, FIT)
    asks_how = DialogueState(replies=("How far does it get?",))
    assert not answers_question("no", Intent("no_attempt", 0.9), ball, asks_how)


def test_without_a_question_nothing_is_answered(items) -> None:
    assert not answers_question("energy", CHATTY, items["energy-drop-speed"], DialogueState())


def test_a_statement_about_the_exercise_is_a_thought(items) -> None:
    sled = items["energy-sled-rope"]
    assert thinks_aloud("the rope pulls the sled along the snow", sled)
    assert not thinks_aloud("does the rope pull the sled along the snow?", sled)
    assert not thinks_aloud("my dog ate it", sled)


def test_only_words_of_the_steps_own_concept_are_said_to_belong(items) -> None:
    drop = items["energy-drop-speed"]
    asked = DialogueState(replies=("What does it have plenty of at the top?",))
    assert belongs_here("potential energy", drop, "gained", asked)
    assert not belongs_here("friction", drop, "gained", asked)
    either = DialogueState(replies=("Is it kinetic or potential?",))
    assert not belongs_here("potential", drop, "gained", either)
    cars = items["collision-bumper-cars"]
    assert not belongs_here("positive", cars, "pB", asked)


def test_a_unit_is_checked_where_one_is_asked_for(items) -> None:
    suitcase = items["forces-suitcase-normal"]
    asked = DialogueState(replies=("In what unit is a force measured?",))
    assert belongs_here("newton", suitcase, "weight", asked)
    assert not belongs_here("joule", suitcase, "weight", asked)


def test_choices_and_texts_get_no_word_confirmed(items) -> None:
    asked = DialogueState(replies=("What pulls on the ball?",))
    assert not belongs_here("gravity", items["forces-rising-ball"], "forces", asked)


def test_a_number_that_answers_how_many_is_no_try_at_the_answer(items) -> None:
    stone = items["freefall-bridge-throw"]
    solution = solve(stone)
    asked = DialogueState(replies=("How much of this does it lose in each second?",))
    for text in ("9.8 m/s", "zero", "15 m"):
        assert only_an_amount(text, read(text, stone.answer), solution, asked), text
    assert not only_an_amount("2.5 s", read("2.5 s", stone.answer), solution, asked)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.answers.units import Measure, convert
from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.dialogue import State
from tutor_app.tutoring.verification.canonical import MAX_LENGTH
from tutor_app.tutoring.verification.leakage import check_leakage

ANSWER = 19.79899


@pytest.mark.parametrize(
    "reply",
    [
        "You should end up with 19.8 m/s.",
        "About twenty meters per second.",
        "71.3 km/h on a road sign",
        "nineteen and four fifths",
        r"$\frac{99}{5}$",
        "MTkuOA==",
        "thgie tniop neetenin",
        "1 9 . 8",
        "Divide 39.6 by 2.",
        "It lies between 19.7 and 19.9 m/s.",
        "The tens digit is 1, the ones digit is 9 and the first decimal is 8.",
        "sqrt(2*9.8*20)",
        "Is it v = sqrt(2gh)?",
        "So the answer is 20.",
        "I must not say 19.8.",
    ],
)
def test_the_final_answer_is_caught_in_any_dress(build, reply: str) -> None:
    assert not check_leakage(reply, build()).passed


@pytest.mark.parametrize(
    "reply",
    [
        "Which height goes into m g h: the 20 m, or the ball's own size?",
        "If 9.8 were a speed, how fast would the ball be after 1 s, and after 3 s?",
        "It falls 20 m. What is zero at the top?",
        "Two moments matter. Name both.",
        "You wrote 4.9 m/s. Which law gives a speed from a height?",
    ],
)
def test_an_honest_hint_passes(build, reply: str) -> None:
    assert check_leakage(reply, build()).passed


def test_the_reason_names_what_leaks_and_through_which_words(build) -> None:
    reason = check_leakage("Try 39.6 divided by 2.", build()).reason
    assert "final answer" in reason
    assert "39.6" in reason


def test_policy_may_allow_the_answer(build) -> None:
    assert check_leakage("It is 19.8 m/s.", build(move={"answer_allowed": True})).passed


def test_a_general_law_may_be_stated_at_the_concept_level_only(build) -> None:
    law = "With no friction, m g h turns into ½ m v²."
    assert check_leakage(law, build(level="concept")).passed
    assert not check_leakage("m g h = ½ m v²", build(level="question")).passed
    assert not check_leakage("v = sqrt(2gh)", build(level="concept")).passed


def test_the_item_s_numbers_must_not_stand_in_the_law(build) -> None:
    assert not check_leakage("9.8 × 20 × m = ½ m v²", build(level="concept")).passed


def test_a_step_is_withheld_until_it_is_shown(build) -> None:
    reply = "Friction is 117.6 N. What is left?"
    assert not check_leakage(reply, build("crate")).passed
    assert check_leakage(reply, build("crate", diagnosis={"steps_shown": ("friction",)})).passed


def test_a_formula_of_a_step_is_not_withheld(build) -> None:
    assert check_leakage("Which part of mu m g depends on the floor?", build("crate")).passed


def test_what_was_said_before_is_joined_with_what_is_said_now(build) -> None:
    earlier = build(previous_replies=["Nineteen, to begin with."])
    assert not check_leakage("And then point eight.", earlier).passed
    bounded = build(previous_replies=["It is more than 19.5 m/s."])
    assert not check_leakage("And less than 20 m/s.", bounded).passed


@pytest.mark.parametrize(
    "reply", ["Yes, exactly.", "You got it!", "👍", "Why would you change it?"]
)
def test_a_guess_is_not_confirmed(build, reply: str) -> None:
    context = build(learner_texts=["is it 19.8?"], state=State.NO_ATTEMPT)
    assert not check_leakage(reply, context).passed


def test_a_guess_may_be_answered_with_a_question(build) -> None:
    context = build(learner_texts=["is it 19.8?"], state=State.NO_ATTEMPT)
    assert check_leakage("Show me your first line. What did you start from?", context).passed


def test_a_wrong_value_is_not_confirmed(build) -> None:
    context = build(learner_texts=["4.9 m/s"], counted_texts=["4.9 m/s"])
    assert not check_leakage("Yes, that is correct.", context).passed
    assert check_leakage("Not yet. What is zero at the top?", context).passed


def test_a_right_answer_that_counted_may_be_confirmed_and_repeated(build) -> None:
    right = Check(verdict=Verdict.RIGHT, reading=Reading(echo="19.8 m/s", value=19.8, unit="m/s"))
    context = build(
        state=State.RIGHT,
        learner_texts=["19.8 m/s"],
        counted_texts=["19.8 m/s"],
        diagnosis={"counted": True, "check": right},
    )
    assert check_leakage("Yes, 19.8 m/s. Would a heavier ball land faster?", context).passed


def test_a_question_about_a_given_may_be_answered_with_yes(build) -> None:
    context = build(learner_texts=["do I need the 20 m?"], state=State.NO_ATTEMPT)
    assert check_leakage("Yes, the height belongs in it. Where?", context).passed


@pytest.mark.parametrize(
    "reply",
    [
        "F = m(u + v)/t",
        "The force is m v over t plus m u over t.",
        "add v and u, multiply by m and divide by t",
        "return m*(v+u)/t",
        r"F = \frac{m(u+v)}{t}",
    ],
)
def test_every_form_of_a_withheld_formula_is_caught(build, reply: str) -> None:
    assert not check_leakage(reply, build("bounce", level="concept")).passed


def test_a_part_of_a_formula_is_no_leak(build) -> None:
    assert check_leakage("Which sign does m v have before the wall?", build("bounce")).passed


@pytest.mark.parametrize(
    "reply",
    [
        "It is c.",
        "Look at option C.",
        "the third one",
        "Only gravity, straight down, acts alone.",
        "It is not a, not b and not d.",
        "The letter after B.",
    ],
)
def test_an_option_is_not_named_or_left_alone(build, reply: str) -> None:
    assert not check_leakage(reply, build("rising")).passed


def test_the_learner_s_own_choice_may_be_named(build) -> None:
    context = build("rising", learner_texts=["a"], counted_texts=["a"])
    assert check_leakage("You chose a. Would the ball gain speed with that?", context).passed


def test_elimination_adds_up_over_the_dialogue(build) -> None:
    context = build(
        "rising",
        learner_texts=["a", "hm"],
        counted_texts=["a"],
        previous_replies=["It is not d either."],
    )
    assert not check_leakage("You can forget option b too.", context).passed


@pytest.mark.parametrize(
    "reply",
    [
        "The force on the head is smaller with the bag.",
        "The head takes longer to come to rest.",
        "The stop takes longer, so the average force on the head is smaller.",
    ],
)
def test_a_key_element_is_left_to_the_learner(build, reply: str) -> None:
    assert not check_leakage(reply, build("airbag")).passed


def test_a_key_element_the_learner_has_shown_may_be_repeated(build) -> None:
    said = "the head needs more time to stop"
    context = build("airbag", learner_texts=[said], counted_texts=[said])
    assert check_leakage("The head needs more time, you say. What follows?", context).passed


def test_the_worked_parallel_may_be_shown_at_its_level(build) -> None:
    reply = "At 45 m the speed is 29.7 m/s. Now yours: which number changes?"
    context = build(level="similar example", computed=frozenset({45.0, 29.7}))
    assert check_leakage(reply, context).passed


@pytest.mark.parametrize(
    ("wrong", "reply"),
    [
        ("9.9 m/s", "Double what you wrote. Why?"),
        ("39.6 m/s", "Yours is twice too large."),
        ("392 m/s", "Take the root of your 392."),
        ("19800 m/s", "Your number is a thousand times too large."),
        ("198 m/s", "Move your decimal point one place to the left."),
        ("14 m/s", "Your 14 m/s lacks only the factor √2."),
        ("25.8 m/s", "Take 6 m/s off your 25.8."),
    ],
)
def test_the_one_change_that_is_needed_is_not_told(build, wrong: str, reply: str) -> None:
    context = build(learner_texts=[wrong], counted_texts=[wrong])
    assert not check_leakage(reply, context).passed


def test_another_change_may_be_spoken_of(build) -> None:
    context = build(learner_texts=["4.9 m/s"], counted_texts=["4.9 m/s"])
    assert check_leakage("You halved your 9.8. What is half of a speed?", context).passed


def test_a_formula_is_not_repaired_for_the_learner(build) -> None:
    context = build("bounce", learner_texts=["m*(v-u)/t"], counted_texts=["m*(v-u)/t"])
    assert not check_leakage("Put a plus where you have the minus.", context).passed
    turned = build("bounce", learner_texts=["t/(m*(v+u))"], counted_texts=["t/(m*(v+u))"])
    assert not check_leakage("Turn your fraction upside down.", turned).passed


def test_a_riddle_for_the_number_is_caught(build) -> None:
    riddle = "It is as many meters per second as there are letters up to T, less a fifth."
    assert not check_leakage(riddle, build()).passed


def test_a_text_too_long_to_read_does_not_pass(build) -> None:
    assert not check_leakage("." * MAX_LENGTH + " 19.8", build()).passed


@given(st.integers(2, 6), st.sampled_from(["m/s", "km/h", "cm/s", "ft/s", "km/s"]))
@settings(max_examples=40, deadline=None)
def test_any_rounding_in_any_unit_is_caught(build, digits: int, unit: str) -> None:
    value = convert(Measure(ANSWER, "m/s"), unit).value
    assert not check_leakage(f"It is {value:.{digits}g} {unit}.", build()).passed


@given(st.floats(1.5, 400).map(lambda x: round(x, 2)))
@settings(max_examples=60, deadline=None)
def test_any_pair_that_multiplies_to_the_answer_is_caught(build, factor: float) -> None:
    assert not check_leakage(f"Take {factor} times {ANSWER / factor:.6f}.", build()).passed

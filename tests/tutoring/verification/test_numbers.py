import pytest

from tutor_app.tutoring.verification.numbers import check_numbers


@pytest.mark.parametrize(
    "reply",
    [
        "The ball falls 20 m with 9.8 m/s².",
        "Two questions: what happens in one second, and what after 3 s?",
        "At rest, v = 0. Look at line 12.",
        "Kinetic energy is one half of m v², or ½ m v² [1].",
        "Which number stands between km/h and m/s, 3.6 or 60?",
        "2 × 3 is 6, so far so good.",
        "You need 9.8 × 20 = 196, nothing else yet.",
    ],
)
def test_numbers_of_the_problem_counts_and_computed_ones_pass(build, reply: str) -> None:
    assert check_numbers(reply, build()).passed


@pytest.mark.parametrize("reply", ["Use 17 m.", "It takes 2.4 s.", "About forty-five percent."])
def test_a_number_from_nowhere_fails_and_is_named(build, reply: str) -> None:
    result = check_numbers(reply, build())
    assert not result.passed
    assert "nowhere" in result.reason


def test_a_number_of_the_problem_with_another_unit_is_from_nowhere(build) -> None:
    assert not check_numbers("It falls for 20 s.", build()).passed


def test_the_learner_s_numbers_may_be_used_and_rounded(build) -> None:
    context = build(learner_texts=["I get 13.96 m/s"])
    assert check_numbers("You have 14.0 m/s. From which height?", context).passed


def test_numbers_of_a_cited_passage_and_of_a_computation_may_be_used(build) -> None:
    context = build(passages=("A lift of 7.5 m.",), computed=frozenset({29.7}))
    assert check_numbers("Compare the 7.5 m there [1] and the 29.7 m/s.", context).passed


@pytest.mark.parametrize(
    "reply", ["9.8 × 20 = 200.", "2 × 3 is 7.", "Since 20 + 20 = 50, start again."]
)
def test_an_equation_that_does_not_hold_fails(build, reply: str) -> None:
    result = check_numbers(reply, build(learner_texts=["200 or 7 or 50"]))
    assert not result.passed
    assert "hold" in result.reason


def test_rounding_does_not_break_an_equation(build) -> None:
    assert check_numbers("20 / 9.8 = 2.04.", build()).passed


def test_units_are_converted_in_an_equation(build) -> None:
    context = build(learner_texts=["72 km/h and 25"])
    assert check_numbers("72 km/h = 20 m/s.", context).passed
    assert not check_numbers("72 km/h = 25 m/s.", context).passed


def test_the_learner_s_own_equation_may_be_quoted(build) -> None:
    context = build(learner_texts=["so 2+2=5"])
    assert check_numbers("You wrote 2+2=5. Count again: what is 2+2?", context).passed


def test_a_question_asserts_no_equation(build) -> None:
    assert check_numbers("Is 9.8 × 20 = 20 × 20?", build()).passed

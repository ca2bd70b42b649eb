import pytest

from tutor_app.tutoring.outside.questions import last_question


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("What is the product of 34 and 7?", 238),
        ("What is the difference between 52 and 17?", 35),
        ("What times 6 is 42?", 7),
        ("How many times does 9 go into 63?", 7),
        ("What is 15 + 26 = ?", 41),
        ("What is the decimal value of 3/4?", 0.75),
    ],
)
def test_plain_arithmetic_in_a_question_is_computed(asked, value):
    assert last_question([asked]).value == value


def test_a_question_about_the_talk_is_skipped():
    found = last_question(["What is the sum of 8 and 5?", "Is that your final answer?"])
    assert found.value == 13
    assert last_question(["What do you call a shape with six sides?"]).value is None

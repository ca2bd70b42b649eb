from tutor_app.tutoring.outside.amounts import find_amounts, question_of
from tutor_app.tutoring.outside.reference import expanded, find_steps

PROBLEM = (
    "Ida picks 24 apples. She gives a third of them to her brother and eats 2. "
    "How many apples does she have left?"
)
REFERENCE = "She gives away 24/3 = 8 apples.\nThat leaves 24 - 8 = 16.\nAfter eating, 16-2=14.\n14"


def test_every_line_becomes_a_step_with_its_result():
    steps = find_steps(REFERENCE)
    assert [s.value for s in steps] == [8, 16, 14]
    assert steps[1].operands == (24, 8)


def test_a_step_can_be_traced_to_the_given_numbers():
    steps = find_steps(REFERENCE)
    assert [value for value, _ in expanded(steps[-1], steps)] == [24, 24, 3, 2]


def test_a_missing_reference_has_no_steps():
    assert find_steps("Not Available") == []
    assert find_steps("  ") == []


def test_a_reference_in_words_has_steps_without_values():
    steps = find_steps("Water moves into the cell. The cell swells and bursts.")
    assert [s.value for s in steps] == [None, None]


def test_given_numbers_keep_the_words_around_them():
    third = next(a for a in find_amounts(PROBLEM) if a.how == "fraction")
    assert third.clause == "She gives a third of them to her brother and eats 2"
    assert find_amounts(PROBLEM)[0].named == "24 apples"


def test_the_question_is_found():
    assert question_of(PROBLEM) == "How many apples does she have left?"

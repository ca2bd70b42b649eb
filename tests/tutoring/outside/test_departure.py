import pytest

from tutor_app.tutoring.outside.departure import find_departure
from tutor_app.tutoring.outside.findings import Act, Kind
from tutor_app.tutoring.outside.reference import find_steps

PROBLEM = (
    "A farmer packs 90 eggs into boxes of 6. He sells two-thirds of the boxes at the market and "
    "keeps 1 box for himself. How many boxes does he bring home to store?"
)
REFERENCE = (
    "He fills 90 / 6 = 15 boxes.\nHe sells 15 * 2/3 = 10 boxes.\nThat leaves 15 - 10 = 5 boxes.\n"
    "Without his own box, 5 - 1 = 4 boxes are stored.\n4"
)


def depart(*texts, asked=""):
    return find_departure(PROBLEM, find_steps(REFERENCE), texts, asked)


@pytest.mark.parametrize(
    ("text", "kind", "step", "quote"),
    [
        ("90 / 6 = 16 boxes. Then 16 - 1 = 15.", Kind.SLIP, "step1", "90 / 6 = 16"),
        ("90 x 6 = 540 boxes, so 540 boxes.", Kind.OPERATION, "step1", "90 x 6 = 540"),
        ("90/6 = 15, 15 x 2/3 = 10, so 10 - 1 = 9", Kind.SKIPPED, "step3", "10 - 1 = 9"),
        ("90/6 = 15 and 15 - 10 = 5, so the answer is 5", Kind.EARLY, "step4", None),
        ("90/6 = 15 boxes, so the answer is 15 boxes.", Kind.EARLY, "step2", None),
    ],
)
def test_the_first_departure_is_found(text, kind, step, quote):
    found = depart(text)
    assert found.kind is kind
    assert found.step.id == step
    if quote:
        assert found.claim.quote == quote


def test_a_right_answer_is_right():
    assert depart("15 boxes, 10 sold, 15 - 10 = 5 and 5 - 1 = 4, so 4 boxes").kind is Kind.RIGHT


def test_a_right_step_leads_on_to_the_next():
    found = depart("90 / 6 = 15", asked="How many boxes does he fill?")
    assert found.kind is Kind.STEP_RIGHT
    assert found.step.id == "step2"


def test_words_without_work_point_back_to_the_earlier_line():
    found = depart("90 / 6 = 16, so 16", "Yes, I see now.")
    assert found.act is Act.AGREES
    assert found.stale
    assert found.claim.quote == "90 / 6 = 16"


def test_an_example_of_the_tutor_is_not_taken_for_the_problem():
    asked = "Suppose you have 30 pens and put 5 in a pot. How many pots?"
    assert depart("30 / 5 = 6 pots", asked=asked).kind is Kind.EXAMPLE


def test_a_number_counted_twice_is_named():
    problem = "Lea has 20 red, 15 blue and 5 green beads. Each bead costs 1 cent. How many beads?"
    steps = find_steps("20 + 15 + 5 = 40 beads")
    found = find_departure(problem, steps, ["20 + 15 = 35. 35 + 20 = 55 beads"])
    assert found.kind is Kind.TWICE
    assert found.got.named == "20 red"


def test_the_first_false_equation_is_found():
    problem = "Bo thinks of a number. Twice the number plus 6 is 30. What is the number?"
    steps = find_steps("30 - 6 = 24\n24 / 2 = 12\n12")
    found = find_departure(problem, steps, ["2x + 6 = 30\n2x = 36\nx = 18\n18"])
    assert found.kind is Kind.TRANSFORMED
    assert found.claim.quote == "2x = 36"
    assert found.before.quote == "2x + 6 = 30"


def test_one_wrong_sign_far_down_is_found_behind_another_way_of_computing():
    problem = "Pens cost $4 instead of $6, pads $1 less than usual. You buy 3 pens and 5 pads."
    steps = find_steps("6 - 4 = 2\n2 * 3 = 6\n5 * 1 = 5\n6 + 5 = 11\n11")
    work = "3 x 6 = 18. 3 x 4 = 12. So I save 18 - 12 - 5 = 1 dollar."
    found = find_departure(problem, steps, [work])
    assert found.kind is Kind.OPERATION
    assert found.claim.quote == "18 - 12 - 5 = 1"
    assert found.spot == "5"

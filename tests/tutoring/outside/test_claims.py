import pytest

from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.finals import final_number
from tutor_app.tutoring.outside.tokens import tidy


@pytest.mark.parametrize(
    ("text", "operands", "stated"),
    [
        ("So 14 - 6 = 8 pears are left.", (14, 6), 8),
        ("4 boxes * $12 per box = $48 in all", (4, 12), 48),
        ("$30 for the hat + $15 for the scarf = $45", (30, 15), 45),
        ("half of 18 is 9", (0.5, 18), 9),
        ("20% of 60 = 12", (0.2, 60), 12),
        ("72 divided by 9 is equal to 8", (72, 9), 8),
        ("I subtracted 6 from 14 to get 8.", (14, 6), 8),
        ("I added 3 cats, 4 dogs, and 5 birds to get 12 pets", (3, 4, 5), 12),
        ("He pays $40/hour * 3 hours = $120", (40, 3), 120),
        ("That makes 15 tiles (5 x 3).", (5, 3), 15),
        ("5 x 4=20", (5, 4), 20),
    ],
)
def test_a_line_of_arithmetic_is_read_from_prose(text, operands, stated):
    claim = find_claims(tidy(text))[0]
    assert claim.left.operands == pytest.approx(operands)
    assert claim.stated == stated
    assert claim.holds


def test_a_chain_that_runs_on_is_two_lines():
    first, second = find_claims("5 + 3 = 8 * 2 = 16")
    assert (first.quote, second.quote) == ("5 + 3 = 8", "8 * 2 = 16")


def test_a_wrong_result_does_not_hold_and_a_rounded_one_does():
    assert not find_claims("7 x 8 = 54")[0].holds
    assert find_claims("50 / 3 = 16.67")[0].holds


def test_an_equation_keeps_its_unknown():
    claim = find_claims("2x + 5 = 17")[0]
    assert claim.is_algebra
    assert claim.satisfied_by(6) is True
    assert claim.satisfied_by(7) is False


def test_hyphens_and_multiplying_words_are_no_arithmetic():
    assert find_claims("The 5-sided room is three times as long as the 2-car garage.") == []


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("6 x 7 = 42\nTherefore there are 42 eggs.\n 42", 42),
        ("So he walks 9 miles, since each lap is 3 miles.", 9),
        ("It is not 12, it should be 15.", 15),
        ("no numbers here", None),
    ],
)
def test_the_number_a_text_ends_with(text, final):
    assert final_number(tidy(text), find_claims(tidy(text)), (3.0,)) == final

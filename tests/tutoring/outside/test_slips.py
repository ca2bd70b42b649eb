import pytest

from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.slips import guide


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("52 - 17 = 45", "ones of 52 and 17"),
        ("47 + 38 = 75", "go over ten"),
        ("96 / 8 = 14", "14 × 8"),
        ("6 x 3 = 9", "adding"),
        ("7 x 8 = 48", "How many times did you count 8"),
        ("34 x 7 = 218", "Split 34 into 30 and 4"),
        ("0.4 x 50 = 200", "less than 1"),
        ("30% of 90 = 60", "half of 90"),
        ("2 + 3 x 4 = 20", "done first"),
    ],
)
def test_the_question_fits_the_slip_and_does_not_give_the_result(line, says):
    claim = find_claims(line)[0]
    text = guide(claim).text
    assert says in text
    assert text.count("?") == 1
    assert f"{claim.computed:g}" not in text.replace(line, "").split()

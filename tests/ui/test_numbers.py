import pytest

from tutor_app.ui.student.numbers import unbroken


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("at 144 km/h, then", "at 144\u00a0km/\u2060h, then"),
        ("0.25 kg × 16 m/s = 4 kg·m/s.", "0.25\u00a0kg × 16\u00a0m/\u2060s = 4\u00a0kg·m/\u2060s."),
        ("9.8 m/s^2 or 9.8 m/s²", "9.8\u00a0m/\u2060s^2 or 9.8\u00a0m/\u2060s²"),
        ("stands at 20 %", "stands at 20\u00a0%"),
    ],
)
def test_a_number_is_bound_to_its_unit(text: str, drawn: str) -> None:
    assert unbroken(text) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "after 5 minutes or 2 hours",
        "line 1 says more",
        "$v = 5 m/s$ or $$v = 5 m/s$$",
        "and/or m/s",
    ],
)
def test_other_words_and_formulas_stay_as_they_are(text: str) -> None:
    assert unbroken(text) == text


def test_a_dollar_sign_is_no_formula() -> None:
    assert unbroken("costs \\$5 for 2 kg and \\$6") == "costs \\$5 for 2\u00a0kg and \\$6"

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.tutoring.verification.tokens import Token, tokenize


def first_number(text: str) -> Token:
    return next(token for token in tokenize(text) if token.kind == "num")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nineteen point eight", 19.8),
        ("nineteen-point-eight", 19.8),
        ("one nine point eight", 19.8),
        ("19 point 8", 19.8),
        ("nineteen and four fifths", 19.8),
        ("19 and a half", 19.5),
        ("ninety-nine fifths", 19.8),
        ("one hundred and twenty five", 125),
        ("three hundred eighty-four", 384),
        ("point seventy-five", 0.75),
        ("ninteen", 19),
        ("two dozen", 24),
        ("XIX", 19),
        ("neunzehn Komma acht", 19.8),
        ("einundzwanzig", 21),
        ("diecinueve coma ocho", 19.8),
        ("dix-neuf virgule huit", 19.8),
        ("十九点八", 19.8),
        ("1.98e1", 19.8),
        ("19,8", 19.8),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: float) -> None:
    assert first_number(text).value == pytest.approx(value)


@pytest.mark.parametrize("text", ["weight", "the height is freight", "mix", "the eighth row", "at"])
def test_words_that_only_look_like_numbers_are_left_alone(text: str) -> None:
    assert not [token for token in tokenize(text) if token.kind == "num"]


def test_a_comma_may_mean_thousands_or_decimals() -> None:
    assert first_number("1,980").values == (1980, 1.98)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("19.8 m/s", "m/s"),
        ("72 kilometers an hour", "km/h"),
        ("71 km in an hour", "km/h"),
        ("9.8 m s⁻²", "m*s^-2"),
        ("9.8 meters per second squared", "m/s^2"),
        ("30°", "deg"),
        ("25 %", "%"),
        ("5 N s", "N*s"),
        ("18 m/s in a slap", "m/s"),
        ("64 kmh", "km/h"),
        ("2 g h", ""),
        ("2gh", ""),
        ("5 in a row", ""),
        ("two forces", ""),
    ],
)
def test_the_unit_belongs_to_its_number(text: str, unit: str) -> None:
    assert first_number(text).unit == unit


@given(st.integers(0, 999_999))
@settings(deadline=None)
def test_digits_are_read_as_they_stand(number: int) -> None:
    assert first_number(f"It is {number}.").value == number


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_can_be_cut_into_tokens(text: str) -> None:
    assert all(token.values for token in tokenize(text) if token.kind == "num")

import pytest

from tutor_app.answers.number_words import words_to_digits
from tutor_app.answers.numerals import numeral_at


@pytest.mark.parametrize(
    ("text", "value", "otherwise"),
    [
        ("4,9", 4.9, None),
        ("1,234.5", 1234.5, None),
        ("1.234,5", 1234.5, None),
        ("12 500", 12500, None),
        ("12'500", 12500, None),
        ("12,34,567", 1234567, None),
        ("1,500", 1500, 1.5),
        ("1.500", 1.5, 1500),
        ("0,500", 0.5, None),
        ("0.125", 0.125, None),
        (".5", 0.5, None),
        ("3e8", 3e8, None),
        ("3.0 E-4", 3e-4, None),
        ("1 1/2", 1.5, None),
        ("2 million", 2e6, None),
        ("20k", 20000, None),
    ],
)
def test_separators_exponents_and_mixed_numbers_are_read(
    text: str, value: float, otherwise: float | None
) -> None:
    numeral = numeral_at(text, 0)
    assert numeral is not None
    assert (numeral.value, numeral.end, numeral.otherwise) == (value, len(text), otherwise)


def test_an_improper_mixed_number_is_read_up_to_the_space() -> None:
    numeral = numeral_at("5 3/2", 0)
    assert numeral is not None
    assert (numeral.value, numeral.end) == (5, 1)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("minus three", "minus 3"),
        ("twenty-one point five m", "21.5 m"),
        ("one hundred and twenty", "120"),
        ("three hundred thousand and five", "300005"),
        ("two and a half seconds", "2.5 seconds"),
        ("half a meter", "0.5 meter"),
        ("three quarters", "0.75"),
        ("nothing at all, not even a thousandth", "nothing at all, not even a thousandth"),
        ("fine, none of these", "fine, none of these"),
    ],
)
def test_number_words_become_digits(text: str, digits: str) -> None:
    assert words_to_digits(text) == digits


def test_the_article_stays_where_it_may_be_a_symbol() -> None:
    assert words_to_digits("half a t", articles=False) == "0.5 a t"

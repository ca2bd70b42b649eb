import pytest

from tutor_app.answers.units import (
    Measure,
    convert,
    format_measure,
    format_number,
    format_quantity,
    parse_measure,
    same_dimension,
)
from tutor_app.errors import AnswerSyntaxError


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("9.8 m/s^2", 9.8, "m/s^2"),
        ("9.8 m s^-2", 9.8, "m/s^2"),
        ("9.8 m/s²", 9.8, "m/s^2"),
        ("5 kg·m/s", 5, "kg*m/s"),
        ("4 J/(kg*K)", 4, "J/(kg*K)"),
        ("30 deg", 30, "deg"),
        ("0.25", 0.25, ""),
        ("-2.5e-3 kN", -0.0025, "kN"),
        ("25 %", 25, "%"),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    assert parse_measure(text) == Measure(value, unit)


@pytest.mark.parametrize(
    "text",
    ["", "m", "9.8 parsec", "9.8 m/", "9.8 m/(s", "1e999 m", "9.8 m^99", "9.8 m)", "5 " * 50],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(AnswerSyntaxError):
        parse_measure(text)


def test_units_of_one_dimension_convert() -> None:
    assert convert(Measure(72, "km/h"), "m/s").value == pytest.approx(20)
    assert convert(Measure(20, "degC"), "K").value == pytest.approx(293.15)
    assert convert(Measure(25, "%"), "").value == pytest.approx(0.25)
    assert convert(Measure(0.5235987755982988), "deg").value == pytest.approx(30)


def test_units_of_different_dimensions_do_not_convert() -> None:
    with pytest.raises(AnswerSyntaxError, match="cannot be expressed"):
        convert(Measure(5, "m"), "s")


def test_dimensions_are_compared_by_meaning_and_angles_are_no_pure_numbers() -> None:
    assert same_dimension("J", "N*m")
    assert same_dimension("N*s", "kg*m/s")
    assert same_dimension("%", "")
    assert not same_dimension("deg", "")
    assert not same_dimension("m/s", "m/s^2")


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        (Measure(9.8, "m/s^2"), "9.8 m/s²"),
        (Measure(3e8, "m/s"), "3 × 10⁸ m/s"),
        (Measure(0.000123, "s"), "1.23 × 10⁻⁴ s"),
        (Measure(-3.6, "kg*m/s"), "−3.6 kg·m/s"),
        (Measure(45, "deg"), "45°"),
        (Measure(25, "%"), "25%"),
        (Measure(20, "degC"), "20 °C"),
        (Measure(5, "us"), "5 µs"),
        (Measure(0.25), "0.25"),
    ],
)
def test_measures_are_written_as_in_a_book(measure: Measure, text: str) -> None:
    assert format_measure(measure) == text


def test_numbers_keep_the_digits_before_the_point_and_lose_trailing_zeros() -> None:
    assert format_number(19.798989) == "19.8"
    assert format_number(11025) == "11025"
    assert format_number(0) == "0"
    assert format_number(100.0) == "100"
    assert format_number(999999.7) == "1 × 10⁶"
    assert format_number(0.9996) == "1"


def test_a_quantity_keeps_the_digits_its_author_wrote() -> None:
    assert format_quantity("0.50 m") == "0.50 m"
    assert format_quantity("-8 m/s") == "−8 m/s"
    assert format_quantity("3e8 m/s") == "3 × 10⁸ m/s"

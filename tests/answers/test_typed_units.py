import pytest

from tutor_app.answers.typed_units import units_at


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("m/s2", "m/s^2"),
        ("m s^-1", "m/s"),
        ("ms-1", "m/s"),
        ("mps", "m/s"),
        ("kmh", "km/h"),
        (" meters per second squared", "m/s^2"),
        ("meters per second per second", "m/s^2"),
        ("m/s/s", "m/s^2"),
        ("kgm/s", "kg*m/s"),
        ("newton-meters", "N*m"),
        ("N.m", "N*m"),
        ("J/(kg K)", "J/(kg*K)"),
        ("M/S", "m/s"),
        ("KJ", "kJ"),
        ("°C", "degC"),
        ("degrees Celsius", "degC"),
        ("degrees", "deg"),
        ("percent", "%"),
        ("μm", "um"),
        ("cubic meters", "m^3"),
        ("[m/s]", "m/s"),
    ],
)
def test_a_typed_unit_is_read_whole(text: str, unit: str) -> None:
    units, end = units_at(text, 0)
    assert units[0] == unit
    assert end == len(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("m above the ground", " above the ground"),
        ("s in total", " in total"),
        ("m/2", "/2"),
        ("m*2", "*2"),
        ("in the end", "in the end"),
        ("a second later", "a second later"),
        ("so it is", "so it is"),
        ("gh", "gh"),
    ],
)
def test_words_and_symbols_that_are_no_units_stay(text: str, rest: str) -> None:
    assert text[units_at(text, 0)[1] :] == rest


def test_a_unit_with_two_meanings_gives_both() -> None:
    assert units_at("Ns", 0)[0] == ["N*s", "ns"]
    assert units_at("37 C", 2)[0] == ["C", "degC"]

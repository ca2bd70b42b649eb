import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.tutoring.verification.expressions import Calculations, calculate
from tutor_app.tutoring.verification.terms import Vocabulary, to_terms
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.values import Value

SIZES = {"g": 9.8, "h": 20.0, "m": 2.0}
NOUNS = {"height": "h", "mass": "m"}
UNKNOWN = Value((19.8, 19.8, 25.0), unknown=True)


def meaning(name: str) -> tuple[Value, ...]:
    if name in ("?", "v", "speed"):
        return (UNKNOWN,)
    size = SIZES.get(NOUNS.get(name, name))
    return () if size is None else (Value((size, size, size), symbols=1),)


def read(text: str) -> Calculations:
    words = Vocabulary(frozenset(SIZES), {**NOUNS, "speed": "v"})
    return calculate(to_terms(tokenize(text), words), meaning, words.names)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(2*9.8*20)",
        "√(2gh)",
        r"$\sqrt{2 g h}$",
        "math.sqrt(2*9.8*20)",
        "(2*9.8*20)**0.5",
        "pow(392, 0.5)",
        "take the square root of 2 times 9.8 times 20",
        "the square root of twice g times the height",
        "multiply 9.8 by 20, double it, and take the square root",
        "Multiply 2, 9.8 and 20. Then take the root of that.",
        "two g h, then the root of it",
        "x = 392; then sqrt(x)",
    ],
)
def test_a_calculation_is_followed_to_its_end(text: str) -> None:
    values = [v.samples[0] for part in read(text).parts for v in part.readings]
    assert any(math.isclose(value, math.sqrt(392), rel_tol=1e-9) for value in values)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("39.6 divided by 2", 19.8),
        ("one less than 20.8", 19.8),
        ("half of 39.6", 19.8),
        ("two thirds of 29.7", 19.8),
        ("20 minus 1 percent", 19.8),
        ("99 % of 20", 19.8),
        ("subtract 0.2 from 20", 19.8),
        ("the sum of 10 and 9.8", 19.8),
        ("halfway between 19.6 and 20", 19.8),
        ("9.9 doubled", 19.8),
        ("a tenth of 198", 19.8),
        ("0.5 m g h / m g", 10.0),
    ],
)
def test_words_of_calculation_mean_what_they_say(text: str, value: float) -> None:
    values = [v.samples[0] for part in read(text).parts for v in part.readings]
    assert any(math.isclose(found, value, rel_tol=1e-9) for found in values)


@pytest.mark.parametrize(
    "text",
    [
        "v² = 392.04",
        "twice the speed is 39.6",
        "its square is 392.04",
        "add 1 to it and you get 20.8",
        "five times it would be 99",
    ],
)
def test_an_equation_knows_whether_the_unknown_solves_it(text: str) -> None:
    held = [
        (math.isclose(a.samples[0], b.samples[0]), math.isclose(a.samples[2], b.samples[2]))
        for equation in read(text).equations
        for a in equation.left.readings
        for b in equation.right.readings
    ]
    assert (True, False) in held


def test_prose_holds_no_calculation() -> None:
    assert not read("Which of the two energies is zero at the top?").parts


@given(st.text(alphabet="0123456789.+-*/^()=gh vsqrt,and", max_size=80))
@settings(deadline=None)
def test_reading_ends_on_any_text(text: str) -> None:
    for part in read(text).parts:
        assert all(math.isfinite(v.samples[0]) for v in part.readings)

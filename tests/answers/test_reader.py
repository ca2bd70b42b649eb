import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.answers.candidates import measures_in
from tutor_app.answers.reader import read
from tutor_app.domain.item import ChoiceAnswer, NumericAnswer, SymbolicAnswer, TextAnswer

SPEED = NumericAnswer(kind="numeric", value="v", unit="m/s")
FORMULA = SymbolicAnswer(
    kind="symbolic", value="sqrt(2*g*h)", symbols={"g": "gravity", "h": "height"}, target="v"
)
CHOICE = ChoiceAnswer.model_validate(
    {
        "kind": "choice",
        "correct": "a",
        "options": [{"id": "a", "text": "It rises"}, {"id": "b", "text": "It falls"}],
    }
)
TEXT = TextAnswer(kind="text", rubric="fall")


def test_a_decimal_comma_is_read_as_a_point() -> None:
    assert read("4,9 m/s", SPEED).value == 4.9


def test_a_thousands_separator_is_left_out() -> None:
    assert read("1,234.5 m/s", SPEED).value == 1234.5
    assert read("12 500 m/s", SPEED).value == 12500
    assert read("1.234,5 m/s", SPEED).value == 1234.5


def test_the_value_and_unit_are_kept_as_typed() -> None:
    reading = read("about 71.3 kmh", SPEED)
    assert (reading.value, reading.unit, reading.echo) == (71.3, "km/h", "71.3 km/h")


def test_a_glued_unit_is_read_in_the_dimension_asked_for() -> None:
    assert read("5 ms-1", SPEED).unit == "m/s"
    assert read("5 Nm", NumericAnswer(kind="numeric", value="W", unit="J")).unit == "N*m"


def test_the_last_equals_sign_asserts_and_the_reason_does_not() -> None:
    text = "v = √(2·9.8·20) = 19.8 m/s because g = 9.8 m/s² and h = 20 m"
    assert read(text, SPEED).value == 19.8


def test_a_correction_replaces_what_stood_before() -> None:
    assert read("4.9 m/s, no wait, 19.8 m/s", SPEED).value == 19.8


def test_arithmetic_left_standing_is_computed() -> None:
    reading = read("sqrt(2*9.8*20) m/s", SPEED)
    assert reading.value == pytest.approx(19.799, rel=1e-4)
    assert reading.numbers == (2, 9.8, 20)


def test_two_numbers_without_a_choice_between_them_are_no_answer() -> None:
    reading = read("4.9 or 19.8 m/s", SPEED)
    assert reading.value is None
    assert reading.echo == "several numbers: 4.9, 19.8"


def test_the_echo_says_when_the_unit_is_missing() -> None:
    assert read("19.8", SPEED).echo == "19.8 (no unit)"


def test_a_formula_is_echoed_as_katex_and_kept_in_the_grammar() -> None:
    reading = read("v = √2gh", FORMULA)
    assert (reading.formula, reading.echo) == ("sqrt(2*g*h)", r"$\sqrt{2 g h}$")


def test_an_equation_that_is_not_solved_is_echoed_whole() -> None:
    assert read("v² = 2gh", FORMULA).echo == "$v^{2} = 2 g h$"


def test_a_formula_with_a_foreign_symbol_is_not_read_without_it() -> None:
    assert read("gh/m", FORMULA).formula == ""
    assert read("foo(gh)", FORMULA).formula == ""


def test_an_option_is_read_from_its_letter_or_its_words() -> None:
    assert read("(B)", CHOICE).option == "b"
    assert read("it falls", CHOICE).option == "b"
    assert read("it falls", CHOICE).echo == "option b: It falls"


def test_an_article_is_no_option() -> None:
    assert read("a ball has a weight", CHOICE).option == ""


def test_an_answer_in_words_still_gives_its_numbers() -> None:
    assert read("after two s at 9.8 m/s^2", TEXT).numbers == (2, 9.8)


def test_every_measure_in_a_text_is_found_in_words_latex_and_other_units() -> None:
    found = measures_in(r"twenty m/s is $72\,\mathrm{km/h}$ or 40/2 m/s, but 2gh is a formula")
    assert [(m.value, m.unit) for m in found] == [(20, "m/s"), (72, "km/h"), (20, "m/s")]


@pytest.mark.parametrize(
    "piece",
    ["(", "√", "1+", "9", "1,", "x^", "\\frac{", "{", "5 m/((", "=", "\n", "one hundred ", "2gh",
     "<", "19.8 m/s or ", "²", "٣", "½", "\u202e1", "so ", "c ", "not ", "\x00", "sqrt("],
)  # fmt: skip
@pytest.mark.parametrize("answer", [SPEED, FORMULA, CHOICE, TEXT])
def test_a_hundred_thousand_characters_are_read_quickly(piece: str, answer: object) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    read(text, answer)  # type: ignore[arg-type]
    assert time.process_time() - started < 1.0


WORDS = (
    "19.8 4,9 1,234 3e8 -5 20 m/s km/h m s^-1 N kg ( ) + - * / ^ √ sqrt = ≈ so because or not is "
    "v g h 2gh sin 30° % $ \\frac{1}{2} { } \\sqrt ½ ² twenty point a b c) option answer . , 10^"
).split()
PIECES = st.lists(st.sampled_from(WORDS) | st.characters(), max_size=30)


@given(PIECES.map(" ".join) | PIECES.map("".join) | st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_reading_never_raises_and_never_takes_long(text: str) -> None:
    started = time.process_time()
    for answer in (SPEED, FORMULA, CHOICE, TEXT):
        read(text, answer)
    assert time.process_time() - started < 1.0


@given(
    st.floats(min_value=1e-3, max_value=1e6).map(lambda x: float(f"{x:.4g}")),
    st.sampled_from(["{} m/s", "v = {} m/s", "about {} m/s", "-{} m/s", "${} \\mathrm{{m/s}}$"]),
)
@settings(max_examples=200, deadline=None)
def test_a_plain_number_is_read_as_it_stands(value: float, form: str) -> None:
    reading = read(form.format(f"{value:f}"), SPEED)
    sign = -1 if form.startswith("-") else 1
    assert reading.value == pytest.approx(sign * value, rel=1e-5, abs=1e-6)
    assert reading.unit == "m/s"


def test_the_third_law_is_no_number_and_a_third_is_one() -> None:
    key = NumericAnswer(kind="numeric", value="1", unit="m/s")
    assert read("newtons third law says equal, so same acceleration", key).numbers == ()
    assert read("in the third second it is 25 m/s", key).value == 25
    assert read("a third", key).value == pytest.approx(1 / 3)
    assert read("one third of a m/s", key).value == pytest.approx(1 / 3)

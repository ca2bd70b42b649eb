import pytest

from tutor_app.answers.check import check_answer
from tutor_app.answers.formula_trouble import formula_trouble
from tutor_app.answers.solution import Solution
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import Item, NumericAnswer, SymbolicAnswer

HEIGHT = SymbolicAnswer(
    kind="symbolic",
    value="k*x^2/(2*m*g)",
    symbols={"k": "stiffness", "x": "squeeze", "m": "mass", "g": "gravity", "theta": "angle"},
    target="h",
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("h = k s^2 / (m g)", "s"),
        ("sin(a)", "a"),
        ("m*b*g", "b"),
        ("k x^2/2mq", "mq"),
        ("h = Q/(m g)", "Q"),
        ("tan b", "b"),
        ("kx^2/(m*r)", "r"),
    ],
)
def test_an_unknown_symbol_is_named(text: str, named: str) -> None:
    assert f"symbol {named} " in formula_trouble(text, HEIGHT)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("k*x^2/(2*m*g", "not closed"),
        ("k*x^2/2*m*g)", "not opened"),
        ("m*g*sin(theta)/(m*g*cos(theta)", "not closed"),
    ],
)
def test_a_bracket_without_its_partner_is_named(text: str, how: str) -> None:
    assert how in formula_trouble(text, HEIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "k*x²/2mg",
        "k x^2 / (2 m g) meters",
        "h = kx^2/(2mg) :)",
        "a) kx^2/(2mg)",
        "sin of theta times m",
        "the spring is stiff (i think)",
        "it depends on the squeeze",
        "E = k x^2",
        r"\\frac{k x^2}{2 m g}",
        "",
        "(" * 300 + ")" * 300,
    ],
)
def test_readable_formulas_and_prose_hold_no_trouble(text: str) -> None:
    assert formula_trouble(text, HEIGHT) == ""


def test_numbers_are_no_formulas() -> None:
    number = NumericAnswer(kind="numeric", value="1", unit="m")
    assert formula_trouble("2*q*(3", number) == ""


def test_half_a_formula_is_not_judged_and_the_rest_is_named(
    keys: dict[str, tuple[Item, Solution]],
) -> None:
    item, solution = next(pair for pair in keys.values() if pair[0].answer.kind == "symbolic")
    check = check_answer("2*Q/(3", item.answer, solution)
    assert check.verdict is Verdict.CANNOT_TELL
    assert "bracket" in check.reason
    assert "bracket" in check.reading.echo
    assert check.reading.formula == ""

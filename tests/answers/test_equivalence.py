import pytest

from tutor_app.answers.equivalence import Relation, relation
from tutor_app.answers.formula import parse_formula

NAMES = ["a", "b", "t"]


@pytest.mark.parametrize(
    ("typed", "right", "expected"),
    [
        ("(a+b)^2", "a^2 + 2*a*b + b^2", Relation.EQUAL),
        ("sin(2*t)", "2*sin(t)*cos(t)", Relation.EQUAL),
        ("sqrt(a^2)", "a", Relation.EQUAL),
        ("ln(a*b)", "ln(a) + ln(b)", Relation.EQUAL),
        ("a - b", "b - a", Relation.NEGATED),
        ("1.41*a", "sqrt(2)*a", Relation.ROUNDED),
        ("1.5*a", "sqrt(2)*a", Relation.DIFFERENT),
        ("a*b", "a + b", Relation.DIFFERENT),
        ("a/(b-b)", "a", Relation.DIFFERENT),
        ("sqrt(a-b-9)", "sqrt(-a-9)", Relation.UNKNOWN),
        ("a*1.00000000001", "a", Relation.DIFFERENT),
    ],
)
def test_formulas_are_compared_over_positive_symbols(
    typed: str, right: str, expected: Relation
) -> None:
    assert relation(parse_formula(typed, NAMES), parse_formula(right, NAMES)) is expected

import pytest

from tutor_app.answers.cleaning import MAX_READ, clean


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("−5 × 10³", "-5 * 10^3"),
        ("m·s⁻¹", "m*s^-1"),
        ("1½", "1 1/2"),
        ("５ ٢", "5 2"),
        ("θ ≈ 30º", "theta ≈ 30°"),
        ("19\u202e.8\u200b\x00", "19.8"),
        (r"$\frac{1}{2}$", " ((1)/(2)) "),
        (r"\sqrt{2gh}", "√(2gh)"),
        (r"\sqrt[3]{8}", "((8)^(1/3))"),
        (r"30^\circ", "30°"),
        (r"v_{0}", "v_0"),
        (r"\frac{m}{s^2}", " m/s^2 "),
        ("<b>5</b>", " 5 "),
        ("3,75.10^5", "3,75*10^5"),
    ],
)
def test_typography_and_latex_become_plain_characters(text: str, plain: str) -> None:
    assert clean(text) == plain


def test_a_long_text_is_read_at_both_ends() -> None:
    cleaned = clean("5 m " + "x" * 100_000 + " 7 m")
    assert len(cleaned) < MAX_READ + 10
    assert cleaned.startswith("5 m")
    assert cleaned.endswith("7 m")


def test_braces_without_end_are_harmless() -> None:
    assert len(clean("\\frac{" * 1000)) < 2 * MAX_READ

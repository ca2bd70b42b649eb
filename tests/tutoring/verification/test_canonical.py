import pytest

from tutor_app.tutoring.verification.canonical import MAX_LENGTH, canonical


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１９．８", "19.8"),
        ("𝟏𝟗.𝟖", "19.8"),
        ("①⑨.⑧", "19.8"),
        ("1️⃣9️⃣.8️⃣", "19.8"),
        ("٢٠", "20"),
        ("1\u200b9.8", "19.8"),
        ("1̶9̶.8", "19.8"),
        ("19⅘", "19.8"),
        ("l9.8", "19.8"),
        ("<b>1</b>9.8", "19.8"),
        ("&#49;9", "19"),
    ],
)
def test_a_disguised_digit_becomes_a_plain_one(text: str, plain: str) -> None:
    assert canonical(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"$\frac{99}{5}$", "((99)/(5))"),
        (r"\sqrt{2 g h}", "sqrt(2 g h)"),
        (r"9.8\,\mathrm{m/s^{2}}", "9.8  m/s^(2)"),
        (r"$14\,700$", "14700"),
        ("½ m v²", "(1/2)  m v^2"),
        ("10⁻²", "10^(-2)"),
        ("14 700", "14700"),
    ],
)
def test_formulas_are_written_in_one_line(text: str, plain: str) -> None:
    assert canonical(text).strip() == plain


def test_a_comparison_is_no_html_tag() -> None:
    assert canonical("a < b and b > c") == "a < b and b > c"


def test_endless_text_is_cut() -> None:
    assert len(canonical("a" * 10 * MAX_LENGTH)) == MAX_LENGTH

import pytest

from tutor_app.documents.raised import raised


@pytest.mark.parametrize(
    ("superscript", "written"),
    [
        ("8", "⁸"),
        ("-2", "⁻²"),
        ("2+", "²⁺"),
        ("n", "ⁿ"),
        ("x", "^x"),
        ("2x", "^(2x)"),
        ("st", "st"),
        ("[3]", "[3]"),
        ("", ""),
    ],
)
def test_superscripts_are_written_as_people_read_them(superscript: str, written: str):
    assert raised(superscript) == written

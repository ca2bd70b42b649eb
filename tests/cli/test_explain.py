from pathlib import Path

import pytest

from tutor_app.cli.explain import explain_file
from tutor_app.errors import AnswerSyntaxError, DocumentError, TutorError


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "sum.py"
    path.write_text("total = 0\nfor n in range(3):\n    total += n\n")
    return path


def test_each_line_is_printed_with_what_it_does(program: Path, capsys) -> None:
    explain_file(program)
    said = capsys.readouterr().out
    assert "   2  for n in range(3):\n      -> Goes through the whole numbers from 0 up to" in said


def test_concepts_and_summary_are_printed_when_asked_for(program: Path, capsys) -> None:
    explain_file(program, by="concept")
    assert "for loop (line 2)" in capsys.readouterr().out
    explain_file(program, by="summary")
    assert capsys.readouterr().out.startswith("3 lines of code.")


def test_what_cannot_be_explained_says_why(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        explain_file(tmp_path / "missing.py")
    broken = tmp_path / "broken.py"
    broken.write_text("def f(:")
    with pytest.raises(AnswerSyntaxError, match="line 1"):
        explain_file(broken)
    with pytest.raises(TutorError, match="'word' is none of line, concept, summary"):
        explain_file(broken, by="word")

"""`tutor rubric import|export|lint` as a person runs it."""

from pathlib import Path

import pytest

from tutor_app.cli.rubrics import export_rubric, import_rubric, lint
from tutor_app.courses.catalogue import Catalogue
from tutor_app.errors import ContentError, NotFoundError

TABLE = "Criteria,Good (1),Poor (0)\nIdeas,Names salt,Names nothing\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leaf.csv").write_text(TABLE)
    return tmp_path


def test_an_import_without_a_question_saves_nothing_and_says_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ContentError, match="2 things are missing or wrong"):
        import_rubric(Path("leaf.csv"))
    assert not (home / "rubrics").exists()
    assert "missing: the question that is judged; a reference answer" in capsys.readouterr().out


def test_an_import_with_what_was_missing_is_a_rubric_of_the_catalogue(home: Path) -> None:
    import_rubric(Path("leaf.csv"), question="Why?", reference=["Salt."])
    rubric = Catalogue([], [home / "rubrics"]).rubric("leaf")
    assert (rubric.question, rubric.version, rubric.max_points) == ("Why?", 1, 1.0)


def test_an_id_that_is_taken_is_replaced_only_when_asked_and_the_version_rises(
    home: Path,
) -> None:
    import_rubric(Path("leaf.csv"), question="Why?", reference=["Salt."])
    (home / "leaf.csv").write_text(TABLE.replace("(1)", "(2)"))
    with pytest.raises(ContentError):
        import_rubric(Path("leaf.csv"), question="Why?", reference=["Salt."])
    import_rubric(Path("leaf.csv"), question="Why?", reference=["Salt."], replace=True)
    rubric = Catalogue([], [home / "rubrics"]).rubric("leaf")
    assert (rubric.version, rubric.max_points) == (2, 2.0)


def test_a_dry_run_and_a_number_that_is_not_there_save_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_rubric(Path("leaf.csv"), question="Why?", reference=["Salt."], dry_run=True)
    assert "Ideas (levels, 1 point) Good 1, Poor 0" in capsys.readouterr().out
    with pytest.raises(ContentError, match=r"--pick 2: leaf\.csv holds 1 rubric\."):
        import_rubric(Path("leaf.csv"), pick=2)
    assert not (home / "rubrics").exists()


def test_an_export_says_what_it_cannot_carry_and_comes_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export_rubric("mechanics-airbag", format="canvas")
    assert "note: Key elements are left out." in capsys.readouterr().out
    export_rubric("mechanics-airbag", format="xlsx", out=home / "airbag.xlsx")
    import_rubric(home / "airbag.xlsx", "my-airbag")
    assert (home / "rubrics" / "my-airbag.yaml").is_file()
    export_rubric("my-airbag", format="yaml")
    assert (home / "my-airbag.yaml").read_text() == (home / "rubrics/my-airbag.yaml").read_text()
    with pytest.raises(NotFoundError, match="Known: canvas, docx, markus, prairielearn, xlsx"):
        export_rubric("my-airbag", format="pdf")


def test_lint_looks_at_files_and_rubrics(capsys: pytest.CaptureFixture[str]) -> None:
    lint("leaf.csv")
    said = capsys.readouterr().out
    assert "leaf.csv: “Ideas”: No level has an example." in said
    assert said.endswith("1 rubric, 2 pieces of advice\n")
    lint("mechanics-airbag")
    assert capsys.readouterr().out == "1 rubric, 0 pieces of advice\n"

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tutor_app.cli.app import app
from tutor_app.errors import ModelError, NotFoundError
from tutor_app.llms.sealed import seal

RUN = CliRunner()


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sealed models; the first is the champion of the install."""
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUTOR_CONTENT", str(tmp_path / "content"))
    place = tmp_path / "content" / "models"
    for name in ("tutor-a", "tutor-b"):
        (place / name).mkdir(parents=True)
        (place / name / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
        (place / name / "model.safetensors").write_text(name)
        (place / name / "README.md").write_text(f"The card of {name}.")
        seal(place / name, name)
    (place / "champion.json").write_text('{"model": "tutor-a"}')
    return place


def run(*words: str) -> str:
    result = RUN.invoke(app, ["models", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_list_marks_the_one_that_speaks() -> None:
    lines = run("list").splitlines()
    assert [line[:9] for line in lines] == ["  none  (", "* tutor-a", "  tutor-b"]


def test_a_promotion_and_its_way_back_are_told_and_kept() -> None:
    assert "Nothing was promoted yet" in run("history")
    assert "tutor-b speaks now, instead of tutor-a" in run(
        "promote", "tutor-b", "--reason", "It won."
    )
    assert "* tutor-b" in run("list")
    assert "tutor-a speaks again, instead of tutor-b" in run("rollback", "--reason", "It lost.")
    newest, oldest = run("history").splitlines()
    assert "rollback tutor-b -> tutor-a: It lost." in newest
    assert "promote tutor-a -> tutor-b: It won." in oldest


def test_a_promotion_needs_a_reason() -> None:
    assert RUN.invoke(app, ["models", "promote", "tutor-b"]).exit_code == 2


def test_a_card_is_shown() -> None:
    assert "The card of tutor-b." in run("show", "tutor-b")


def test_a_broken_seal_is_listed_and_not_promoted(models: Path) -> None:
    (models / "tutor-b" / "model.safetensors").write_text("tutor-x")
    assert "model.safetensors was changed" in run("list")
    with pytest.raises(ModelError, match="'tutor-a' goes on speaking"):
        run("promote", "tutor-b", "--reason", "It won.")


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="Known: none, tutor-a, tutor-b"):
        run("show", "tutor-c")

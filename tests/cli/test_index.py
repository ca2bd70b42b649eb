import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tutor_app.cli import index as commands
from tutor_app.errors import NotFoundError, SearchIndexError

NOTE = "# Levers\n\n## Torque\n\nTorque is force times arm.\n\n## Balance\n\nA seesaw balances.\n"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    course = tmp_path / "content" / "datasets" / "courses" / "levers"
    (course / "notes").mkdir(parents=True)
    (course / "course.yaml").write_text("broken on purpose: indexing needs the notes only")
    (course / "notes" / "01-levers.md").write_text(NOTE, encoding="utf-8")
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUTOR_CONTENT", str(tmp_path / "content"))
    app = typer.Typer()
    app.command()(commands.index)
    app.command()(commands.search)
    return app


def run(app: typer.Typer, *words: str) -> str:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_course_is_indexed_and_searched(app: typer.Typer):
    assert "2 passages; 2 written (2 embedded), 0 removed" in run(app, "index", "levers")
    assert "2 passages; 0 written (0 embedded), 0 removed" in run(app, "index", "levers")
    found = run(app, "search", "levers", "what is torque?", "--top-k", "1")
    assert found.startswith("[1] Levers › Torque (01-levers), 0.")
    assert "Torque is force times arm." in found


def test_json_is_one_passage_a_line(app: typer.Typer):
    run(app, "index", "levers")
    lines = run(app, "search", "levers", "seesaw", "--json").splitlines()
    passages = [json.loads(line) for line in lines]
    assert passages[0]["place"]["section"] == ["Levers", "Balance"]
    assert len(passages) == 2
    assert passages[0]["relevance"] > passages[1]["relevance"]


def test_searching_before_indexing_names_the_command(app: typer.Typer):
    with pytest.raises(SearchIndexError, match="Run: tutor index levers"):
        run(app, "search", "levers", "torque")


def test_an_unknown_course_lists_the_known_ones(app: typer.Typer):
    for words in (("index", "lever"), ("search", "lever", "torque")):
        with pytest.raises(NotFoundError, match="Did you mean 'levers'"):
            run(app, *words)

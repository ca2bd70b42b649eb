import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tutor_app.cli.app import app

NOTE = "# Levers\n\n## Torque\n\nTorque is force times arm.\n"
BOOK = (
    '<document xmlns="http://cnx.rice.edu/cnxml"><title>Levers</title><content><section>'
    "<title>Torque</title><para>Torque is force times arm.</para></section>{}</content></document>"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_an_instructor_makes_a_course_adds_searches_and_takes_out(tmp_path: Path):
    (tmp_path / "levers.md").write_text(NOTE)
    (tmp_path / "bad.exe").write_bytes(b"MZ")
    assert "made in" in run("course", "new", "levers", "--title", "Levers").stdout
    assert "0 mistakes" in run("course", "check", "levers").stdout
    files = [str(tmp_path / "levers.md"), str(tmp_path / "bad.exe")]
    added = run("course", "add", "levers", *files, code=1).stdout
    assert "(md): 1 passage, as 'levers'" in added
    assert "Levers › Torque: Torque is force times arm." in added
    assert "cannot read '.exe' files" in added
    found = run("search", "levers", "what is torque?").stdout
    assert found.startswith("[1] Levers › Torque (levers)")
    assert "removed  documents/levers.md" in run("course", "undo", "levers").stdout
    assert run("search", "levers", "what is torque?").stdout.startswith("Nothing found for")


def test_json_of_added_files(tmp_path: Path):
    (tmp_path / "levers.md").write_text(NOTE)
    run("course", "new", "levers")
    report = json.loads(
        run("course", "add", "levers", str(tmp_path / "levers.md"), "--json").stdout
    )
    (row,) = report["files"]
    assert (row["outcome"], row["passages"], report["index_problem"]) == ("added", 1, "")


def test_a_textbook_is_imported_and_a_broken_one_exits_1(tmp_path: Path):
    archive = tmp_path / "book.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("modules/m1/index.cnxml", BOOK.format(""))
    report = json.loads(run("course", "import", str(archive), "--json").stdout)
    assert (report["format"], report["course"], report["missed"]) == ("cnxml", "book", [])
    counts = report["counts"]
    assert (counts["modules"], counts["section_titles_kept"], counts["passages"]) == (1, 2, 1)
    assert counts["passages_without_a_place"] == 0
    assert report["cpu_seconds"] > 0
    assert "is 'book' already" in run("course", "import", str(archive)).stdout
    assert "Torque is force" in run("search", "book", "torque").stdout
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("modules/m2/index.cnxml", "<cut")
    broken = run("course", "import", str(archive), "--id", "broken", code=1).stdout
    assert "MISSED: 1 of 2 modules were imported" in broken
    assert "refused  m2: " in broken

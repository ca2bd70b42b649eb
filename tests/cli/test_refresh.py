"""`tutor refresh`, from the export to a run in the background, with a tiny model."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tutor_app.cli.app import app
from tutor_app.errors import ModelError, NotFoundError

CHECKOUT = Path(__file__).parents[2]
RUN = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path


def run(*words: str) -> str:
    result = RUN.invoke(app, ["refresh", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def without_shipped_dialogues(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = home / "content"
    (content / "datasets").mkdir(parents=True)
    (content / "datasets" / "courses").symlink_to(CHECKOUT / "datasets" / "courses")
    (content / "rubrics").symlink_to(CHECKOUT / "rubrics")
    monkeypatch.setenv("TUTOR_CONTENT", str(content))


@pytest.mark.usefixtures("without_shipped_dialogues")
def test_a_model_is_refreshed_by_commands_alone(
    home: Path, tiny_model: Path, teacher_says: Callable[[Path], list[str]]
) -> None:
    shutil.copytree(tiny_model, home / "models" / tiny_model.name)
    asked = home / "asked"
    assert "requests for" in run("export", "mechanics", "--out", str(asked))
    lines = teacher_says(asked)
    (asked / "output.jsonl").write_text("\n".join([*lines, lines[0][:100]]))
    told = run("import", str(asked))
    assert "3 answered, 1 unreadable" in told
    assert "tutor's checks | 26" in told

    name = "tutor-by-command"
    started = run(
        "run", "mechanics", "--name", name, "--start", tiny_model.name, "--minutes", "0.02",
        "--detach",
    )  # fmt: skip
    assert f"tutor refresh status {name}" in started
    began = time.monotonic()
    while "done" not in run("status").splitlines()[0]:
        assert time.monotonic() - began < 300, (home / "runs" / name / "log.txt").read_text()
        time.sleep(0.5)
    assert "loss: " in run("status", name)
    assert (home / "models" / name / "manifest.json").is_file()


def test_an_unknown_course_model_or_run_is_refused_with_the_known_ones(home: Path) -> None:
    with pytest.raises(NotFoundError, match="mechanics"):
        run("export", "mechanic", "--out", str(home / "asked"))
    for command in ("status", "cancel", "resume"):
        with pytest.raises(ModelError, match="there is no run 'x'"):
            run(command, "x")


def test_a_run_needs_demonstrations(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = home / "content" / "datasets" / "courses" / "small"
    course.mkdir(parents=True)
    monkeypatch.setenv("TUTOR_CONTENT", str(home / "content"))
    with pytest.raises(ModelError, match="small: there are no demonstrations"):
        run("run", "small", "--name", "tutor-new", "--start", "tutor-a")


def test_an_import_of_a_folder_that_is_no_export_is_refused(home: Path) -> None:
    with pytest.raises(ModelError, match="not the list of an export"):
        run("import", str(home))

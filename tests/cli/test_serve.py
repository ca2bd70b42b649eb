import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from tutor_app.cli import serve
from tutor_app.cli.app import app
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import CourseReport
from tutor_app.errors import TutorError
from tutor_app.settings import CHECKOUT, Settings

RUN = CliRunner()


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the command lines that would replace this process; nothing is indexed for real."""
    commands: list[list[str]] = []
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.setattr(serve.os, "execv", lambda path, command: commands.append(command))
    monkeypatch.setattr(serve, "index", lambda course_id: None)
    return commands


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_every_step_is_said_before_the_pages_start(started: list[list[str]]) -> None:
    port = free_port()
    result = RUN.invoke(app, ["serve", "--port", str(port)])
    assert result.exit_code == 0, result.output
    assert "Demo accounts: student, instructor, admin" in result.output
    assert "Course mechanics: " in result.output
    assert f"Open http://127.0.0.1:{port} in a browser" in result.output
    assert f"--server.port={port}" in started[0]


def test_a_second_start_does_not_index_again(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed: list[str] = []
    monkeypatch.setattr(serve, "index", indexed.append)
    for _ in range(2):
        RUN.invoke(app, ["serve", "--port", str(free_port())])
    assert indexed == ["mechanics", "python-basics", "cell-biology"]


def test_a_changed_note_is_indexed_again(tmp_path: Path) -> None:
    notes = tmp_path / "courses" / "small" / "notes"
    notes.mkdir(parents=True)
    (notes.parent / "course.yaml").write_text("id: small\n")
    (notes / "one.md").write_text("# One\n")
    settings = Settings(home=tmp_path, content=tmp_path)
    before = serve.index_stamp(settings, "small")
    assert serve.index_stamp(settings, "small") == before
    (notes / "one.md").write_text("# Two\n")
    changed = serve.index_stamp(settings, "small")
    assert changed != before
    documents = notes.parent / "documents"
    documents.mkdir()
    (documents / "extra.txt").write_text("More.")
    assert serve.index_stamp(settings, "small") != changed


def test_an_index_that_fails_is_told_and_the_pages_start_all_the_same(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(course_id: str) -> None:
        raise TutorError("the encoder is missing")

    monkeypatch.setattr(serve, "index", broken)
    result = RUN.invoke(app, ["serve", "--port", str(free_port())])
    assert "replies carry no citations: the encoder is missing" in result.output
    assert len(started) == 1


def test_a_broken_course_names_its_mistakes_and_does_not_stop_the_others(
    started: list[list[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "courses" / "broken"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("id: broken\ntitle: Broken\ncolour: red\n")
    result = RUN.invoke(app, ["serve", "--port", str(free_port())])
    assert "course.yaml:3: colour: unknown key" in result.output
    assert "Course mechanics: " in result.output


def check_count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the id of every course that is checked."""
    checked: list[str] = []
    real = serve.check_course

    def noted(catalogue: Catalogue, course_id: str, *, run_programs: bool) -> CourseReport:
        checked.append(course_id)
        return real(catalogue, course_id, run_programs=run_programs)

    monkeypatch.setattr(serve, "check_course", noted)
    return checked


def copied_course(folder: Path) -> Path:
    """Copy the smallest part of a course that has items of its own; return its folder."""
    made = folder / "courses" / "small"
    shutil.copytree(CHECKOUT / "datasets/courses/mechanics", made)
    for item in sorted((made / "items").glob("*.yaml"))[2:]:
        item.unlink()
    course = made / "course.yaml"
    course.write_text(course.read_text().replace("id: mechanics", "id: small", 1))
    return made


def test_a_course_that_did_not_change_is_not_checked_again(
    started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = next((copied_course(tmp_path) / "items").glob("*.yaml"))
    checked = check_count(monkeypatch)
    said = [RUN.invoke(app, ["serve", "--port", str(free_port())]).output for _ in range(2)]
    assert checked.count("small") == 1
    assert all("Course small: 2 items" in output for output in said)
    item.write_text(item.read_text().replace("difficulty: ", "difficulty: 9", 1))
    for _ in range(2):
        result = RUN.invoke(app, ["serve", "--port", str(free_port())])
        assert f"{item.name}:" in result.output
        assert "Course small: 1 mistakes" in result.output
    assert checked.count("small") == 3


def test_a_damaged_note_of_the_last_check_only_means_another_check(
    started: list[list[str]], tmp_path: Path
) -> None:
    copied_course(tmp_path)
    kept = Settings(home=tmp_path).index_folder / "small.checked"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"stamp": ')
    result = RUN.invoke(app, ["serve", "--port", str(free_port())])
    assert "Course small: 2 items" in result.output
    assert '"items":2' in kept.read_text()


def test_a_changed_rubric_asks_for_another_check(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CHECKOUT / "rubrics", content / "rubrics")
    copied_course(tmp_path)
    settings = Settings(home=tmp_path, content=content)
    before = serve.check_stamp(settings, "small")
    assert serve.check_stamp(settings, "small") == before
    rubric = next((content / "rubrics").glob("*.yaml"))
    rubric.write_text(rubric.read_text() + "\n")
    assert serve.check_stamp(settings, "small") != before


def test_a_port_in_use_is_told_with_another_one(started: list[list[str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = RUN.invoke(app, ["serve", "--port", str(port)])
    assert isinstance(result.exception, TutorError)
    assert f"127.0.0.1:{port}: cannot listen there" in str(result.exception)
    assert not started


def test_an_address_that_others_can_reach_is_warned_about(started: list[list[str]]) -> None:
    result = RUN.invoke(app, ["serve", "--address", "0.0.0.0", "--port", str(free_port())])
    assert "not for a class yet" in result.output
    assert "Demo accounts" not in result.output
    assert not [flag for flag in started[0] if "allowedHosts" in flag]


BUSY = """
import runpy, sys, threading, time
threading.Thread(target=time.sleep, args=(300,)).start()
runpy.run_module("tutor_app.ui", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_pages_though_a_thread_is_busy(
    tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    flags = serve.streamlit_command(Settings(home=tmp_path, port=port))[3:]
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY, *flags], cwd=CHECKOUT, stderr=subprocess.DEVNULL
    )
    try:
        while process.poll() is None:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
                break
            time.sleep(0.2)
        process.send_signal(number)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_the_pages_call_nobody_and_accept_only_this_computer() -> None:
    command = serve.streamlit_command(Settings(home=Path("/nowhere")))
    assert "--browser.gatherUsageStats=false" in command
    assert "--server.enableXsrfProtection=true" in command
    assert "--server.address=127.0.0.1" in command
    assert "--server.allowedHosts=127.0.0.1" in command
    assert command[1:3] == ["-m", "tutor_app.ui"]

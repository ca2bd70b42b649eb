"""A refresh from the export to the sealed model, on the real course, with a tiny model."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app import factory
from tutor_app.distillation.handover import load_demonstrations
from tutor_app.distillation.intake import (
    TakenIn,
    export_again,
    exports,
    put_beside,
    rubrics_of,
    take_in,
)
from tutor_app.distillation.refresh import Course, refresh
from tutor_app.distillation.runs import (
    begin,
    cancel_run,
    demonstration_files,
    holding,
    load_run,
    plan_run,
    run_folders,
    run_status,
    tell,
)
from tutor_app.distillation.train import load_folder
from tutor_app.errors import ModelError, NotFoundError
from tutor_app.llms.shelf import Shelf
from tutor_app.settings import Settings

COURSE = "mechanics"
Says = Callable[[Path], list[str]]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return Settings(home=tmp_path)


@pytest.fixture
def course(settings: Settings) -> Course:
    catalogue = factory.build_catalogue(settings)
    return Course(catalogue.course(COURSE), rubrics_of(catalogue, COURSE))


@pytest.fixture
def taken(settings: Settings, teacher_says: Says) -> TakenIn:
    """The demonstrations of one exercise, exported, answered and taken in."""
    catalogue = factory.build_catalogue(settings)
    root = settings.home / "refresh" / COURSE
    export_again(catalogue, COURSE, root, "teacher")
    (folder,) = exports(root)
    put_beside(folder, "\n".join(teacher_says(folder)).encode())
    return take_in(folder, catalogue, settings.home / "dialogues")


@pytest.fixture
def shelf(settings: Settings, tiny_model: Path) -> Shelf:
    return Shelf((settings.home / "models", tiny_model.parent))


@pytest.fixture
def plan(settings: Settings, taken: TakenIn, shelf: Shelf) -> Callable[..., Path]:
    """Lay out a run on the demonstrations."""

    def lay_out(**changes: Any) -> Path:
        asked = {"model_id": "tutor-new", "start": "tutor-tiny-0.1", "minutes": 0.03, **changes}
        return plan_run(settings.home, shelf, [taken.path], COURSE, **asked)

    return lay_out


def wait_for(folder: Path, seen: Callable[[], bool], seconds: float = 120) -> None:
    began = time.monotonic()
    while not seen():
        assert time.monotonic() - began < seconds, f"{run_status(folder)} {log(folder)}"
        time.sleep(0.2)


def log(folder: Path) -> str:
    return "".join(p.read_text() for p in sorted(folder.rglob("log.txt")))


def test_a_run_ends_with_a_sealed_model_that_has_a_card_and_a_report(
    plan: Callable[..., Path], course: Course, shelf: Shelf
) -> None:
    steps: list[str] = []
    folder = plan()
    status = refresh(folder, course, steps.append)
    assert (status.state, steps) == ("done", ["select", "rows", "train", "evaluate", "seal"])

    model = shelf.find("tutor-new")
    began = (shelf.find("tutor-tiny-0.1").folder / "voice.json").read_text()
    assert (model.problem, (model.folder / "voice.json").read_text()) == ("", began)
    assert "Trained from: tutor-tiny-0.1" in model.card
    assert "held-out situations" in model.report
    new, _ = load_folder(model.folder)
    old, _ = load_folder(shelf.find("tutor-tiny-0.1").folder)
    assert any((a != b).any() for a, b in zip(new.parameters(), old.parameters(), strict=True))
    assert run_status(folder).progress["state"] == "finished"

    before = (model.folder / "manifest.json").read_bytes()
    assert refresh(folder, course).state == "done"
    assert (model.folder / "manifest.json").read_bytes() == before


def test_what_is_held_out_is_never_trained_on(
    plan: Callable[..., Path], course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = plan(minutes=0.001)
    refresh(folder, course)
    held_out = {
        one.situation.id
        for one in load_demonstrations(folder / "kept.jsonl")
        if one.situation.held_out
    }
    lines = (folder / "rows.jsonl").read_text() + (folder / "dev.jsonl").read_text()
    rows = [json.loads(line)["id"].split("-")[0] for line in lines.splitlines()]
    assert held_out
    assert rows
    assert not held_out & set(rows)


def test_a_run_in_the_background_is_cancelled_within_a_step_and_resumed_to_its_end(
    plan: Callable[..., Path], settings: Settings
) -> None:
    folder = plan(minutes=0.2)
    begin(settings.home, folder.name)
    assert run_status(folder).active
    wait_for(folder, lambda: "done" in run_status(folder).progress)
    with pytest.raises(ModelError, match="going on already"):
        begin(settings.home, folder.name)
    cancel_run(folder)
    wait_for(folder, lambda: not run_status(folder).active)
    status = run_status(folder)
    assert (status.state, status.step) == ("cancelled", "train")
    assert status.progress["state"] == "cancelled"
    assert 0 < status.progress["done"] < 1  # type: ignore[operator]
    assert not load_run(folder).out.exists()

    begin(settings.home, folder.name)
    wait_for(folder, lambda: run_status(folder).state == "done")
    assert run_status(folder).progress["seconds"] >= 12  # type: ignore[operator]
    assert (load_run(folder).out / "manifest.json").is_file()


def test_a_run_cancelled_before_it_began_does_nothing_and_goes_on_later(
    plan: Callable[..., Path], course: Course
) -> None:
    folder = plan(minutes=0.001)
    cancel_run(folder)
    assert refresh(folder, course).state == "cancelled"
    assert not (folder / "kept.jsonl").exists()
    with pytest.raises(ModelError, match="nothing to cancel"):
        cancel_run(folder)
    assert refresh(folder, course).state == "done"


HOLD = """
import sys, time
from pathlib import Path
from tutor_app.distillation.runs import holding, tell
with holding(Path(sys.argv[1])):
    tell(Path(sys.argv[1]), "running", "train", "")
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_run_whose_process_was_killed_has_failed_and_says_so(
    plan: Callable[..., Path], settings: Settings, course: Course
) -> None:
    folder = plan()
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert run_status(folder).state == "running"
        with pytest.raises(ModelError, match="going on already"):
            refresh(folder, course)
        # not waited for yet, so its number still stands in the process table
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        status = run_status(folder)
    assert (status.state, status.step) == ("failed", "train")
    assert "Resume the run" in status.message


def test_a_training_goes_on_holding_the_run_whose_own_process_is_gone(tmp_path: Path) -> None:
    with holding(tmp_path) as lock:
        training = subprocess.Popen(["sleep", "30"], pass_fds=(lock,))
    tell(tmp_path, "running", "train", "")
    assert run_status(tmp_path).state == "running"
    training.kill()
    training.wait()
    assert run_status(tmp_path).state == "failed"


def test_a_run_that_did_not_start_tells_the_last_line_of_its_log(
    plan: Callable[..., Path],
) -> None:
    folder = plan()
    (folder / "log.txt").write_text("Traceback\n  tutor: no such course\n\n")
    stale = run_status(folder).model_dump(mode="json") | {"updated": "2026-01-01T00:00:00Z"}
    (folder / "status.json").write_text(json.dumps(stale))
    assert run_status(folder).message == ("It did not start. tutor: no such course Resume the run.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_id": "My Model"}, "is no name for a model"),
        ({"model_id": "../../etc"}, "is no name for a model"),
        ({"model_id": "none"}, "is called 'none' already"),
        ({"model_id": "tutor-tiny-0.1"}, "is called 'tutor-tiny-0.1' already"),
        ({"minutes": 0}, "minutes"),
        ({"start": "none"}, "no model to start from"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_and_leaves_nothing(
    plan: Callable[..., Path], settings: Settings, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        plan(**changes)
    assert run_folders(settings.home) == []


def test_a_start_model_that_is_cut_or_unknown_is_refused(
    plan: Callable[..., Path], settings: Settings, tiny_model: Path
) -> None:
    with pytest.raises(NotFoundError, match="Known: none, tutor-tiny"):
        plan(start="tutor-gone")
    broken = settings.home / "models" / "tutor-cut"
    broken.mkdir(parents=True)
    for path in tiny_model.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"model\.safetensors was cut"):
        plan(start="tutor-cut")


def test_two_runs_of_one_name_are_refused(plan: Callable[..., Path]) -> None:
    plan()
    with pytest.raises(ModelError, match="there is a run already"):
        plan()


def test_a_course_without_demonstrations_is_refused(settings: Settings, shelf: Shelf) -> None:
    files = demonstration_files((settings.home / "dialogues",), COURSE)
    with pytest.raises(ModelError, match="there are no demonstrations"):
        plan_run(settings.home, shelf, files, COURSE, model_id="tutor-new", start="x", minutes=1)


def test_a_run_of_useless_demonstrations_fails_with_its_reason(
    plan: Callable[..., Path], taken: TakenIn, course: Course
) -> None:
    rows = [
        one.model_copy(update={"reply": "It is 468 J."}) for one in load_demonstrations(taken.path)
    ]
    taken.path.write_text("".join(f"{one.model_dump_json()}\n" for one in rows))
    status = refresh(plan(), course)
    assert (status.state, status.step) == ("failed", "select")
    assert "no demonstration passed" in status.message


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    for look in (load_run, run_status, cancel_run):
        with pytest.raises(ModelError, match="this is no run"):
            look(tmp_path)

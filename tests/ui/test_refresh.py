"""The Refresh page, on the real course; runs are laid out and told by hand, training is elsewhere
(tests/distillation, tests/browser)."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app import factory
from tutor_app.access.audit import Action
from tutor_app.distillation import runs
from tutor_app.distillation.intake import export_again, exports, put_beside, take_in
from tutor_app.distillation.runs import holding, plan_run, run_status, tell
from tutor_app.domain.duration import duration
from tutor_app.settings import Settings
from tutor_app.ui import resources
from tutor_app.ui.admin.handover import zipped

COURSE = "mechanics"
Page = Callable[..., Any]


@pytest.fixture(autouse=True)
def own_places(server: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One model, and nothing that is shipped."""
    shutil.copytree(tiny_model, server / "models" / tiny_model.name)
    for name in ("models", "dialogues"):
        places = property(lambda settings, name=name: (settings.home / name,))
        monkeypatch.setattr(Settings, f"{name[:-1]}_folders", places)


@pytest.fixture
def export(server: Path) -> Path:
    root = server / "refresh" / COURSE
    export_again(factory.build_catalogue(resources.settings()), COURSE, root, "teacher")
    return exports(root)[0]


@pytest.fixture
def imported(export: Path, server: Path, teacher_says: Callable[[Path], list[str]]) -> Path:
    lines = teacher_says(export)
    put_beside(export, "\n".join([*lines[1:], lines[0][:99]]).encode())
    cut = json.loads(lines[0])
    cut["response"]["body"]["choices"][0]["finish_reason"] = "length"
    put_beside(export, json.dumps(cut).encode())
    catalogue = factory.build_catalogue(resources.settings())
    return take_in(export, catalogue, server / "dialogues").path


@pytest.fixture
def run(imported: Path, server: Path, tiny_model: Path) -> Path:
    return plan_run(
        server, factory.build_shelf(resources.settings()), [imported], COURSE,
        model_id="tutor-new", start=tiny_model.name, minutes=2,
    )  # fmt: skip


def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the runs that would be started."""
    names: list[str] = []
    monkeypatch.setattr(
        "tutor_app.ui.admin.runs.begin", lambda home, name: names.append(str(home / name))
    )
    return names


def primary(screen: Any) -> list[str]:
    return [b.label for b in screen.test.button if b.proto.type == "primary"]


def test_an_empty_page_says_what_comes_and_offers_the_one_next_action(page: Page) -> None:
    screen = page("admin.refresh", "admin")
    assert "Export first; the teacher's answers come back here." in screen.text
    assert "There are no demonstrations to train on yet." in screen.text
    assert "Runs will be listed here" in screen.text
    assert primary(screen) == ["Export"]


def test_an_export_is_saved_for_the_course_and_can_be_downloaded(page: Page, server: Path) -> None:
    screen = page("admin.refresh", "admin").click("Export")
    (folder,) = (server / "refresh" / COURSE).iterdir()
    count = len((folder / "asks.jsonl").read_text().splitlines())
    assert f"{count} requests" in screen.text
    assert "no answer is in yet" in screen.text
    assert screen.test.download_button[0].label == "Download the requests"
    assert primary(screen) == ["Import"]


def test_the_download_holds_the_batch_files_and_no_other(export: Path) -> None:
    data = zipped(sorted(export.glob("requests-*.jsonl")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["requests-001.jsonl"]
        assert archive.read("requests-001.jsonl") == (export / "requests-001.jsonl").read_bytes()


def test_uploaded_answers_are_taken_in_and_the_funnel_is_drawn(
    page: Page, export: Path, server: Path, teacher_says: Callable[[Path], list[str]]
) -> None:
    screen = page("admin.refresh", "admin")
    text = "\n".join([*teacher_says(export), "cut {", '{"custom_id": "x"}'])
    upload = screen.test.file_uploader[0]
    upload.set_value([("asks.jsonl", text.encode(), "application/jsonl")])
    screen.click("Import")
    assert len(list((server / "dialogues" / COURSE).glob("*.jsonl"))) == 1
    outcomes, funnel = (screen.test.dataframe[n].value for n in (0, 1))
    assert set(outcomes["What they are"]) == {
        "answered",
        "not readable; the file may be cut",
        "of no request of this export",
    }
    assert funnel["In"].iloc[0] == 26
    assert "demonstrations kept" in screen.text
    assert primary(screen) == ["Start a run"]


def test_import_without_files_asks_for_them(page: Page, export: Path) -> None:
    assert "Choose the files first." in page("admin.refresh", "admin").click("Import").text


def test_what_failed_is_offered_for_another_try(page: Page, imported: Path) -> None:
    screen = page("admin.refresh", "admin")
    labels = [button.label for button in screen.test.download_button]
    assert labels == ["Download the requests", "Download what failed, to ask again (1 file)"]
    assert "still waiting" in screen.text


def test_a_run_is_laid_out_started_and_noted(
    page: Page, imported: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = begun(monkeypatch)
    screen = page("admin.refresh", "admin")
    screen.test.text_input[1].input("tutor-new")
    screen.test.number_input[0].set_value(2.0)
    screen.click("Start a run")
    plan = runs.load_run(server / "runs" / "tutor-new")
    assert names == [str(server / "tutor-new")]
    assert (plan.minutes, plan.start.name, plan.demonstrations) == (2, "tutor-tiny-0.1", [imported])
    (row,) = [r for r in resources.store().audit.newest() if r.what == Action.REFRESH_STARTED]
    assert row.subject == "tutor-new"


@pytest.mark.parametrize(
    ("name", "message"),
    [("My model", "is no name for a model"), ("tutor-tiny-0.1", "is called"), ("../x", "no name")],
)
def test_a_name_that_cannot_be_is_refused_above_what_was_typed(
    page: Page, imported: Path, server: Path, name: str, message: str
) -> None:
    screen = page("admin.refresh", "admin")
    screen.test.text_input[1].input(name)
    screen.click("Start a run")
    assert message in screen.text
    assert not (server / "runs").exists()


def test_without_a_whole_model_there_is_nothing_to_start_from(
    page: Page, imported: Path, server: Path
) -> None:
    (server / "models" / "tutor-tiny-0.1" / "model.safetensors").write_bytes(b"cut")
    screen = page("admin.refresh", "admin")
    assert "There is no whole model to start from." in screen.text
    assert "Start a run" not in screen.buttons


def test_a_run_shows_its_step_its_figures_and_the_time_left_and_can_be_cancelled(
    page: Page, run: Path
) -> None:
    (run / "train").mkdir()
    progress = {"done": 0.25, "seconds": 60.0, "loss": 2.5, "tokens_per_s": 1234.5}
    (run / "train" / "progress.json").write_text(json.dumps(progress))
    tell(run, "running", "train", "")
    with holding(run):
        screen = page("admin.refresh", "admin")
        assert "Step 3 of 5: training" in screen.text
        assert screen.test.progress[0].proto.text == "25\N{NO-BREAK SPACE}% done, 3 min left"
        figures = {metric.label: metric.value for metric in screen.test.metric}
        assert figures == {
            "Loss": "2.500",
            "Bits per byte, held out": "–",
            "Tokens per second": "1,234",
        }
        assert "Start a run" not in screen.buttons
        screen.click("Cancel")
        assert (run / "cancel").exists()
    rows = [r for r in resources.store().audit.newest() if r.what == Action.REFRESH_CANCELLED]
    assert [row.subject for row in rows] == ["tutor-new"]


def test_a_cancelled_run_can_be_resumed(
    page: Page, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = begun(monkeypatch)
    tell(run, "cancelled", "train", "Training stopped; the last checkpoint is kept.")
    screen = page("admin.refresh", "admin")
    assert "It was cancelled while training." in screen.text
    screen.click("Resume")
    assert len(names) == 1


def test_a_run_whose_process_is_gone_says_so_and_can_be_resumed(page: Page, run: Path) -> None:
    tell(run, "running", "evaluate", "")
    assert run_status(run).state == "failed"
    screen = page("admin.refresh", "admin")
    assert "It stopped while measuring on held-out turns. Its process is gone." in screen.text
    assert "Resume" in screen.buttons


def test_a_finished_run_shows_its_report_and_offers_its_model(
    page: Page, run: Path, server: Path
) -> None:
    shutil.copytree(server / "models" / "tutor-tiny-0.1", server / "models" / "tutor-new")
    (run / "report.md").write_text("# Evaluation\n\n| a | b |\n|---|---|\n| [x](http://e) | 2 |\n")
    tell(run, "done", "seal", "tutor-new is on the shelf; promote it or not.")
    screen = page("admin.refresh", "admin")
    (report,) = [m.value for m in screen.test.markdown if "Evaluation" in m.value]
    assert "| a | b |" in report
    assert "](" not in report.replace("\\](", "")
    screen.click("Let tutor-new speak")
    assert "From memory and hints alone to tutor-new" in screen.text.replace("**", "")


def test_a_damaged_run_is_told_and_does_not_stop_the_page(page: Page, run: Path) -> None:
    (run / "status.json").write_text("{")
    screen = page("admin.refresh", "admin")
    assert "this is no run of a refresh" in screen.text
    assert "Start a run" in screen.buttons


def test_a_short_time_is_told_in_seconds_a_long_one_in_minutes() -> None:
    assert [duration(s) for s in (3.2, 89, 91, 3600)] == ["3 s", "89 s", "2 min", "60 min"]


def test_a_student_sees_no_refresh(page: Page) -> None:
    assert "it is for the admin" in page("admin.refresh", "student").text

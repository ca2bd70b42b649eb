"""The page that brings material into courses: a job in the background, its report, its undo."""

import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app import factory
from tutor_app.errors import ContentError, ModelError
from tutor_app.settings import Settings
from tutor_app.ui import resources
from tutor_app.ui.jobs import Job, Jobs

Page = Callable[..., Any]
NOTE = "# Waves\n\n## Sound\n\nSound is a wave of pressure that travels through air and water.\n"


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexing is tested elsewhere; here it fails, which the page must say."""

    def refuse(settings: Settings) -> None:
        raise ModelError("no encoder in this test.")

    monkeypatch.setattr(factory, "build_index", refuse)


def finished(page: Page, **more: Any) -> Any:
    """Wait for the job that runs, and open the page anew."""
    for _ in range(200):
        if resources.jobs().running is None:
            return page("instructor.material", "instructor", **more)
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def upload(screen: Any, *files: tuple[str, bytes]) -> Any:
    box = screen.test.file_uploader[0]
    given = [(name, content, "application/octet-stream") for name, content in files]
    box.set_value(given if box.proto.multiple_files else given[0]).run()
    return screen


def test_files_are_added_reported_and_taken_out_again(page: Page, server: Path) -> None:
    screen = page("instructor.material", "instructor")
    upload(screen, ("sound.md", NOTE.encode()), ("broken.pdf", b"no pdf")).click("Add them")
    screen = finished(page)
    assert "1 file added" in screen.text
    assert "1 refused" in screen.text
    table = screen.test.dataframe[0].value
    assert list(table["File"]) == ["broken.pdf", "sound.md"]
    assert "travels through air" in screen.text
    assert "no encoder in this test" in screen.text
    assert (server / "courses" / "mechanics" / "documents" / "sound.md").is_file()
    assert not list((server / "uploads").glob("*")), "what was uploaded is not kept twice"
    screen.click("Take it out again")
    screen = finished(page)
    assert "1 file taken out" in screen.text
    assert not (server / "courses" / "mechanics" / "documents" / "sound.md").exists()
    assert "Undo the last import" not in str(screen.buttons)


def test_a_zip_of_files_becomes_a_course_that_can_be_opened(page: Page, tmp_path: Path) -> None:
    archive = tmp_path / "my-waves.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("waves/sound.md", NOTE)
    screen = page("instructor.material", "instructor", course_id="")
    upload(screen, ("my-waves.zip", archive.read_bytes())).click("Make the course")
    screen = finished(page, course_id="")
    screen.click("Open the course")
    assert screen.session.course_id == "my-waves"
    assert screen.session.goto == "Course"
    assert "my-waves" in resources.catalogue().course_ids()


def test_of_a_problem_bank_one_course_plan_can_be_taken(page: Page, tmp_path: Path) -> None:
    step: dict[str, Any] = {
        "id": "cows1a", "stepTitle": "Solve $$3x=12$$.", "stepBody": "", "stepAnswer": ["$$4$$"],
        "problemType": "TextBox", "answerType": "arithmetic", "variabilization": {},
    }  # fmt: skip
    problem = {
        "id": "cows1", "title": "Cows", "body": "", "courseName": "Farm Algebra", "lesson": "1.1",
        "license": "https://creativecommons.org/licenses/by/4.0/ <CC BY 4.0>",
        "variabilization": {},
    }  # fmt: skip
    plans = [
        {"courseName": name, "language": "en",
         "lessons": [{"id": name, "learningObjectives": {"solve_equations": 0.85}}]}
        for name in ("Farm Algebra", "Farm Statistics")
    ]  # fmt: skip
    files = {
        "coursePlans.json": plans,
        "skillModel.json": {"cows1a": ["solve_equations"]},
        "content-pool/cows1/cows1.json": problem,
        "content-pool/cows1/steps/cows1a/cows1a.json": step,
        "content-pool/cows1/steps/cows1a/tutoring/cows1aDefaultPathway.json": [],
    }
    bank = tmp_path / "bank.zip"
    with zipfile.ZipFile(bank, "w") as made:
        for name, content in files.items():
            made.writestr(name, json.dumps(content))
    screen = page("instructor.material", "instructor", course_id="")
    screen.test.selectbox(key="what").set_value("oatutor").run()
    screen.test.text_input(key="plan").set_value("farm")
    upload(screen, ("bank.zip", bank.read_bytes())).click("Make the course")
    screen = finished(page, course_id="")
    assert "Farm Algebra; Farm Statistics" in screen.test.error[0].value
    screen.test.selectbox(key="what").set_value("oatutor").run()
    screen.test.text_input(key="plan").set_value("algebra")
    upload(screen, ("bank.zip", bank.read_bytes())).click("Make the course")
    finished(page, course_id="")
    assert "farm-algebra" in resources.catalogue().course_ids()


def test_a_source_of_no_known_format_says_so_and_leaves_nothing(page: Page, server: Path) -> None:
    screen = page("instructor.material", "instructor", course_id="")
    upload(screen, ("odd.zip", b"no zip")).click("Make the course")
    screen = finished(page, course_id="")
    assert screen.test.error
    assert "Nothing half done was left" in screen.text
    assert not (server / "courses" / "odd").exists()


def test_what_is_going_on_is_shown_to_whoever_opens_the_page(page: Page) -> None:
    stop = {"now": False}

    def work(tell: Callable[[str, int, int], None]) -> str:
        while not stop["now"]:
            tell("reading a.pdf", 3, 10)
            time.sleep(0.01)
        return "over"

    job = resources.jobs().start("Adding 10 files", "mechanics", work)
    while job.done != 3:
        time.sleep(0.01)
    screen = page("instructor.material", "instructor")
    assert "Adding 10 files" in screen.text
    assert "It goes on when you leave this page" in screen.text
    with pytest.raises(ContentError, match="still going on"):
        resources.jobs().start("Another", "mechanics", work)
    screen.click("Cancel")
    screen = finished(page)
    assert "cancelled. Nothing of it is in the course" in screen.text
    screen.click("Put this report away")
    assert "cancelled" not in screen.text


def test_a_job_that_is_a_bug_ends_as_failed_and_lets_the_next_one_begin(
    recwarn: pytest.WarningsRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    jobs = Jobs()

    def broken(tell: object) -> None:
        raise KeyError("x")

    job = jobs.start("Odd", "mechanics", broken)
    while jobs.running is not None:
        time.sleep(0.01)
    assert job.state == "failed"
    assert "stopped unexpectedly" in job.message
    jobs.start("Next", "mechanics", lambda tell: None)


def test_progress_is_a_share_with_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job("Adding", "mechanics")
    job.tell("reading a.pdf", 0, 4)
    job.began -= 30
    job.tell("reading b.pdf", 3, 4)
    assert job.share == 0.75
    assert job.seconds_left == pytest.approx(10, rel=0.1)
    job.tell("grading", 90, 100)
    job.began -= 10
    job.tell("grading", 95, 100)
    assert job.seconds_left == pytest.approx(10, rel=0.1), "what was there before is no pace"
    job.tell("indexing passages", 0, 4)
    assert job.seconds_left is None
    job.stopping = True
    job.tell("indexing passages", 1, 4)
    assert not job.can_stop, "what is in the course already is not left half searchable"

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

Page = Callable[..., Any]
TABLE = (
    "Student ID,Name,Answer\n"
    "u1,Ada,There is no oxygen and so no ATP for the pumps of the root.\n"
    "u2,Bo,It simply diffuses in with the water that the plant drinks.\n"
    "u3,Cy,\n"
)


def bring(page: Page, name: str, content: bytes) -> Any:
    screen = page("instructor.grading.page", "instructor", reviewing=Reviewing(starting=True))
    screen.test.file_uploader[0].set_value((name, content, "text/csv")).run()
    return screen.click("Read them")


def test_a_table_is_read_assigned_tried_and_graded_in_the_background(
    page: Page, server: Path
) -> None:
    screen = bring(page, "week5.csv", TABLE.encode())
    assert "week5.csv is read as: table, one row per student." in screen.text.replace("**", "")
    assert "3 students, 1 question, 3 answers." in screen.text
    assert "1 question still to be settled." in screen.text
    box = next(b for b in screen.test.selectbox if b.label == "The question")
    box.set_value("cell-biology-active-flooded-roots").run()
    assert "3 criteria, 4 points." in screen.text
    screen.click("Try 5 first")
    assert "all 3 will take about" in screen.text
    assert "4 of 4" in screen.text
    screen.click("Grade 3 answers")
    batch_id = screen.session.reviewing.batch_id
    for _ in range(400):
        if resources.jobs().running is None:
            break
        time.sleep(0.05)
    standing = resources.queue(batch_id).standing()
    assert (standing.total, standing.graded) == (3, 3)
    assert not list((server / "uploads").glob("*")), "what was brought is not kept twice"


def test_a_file_that_cannot_be_read_is_told_and_another_can_be_brought(page: Page) -> None:
    screen = bring(page, "odd.zip", b"PK\x03\x04 cut off")
    assert "odd.zip" in screen.text
    assert screen.test.error, screen.text
    screen.click("Bring other files")
    assert screen.session.reviewing.source is None


def test_a_second_run_of_the_same_files_opens_the_batch_that_is_there(page: Page) -> None:
    opened = []
    for _ in range(2):
        screen = bring(page, "week5.csv", TABLE.encode())
        box = next(b for b in screen.test.selectbox if b.label == "The question")
        box.set_value("cell-biology-active-flooded-roots").run()
        screen.click("Grade 3 answers")
        opened.append(screen.session.reviewing.batch_id)
        for _ in range(400):
            if resources.jobs().running is None:
                break
            time.sleep(0.05)
    assert opened[0] == opened[1]
    assert len(resources.store().grading.batches()) == 1

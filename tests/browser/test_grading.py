"""An instructor grades a batch in a browser: brings it, reviews with keys, audits, releases, exports.

The same walk is looked at: wide and narrow, light and dark, contrast and nothing cut off.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tutor_app.storage.store import Store

CHECKOUT = Path(__file__).parents[2]
RUBRIC = "cell-biology-active-flooded-roots"
"""Its answers are in datasets/gold."""


def answers(count: int) -> bytes:
    """A table of gold answers; some of them more than once, as in a class."""
    lines = (CHECKOUT / "datasets" / "gold" / f"{RUBRIC}.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["answer"] for line in lines]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Student ID", "Name", "Answer"])
    for n in range(count):
        writer.writerow([f"u{n:03}", f"Student {n}", texts[n % len(texts)]])
    return out.getvalue().encode()


@pytest.fixture
def pages(bare_server: Any) -> Any:
    bare_server.start_pages()
    return bare_server


def view(tab: Any, name: str) -> None:
    tab.page.get_by_role("radio", name=name, exact=True).click()
    tab.settle()


def test_a_batch_goes_from_a_table_to_a_gradebook(pages: Any, tab: Any, tmp_path: Path) -> None:
    table = tmp_path / "week-5.csv"
    table.write_bytes(answers(12))
    with tab(pages) as instructor:
        page = instructor.open("instructor").go("Grading").page
        instructor.photograph("grading-empty")
        page.get_by_role("button", name="New batch").click()
        page.locator("input[type=file]").first.set_input_files(table)
        page.get_by_role("button", name="Read them").click()
        page.get_by_text("12 students, 1 question, 12 answers.").wait_for()
        page.get_by_role("combobox", name="The question").click()
        page.keyboard.type("nitrate")
        page.get_by_role("option", name="Nitrate uptake in flooded soil").click()
        page.get_by_role("button", name="Try 5 first").click()
        page.get_by_text("will take about").wait_for()
        instructor.settle()
        instructor.photograph("grading-tried")
        page.get_by_role("button", name="Grade 12 answers").click()
        expect(page.get_by_text("12 of 12 graded")).to_be_visible(timeout=60_000)
        instructor.settle()
        first = page.locator(".st-key-submission h3").inner_text()
        for key in ("1", "1", "1"):
            page.keyboard.press(key)
            instructor.settle()
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-submission h3")).not_to_have_text(first)
        instructor.settle()
        page.keyboard.press("u")
        expect(page.locator(".st-key-submission h3")).to_have_text(first)
        instructor.settle()
        # a button that Tab has reached is pressed by Enter, and nothing is accepted
        page.get_by_role("button", name="Next").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-submission h3")).not_to_have_text(first)
        instructor.settle()
        with Store(pages.home / "tutor.db") as store:
            (batch,) = store.grading.batches()
            kinds = {one.kind for one in store.grading.decisions(batch.id)}
        assert "accept" not in kinds
        page.locator(".st-key-queue button", has_text=first.removeprefix("Submission ")).first
        view(instructor, "Review")
        page.keyboard.press("Enter")
        instructor.settle()
        view(instructor, "Trust")
        page.get_by_role("button", name="Release 1 mark").click()
        page.get_by_role("button", name="Release them").click()
        page.get_by_text("1 mark released.").wait_for()
        view(instructor, "Export")
        page.get_by_role("button", name="Make the file").click()
        with page.expect_download() as given:
            page.get_by_role("button", name="Download canvas.csv").click()
        rows = list(csv.reader(io.StringIO(given.value.path().read_text("utf-8-sig"))))
    marks = [row[-1] for row in rows[2:] if row[-1]]
    assert len(marks) == 1

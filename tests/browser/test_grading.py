"""An instructor grades a batch in a browser: brings it, reviews with keys, releases, exports; and
all of its pages, with an audit, are looked at."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tutor_app.domain.batch import DecisionKind
from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.factory import build_catalogue
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.settings import Settings
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


def decided(home: Path, kind: DecisionKind) -> int:
    """Count the decisions of a kind in the only batch."""
    with Store(home / "tutor.db") as store:
        (batch,) = store.grading.batches()
        return sum(one.kind == kind for one in store.grading.decisions(batch.id))


def decide(tab: Any, home: Path, key: str, kind: DecisionKind) -> None:
    """Press a key and wait until what it decides is stored and shown."""
    before = decided(home, kind)
    tab.page.keyboard.press(key)
    tab.until(lambda: decided(home, kind) > before)
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
        # the page is drawn again when the checks after it are done
        expect(page.locator(".st-key-run")).to_have_count(0, timeout=60_000)
        instructor.settle()
        first = page.locator(".st-key-submission h3").inner_text()
        for key in ("1", "1", "1"):
            decide(instructor, pages.home, key, "score")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-submission h3")).not_to_have_text(first)
        instructor.settle()
        page.keyboard.press("u")
        expect(page.locator(".st-key-submission h3")).to_have_text(first)
        instructor.settle()
        before = decided(pages.home, "accept")
        # a button that Tab has reached is pressed by Enter, and nothing is accepted
        page.get_by_role("button", name="Next").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-submission h3")).not_to_have_text(first)
        instructor.settle()
        assert decided(pages.home, "accept") == before
        page.evaluate("document.activeElement.blur()")
        decide(instructor, pages.home, "Enter", "accept")
        view(instructor, "Trust")
        page.get_by_role("button", name="Release 1 mark").click()
        page.get_by_role("button", name="Release them").click()
        page.get_by_text("1 mark released.").wait_for()
        view(instructor, "Export")
        page.get_by_role("combobox", name="Format").click()
        page.get_by_role("option", name="Canvas gradebook").click()
        instructor.settle()
        page.get_by_role("button", name="Make the file").click()
        with page.expect_download() as given:
            page.get_by_role("button", name="Download canvas-gradebook.csv").click()
        rows = list(csv.reader(io.StringIO(given.value.path().read_text("utf-8-sig"))))
    marks = [row[-1] for row in rows[2:] if row[-1]]
    assert len(marks) == 1


class SureGrader:
    """Proposes from the number in an answer's id, sure of two in three: something to look at."""

    name = "looks:1"

    def grade_batch(self, submissions: Any, rubric: Any, **_: Any) -> Iterator[Grade]:
        for n, one in enumerate(submissions):
            sure = n % 3 > 0
            criteria = [
                {"criterion": c.id, "auto_score": c.possible_points[n % len(c.possible_points)],
                 "confidence": 0.96 if sure else 0.4 + 0.05 * place, "needs_review": not sure,
                 "evidence": quotes(one.text, place), "passages": rubric.course_sections[:2],
                 "reasons": ["Names the pump, but not where its energy comes from."]}
                for place, c in enumerate(rubric.criteria)
            ]  # fmt: skip
            yield Grade.model_validate(
                {"submission": one.id, "rubric": rubric.id, "rubric_hash": rubric.digest,
                 "grader": self.name, "criteria": criteria,
                 "flags": ["Speaks to the grader: give full marks"] if n == 0 else []}
            )  # fmt: skip


def quotes(text: str, place: int) -> list[dict[str, Any]]:
    """Return a stretch of the text for each criterion; they overlap."""
    start, end = 8 * place, min(len(text), 8 * place + 25)
    quote = text[start:end].strip()
    at = text.find(quote)
    return [{"start": at, "end": at + len(quote), "quote": quote}] if quote else []


@pytest.fixture
def graded(bare_server: Any) -> Any:
    """A server with a batch that is graded and partly decided."""
    rubric = build_catalogue(Settings(home=bare_server.home)).rubric(RUBRIC)
    rows = list(csv.DictReader(io.StringIO(answers(60).decode())))
    submissions = [
        Submission(id=r["Student ID"], learner=r["Student ID"], name=r["Name"], text=r["Answer"])
        for r in rows
    ]
    with Store(bare_server.home / "tutor.db") as store:
        started = start_batch(
            store, submissions, {"": Assigned(rubric)}, title="Flooded roots, week 5", who="me",
            grader=SureGrader.name,
        )  # fmt: skip
        run_batch(store, started.batch.id, SureGrader(), lambda reference: None)
        decisions = Decisions(store, started.batch.id, "me")
        names = [one.submission.id for one in store.grading.marked(started.batch.id)]
        decisions.accept(names[:20])
        decisions.give(names[:5], {"against-gradient": 1})
        decisions.release(names[:8])
        bare_server.start_pages()
        yield bare_server


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_the_grading_pages_are_readable(
    graded: Any, tab: Any, look: Any, size: str, scheme: str
) -> None:
    start = f"{size}-{scheme}-grading"
    with tab(graded, size, scheme) as instructor:
        page = instructor.open("instructor").go("Grading").page
        wrong = look(instructor, f"{start}-batches")
        page.get_by_role("button", name="Flooded roots, week 5").click()
        instructor.settle()
        wrong += look(instructor, f"{start}-review")
        page.keyboard.press("2")
        instructor.settle()
        wrong += look(instructor, f"{start}-review-chosen")
        # so many that the pages in the middle are left out
        view(instructor, "All")
        wrong += look(instructor, f"{start}-review-all")
        view(instructor, "Trust")
        wrong += look(instructor, f"{start}-trust")
        page.get_by_role("button", name="Start the audit").click()
        page.get_by_text("The proposals stay hidden").wait_for()
        instructor.settle()
        assert "roposed:" not in page.locator("main").inner_text()
        turn = page.locator(".st-key-hidden-grading p", has_text="· keys 1 to")
        for letter in "ABC":
            expect(turn).to_have_text(re.compile(rf"^{letter} "))
            instructor.settle()
            page.keyboard.press("1")
        expect(page.get_by_role("button", name="Keep and go on")).to_be_enabled()
        instructor.settle()
        page.keyboard.press("Enter")
        page.get_by_text("1 of ").first.wait_for()
        wrong += look(instructor, f"{start}-audit")
        for name in ("Results", "Fairness", "Export"):
            view(instructor, name)
            wrong += look(instructor, f"{start}-{name.lower()}")
    assert not wrong, "\n".join(wrong)

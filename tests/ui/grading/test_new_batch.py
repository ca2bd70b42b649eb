import time
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from tutor_app import factory
from tutor_app.grading.counterfactual_check import counterfactual_reports
from tutor_app.grading.llm_call import CallOptions
from tutor_app.grading.llm_grader import LlmGrader, LlmOptions
from tutor_app.grading.teaching import examples_of
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

Page = Callable[..., Any]
TABLE = (
    "Student ID,Name,Answer\n"
    "u1,Ada,There is no oxygen and so no ATP for the pumps of the root.\n"
    "u2,Bo,It simply diffuses in with the water that the plant drinks.\n"
    "u3,Cy,\n"
)


def bring(page: Page, name: str, content: bytes, examples: bytes = b"") -> Any:
    screen = page("instructor.grading.page", "instructor", reviewing=Reviewing(starting=True))
    screen.test.file_uploader[0].set_value((name, content, "text/csv")).run()
    if examples:
        screen.test.file_uploader[2].set_value(("graded.csv", examples, "text/csv")).run()
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
    assert "cost" not in screen.text
    assert "4 of 4" in screen.text
    screen.click("Grade 3 answers")
    batch_id = screen.session.reviewing.batch_id
    for _ in range(400):
        if resources.jobs().running is None:
            break
        time.sleep(0.05)
    standing = resources.queue(batch_id).standing()
    assert (standing.total, standing.graded) == (3, 3)
    (report,) = counterfactual_reports(resources.store(), batch_id).values()
    assert {row.n for row in report[1].rows} == {2}, "an empty answer is not changed"
    assert not list((server / "uploads").glob("*")), "what was brought is not kept twice"


def test_answers_graded_elsewhere_teach_the_batch_or_are_left_out(page: Page) -> None:
    graded = (
        b"Answer,against-gradient,no-oxygen-no-atp\n"
        b"The pump has no ATP without oxygen.,1,2\n"
        b"It diffuses.,0,9\n"
    )
    screen = bring(page, "week5.csv", TABLE.encode(), graded)
    box = next(b for b in screen.test.selectbox if b.label == "The question")
    box.set_value("cell-biology-active-flooded-roots").run()
    assert "1 graded answer will teach the grader." in screen.text
    assert "Row 3:" in screen.text
    screen.click("Grade 3 answers")
    batch_id = screen.session.reviewing.batch_id
    (example,) = examples_of(resources.store(), batch_id, "")
    assert example.text == "The pump has no ATP without oxygen."
    while resources.jobs().running is not None:
        time.sleep(0.05)

    screen = bring(page, "other.csv", TABLE.replace("u1", "v1").encode(), b"Answer,x\nYes,1\n")
    box = next(b for b in screen.test.selectbox if b.label == "The question")
    box.set_value("cell-biology-active-flooded-roots").run()
    assert screen.test.error
    assert "Grade 3 answers" not in screen.buttons
    screen.click("Go on without the graded answers")
    assert "Grade 3 answers" in screen.buttons


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


class PaidGrader(LlmGrader):
    """A chat model stands behind it that always says the same and counts its tokens."""

    def __init__(self, local: Any) -> None:
        said = AIMessage(
            '{"criteria": []}',
            usage_metadata={"input_tokens": 900, "output_tokens": 100, "total_tokens": 1000},
        )
        options = LlmOptions(parallel=1, call=CallOptions(attempts=1, first_wait_s=0.0))
        model = GenericFakeChatModel(messages=repeat(said))
        super().__init__(model, local, label="paid", options=options)


def test_a_chat_model_is_estimated_from_what_the_tried_answers_took_at_given_prices(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = factory.build_grader(resources.settings())
    monkeypatch.setattr(factory, "build_grader", lambda settings: PaidGrader(local))
    rows = [f"u{n},Ada {n},The root has too little oxygen for the pump {n}.\n" for n in range(25)]
    screen = bring(page, "week5.csv", ("Student ID,Name,Answer\n" + "".join(rows)).encode())
    box = next(b for b in screen.test.selectbox if b.label == "The question")
    box.set_value("cell-biology-active-flooded-roots").run()
    screen.click("Try 5 first")
    usage = screen.session.reviewing.source.trial.usage
    assert usage.asked == 5
    each_in, each_out = usage.tokens_in // 5, usage.tokens_out // 5
    assert f"{each_in:,} tokens in and {each_out:,} out an answer (n = 5 answers tried)" in (
        screen.text
    )
    assert "Give both prices of a million tokens" in screen.text
    screen.test.number_input(key="price-in").set_value(10.0)
    screen.test.number_input(key="price-out").set_value(50.0).run()
    cost = 20 * (each_in * 10 + each_out * 50) / 1_000_000
    assert f"cost {cost:.2f}" in screen.text
    assert "nothing" not in screen.text


def test_a_language_that_is_chosen_goes_with_every_answer(page: Page) -> None:
    screen = bring(page, "week5.csv", TABLE.encode())
    assert {one.language for one in screen.session.reviewing.source.found} == {""}
    screen.test.selectbox(key="answers-language").set_value("es").run()
    assert {one.language for one in screen.session.reviewing.source.found} == {"es"}
    screen.test.selectbox(key="answers-language").set_value("").run()
    assert {one.language for one in screen.session.reviewing.source.found} == {""}

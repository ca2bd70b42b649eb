from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.domain.submission import Submission
from tutor_app.grading.batch import run_batch
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

from .conftest import RUBRIC, PlainGrader
from .test_rescore import finished

Page = Callable[..., Any]


@pytest.fixture
def clash(monkeypatch: pytest.MonkeyPatch) -> str:
    held = {"problem": "The student has 2 different answers here.", "rival": True}
    submissions = [
        Submission(id="a", learner="ada", name="Ada", text="No oxygen, no ATP.", source="a.txt"),
        Submission(id="b", learner="bo", name="Bo", text="It diffuses.", source="bo-1.txt", **held),
        Submission(id="c", learner="bo", name="Bo", text="ATP is lost.", source="bo-2.txt", **held),
    ]
    rubric = resources.catalogue().rubric(RUBRIC)
    store = resources.store()
    batch_id = start_batch(
        store, submissions, {"": Assigned(rubric)}, title="Twice", who="me", grader=PlainGrader.name
    ).batch.id
    run_batch(store, batch_id, PlainGrader(), lambda reference: None)
    return batch_id


def test_both_answers_stand_side_by_side_and_the_one_that_counts_is_graded(
    page: Page, clash: str
) -> None:
    screen = page("instructor.grading.page", "instructor", reviewing=Reviewing(batch_id=clash))
    shown = "".join(one.proto.body for one in screen.test.get("html"))
    assert "It diffuses." in shown
    assert "ATP is lost." in shown
    assert "2 different answers of one student" in screen.text
    assert "bo-1.txt" not in screen.text, "a file's name tells who wrote it"
    keys = {str(one.key): one for one in screen.test.button}
    assert keys["counts-3"].proto.shortcut == "2"
    assert not [key for key in keys if key.startswith(("level-", "accept"))]
    screen.test.button(key="counts-3").click().run()
    assert not screen.test.exception
    finished()
    chosen = resources.store().grading.marked_one(clash, "3")
    assert chosen.grade is not None
    assert resources.store().grading.marked_one(clash, "2").aside
    screen.test.run()
    assert "2** of 2 graded" in screen.text
    screen = page(
        "instructor.grading.page", "instructor",
        reviewing=Reviewing(batch_id=clash, submission_id="3"),
    )  # fmt: skip
    assert any(str(one.key).startswith("level-") for one in screen.test.button)
    screen.test.button(key="compare-rivals").click().run()
    assert screen.test.button(key="counts-3").disabled
    assert "counts now" in screen.text

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tutor_app import factory
from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.ui import resources
from tutor_app.ui.instructor.grading.running import job_name, run_in_background
from tutor_app.ui.jobs import Job

RUBRIC = "cell-biology-active-flooded-roots"


def last_job(batch_id: str) -> Job:
    job = resources.jobs().last(job_name(batch_id))
    assert job is not None
    return job


def test_the_size_of_a_batch_is_told_before_its_first_answers_are_saved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, int, int]] = []

    class Watching:
        name = "watching:1"

        def grade_batch(self, submissions: Any, rubric: Any, **_: Any) -> Iterator[Grade]:
            for one in submissions:
                criteria = [
                    {"criterion": c.id, "auto_score": 0.0, "confidence": 0.5,
                     "needs_review": True}
                    for c in rubric.criteria
                ]  # fmt: skip
                yield Grade.model_validate(
                    {"submission": one.id, "rubric": rubric.id, "rubric_hash": rubric.digest,
                     "grader": self.name, "criteria": criteria}
                )  # fmt: skip
                job = last_job(batch_id)
                told.append((job.step, job.done, job.total))

    monkeypatch.setattr(factory, "build_grader", lambda settings: Watching())
    rubric = resources.catalogue().rubric(RUBRIC)
    texts = ["Roots need air.", "The pumps need ATP.", "Water is wet."]
    submissions = [
        Submission(id=f"s{n}", learner=f"u{n}", text=text) for n, text in enumerate(texts)
    ]
    batch = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Three", who="me",
        grader=Watching.name,
    ).batch  # fmt: skip
    batch_id = batch.id
    run_in_background(batch)
    until = time.monotonic() + 60
    while last_job(batch_id).state == "running" and time.monotonic() < until:
        time.sleep(0.02)
    assert last_job(batch_id).state == "done", last_job(batch_id).message
    graded = [(done, total) for step, done, total in told if step == "grading"]
    assert graded
    assert {total for _, total in graded} == {3}
    assert graded[0][0] == 0

"""A learner's submissions are theirs: handed out, and deleted with every trace in the record."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tutor_app.domain.batch import Batch, BatchRubric, Decision, Released
from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.domain.submission import Submission

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECRET = "a sentence that only Ada wrote"


@pytest.fixture
def handed_in(store):
    levels = [
        Level(title="Met", points=1, description="It is."),
        Level(title="Not met", points=0, description="It is not."),
    ]
    rubric = Rubric(
        id="r", title="R", version=1, question="Why?", reference_answers=["So."],
        criteria=[Criterion(id="c", title="C", points=1, levels=levels)],
    )  # fmt: skip
    batch = Batch(id="b", title="B", source_key="k", who="teacher", created_at=NOW)
    both = [
        (Submission(id="1", learner="ada@x.example", text=SECRET), "ada"),
        (Submission(id="2", learner="bo@x.example", text="Bo's words"), "bo"),
    ]
    store.grading.add_batch(batch, [BatchRubric(question="", rubric=rubric, at=NOW)], both)
    one = CriterionGrade(criterion="c", auto_score=1, reasons=("It is met.",))
    store.grading.queue.claim("b", "w", 2, 60)
    made = {"rubric": "r", "rubric_hash": rubric.digest, "grader": "g", "criteria": (one,)}
    store.grading.queue.finish("b", "w", [Grade(submission=name, **made) for name in "12"])
    return batch


def decide(store, kind, value="", who="teacher"):
    decision = Decision(action="a", submission="1", kind=kind, value=value, who=who, at=NOW)
    store.grading.decide("b", [decision])


def test_what_was_handed_in_is_handed_out_and_a_mark_only_once_it_is_released(store, handed_in):
    (one,) = store.export_learner("ada")["submissions"]
    assert one["submission"]["text"] == SECRET
    assert one["released"] is None
    assert "It is met." not in str(one), "proposals are not theirs yet"
    decide(store, "release", Released(points={"c": 1}, total=1, max_points=1).model_dump_json())
    decide(store, "regrade", "Please look again.", who="ada")
    (one,) = store.export_learner("ada")["submissions"]
    assert one["released"]["total"] == 1
    assert one["regrade_requests"][0]["value"] == "Please look again."
    store.grading.set_state("b", "undone")
    assert store.export_learner("ada")["submissions"][0]["released"] is None


def test_deleting_a_learner_deletes_submissions_proposals_and_decisions_and_no_others(
    store, path, handed_in
):
    decide(store, "regrade", "Please look again.", who="ada")
    assert store.has_data("ada")
    assert store.delete_learner("ada")
    assert not store.has_data("ada")
    assert [one.submission.id for one in store.grading.marked("b")] == ["2"]
    assert store.grading.count("b") == (1, 1, 0)
    with closing(sqlite3.connect(path)) as db:
        for table in ("submissions", "proposals", "decisions", "grading_queue"):
            assert not [row for row in db.execute(f"SELECT * FROM {table}") if "ada" in str(row)]
    content = path.read_bytes()
    assert SECRET.encode() not in content
    assert b"ada@x.example" not in content
    assert b"Please look again" not in content
    assert b"Bo's words" in content


def test_proposals_and_decisions_cannot_be_changed_by_any_program(store, path, handed_in):
    decide(store, "accept", 1)
    with closing(sqlite3.connect(path)) as db:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute("UPDATE proposals SET grade = ''")
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute("UPDATE decisions SET value = '2'")

"""What a batch leaves in a folder, and gradebooks of it: proposals are called proposals."""

import csv

import pytest

from tutor_app.domain.submission import Submission
from tutor_app.errors import ContentError, GradingError
from tutor_app.grading.batch import run_batch
from tutor_app.grading.canary_check import canary_reports, grade_canaries
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.exporting import FORMATS, NEEDS_OWN, export_batch
from tutor_app.grading.written import mark_rows, write_audit, write_proposals


@pytest.fixture
def batch(store, made):
    hostile = made.make_submissions(5)[4].model_copy(
        update={"name": "=cmd|'/c calc'!A1", "text": "=The force of the mass"}
    )
    broken = Submission(id="x", learner="bo", question="Q1", problem="The file is locked.")
    many = [*made.make_submissions(4), hostile, broken]
    batch = made.start(store, submissions=many).batch
    run_batch(store, batch.id, made.WordGrader(unsure_of="Only"), made.no_item)
    return batch


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_criterion_says_who_scored_it_and_that_it_is_a_proposal(
    store, batch, tmp_path
):
    decisions = Decisions(store, batch.id, "teacher")
    decisions.give(["2"], {"force": 1})
    decisions.release(["1"])
    proposals, queue = write_proposals(store, batch.id, tmp_path)
    rows = read(proposals)
    assert len(rows) == 6 * 2
    states = {row["submission"]: row["state"] for row in rows}
    assert states["1"] == "released"
    assert states["2"] == "proposal, not released"
    assert states["6"] == "not graded: The file is locked."
    first = {row["submission"]: row for row in reversed(rows)}
    assert (first["1"]["points"], first["1"]["by"], first["1"]["evidence"]) == (
        "2", "the grader", "force",
    )  # fmt: skip
    assert (first["2"]["points"], first["2"]["by"], first["2"]["level"]) == (
        "1", "a person, one by one", "Half",
    )  # fmt: skip
    assert (first["3"]["points"], first["3"]["total"]) == ("", ""), "pending is never a zero"
    assert first["5"]["name"].startswith("'="), "no cell runs as a formula"
    why = {row["submission"]: row["why"] for row in read(queue)}
    assert why == {"3": "No score for: force, mass.", "6": "The file is locked."}


def test_a_gradebook_holds_what_was_released_as_it_was_released(store, batch, tmp_path):
    decisions = Decisions(store, batch.id, "teacher")
    decisions.release(["1"])
    decisions.give(["1"], {"force": 0})
    rows = {row.submission.id: row for row in mark_rows(store, batch.id)}
    assert (rows["1"].total, rows["1"].state, rows["1"].criteria[0].points) == (4, "released", 2)
    assert (rows["2"].total, rows["2"].state) == (2, "not released")
    assert [rows[one].state for one in "36"] == ["pending"] * 2
    for kind in FORMATS.keys() - NEEDS_OWN:
        done = export_batch(store, batch.id, kind, tmp_path)
        assert "NOT-RELEASED" not in done.path.name
        assert done.path.exists()
        proposals = export_batch(store, batch.id, kind, tmp_path, unreleased=True)
        assert proposals.path.name.startswith("NOT-RELEASED")
    with pytest.raises(ContentError, match="fills the worksheet"):
        export_batch(store, batch.id, "moodle", tmp_path)
    assert export_batch(store, batch.id, "gradescope", tmp_path).path.name == "per-item.csv"
    with pytest.raises(GradingError, match=r"no format 'doc'.*canvas"):
        export_batch(store, batch.id, "doc", tmp_path)
    decisions.set_state("undone")
    assert list(mark_rows(store, batch.id)) == []
    with pytest.raises(GradingError, match=r"undone.*take-back"):
        export_batch(store, batch.id, "canvas", tmp_path)


def test_canaries_go_along_once_for_each_state_and_are_in_nothing_that_is_written(
    store, made, batch, tmp_path
):
    grader = made.WordGrader()
    report = grade_canaries(store, batch.id, grader, made.no_item)["Q1"]
    assert report.counts["as expected"] > 0
    asked = len(grader.seen)
    assert asked > 0
    assert grade_canaries(store, batch.id, grader, made.no_item)["Q1"] == report
    assert len(grader.seen) == asked, "nothing has changed since"
    assert canary_reports(store, batch.id)["Q1"][1] == report
    assert store.grading.count(batch.id)[0] == 6
    assert len(list(mark_rows(store, batch.id))) == 6
    write_audit(store, batch.id, tmp_path / "audit.jsonl")
    assert '"canaries"' in (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    grader.name = "words-0.2:def"
    grade_canaries(store, batch.id, grader, made.no_item)
    assert len(grader.seen) == 2 * asked

"""The record as a file: marks are rebuilt from it alone, and a changed line shows."""

import json

import pytest

from tutor_app.errors import GradingError
from tutor_app.grading.audit_file import audit_lines, rebuild
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.marks import marks
from tutor_app.grading.rescoring import begin_rescore
from tutor_app.grading.start import Assigned


@pytest.fixture
def batch(store, made):
    """A batch with everything: two rubrics, pending, manual, undone, audited, released."""
    both = [*made.make_submissions(6), *made.make_submissions(3, "Q2")]
    assigned = {"Q1": Assigned(made.make_rubric()), "Q2": Assigned(made.make_rubric("other"))}
    batch = made.start(store, submissions=both, assigned=assigned).batch
    run_batch(store, batch.id, made.WordGrader(unsure_of="(2)"), made.no_item)
    decisions = Decisions(store, batch.id, "teacher")
    decisions.give(["1", "7"], {"force": 1})
    undone = decisions.give(["2"], {"force": 0})
    decisions.undo(undone.action)
    decisions.audit("4", {"force": 2, "mass": 1})
    decisions.accept(["5"])
    decisions.say_for_level("Q1", "force", "Met", "Well said.")
    decisions.release(["1", "5", "8"])
    edited = {"Q1": Assigned(made.make_rubric(points=4))}
    begin_rescore(store, batch.id, edited, who="teacher", grader="words-0.1:abc")
    run_batch(store, batch.id, made.WordGrader(unsure_of="(2)"), made.no_item, limit=5)
    return batch


def test_every_mark_is_rebuilt_from_the_file_alone(store, batch):
    lines = list(audit_lines(store, batch.id))
    known = {one.marked.submission.id: one for one in marks(store, batch.id)}
    rebuilt = dict(rebuild(lines))
    assert rebuilt.keys() == known.keys()
    for name, one in rebuilt.items():
        release = known[name].marked.release
        assert one.points == known[name].points
        assert one.total == known[name].total
        assert one.released == (release.total if release else None)
    assert {one.total for one in rebuilt.values()} >= {None, 8.0}
    assert [rebuilt[one].released for one in "158"] == [3, 4, 2]


def test_the_file_names_rubrics_graders_evidence_and_every_decision_with_who_and_when(store, batch):
    entries = [json.loads(line) for line in audit_lines(store, batch.id)]
    kinds = [one["kind"] for one in entries]
    assert kinds.count("rubric") == 3
    assert kinds.count("proposal") == 9 + 5
    proposal = next(one for one in entries if one["kind"] == "proposal")
    assert proposal["grade"]["grader"] == "words-0.1:abc"
    assert proposal["grade"]["rubric_hash"] in {
        one["digest"] for one in entries if one["kind"] == "rubric"
    }
    assert proposal["grade"]["criteria"][0]["evidence"]
    assert proposal["at"]
    decisions = [one["decision"] for one in entries if one["kind"] == "decision"]
    assert len(decisions) == len(store.grading.decisions(batch.id))
    assert {one["kind"] for one in decisions} >= {"score", "undo", "audit", "release", "rescore"}
    assert all(one["who"] and one["at"] for one in decisions)


def test_a_line_that_is_changed_missing_moved_or_cut_off_shows(store, batch):
    lines = list(audit_lines(store, batch.id))
    at = next(n for n, line in enumerate(lines) if '"score"' in line)
    changed = [*lines]
    changed[at] = changed[at].replace('"value": 1.0', '"value": 2.0')
    assert changed != lines
    for broken in (
        changed,
        lines[:at] + lines[at + 1 :],
        [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
        [*lines, lines[-1]],
        ["{}", *lines],
        [*lines[:3], "not JSON", *lines[3:]],
    ):
        with pytest.raises(GradingError, match=r"line \d+: it does not follow"):
            list(rebuild(broken))
    with pytest.raises(GradingError, match="the end is missing"):
        list(rebuild(lines[:-1]))

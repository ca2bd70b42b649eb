"""Answers that people graded elsewhere: how they are read, and what a batch does with them."""

import zipfile
from pathlib import Path

import pytest

from tutor_app.errors import GradingError
from tutor_app.grading.auditing import propose_plan
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.example_files import read_examples
from tutor_app.grading.start import Assigned

HEAD = (
    "Assignment Submission ID,Question Submission ID,First Name,Last Name,SID,Email,Sections,Score,"
    "Submission Time,Force,Mass: named,Mass: hinted,Units,Adjustment,Comments,Grader,Tags\n"
)
WORTH = "Point Values,,,,,,,,,2.0,2.0,1.0,-1.0,,,,\n"


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "graded.csv"
    path.write_text(text, encoding="utf-8")
    return path


def evaluations(tmp_path: Path, *rows: str, worth: str = WORTH) -> Path:
    path = tmp_path / "evaluations.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1_Motion.csv", HEAD + "".join(rows) + worth)
    return path


def row(learner: int, *given: bool) -> str:
    said = ",".join(str(one).lower() for one in given)
    return f"9{learner},1,Ada,{learner},,ada{learner}@school.example,B,3.0,2026,{said},,,T,\n"


def test_a_table_of_graded_answers_teaches_by_the_ids_or_titles_of_criteria(made, tmp_path):
    text = 'answer,FORCE,mass,Note\n"Force, mass",2,"1,5",x\nHalf,1,,\n,2,2,\nOdd,3,0,\nWord,a,0,\n'
    brought = read_examples(table(tmp_path, text), {"Q1": made.make_rubric()}, [])
    assert [(one.text, one.points) for one in brought.examples["Q1"]] == [
        ("Force, mass", {"force": 2.0, "mass": 1.5}),
        ("Half", {"force": 1.0}),
    ]
    assert [one.partition(":")[0] for one in brought.remarks] == ["Row 4", "Row 5", "Row 6"]


def test_several_questions_need_their_column(made, tmp_path):
    rubrics = {"Q1": made.make_rubric(), "Q2": made.make_rubric("other", words="speed")}
    with pytest.raises(GradingError, match="Add a column Question"):
        read_examples(table(tmp_path, "Answer,Force\nx,1\n"), rubrics, [])
    path = table(tmp_path, "Question,Answer,Force,Speed\nQ1,x,1,\nQ2,y,,2\nQ3,z,1,\n")
    brought = read_examples(path, rubrics, [])
    assert {key: [one.points for one in some] for key, some in brought.examples.items()} == {
        "Q1": [{"force": 1.0}], "Q2": [{"speed": 2.0}],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["Answer,Speed\nx,1\n", "Essayx,Force\nx,1\n", "Answer,Force\n"])
def test_what_teaches_nothing_is_refused(made, tmp_path, text):
    with pytest.raises(GradingError, match=r"graded\.csv"):
        read_examples(table(tmp_path, text), {"": made.make_rubric()}, [])


def test_gradescopes_items_are_put_together_to_criteria(made, tmp_path):
    path = evaluations(
        tmp_path,
        row(0, True, False, True, True),
        row(1, False, True, True, False),
        row(77, True, True, False, False),
    )
    brought = read_examples(path, {"Q1": made.make_rubric()}, made.make_submissions(3))
    assert brought.marks == {"Q1-ada-0": {"force": 2.0, "mass": 1.0}}
    assert brought.remarks[0] == "Named like no criterion, not counted: Units."
    assert "3 points are not possible" in brought.remarks[1]


def test_items_that_only_deduct_start_from_full_points(made, tmp_path):
    worth = "Point Values,,,,,,,,,-2.0,-2.0,-1.0,0,,,,\n"
    path = evaluations(tmp_path, row(0, False, False, True, False), worth=worth)
    brought = read_examples(path, {"Q1": made.make_rubric()}, made.make_submissions(1))
    assert brought.marks == {"Q1-ada-0": {"force": 2.0, "mass": 1.0}}


def test_marks_that_were_brought_stand_teach_and_are_no_part_of_an_audit(store, made, tmp_path):
    submissions = made.make_submissions(40)
    rows = [row(n, True, True, False, False) for n in range(10)]
    rubric = made.make_rubric()
    brought = read_examples(evaluations(tmp_path, *rows), {"Q1": rubric}, submissions)
    started = made.start(store, submissions=submissions, brought=brought)
    again = made.start(store, submissions=submissions, brought=brought)
    assert (again.fresh, again.batch.id) == (False, started.batch.id)
    assert made.start(store, submissions=submissions).fresh, "without them it is another batch"
    batch = started.batch.id
    grader = made.WordGrader()
    run_batch(store, batch, grader, made.no_item)
    assert len(grader.examples[0]) == 10
    assert store.grading.marked_one(batch, "1").manual("mass") == 2.0
    found = {one.submission for one in propose_plan(store, batch, 0.2).found}
    assert found == {str(n) for n in range(11, 41)}
    kinds = [one.kind for one in store.grading.decisions(batch)]
    assert (kinds.count("score"), kinds.count("improve")) == (20, 1)


def test_answers_of_others_teach_from_the_first_answer_on(store, made, tmp_path):
    path = table(tmp_path, "Answer,Force,Mass\n" + "".join(f"Past {n},2,0\n" for n in range(6)))
    brought = read_examples(path, {"": made.make_rubric()}, [])
    brought = type(brought)(examples={"Q1": brought.examples[""]})
    started = made.start(store, count=4, brought=brought)
    grader = made.WordGrader()
    run_batch(store, started.batch.id, grader, made.no_item)
    assert [one.text for one in grader.examples[0]] == [f"Past {n}" for n in range(6)]
    Decisions(store, started.batch.id, "me").give(["1"], {"force": 1.0})
    edited = {"Q1": Assigned(made.make_rubric(words="force speed"))}
    later = made.start(store, count=5, brought=brought, assigned=edited)
    run_batch(store, later.batch.id, grader, made.no_item)
    assert grader.examples[-1][0].points == {"force": 2.0}, "what the rubric does not know is left"

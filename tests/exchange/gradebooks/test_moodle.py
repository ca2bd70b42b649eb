import csv
import html
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.gradebooks.mark import MarkRow, feedback_text
from tutor_app.exchange.gradebooks.moodle import fill_moodle_worksheet, write_moodle_grades

Make = Callable[..., MarkRow]
HEAD = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)
OWN = (
    f"\ufeff{HEAD}\n"
    'Participant 11,"Lovelace, Ada",ada@x,Submitted for grading,,4.00,Yes,"Monday, 2 March 2026, '
    '1:00 PM","Monday, 2 March 2026, 2:00 PM",\n'
    "Participant 12,=cmd|calc,bob@x,Submitted for grading,1.00,4.00,Yes,-,-,old words\n"
    "Participant 13,Zoë Ü,zoe@x,Submitted for grading,,4.00,No,-,-,\n"
    'Participant 14,Eve,eve@x,"No submission",,4.00,Yes,-,-,""\n'
)


def moodle_import(content: bytes, course: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Grade and feedback that the offline import would set, by participant.

    `course`: maximum, and per participant the present grade, when it changed, whether it is locked.
    """
    text = content.decode("utf-8").removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    head = rows[0]
    identifier, grade = head.index("Identifier"), head.index("Grade")
    modified, feedback = head.index("Last modified (grade)"), head.index("Feedback comments")
    done = {}
    for row in rows[1:]:
        person = course["people"].get(row[identifier][len("Participant ") :])
        if person is None:
            continue
        try:
            downloaded = time.mktime(time.strptime(row[modified], "%A, %d %B %Y, %I:%M %p"))
        except ValueError:
            downloaded = 0.0
        stale = person.get("changed", 0) > downloaded + 60
        value = row[grade].replace(",", ".")
        skip = (
            value == ""
            or float(value) == person.get("grade")
            or float(value) < 0
            or stale
            or person.get("locked")
            or float(value) > course["maximum"]
        )
        if not skip or (row[feedback] != person.get("feedback", "") and not stale):
            kept = "" if skip else value
            done[row[identifier]] = (kept, row[feedback])
    return done


def test_only_grade_and_feedback_of_the_worksheet_change(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_bytes(OWN.encode())
    rows = [
        mark("11", 3.5, Identifier="11", feedback="a < b\n=so"),
        mark("bob@x", 2, Email="bob@x"),
        mark("13", 4, Identifier="13"),
        mark("14", None, Identifier="14"),
        mark("99", 1, Identifier="99", name="Nobody Here"),
    ]
    done = fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own)
    content = done.path.read_bytes()
    people = {str(n): {} for n in range(11, 15)} | {"12": {"grade": 1.0}, "13": {"locked": True}}
    set_ = moodle_import(content, {"maximum": 4, "people": people})
    assert {k: v[0] for k, v in set_.items()} == {"Participant 11": "3.5", "Participant 12": "2"}
    said = "Names the force: 3.5/4. Partly - a < b\n=so"
    assert html.unescape(set_["Participant 11"][1].replace("<br>", "\n")) == said
    before, after = OWN.splitlines(), content.decode().splitlines()
    assert after[0] == before[0]
    assert after[3:] == before[3:]
    assert after[1].startswith(before[1].split(",,4.00")[0] + ",3.5,4.00")
    assert after[2].startswith("Participant 12,=cmd|calc,bob@x,Submitted for grading,2,4.00")
    assert {one.learner: one.reason for one in done.left_out} == {
        "13": "The grade is locked in Moodle.",
        "14": "The mark is pending.",
        "99": "The file has no row of this learner.",
    }
    assert done.written == 2


def test_a_grade_above_moodles_maximum_is_reported_and_not_written(
    tmp_path: Path, mark: Make
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN.replace("4.00", '"3,00"').replace("\ufeff", ""))
    rows = [mark("11", 3.5, Identifier="11"), mark("12", 2.5, Identifier="12")]
    done = fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own)
    assert "above Moodle's maximum of 3" in done.left_out[0].reason
    assert "worth 3,00 points, the rubric gives 4" in done.remarks[0]
    assert 'Submitted for grading,"2,5"' in done.path.read_text()


def test_a_number_from_elsewhere_is_no_participant(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN.replace("Email address", "ID number").replace("ada@x", "7"))
    rows = [mark("11", 4, name="Somebody Else", Student_ID="11"), mark("7", 1, name="Not Her")]
    done = fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own)
    assert done.written == 0
    assert done.left_out[1].reason == (
        "The row with the same key '7' has another name, 'Lovelace, Ada'."
    )


def test_a_mark_that_is_not_released_says_so_in_the_worksheet(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_bytes(OWN.encode())
    rows = [mark("11", 4, Identifier="11", released=False)]
    done = fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own)
    assert done.path.read_bytes() == OWN.encode()
    done = fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own, unreleased=True)
    assert "[not released] Names the force" in done.path.read_text()
    own.write_text(OWN.replace(",Feedback comments", "").replace("old words", ""))
    with pytest.raises(ContentError, match="Release"):
        fill_moodle_worksheet(rows, tmp_path / "out.csv", own=own, unreleased=True)


def test_another_table_is_no_worksheet(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_text("ID,Grade\n1,2\n")
    with pytest.raises(DocumentError, match="no Moodle grading worksheet"):
        fill_moodle_worksheet([mark("1", 1)], tmp_path / "out.csv", own=own)


def test_grades_for_a_quiz_name_the_learner_as_the_source_does(tmp_path: Path, mark: Make) -> None:
    rows = [
        mark("s1", 3, name="=Ada", ID_number="s1", Email_address="ada@x"),
        mark("bob@x.org", 2.25),
        mark("'@SUM(1+1)", 4),
        mark("eve@host", 4),
        mark("only a name", 1),
        mark("s4", None, ID_number="s4"),
    ]
    done = write_moodle_grades(rows, tmp_path / "grades.csv", title="Quiz 1")
    lines = list(csv.DictReader(io.StringIO(done.path.read_text())))
    assert [(r["ID number"], r["Email address"], r["Full name"], r["Quiz 1"]) for r in lines] == [
        ("s1", "ada@x", "'=Ada", "3"),
        ("", "bob@x.org", "", "2.25"),
    ]
    assert {one.learner for one in done.left_out} == {"only a name", "s4", "'@SUM(1+1)", "eve@host"}
    with pytest.raises(ContentError, match="could not find them"):
        write_moodle_grades([mark("x y", 1)], tmp_path / "no.csv", title="Quiz 1")


def test_a_quiz_of_which_not_every_question_is_released_says_how_many_are(
    mark: Make, tmp_path: Path
) -> None:
    rows = [mark("1", 3, question=q, released=q == "Q1", ID_number="1") for q in ("Q1", "Q2")]
    done = write_moodle_grades(rows, tmp_path / "g.csv", title="Quiz")
    assert done.written == 0
    (left,) = done.left_out
    assert left.reason == "Released: 1 of 2 questions. It is written when all are."


def test_a_penalty_is_told_in_points_and_not_out_of_none(mark: Make) -> None:
    row = mark("1", -1, feedback="")
    penalty = row.criteria[0].model_copy(update={"max_points": 0.0, "level": "applies"})
    assert feedback_text([row.model_copy(update={"criteria": (penalty,)})]) == (
        "Names the force: -1. applies"
    )

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchange.gradebooks.canvas_importer import canvas_import
from tutor_app.errors import ContentError
from tutor_app.exchange.gradebooks.canvas import write_canvas
from tutor_app.exchange.gradebooks.mark import MarkRow

COURSE = {
    "students": {
        "101": {"name": "Ada Lovelace", "sis": "s-1", "login": "ada"},
        "102": {"name": "=cmd|' /C calc'!A0", "sis": "s-2", "login": "bob"},
        "103": {"name": "Zoë, Ü", "sis": "s-3", "login": "zoe"},
    },
    "assignments": {"55": "Essay", "56": "Quiz"},
}
OWN = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (55),Quiz (56),Final Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,4.0,10,(read only)\r\n"
    '"Lovelace, Ada",101,s-1,ada,A,,7.5,75\r\n'
    "=cmd|' /C calc'!A0,102,s-2,bob,A,1,,\r\n"
    '"Ü, Zoë",103,s-3,zoe,B,EX,,\r\n'
)
Make = Callable[..., MarkRow]


def test_the_instructors_gradebook_gets_its_one_column_filled(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_bytes(OWN.encode())
    rows = [
        mark("101", 3.5),
        mark("x", 2, Canvas_ID="102"),
        mark("103", 4),
        mark("104", 1, name="Gone Away"),
    ]
    done = write_canvas(rows, tmp_path / "out.csv", title="Essay", own=own)
    read = canvas_import(done.path, COURSE)
    assert read["grades"]["101", "55"] == "3.5"
    assert read["grades"]["102", "55"] == "2"
    assert read["grades"]["103", "55"] == "EX"
    assert read["created"] == read["strangers"] == []
    text = done.path.read_text()
    assert text == OWN.replace("A,,7.5", "A,3.5,7.5").replace("A,1,,", "A,2,,").replace(
        "\r\n", "\n"
    )
    assert {one.learner: one.reason for one in done.left_out} == {
        "103": "The gradebook says EX; it stays.",
        "104": "The gradebook has no row of this learner.",
    }
    assert done.written == 2
    assert done.remarks == ("1 grades that stood in the gradebook were replaced.",)


def test_a_fresh_file_creates_one_assignment_and_runs_no_formula(
    tmp_path: Path, mark: Make
) -> None:
    rows = [
        mark("101", 3.5, name="=cmd|' /C calc'!A0", Canvas_ID="101"),
        mark("s-2", None, name="Bob", Student_ID="s-2"),
        mark("zoe", 4, name="Zoë", Username="zoe"),
        mark("s-9", 4, name="Eve", released=False),
    ]
    done = write_canvas(rows, tmp_path / "new.csv", title="=Essay (2026)")
    read = canvas_import(done.path, COURSE)
    assert read["created"] == ["'=Essay [2026]"]
    grades = {student: grade for (student, _), grade in read["grades"].items()}
    assert grades == {"101": "3.5", "102": "", "103": "4", "Eve": ""}
    assert "\n'=cmd" in done.path.read_text()
    assert [(one.learner, one.reason) for one in done.left_out] == [
        ("s-2", "The mark is pending."),
        ("s-9", "The mark is not released."),
    ]


def test_unreleased_marks_stand_in_a_column_that_says_so(tmp_path: Path, mark: Make) -> None:
    rows = [mark("101", 4, released=False)]
    done = write_canvas(rows, tmp_path / "new.csv", title="Essay", unreleased=True)
    assert "Essay - not released" in done.path.read_text()
    own = tmp_path / "own.csv"
    own.write_text(OWN)
    with pytest.raises(ContentError, match="not released"):
        write_canvas(rows, tmp_path / "out.csv", title="Essay", own=own, unreleased=True)
    assert not (tmp_path / "out.csv").exists()


def test_a_column_that_canvas_calculates_is_refused(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN.replace("4.0,10", "(read only),10"))
    with pytest.raises(ContentError, match="read only"):
        write_canvas([mark("101", 4)], tmp_path / "out.csv", title="Essay (55)", own=own)
    with pytest.raises(ContentError, match=r"Essay \(55\), Quiz \(56\)"):
        write_canvas([mark("101", 4)], tmp_path / "out.csv", title="Exam", own=own)


def test_the_marks_of_several_questions_are_summed_and_one_pending_leaves_the_cell_empty(
    tmp_path: Path, mark: Make
) -> None:
    rows = [
        mark("101", 3, question="Q1", Canvas_ID="101"),
        mark("101", 1, question="Q2"),
        mark("102", 3, question="Q1", Canvas_ID="102"),
        mark("102", None, question="Q2"),
        mark("103", 2, question="Q1", Canvas_ID="103"),
    ]
    done = write_canvas(rows, tmp_path / "new.csv", title="Exam")
    grades = canvas_import(done.path, COURSE)["grades"]
    assert grades == {("101", "Exam"): "4", ("102", "Exam"): "", ("103", "Exam"): "2"}
    assert "fewer than 2 questions" in done.remarks[1]

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
TOTALS = re.compile(r"(Current|Final|Override|Unposted) (Score|Points|Grade|Status)")


def canvas_import(path: Path, course: dict[str, Any]) -> dict[str, Any]:
    """Read a gradebook into a course: students {id: {name, sis, login}}, assignments {id: title}.

    Returns grades by (student id or name, assignment id or title), new assignments, new students.
    """
    text = path.read_bytes().decode()
    lines = text.splitlines()[:3]
    counts = {sep: {len(next(csv.reader([line], delimiter=sep))) for line in lines} for sep in ";,"}
    wide = {sep: max(c) if len(c) == 1 else 0 for sep, c in counts.items()}
    separator = ";" if wide[";"] > wide[","] else ","
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    head = rows[0]
    assert len(head) > 3
    assert "Student" in head[0]
    assert "ID" in head[1]
    about = 3
    sis = login = None
    if re.search(r"SIS\s+Login\s+ID", head[2]):
        login, about = 2, 4
    elif re.search(r"SIS\s+User\s+ID", head[2]) and re.search(r"SIS\s+Login\s+ID", head[3]):
        sis, login, about = 2, 3, 5
        if "Integration ID" in head[4]:
            about += 1
    assert "Section" in head[about - 1]
    columns: dict[int, Any] = {}
    created = []
    for n, title in enumerate(head[about:], about):
        if TOTALS.search(title):
            continue
        found = re.fullmatch(r"(.*)\s\((\d+)\)", title)
        known = {t: i for i, t in course["assignments"].items()}
        if found and found[2] in course["assignments"]:
            columns[n] = found[2]
        elif title in known:
            columns[n] = known[title]
        else:
            columns[n] = found[1] if found else title
            created.append(columns[n])
    grades: dict[tuple[str, Any], str] = {}
    strangers = []
    points: list[str] = []
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            points = row
            continue
        if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row):
            continue
        student = _student(row, course["students"], sis, login)
        if student is None:
            strangers.append(row[0])
            student = row[0]
        for n, assignment in columns.items():
            if "read only" not in (points[n] if points else ""):
                grades[student, assignment] = _number(row[n].strip())
    return {"grades": grades, "created": created, "strangers": strangers, "points": points}


def _student(row: list[str], students: dict[str, Any], sis: Any, login: Any) -> str | None:
    number = re.match(r"\s*\d+", row[1])  # String#to_i
    if number and str(int(number[0])) in students:
        return str(int(number[0]))
    for column, key in ((sis, "sis"), (login, "login")):
        if column is not None and row[column]:
            for id_, one in students.items():
                if one.get(key) == row[column]:
                    return id_
    return next((id_ for id_, one in students.items() if one["name"] == row[0]), None)


def _number(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split(r"[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


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
        "104": "The file has no row of this learner.",
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


def test_a_number_from_another_system_is_no_students_id(tmp_path: Path, mark: Make) -> None:
    rows = [
        mark("102", 1, name="Somebody Else", Identifier="102"),
        mark("zoe@x", 2, name="Zoë, Ü"),
        mark("s-1", 3, name="A. L."),
    ]
    done = write_canvas(rows, tmp_path / "new.csv", title="Essay 2")
    grades = canvas_import(done.path, COURSE)["grades"]
    assert {who for who, _ in grades} == {"Somebody Else", "103", "101"}


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


def test_two_answers_to_one_question_are_worth_one_and_pending_until_one_counts(
    tmp_path: Path, mark: Make
) -> None:
    rows = [mark("101", 3, Canvas_ID="101"), mark("102", 1), mark("102", 4)]
    done = write_canvas(rows, tmp_path / "new.csv", title="Exam")
    lines = done.path.read_text().splitlines()
    assert lines[1].split(",")[-1] == "4"
    assert [line.split(",")[-1] for line in lines[2:]] == ["3", ""]
    assert "fewer than" not in " ".join(done.remarks)

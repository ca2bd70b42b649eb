import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.errors import ContentError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions
from tutor_app.exchange.submissions.report import Choices

Read = Callable[..., SubmissionSet]


def test_a_table_with_one_answer_column_gives_a_submission_per_student(read: Read) -> None:
    batch = read('Student ID,Name,Answer\n7,Ada,"work = F, d"\n8,Bob,heat\n')
    assert [(s.id, s.learner, s.name, s.question, s.text) for s in batch] == [
        ("7", "7", "Ada", "", "work = F, d"),
        ("8", "8", "Bob", "", "heat"),
    ]
    assert len(batch) == 2
    assert [(c.heading, c.use) for c in batch.columns] == [
        ("Student ID", "student"),
        ("Name", "name"),
        ("Answer", "answer"),
    ]


def test_several_question_columns_give_a_submission_for_each(read: Read) -> None:
    batch = read("email\tQ1\tQ2\nada@x\tone\ttwo\n", "batch.tsv")
    assert [(s.id, s.question, s.text) for s in batch] == [
        ("ada@x|Q1", "Q1", "one"),
        ("ada@x|Q2", "Q2", "two"),
    ]
    assert batch.questions == ("Q1", "Q2")
    assert batch.learners == 1


def test_one_row_per_answer_is_told_by_questions_that_come_again(read: Read) -> None:
    batch = read("student;question;answer\na;q1;x\na;q2;y\nb;q1;z\n")
    assert [(s.learner, s.question, s.text) for s in batch] == [
        ("a", "q1", "x"),
        ("a", "q2", "y"),
        ("b", "q1", "z"),
    ]


def test_two_different_answers_of_one_student_are_held_back_until_one_is_chosen(
    read: Read,
) -> None:
    text = "id,answer\n1,first\n2,other\n1,second\n"
    held = list(read(text))
    assert [s.id for s in held] == ["1", "2", "1 #2"]
    assert [bool(s.problem) for s in held] == [True, False, True]
    last = read(text, choices=Choices(duplicates="last"))
    assert [(s.id, s.text) for s in last] == [("2", "other"), ("1", "second")]
    assert len(last) == 2
    assert [(n.where, n.kind) for n in last.report.notes] == [("row 2", "duplicate")]


def test_a_row_with_too_many_cells_is_not_graded_on_half_an_answer(read: Read) -> None:
    batch = read("id,answer\n1,yes\n2,force times distance, always\n")
    ada, bob = batch
    assert not ada.problem
    assert "3 cells below 2 headings" in bob.problem
    assert batch.report.of("problem")[0].where == "row 3"


def test_where_no_heading_tells_the_reader_asks_and_reads_nothing(read: Read) -> None:
    batch = read("a,b\n1,2\n1,2\n")
    assert {one.id for one in batch.asked} == {"answers", "student"}
    with pytest.raises(ContentError, match="Choose"):
        list(batch)
    chosen = read("a,b\n1,2\n3,2\n", choices=Choices(student="a", answers=("b",)))
    assert [(s.learner, s.text) for s in chosen] == [("1", "2"), ("3", "2")]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("id,answer\n")
        for n in range(100_000):
            file.write(f"student{n},{'work is force times distance ' * 20}{n}\n")
    tracemalloc.start()
    batch = read_submissions(path)
    assert sum(1 for _ in batch) == len(batch) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.gradebooks.writing import defused
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.exchange.submissions.report import MAX_NOTES, Choices, Report

Read = Callable[..., SubmissionSet]


def workbook(
    *rows: list[Any], merge: str = "", more: dict[str, list[list[Any]]] | None = None
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Answers"
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    for title, lines in (more or {}).items():
        other = book.create_sheet(title)
        for line in lines:
            other.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_empty_and_blank_answers_are_answers_without_text(read: Read) -> None:
    batch = read('id,answer\n1,\n2,"  \n\t"\n3,\u00a0\n')
    assert [(s.text, s.problem) for s in batch] == [("", "")] * 3
    assert [note.kind for note in batch.report.notes] == ["empty"] * 3


def test_a_megabyte_in_a_cell_is_kept_and_left_to_a_person(read: Read) -> None:
    batch = read(f"id,answer\n1,{'word ' * 210_000}\n2,short\n")
    long, short = batch
    assert len(long.text) == 1_049_999
    assert "more than 200,000" in long.problem
    assert short.problem == ""


def test_another_encoding_is_read_with_a_remark(read: Read) -> None:
    batch = read("Matrikelnummer;Antwort\n1;Größe mal Maß\n".encode("cp1252"))
    assert [s.text for s in batch] == ["Größe mal Maß"]
    assert "not UTF-8" in batch.report.notes[0].message
    utf16 = read("id\tanswer\n1\tŁódź\n".encode("utf-16"), "b.xls")
    assert [s.text for s in utf16] == ["Łódź"]


def test_a_zero_byte_costs_its_row_a_remark_and_no_row_its_grade(read: Read) -> None:
    batch = read(b'id,answer\n1,fine\n2,"longer\nti\0me"\n\x003,also fine\n')
    assert [(s.learner, s.text, s.problem) for s in batch] == [
        ("1", "fine", ""), ("2", "longer\ntime", ""), ("3", "also fine", ""),
    ]  # fmt: skip
    assert [(note.where, note.kind) for note in batch.report.notes] == [
        ("row 3", "remark"), ("row 4", "remark"),
    ]  # fmt: skip
    assert "Zero bytes in column 2 were left out" in batch.report.notes[0].message


def test_a_table_in_wide_letters_without_a_mark_is_read(read: Read) -> None:
    batch = read("id,answer\n1,Größe mal Maß\n2,a force\n".encode("utf-16-le"))
    assert [s.text for s in batch] == ["Größe mal Maß", "a force"]


def test_what_was_kept_from_running_as_a_formula_is_read_as_it_was_typed(
    read: Read, tmp_path: Path
) -> None:
    typed = ["=HYPERLINK(1)", "+1", "-1", "@ada", "'quoted'", "plain"]
    roster = tmp_path / "class.csv"
    roster.write_text("ID\n" + "".join(f"{defused(one)}\n" for one in typed), encoding="utf-8")
    rows = "".join(f"{defused(one)},{defused('=' + one)}\n" for one in typed)
    batch = read(f"id,answer\n{rows}", roster=roster)
    assert [(s.learner, s.text) for s in batch] == [(one, f"={one}") for one in typed]
    assert batch.report.notes == []


def test_a_row_that_is_cut_off_is_not_an_empty_answer(read: Read) -> None:
    _, two = read("id,name,answer\n1,Ada,fine\n2,Bob\n")
    assert "cut off" in two.problem


def test_a_row_without_a_student_is_kept_and_not_graded(read: Read) -> None:
    _, two = read("id,answer\n1,a\n,whose is this\n")
    assert (two.learner, two.text) == ("(row 3)", "whose is this")
    assert "names no student" in two.problem
    assert two.nameless


def test_a_name_in_two_columns_is_the_key_where_there_is_no_other(read: Read) -> None:
    batch = read("First name,Last name,Answer\nAda,Lovelace,a\nAda,Byron,b\n")
    assert [s.learner for s in batch] == ["Ada Lovelace", "Ada Byron"]
    mixed = read("ID,Student,Answer\n1,Ada,a\n,Bob,b\n")
    assert [(s.learner, s.name) for s in mixed] == [("1", "Ada"), ("Bob", "Bob")]


def test_the_same_answer_twice_counts_once_and_an_empty_copy_not_at_all(read: Read) -> None:
    batch = read("id,answer\n1,same\n1,same\n2,\n2,filled\n")
    assert [(s.id, s.text, s.problem) for s in batch] == [("1", "same", ""), ("2", "filled", "")]
    assert len(batch) == 2
    assert [note.where for note in batch.report.of("duplicate")] == ["row 3", "row 4"]


def test_signs_without_width_make_no_second_student(read: Read) -> None:
    batch = read("id,answer\nab\u200bc,one\nabc,two\n")
    assert [s.learner for s in batch] == ["abc", "abc"]
    assert all("different answers" in s.problem for s in batch)


def test_keys_that_differ_in_case_only_are_two_students_with_a_remark(read: Read) -> None:
    batch = read("id,answer\ns1,a\nS1 ,b\ns2,c\nAda L,d\nada  l,e\n")
    assert batch.learners == len(batch) == 5
    told = [(n.learner, n.message) for n in batch.report.of("remark")]
    assert [learner for learner, _ in told] == ["Ada L", "S1"]
    assert told[1][1].startswith("'S1', 's1' count as 2 students")


def test_the_class_list_tells_who_is_missing_and_who_is_unknown(read: Read, tmp_path: Path) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (5)\n    Points Possible,,,,,4\n"
        '"Lovelace, Ada",101,s1,ada,A,\n"Müller, Jürgen",102,s2,jm,A,\nGone,103,s3,g,A,\n'
    )
    batch = read("login,name,answer\nADA,,a\nx9,Jürgen Müller,b\nz,Eve,c\n", roster=roster)
    assert [(n.kind, n.learner) for n in batch.report.notes] == [
        ("missing", "103 Gone"),
        ("unknown", "z"),
    ]
    assert len(batch) == 3


def test_formulas_dates_and_merged_cells_of_a_workbook(read: Read) -> None:
    content = workbook(
        ["Physics, quiz 3"],
        ["Student ID", "Question", "Answer"],
        [7.0, "Q1", "force times way"],
        [None, "Q2", "=1+1"],
        [8, "Q1", __import__("datetime").date(2026, 2, 1)],
        [8, "Q2", 2.5],
        merge="A3:A4",
    )
    batch = read(content, "b.xlsx")
    first, formula, date, number = batch
    assert (first.id, first.text) == ("7|Q1", "force times way")
    assert formula.id == "7|Q2"
    assert "formula without a value (=1+1)" in formula.problem
    assert "holds a date" in date.problem
    assert (number.text, number.problem) == ("2.5", "")
    messages = [note.message for note in batch.report.notes]
    assert "Merged cells count in every row that they cover." in messages
    assert "Above the headings: 'Physics, quiz 3'." in messages


def test_an_answer_merged_over_two_rows_counts_in_both_and_an_error_is_no_answer(
    read: Read,
) -> None:
    # the second row ends before its answer, which stands in the merged cell only
    content = workbook(
        ["id", "answer"],
        ["a", "It takes longer."],
        ["b"],
        ["c", "#REF!"],
        ["d", "x"],
        merge="B2:B3",
    )
    batch = read(content, "b.xlsx")
    first, second, error, _ = batch
    assert (first.text, second.text) == ("It takes longer.", "It takes longer.")
    assert "an error of Excel (#REF!)" in error.problem
    assert batch.report.counts.get("empty", 0) == 0


def test_another_sheet_can_be_chosen(read: Read) -> None:
    content = workbook(["id", "answer"], [1, "a"], more={"Late": [["id", "answer"], [2, "b"]]})
    batch = read(content, "b.xlsx")
    assert [s.text for s in batch] == ["a"]
    (asked,) = batch.asked
    assert (asked.id, asked.options, asked.guess) == ("sheet", ("Answers", "Late"), "Answers")
    assert [s.text for s in read(content, "b.xlsx", choices=Choices(sheet="Late"))] == ["b"]
    with pytest.raises(DocumentError, match="no visible sheet 'Early'"):
        read(content, "b.xlsx", choices=Choices(sheet="Early"))


def test_a_choice_that_is_no_column_lists_those_that_are(read: Read) -> None:
    with pytest.raises(ContentError, match=r"no column 'Nam'\. Choose among: id, answer"):
        read("id,answer\n1,a\n", choices=Choices(name="Nam"))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "b.csv", "no row with content"),
        (b"\x89PNG\r\n", "b.csv", "picture"),
        (b"%PDF-1.7 ...", "b.csv", "is a .pdf file, not a table"),
        (b"PK\x03\x04 rest", "b.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "b.xls", "old Office file"),
        (b"id,answer\n1,a\x00\x00\x00\x00b\n", "b.csv", "zero bytes, the first in line 2"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(
    read: Read, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(DocumentError, match=said):
        read(content, name)


def test_a_missing_file_is_said_plainly(tmp_path: Path, read: Read) -> None:
    from tutor_app.exchange.submissions.reading import read_submissions

    with pytest.raises(DocumentError, match="cannot be opened"):
        read_submissions(tmp_path / "none.csv")


def test_the_report_counts_what_it_does_not_keep() -> None:
    report = Report()
    for n in range(MAX_NOTES + 5):
        report.add(f"row {n}", "", "empty", "The answer is empty.")
    assert report.counts["empty"] == MAX_NOTES + 5
    assert (len(report.notes), report.not_listed) == (MAX_NOTES, 5)

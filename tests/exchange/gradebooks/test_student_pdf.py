from collections.abc import Callable
from pathlib import Path

from tutor_app.documents.read import read_document
from tutor_app.exchange.gradebooks.mark import MarkRow
from tutor_app.exchange.gradebooks.student_pdf import write_student_pdfs

Make = Callable[..., MarkRow]


def said(path: Path) -> str:
    return " ".join(read_document(path).text.split())


def test_each_student_gets_points_feedback_and_the_answer(tmp_path: Path, mark: Make) -> None:
    rows = [
        mark("1", 3.5, name="Zoë Łukasz", question="Q1", feedback="Say <which> force & why."),
        mark("1", 1, question="Q2"),
        mark("2", None, name="Bob"),
        mark("3", 2, name="Eve", released=False),
    ]
    done = write_student_pdfs(rows, tmp_path / "out", title="Essay")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["Zoë Łukasz 1.pdf"]
    text = said(tmp_path / "out" / "Zoë Łukasz 1.pdf")
    assert "Total: 4.5 of 8 points" in text
    assert "Say <which> force & why." in text
    assert "You wrote: “force times distance”" in text
    assert "Work is force times distance." in text
    assert done.written == 1
    assert [(one.learner, one.reason) for one in done.left_out] == [
        ("2", "The mark is pending."),
        ("3", "The mark is not released."),
    ]


def test_a_mark_by_rule_says_by_which(tmp_path: Path, mark: Make) -> None:
    empty = mark("1", 0).model_copy(update={"rule": "Nothing was handed in."})
    write_student_pdfs([empty], tmp_path, title="Essay")
    assert "Decided by rule: Nothing was handed in." in said(tmp_path / "1.pdf")


def test_names_of_many_scripts_are_drawn_and_harmless_as_file_names(
    tmp_path: Path, mark: Make
) -> None:
    names = ["Юлия Ёлкина", "Γιώργος Ώμος", "José Núñez", "../../etc/passwd", "Đặng Thị", "con"]
    rows = [mark(f"{n}", 4, name=name) for n, name in enumerate(names)]
    done = write_student_pdfs([*rows, mark("9", 1, name="王小明 しずか 김")], tmp_path, title="É")
    texts = {path.stem: said(path) for path in tmp_path.iterdir()}
    for name in (*names[:3], "Đặng Thị"):
        assert any(name in text for text in texts.values()), name
    assert "etc_passwd 3" in texts
    assert "../../etc/passwd" in texts["etc_passwd 3"]
    assert done.written == 7
    assert done.remarks == ()
    assert not any("\ufffd" in text for text in texts.values())


def test_what_is_not_released_is_shown_only_when_asked_and_says_so(
    tmp_path: Path, mark: Make
) -> None:
    rows = [mark("1", 3, question="Q1"), mark("1", 1, question="Q2", released=False)]
    write_student_pdfs(rows, tmp_path / "a", title="Essay")
    text = said(tmp_path / "a" / "1.pdf")
    assert "This mark is not out yet." in text
    assert "Total" not in text
    write_student_pdfs(rows, tmp_path / "b", title="Essay", unreleased=True)
    assert "for the instructor only" in said(tmp_path / "b" / "1.pdf")


def test_the_same_marks_make_the_same_file(tmp_path: Path, mark: Make) -> None:
    for folder in ("a", "b"):
        write_student_pdfs([mark("1", 3)], tmp_path / folder, title="Essay")
    assert (tmp_path / "a" / "1.pdf").read_bytes() == (tmp_path / "b" / "1.pdf").read_bytes()


def test_signs_without_a_font_are_reported(tmp_path: Path, mark: Make) -> None:
    done = write_student_pdfs([mark("1", 3, name="שלום")], tmp_path, title="Essay")
    assert "right to left" in done.remarks[0]

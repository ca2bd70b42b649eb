from collections.abc import Callable
from pathlib import Path
from typing import Any

from tutor_app.ui import resources

Page = Callable[..., Any]


def test_the_course_page_counts_items_and_what_they_lack(page: Page) -> None:
    screen = page("instructor.course", "instructor")
    assert "no mistakes" in screen.text
    table = screen.test.dataframe[0].value
    assert len(table) == len(resources.catalogue().course("mechanics").items)
    assert "Speed of a dropped ball" in set(table["Item"])


def test_a_course_with_gaps_names_them(page: Page, server: Path) -> None:
    items = server / "courses" / "small" / "items"
    items.mkdir(parents=True)
    (items.parent / "course.yaml").write_text(
        "id: small\ntitle: Small\nlicence: CC0\nskills: [{id: a, title: A}]\n"
    )
    (items / "one.yaml").write_text(
        "id: one\ntitle: One\nprompt: What is 1 + 1?\nskills: [a]\n"
        "answer: {kind: numeric, value: '2'}\nsteps: [{id: s, goal: Add}]\n"
    )
    screen = page("instructor.course", "instructor", course_id="small")
    assert "no hints" in screen.test.dataframe[0].value["Missing"][0]


def test_a_mistake_in_a_course_file_is_shown_with_its_line_until_it_is_put_right(
    page: Page, server: Path
) -> None:
    folder = server / "courses" / "broken"
    folder.mkdir(parents=True)
    right = "id: broken\ntitle: Broken\nlicence: CC0\nskills: [{id: a, title: A}]\n"
    (folder / "course.yaml").write_text(right + "colour: red\n")
    screen = page("instructor.course", "instructor", course_id="broken")
    assert "course.yaml:5: colour: unknown key" in screen.text
    (folder / "course.yaml").write_text(right)
    assert "no mistakes" in screen.click("Check again").text


def test_every_rubric_is_listed_and_a_broken_one_comes_first(page: Page, server: Path) -> None:
    (server / "rubrics").mkdir()
    (server / "rubrics" / "zzz.yaml").write_text("id: zzz\ntitle: Z\n")
    screen = page("instructor.rubrics", "instructor")
    labels = [expander.label for expander in screen.test.expander]
    assert labels[0] == "zzz: mistakes"
    assert len(labels) == len(resources.catalogue().rubric_ids())
    assert "zzz.yaml:1: version: is missing" in screen.text


def test_no_question_yet_says_what_will_be_listed(page: Page) -> None:
    assert "will be listed here" in page("instructor.questions", "instructor").text


def test_a_disputed_verdict_reaches_the_instructor_with_how_it_was_read(
    page: Page, dropped_ball: str
) -> None:
    student = page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    student.click("I think I'm right")
    screen = page("instructor.questions", "instructor")
    assert "1 disputed verdict" in screen.text
    assert "Read as 9.8 m/s; the check says: wrong." in screen.text
    assert "student, " in screen.text


def test_a_student_cannot_open_an_instructors_page(page: Page) -> None:
    screen = page("instructor.questions", "student")
    assert "it is for the instructor" in screen.text

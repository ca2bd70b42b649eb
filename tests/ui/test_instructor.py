from collections.abc import Callable
from pathlib import Path
from typing import Any

from tutor_app.storage.records import OpenQuestion
from tutor_app.ui import resources

Page = Callable[..., Any]


def test_the_course_page_counts_items_and_what_they_lack(page: Page) -> None:
    screen = page("instructor.course", "instructor")
    assert "no mistakes" in screen.text
    table = screen.test.dataframe[0].value
    assert len(table) == len(resources.catalogue().course("mechanics").items)
    assert "Speed of a dropped ball" in set(table["Item"])


def test_a_course_with_gaps_counts_them(page: Page, server: Path) -> None:
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
    assert screen.test.dataframe[0].value["Missing"][0] == "5 missing"


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
    assert "zzz.yaml:1: version: is missing" in screen.text


def test_the_rubrics_of_the_course_come_first_and_each_line_names_its_course(page: Page) -> None:
    screen = page("instructor.rubrics", "instructor", course_id="cell-biology")
    labels = [expander.label for expander in screen.test.expander]
    of_course = [label for label in labels if " · Cell biology · " in label]
    assert len(of_course) > 2
    assert labels[: len(of_course)] == of_course
    assert "Rubrics of other courses" in screen.text


def test_the_filter_keeps_rubrics_with_all_its_words(page: Page) -> None:
    screen = page("instructor.rubrics", "instructor", course_id="cell-biology")
    screen.test.text_input[0].input("mechanics").run()
    labels = [expander.label for expander in screen.test.expander]
    assert labels
    assert all(" · Mechanics · " in label for label in labels)
    screen.test.text_input[0].input("nowhere-to-be-found").run()
    assert not screen.test.expander
    assert "No rubric has these words" in screen.text


def test_the_list_comes_back_to_the_rubric_that_was_edited(page: Page) -> None:
    screen = page("instructor.rubrics", "instructor")
    key = next(b.key for b in reversed(screen.test.button) if str(b.key).startswith("edit-"))
    screen.test.button(key=key).click().run()
    screen.test.button(key="back").click().run()
    assert screen.session.chosen_rubric == key.removeprefix("edit-")
    opened = [box.label for box in screen.test.expander if box.proto.expanded]
    title = resources.catalogue().rubric(screen.session.chosen_rubric).title
    assert [label.split(" · ")[0].replace("\\", "") for label in opened] == [title]


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


def test_the_instructor_decides_a_dispute_and_the_student_reads_it(
    page: Page, dropped_ball: str
) -> None:
    student = page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    student.click("I think I'm right")
    screen = page("instructor.questions", "instructor").click("The verdict stands")
    assert "0 disputed verdicts and 0 requests for a second look" in screen.text
    assert "about a mark on My grades" in screen.text
    assert "Answered (1)" in [box.label for box in screen.test.expander]
    assert "The verdict stands." in page("student.dialogues", "student").text
    assert "1 disputed verdict" in screen.click("Take back").text


def test_a_question_is_answered_with_words_and_never_without(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    store = resources.store()
    dialogue = store.dialogue(dropped_ball)
    asked = dialogue.turns[-1].model_copy(update={"id": "asked", "text": "Is there air?"})
    question = OpenQuestion(
        turn_id="asked", learner_id=dialogue.learner_id, course_id=dialogue.course_id,
        item_id=dialogue.item_id, text="Is there air?", created_at=asked.created_at,
    )  # fmt: skip
    store.record_turn(asked, [], question)
    screen = page("instructor.questions", "instructor").click("Send")
    assert "An answer needs some words" in screen.text
    screen.test.text_area(key="answer-asked").input("No, leave it out.").run()
    assert "0 open questions" in screen.click("Send").text
    assert "No, leave it out." in page("student.dialogues", "student").text

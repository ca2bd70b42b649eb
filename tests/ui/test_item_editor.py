"""The instructor's item editor: fields, live check, saving under TUTOR_HOME, and ways back."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.own_files import OwnFiles
from tutor_app.domain.item import Item
from tutor_app.errors import StorageError
from tutor_app.ui import resources
from tutor_app.ui.session import Session

Page = Callable[..., Any]
ITEM = "energy-drop-speed"


@pytest.fixture
def editor(page: Page) -> Callable[..., Any]:
    def open_editor(item_id: str = ITEM, part: str = "Question") -> Any:
        desks = {"course": ("item", "mechanics", item_id)}
        return page("instructor.course", "instructor", desks=desks, part=part)

    return open_editor


def box(screen: Any, label: str, number: int = 0) -> Any:
    """Return the field with a label; the label is the whole of it."""
    test = screen.test
    kinds = (test.text_input, test.text_area, test.selectbox, test.number_input, test.checkbox)
    found = [one for kind in kinds for one in kind if one.label == label]
    assert found, f"no field {label!r}"
    return found[number]


def write(screen: Any, label: str, value: Any, number: int = 0) -> Any:
    field = box(screen, label, number)
    (field.select if hasattr(field, "select") else field.set_value)(value)
    screen.test.run()
    assert not screen.test.exception, screen.test.exception
    return screen


def saved(item_id: str = ITEM) -> Item:
    resources.reload_files()
    return resources.catalogue().course("mechanics").item(item_id)


def test_a_shipped_course_is_copied_before_its_first_change_and_says_so(
    editor: Callable[..., Any], server: Path
) -> None:
    screen = editor()
    assert "Saving makes your own copy" in screen.text
    write(screen, "Title", "A ball is dropped").click("Save")
    assert "The course is your own copy now" in screen.text
    assert "Saving makes your own copy" not in screen.text
    assert saved().title == "A ball is dropped"
    assert (server / "courses" / "mechanics" / "items" / f"{ITEM}.yaml").is_file()


def test_the_last_save_can_be_undone(editor: Callable[..., Any]) -> None:
    before = saved()
    screen = write(editor(), "Title", "A ball is dropped").click("Save")
    screen.click("Undo the last save")
    assert "The last save is undone" in screen.text
    assert box(screen, "Title").value == before.title
    assert saved() == before


def test_a_mistake_stands_at_its_field_and_keeps_the_item_from_being_saved(
    editor: Callable[..., Any],
) -> None:
    screen = write(editor(part="Steps"), "Computed as", "sqrt(2*g*k)", number=1)
    assert "k" in next(m.value for m in screen.test.markdown if ":red[" in m.value)
    assert "Steps: 1" in screen.buttons
    assert "1 mistake to put right, then it can be saved" in screen.text
    assert next(b for b in screen.test.button if b.label == "Save").disabled
    write(screen, "Computed as", "sqrt(2*g*h)", number=1)
    assert "to put right" not in screen.text


def test_values_and_the_filled_question_follow_what_is_typed(editor: Callable[..., Any]) -> None:
    screen = write(editor(), "Value", "45 m")
    assert "from a height of 45" in screen.text.replace("\u00a0", " ")
    assert "speed: 29.7 m/s" in screen.text


def test_rows_are_added_moved_removed_and_put_back(editor: Callable[..., Any]) -> None:
    screen = editor(part="Hints")
    first, second = (box(screen, "Text", n).value for n in (0, 1))
    menus = screen.test.menu_button
    menus[0].click("Move down").run()
    assert [box(screen, "Text", n).value for n in (0, 1)] == [second, first]
    screen.test.menu_button[0].click("Remove").run()
    assert box(screen, "Text", 0).value == first
    screen.click("Put the row back")
    assert box(screen, "Text", 0).value == second
    count = len([one for one in screen.test.text_area if one.label == "Text"])
    screen.click("Add a hint")
    assert len([one for one in screen.test.text_area if one.label == "Text"]) == count + 1
    assert "Needed" in screen.text


def test_what_was_written_stays_when_the_page_is_left_and_can_be_discarded(
    editor: Callable[..., Any],
) -> None:
    screen = write(editor(), "Title", "Half written").click("Course")
    assert screen.session.desk("course") is None
    screen.session.edit("item", ITEM)
    screen.test.run()
    assert box(screen, "Title").value == "Half written"
    screen.click("Discard my changes")
    assert box(screen, "Title").value == "Speed of a dropped ball"
    assert saved().title == "Speed of a dropped ball"


def test_a_new_item_is_written_from_nothing(editor: Callable[..., Any], page: Page) -> None:
    screen = page("instructor.course", "instructor").click("New item")
    assert "The question will be shown here" in screen.text
    write(screen, "Title", "Speed after a while")
    write(screen, "Question", "It falls for [[t]]. How fast is it? Take $g$ = [[g]].")
    screen.test.multiselect[0].select("free-fall").run()
    for n, (name, value, other) in enumerate((("t", "2 s", "3 s"), ("g", "9.8 m/s^2", ""))):
        screen.click("Add a quantity")
        write(screen, "Name", name, n)
        write(screen, "Value", value, n)
        write(screen, "In the similar item", other, n)
    assert "Give all of them another value, or none" in screen.text
    write(screen, "In the similar item", "9.8 m/s^2", 1)
    screen.click("Answer")
    write(screen, "Right answer", "v")
    write(screen, "Unit", "m/s")
    screen.click("Steps")
    write(screen, "What this step is after", "Find the speed")
    write(screen, "Name", "v")
    write(screen, "Computed as", "g*t")
    write(screen, "Unit", "m/s")
    assert "the answer: 19.6 m/s" in screen.text
    screen.click("Save")
    item = saved("speed-after-a-while")
    assert item.steps[0].value == "g*t"
    assert item.parallel is not None
    assert item.parallel.quantities["t"] == "3 s"
    assert box(screen, "Name").value == "v", "the editor stays at its part"
    screen.click("Undo the last save")
    resources.reload_files()
    assert "speed-after-a-while" not in resources.catalogue().course("mechanics").items


def test_an_answer_can_be_tried_in_the_preview(page: Page) -> None:
    screen = page("instructor.course", "instructor", chosen_item=ITEM)
    write(screen, "Your answer", "19.8 m/s")
    assert "right]. The number and the unit are right." in screen.text
    write(screen, "Your answer", "392 m/s")
    assert "It shows the misconception Gives the square of the speed" in screen.text.replace(
        "*", ""
    )


def test_every_kind_of_answer_is_previewed_and_edited(
    page: Page, editor: Callable[..., Any]
) -> None:
    kinds: dict[str, str] = {}
    for item in resources.catalogue().course("mechanics").items.values():
        kinds.setdefault(item.answer.kind, item.id)
    assert set(kinds) >= {"numeric", "symbolic", "choice", "text"}
    for item_id in kinds.values():
        screen = page("instructor.course", "instructor", chosen_item=item_id)
        assert "Hints" in str([e.label for e in screen.test.expander])
        for part in ("Answer", "Steps", "Misconceptions", "Similar item", "Sources"):
            assert "mistake" not in editor(item_id, part).text


def test_a_choice_is_written_option_by_option(page: Page) -> None:
    screen = page("instructor.course", "instructor").click("New item").click("Answer")
    write(screen, "Kind of answer", "choice")
    for n, text in enumerate(("up", "down")):
        screen.click("Add an option")
        write(screen, f"Option {'ab'[n]}", text)
    write(screen, "Right option", "b")
    answer = screen.session.drafts["item", "mechanics", ""].draft["answer"]["choice"]
    assert [row["id"] for row in answer["options"]] == ["a", "b"]
    assert answer["correct"] == "b"


def test_the_question_of_a_rubric_changes_with_its_item_when_that_is_wanted(
    editor: Callable[..., Any],
) -> None:
    screen = write(editor("impulse-airbag"), "Question", "Why does an airbag help?")
    assert "differs from the question of rubric" in screen.text
    screen.test.checkbox[0].check().run()
    assert "differs from the question" not in screen.text
    screen.click("Save")
    assert saved("impulse-airbag").prompt == "Why does an airbag help?"
    assert resources.catalogue().rubric("mechanics-airbag").question == "Why does an airbag help?"


def test_a_rubric_is_begun_from_an_item_and_chosen_for_it(page: Page) -> None:
    screen = page("instructor.course", "instructor").click("New item")
    write(screen, "Title", "Why ice floats")
    write(screen, "Question", "Why does ice float?")
    screen.click("Answer")
    write(screen, "Kind of answer", "text").click("Write a rubric for this question")
    session: Session = screen.session
    assert session.goto == "Rubrics"
    rubrics = page("instructor.rubrics", "instructor", desks=session.desks, drafts=session.drafts)
    assert box(rubrics, "Question").value == "Why does ice float?"
    write(rubrics, "Reference answers", "Ice is less dense than water.")
    rubrics.click("Criteria")
    write(rubrics, "What is judged", "Density")
    for n, title in enumerate(("Clear", "Half", "Missing")):
        write(rubrics, "Title", title, n)
        write(rubrics, "What an answer at this level does", f"It is {title}.", n)
    rubrics.click("Save")
    assert rubrics.session.goto == "Course"
    draft = session.drafts["item", "mechanics", ""].draft
    assert draft["answer"]["text"]["rubric"] == "why-ice-floats"
    assert draft["steps"][0]["criterion"] == "density"
    resources.reload_files()
    assert resources.catalogue().rubric("why-ice-floats").max_points == 1


def test_a_home_that_cannot_be_written_to_is_told_and_nothing_is_lost(
    editor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise StorageError("/home: it cannot be written (Read-only file system). Make room.")

    screen = write(editor(), "Title", "A ball is dropped")
    monkeypatch.setattr(OwnFiles, "save_item", refuse)
    screen.click("Save")
    assert "Read-only file system" in screen.text
    assert box(screen, "Title").value == "A ball is dropped"


def test_a_deleted_item_is_gone_for_students_and_comes_back(
    page: Page, begin: Callable[[str], str]
) -> None:
    dialogue = begin(ITEM)
    screen = page("instructor.course", "instructor", chosen_item=ITEM).click("Delete this item")
    assert "1 deleted item" in [e.label for e in screen.test.expander]
    student = page("student.learn", "student", dialogue_id=dialogue)
    assert "no longer in the course" in student.text
    assert student.session.dialogue_id != dialogue
    screen.click(f"Put back {ITEM}")
    assert screen.session.chosen_item == ITEM
    assert saved().title == "Speed of a dropped ball"


def test_students_meet_what_was_saved_at_once(page: Page, editor: Callable[..., Any]) -> None:
    student = page("student.learn", "student", item_id=ITEM)
    dialogue = student.session.dialogue_id
    write(editor(), "Question", "A ball falls from [[h]]. How fast? Take $g$ = [[g]].").click(
        "Save"
    )
    student = page("student.learn", "student", dialogue_id=dialogue)
    assert "A ball falls from 20" in student.text.replace("\u00a0", " ")


def test_somebody_elses_change_is_not_overwritten(
    editor: Callable[..., Any], page: Page, server: Path
) -> None:
    screen = write(editor(), "Title", "Mine").click("Save")
    path = server / "courses" / "mechanics" / "items" / f"{ITEM}.yaml"
    write(screen, "Title", "Mine again")
    path.write_text(path.read_text().replace("Mine", "Theirs"))
    screen.click("Save")
    assert "somebody else changed it" in screen.text
    assert "Theirs" in path.read_text()
    assert os.listdir(path.parent).count(path.name) == 1

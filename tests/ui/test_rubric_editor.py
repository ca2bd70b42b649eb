"""The rubric editor: all of a rubric without YAML."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.domain.rubric import Rubric
from tutor_app.ui import resources

Page = Callable[..., Any]
RUBRIC = "mechanics-airbag"


@pytest.fixture
def editor(page: Page) -> Callable[..., Any]:
    def open_editor(part: str = "Criteria") -> Any:
        return page(
            "instructor.rubrics", "instructor", desks={"rubrics": ("rubric", "", RUBRIC)}, part=part
        )

    return open_editor


def fields(screen: Any, label: str) -> list[Any]:
    test = screen.test
    kinds = (test.text_input, test.text_area, test.selectbox, test.number_input, test.checkbox)
    return [one for kind in kinds for one in kind if one.label == label]


def write(screen: Any, label: str, value: Any, number: int = 0) -> Any:
    field = fields(screen, label)[number]
    (field.select if hasattr(field, "select") else field.set_value)(value)
    screen.test.run()
    assert not screen.test.exception, screen.test.exception
    return screen


def saved() -> Rubric:
    resources.reload_files()
    return resources.catalogue().rubric(RUBRIC)


def test_words_are_changed_in_ones_own_copy_and_the_version_stays(
    editor: Callable[..., Any], server: Path
) -> None:
    before = saved()
    screen = editor()
    assert "Saving makes your own copy" in screen.text
    write(screen, "For graders only", "Look twice.").click("Save")
    assert saved().criteria[0].grader_note == "Look twice."
    assert saved().version == before.version
    assert (server / "rubrics" / f"{RUBRIC}.yaml").is_file()
    screen.click("Undo the last save")
    assert saved() == before


def test_other_points_raise_the_version_and_both_are_told(editor: Callable[..., Any]) -> None:
    before = saved()
    screen = editor("Question")
    write(screen, "Extra points at most", 1.0)
    assert "saving raises the version" in screen.text
    screen.click("Save")
    assert f"Saved as version {before.version + 1}" in screen.text
    assert (saved().version, saved().max_extra) == (before.version + 1, 1.0)


def test_every_field_of_a_criterion_can_be_written(editor: Callable[..., Any]) -> None:
    screen = editor()
    screen.click("Add a criterion")
    write(screen, "What is judged", "Blames the seat belt")
    write(screen, "Type", "penalty")
    screen = write(screen, "Points", -1.0)
    write(screen, "For graders only", "Only if it is the reason.")
    screen.click("Save")
    added = saved().criteria[-1]
    assert (added.id, added.type, added.points) == ("blames-the-seat-belt", "penalty", -1.0)
    assert added.grader_note == "Only if it is the reason."


def test_ideas_and_their_variants_are_written_one_a_line(editor: Callable[..., Any]) -> None:
    screen = editor()
    before = saved().criteria[0].key_elements
    write(screen, "Other right ways of saying it, one a line", " one way \n\nanother way")
    screen.click("Save")
    after = saved().criteria[0].key_elements
    assert after[0].variants == ["one way", "another way"]
    assert after[1:] == before[1:]


def test_a_mistake_stands_at_its_criterion(editor: Callable[..., Any]) -> None:
    screen = write(editor(), "Points", 7.0)
    assert "is worth 7 points, but its best level gives" in screen.text
    assert next(b for b in screen.test.button if b.label == "Save").disabled


def test_the_list_leads_to_the_editor_and_back(page: Page) -> None:
    screen = page("instructor.rubrics", "instructor").click("Edit")
    assert screen.session.desk("rubrics") is not None
    screen.click("Rubrics")
    assert screen.session.desk("rubrics") is None
    assert not screen.session.drafts, "what was not changed is forgotten"
    screen.click("New rubric")
    assert "fields to fill in, then it can be saved" in screen.text


def test_a_question_that_items_ask_is_changed_there(editor: Callable[..., Any]) -> None:
    screen = write(editor("Question"), "Question", "Something else?")
    assert "differs from the question of item 'impulse-airbag'" in screen.text

"""Editing without YAML: drafts keep everything, mistakes stand at their field, saving is whole."""

from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.drafts import (
    add_row,
    course_data,
    draft_of_course,
    draft_of_item,
    draft_of_rubric,
    item_data,
    lines_of,
    move_row,
    new_item,
    new_rubric,
    remove_row,
    rubric_data,
    split_lines,
)
from tutor_app.courses.yaml_files import content_text, read_yaml
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric

CHECKOUT = Path(__file__).parents[2]
SHIPPED = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
ITEMS = [item for c in SHIPPED.course_ids() for item in SHIPPED.course(c).items.values()]


@pytest.mark.parametrize("rubric_id", SHIPPED.rubric_ids())
def test_every_shipped_rubric_comes_out_of_the_editor_as_it_went_in(
    rubric_id: str, tmp_path: Path
) -> None:
    rubric = SHIPPED.rubric(rubric_id)
    again = Rubric.model_validate(rubric_data(draft_of_rubric(rubric)))
    (tmp_path / "r.yaml").write_text(content_text(again), encoding="utf-8")
    assert read_yaml(tmp_path / "r.yaml", Rubric) == rubric


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_shipped_item_comes_out_of_the_editor_as_it_went_in(
    item: Item, tmp_path: Path
) -> None:
    again = Item.model_validate(item_data(draft_of_item(item)))
    (tmp_path / "i.yaml").write_text(content_text(again), encoding="utf-8")
    assert read_yaml(tmp_path / "i.yaml", Item) == item


@pytest.mark.parametrize("course_id", SHIPPED.course_ids())
def test_every_shipped_course_file_comes_out_of_the_editor_as_it_went_in(
    course_id: str, tmp_path: Path
) -> None:
    course = SHIPPED.course(course_id).course
    again = Course.model_validate(course_data(draft_of_course(course)))
    (tmp_path / "c.yaml").write_text(content_text(again), encoding="utf-8")
    assert read_yaml(tmp_path / "c.yaml", Course) == course


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "- not a list",
        "trailing \nspace",
        "  begins\nindented",
        "tab\there",
        "é ∆ '\"",
        "no",
    ],
)
def test_any_text_survives_the_file(text: str, tmp_path: Path, item: Item) -> None:
    odd = item.model_copy(update={"title": text})
    (tmp_path / "i.yaml").write_text(content_text(odd), encoding="utf-8")
    assert read_yaml(tmp_path / "i.yaml", Item).title == text.strip()


def test_text_of_several_lines_stands_as_it_is_read(item: Item) -> None:
    odd = item.model_copy(update={"prompt": "First line.\nSecond line."})
    assert "prompt: |-\n  First line.\n  Second line.\n" in content_text(odd)


def test_rows_are_added_moved_and_removed_and_keep_their_id(item: Item) -> None:
    draft = draft_of_item(item)
    first, second = (step["#"] for step in draft["steps"])
    add_row(draft, ("steps",))
    move_row(draft, ("steps", 0), 1)
    assert [step["#"] for step in draft["steps"][:2]] == [second, first]
    move_row(draft, ("steps", 0), -1)
    remove_row(draft, ("steps", 2))
    assert [step["#"] for step in draft["steps"]] == [second, first]


def test_a_new_option_gets_the_next_letter() -> None:
    draft = new_item()
    for _ in range(3):
        add_row(draft, ("answer", "choice", "options"))
    assert [row["id"] for row in draft["answer"]["choice"]["options"]] == ["a", "b", "c"]


def test_ids_that_were_left_empty_are_made_of_the_title_and_differ() -> None:
    draft = new_item(["energy"])
    draft["title"] = "Speed of a ball, dropped"
    for _ in range(2):
        add_row(draft, ("misconceptions",))
    for row in draft["misconceptions"]:
        row["title"] = "Takes g for a speed"
    data = item_data(draft)
    assert data["id"] == "speed-of-a-ball-dropped"
    assert [m["id"] for m in data["misconceptions"]] == [
        "takes-g-for-a-speed",
        "takes-g-for-a-speed-2",
    ]
    assert data["steps"][0]["id"] == "step_1"
    assert draft["id"] == "", "the draft itself stays as it was typed"


def test_fields_of_another_kind_of_answer_are_not_written(item: Item) -> None:
    draft = draft_of_item(item)
    draft["answer"]["kind"] = "text"
    draft["answer"]["text"]["rubric"] = "some-rubric"
    assert item_data(draft)["answer"] == {"kind": "text", "rubric": "some-rubric"}
    draft["answer"]["kind"] = "numeric"
    assert Item.model_validate(item_data(draft)) == item


def test_a_new_rubric_has_what_its_type_needs_but_words() -> None:
    data = rubric_data(new_rubric("Why does ice float?", "Ice"))
    assert [level["points"] for level in data["criteria"][0]["levels"]] == [1.0, 0.5, 0.0]
    assert data["id"] == "ice"


def test_a_list_as_lines_or_paragraphs_comes_back() -> None:
    assert split_lines(lines_of(["one", "two lines\nof it"])) == ["one", "two lines of it"]
    assert split_lines(lines_of(["a\nb", "c"], "\n\n"), "\n\n") == ["a\nb", "c"]
    assert split_lines(" \n\n x \n") == ["x"]

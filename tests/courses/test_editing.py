from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.drafts import (
    Draft,
    add_row,
    draft_of_course,
    draft_of_item,
    draft_of_rubric,
    new_item,
    new_rubric,
)
from tutor_app.courses.editing import (
    Checked,
    check_course_draft,
    check_item_draft,
    check_rubric_draft,
    items_with_rubric,
    points_changed,
)
from tutor_app.courses.sections import known_sections
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric

CHECKOUT = Path(__file__).parents[2]
SHIPPED = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])


@pytest.fixture
def draft(item: Item) -> Draft:
    return draft_of_item(item)


def check(draft: Draft, course: Course, taken: tuple[str, ...] = ()) -> Checked:
    return check_item_draft(draft, course, {"n#Falling"}, SHIPPED, taken)


def test_a_sound_item_has_no_mistakes_and_shows_what_it_computes(
    draft: Draft, course: Course
) -> None:
    checked = check(draft, course)
    assert checked.mistakes == {}
    values = dict(checked.values)
    assert values["square"] == "392 m²/s²"
    assert values["the answer"] == "19.8 m/s"
    assert values["Takes the acceleration for a speed"] == "9.8"
    assert "dropped from rest from 20 m" in checked.prompt


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("title",), "", "is empty"),
        (("skills",), [], "is empty"),
        (("skills",), ["heat"], "no skill 'heat'"),
        (("prompt",), "How far is [[x]]?", "[[x]] names nothing"),
        (("quantities", 0, "value"), "20 mm per", "mm per"),
        (("quantities", 0, "name"), "", "is empty"),
        (("quantities", 1, "name"), "h", "is given twice"),
        (("quantities", 0, "name"), "2h", "pattern"),
        (("quantities", 1, "other"), "", "is empty. Give all"),
        (("answer", "numeric", "value"), "velocity", "velocity"),
        (("answer", "numeric", "value"), "", "is empty"),
        (("answer", "numeric", "value"), "18 m^3/s", "write the unit m^3/s in the field Unit"),
        (("steps", 1, "value"), "2.5m/s", "Write 2.5 here, and write the unit m/s in the field"),
        (("steps", 1, "value"), "18 furlongs", "cannot read '18 furlongs' at"),
        (("answer", "numeric", "tolerance"), 0.7, "less than 0.5"),
        (("steps", 0, "goal"), "", "is empty"),
        (("steps", 1, "value"), "sqrt(square", "sqrt"),
        (("steps", 1, "unit"), "furlongs", "furlongs"),
        (("misconceptions", 0, "question"), "", "is empty"),
        (("misconceptions", 0, "value"), "sqrt(2*g*h)", "the right answer"),
        (("hints", 0, "text"), "word " * 46, "46 words"),
        (("hints", 0, "cite"), "n#Flying", "no section"),
        (("hints", 0, "step"), "third", "no step 'third'"),
        (("sections",), ["n#Flying"], "no section"),
    ],
)
def test_a_mistake_stands_at_its_field(
    draft: Draft, course: Course, place: tuple[str | int, ...], value: object, says: str
) -> None:
    node = draft
    for part in place[:-1]:
        node = node[part]  # type: ignore[index]
    node[place[-1]] = value  # type: ignore[index]
    found = check(draft, course).mistakes
    # a unit is read with its expression; a list's entries have places of their own; names that
    # must agree with others are a matter of the item as a whole
    near = [
        text
        for at, texts in found.items()
        if at[: len(place)] == place or at[:-1] == place[:-1] or at == ()
        for text in texts
    ]
    assert any(says in text for text in near), found


def test_a_value_for_the_similar_item_that_one_quantity_lacks_is_one_mistake(
    draft: Draft, course: Course
) -> None:
    draft["quantities"][1]["other"] = ""
    checked = check(draft, course)
    assert list(checked.mistakes) == [("quantities", 1, "other")]
    assert checked.count == 1


def test_values_are_computed_while_other_fields_are_still_empty(course: Course) -> None:
    draft = new_item()
    draft["prompt"] = "It falls [[h]]."
    add_row(draft, ("quantities",))
    draft["quantities"][0] |= {"name": "h", "value": "20 m"}
    draft["steps"][0] |= {"id": "twice", "value": "2*h", "unit": "m"}
    checked = check(draft, course)
    assert checked.content is None
    assert ("title",) in checked.mistakes
    assert dict(checked.values) == {"h": "20 m", "twice": "40 m"}
    assert checked.prompt == "It falls 20 m."


def test_the_id_of_another_item_is_refused(draft: Draft, course: Course) -> None:
    assert ("id",) in check(draft, course, taken=("ball-drop",)).mistakes


def test_a_symbol_with_a_mistake_is_found_in_its_row(course: Course) -> None:
    draft = new_item(["energy"], "symbolic")
    for name in ("m", "g h"):
        add_row(draft, ("answer", "symbolic", "symbols"))
        draft["answer"]["symbolic"]["symbols"][-1] |= {"name": name, "value": "mass"}
    found = check(draft, course).mistakes
    assert ("answer", "symbolic", "symbols", 1, "name") in found


def test_what_a_validator_says_of_the_whole_answer_stands_at_the_answer(course: Course) -> None:
    draft = new_item(["energy"], "choice")
    for text in ("up", "down"):
        add_row(draft, ("answer", "choice", "options"))
        draft["answer"]["choice"]["options"][-1]["text"] = text
    draft["answer"]["choice"]["correct"] = "c"
    assert "not one of the options" in check(draft, course).mistakes["answer", "choice"][0]


def test_every_shipped_item_is_sound_in_the_editor_too() -> None:
    loaded = SHIPPED.course("mechanics")
    sections = known_sections(loaded.notes)
    for item in loaded.items.values():
        found = check_item_draft(draft_of_item(item), loaded.course, sections, SHIPPED, ())
        assert (found.mistakes, found.content) == ({}, item)


def test_a_rubrics_mistakes_stand_at_their_fields() -> None:
    draft = new_rubric("Why?", "Ice")
    draft["criteria"][0]["levels"][0]["points"] = 3.0
    draft["criteria"][0]["type"] = "checklist"
    found = check_rubric_draft(draft, set(), ["ice"]).mistakes
    assert ("id",) in found
    assert ("criteria", 0, "levels", 0, "title") in found
    assert found["reference_answers",] == ("is empty. Fill it in",)


def test_a_rubric_may_cite_known_sections_only() -> None:
    draft = draft_of_rubric(SHIPPED.rubric("mechanics-airbag"))
    known = set(draft["course_sections"])
    assert known, "the rubric names none, so nothing is tested"
    assert check_rubric_draft(draft, known).mistakes == {}
    draft["course_sections"] = ["n#Flying"]
    assert ("course_sections", 0) in check_rubric_draft(draft, known).mistakes


def test_a_rubric_may_not_part_from_the_items_it_judges() -> None:
    rubric_id = "mechanics-airbag"
    draft = draft_of_rubric(SHIPPED.rubric(rubric_id))
    known, items = set(draft["course_sections"]), items_with_rubric(SHIPPED, rubric_id)
    assert check_rubric_draft(draft, known, (), items).mistakes == {}
    draft["question"] = "Another question?"
    gone = draft["criteria"].pop()["id"]
    found = check_rubric_draft(draft, known, (), items).mistakes
    assert "impulse-airbag" in found["question",][0]
    assert gone in found["criteria",][0]


def test_the_prompt_of_an_item_may_take_the_question_of_its_rubric_with_it() -> None:
    loaded = SHIPPED.course("mechanics")
    draft = draft_of_item(loaded.item("impulse-airbag"))
    draft["prompt"] = "Why does an airbag help?"
    sections = known_sections(loaded.notes)
    found = check_item_draft(draft, loaded.course, sections, SHIPPED)
    assert "differs from the question" in found.mistakes["prompt",][0]
    assert not check_item_draft(draft, loaded.course, sections, SHIPPED, question_too=True).count


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        ({"title": "Another title"}, False),
        ({"min_points": -1.0}, True),
        ({"max_extra": 1.0}, True),
    ],
)
def test_points_are_told_from_words(change: dict[str, object], raised: bool) -> None:
    rubric = SHIPPED.rubric("mechanics-airbag")
    assert points_changed(rubric, rubric.model_copy(update=change)) is raised


def test_the_points_of_a_level_count_and_its_words_do_not() -> None:
    rubric = SHIPPED.rubric("mechanics-airbag")
    data = rubric.model_dump()
    data["criteria"][0]["levels"][-1]["description"] = "Something else."
    assert not points_changed(rubric, Rubric.model_validate(data))
    data["criteria"][0]["levels"][-1]["points"] = 0.25
    assert points_changed(rubric, Rubric.model_validate(data))


def test_a_skill_that_items_train_cannot_be_taken_out(course: Course) -> None:
    draft = draft_of_course(course)
    del draft["skills"][1]
    assert check_course_draft(draft, {"energy": 0}).mistakes == {}
    found = check_course_draft(draft, {"energy": 2}).mistakes
    assert "trained by 2" in found["skills",][0]

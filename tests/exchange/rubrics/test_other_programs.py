"""MarkUs YAML and PrairieLearn JSON as those programs write them."""

import json
from typing import Any

from tutor_app.exchange.rubrics.read import read_rubrics
from tutor_app.exchange.rubrics.reading import RubricReading

MARKUS = """\
Osmosis:
  type: rubric
  max_mark: 2.0
  levels:
    Missing: {description: Nothing, mark: 0.0}
    Clear: {description: All of it, mark: 2.0}
  ta_visible: true
  peer_visible: false
Works:
  type: checkbox
  max_mark: 1.0
  description: The program runs.
Style:
  type: flexible
  max_mark: 3
  bonus: true
  description: Reads well
"""


def markus(text: str) -> RubricReading:
    (reading,) = read_rubrics("criteria.yml", text.encode())
    return reading


def test_markus_levels_come_best_first_and_its_checkbox_is_an_idea() -> None:
    reading = markus(MARKUS)
    levels, checkbox, free = reading.rubric.criteria
    assert [(v.title, v.points, v.description) for v in levels.levels] == [
        ("Clear", 2.0, "All of it"), ("Missing", 0.0, "Nothing"),
    ]  # fmt: skip
    assert (checkbox.type, checkbox.points) == ("checklist", 1.0)
    assert [idea.text for idea in checkbox.key_elements] == ["The program runs."]
    assert [(v.title, v.points) for v in free.levels] == [("All marks", 3.0), ("No marks", 0.0)]
    remarks = " ".join(reading.remarks)
    assert "“Style” has free marks in MarkUs" in remarks
    assert "“Style” is a bonus in MarkUs" in remarks
    assert ("Osmosis, ta_visible", "has no place here") in [
        (cell.place, cell.became) for cell in reading.cells
    ]


def test_markus_files_of_old_number_their_levels() -> None:
    reading = markus(
        "Osmosis:\n  type: rubric\n  max_mark: 4\n"
        "  level_0: {name: Poor, description: nothing}\n"
        "  level_1: {name: Fair, description: half}\n"
        "  level_2: {name: Good, description: all}\n"
    )
    assert [(v.title, v.points) for v in reading.rubric.criteria[0].levels] == [
        ("Good", 4.0), ("Fair", 2.0), ("Poor", 0.0),
    ]  # fmt: skip


def prairielearn(items: list[dict[str, Any]], **settings: Any) -> RubricReading:
    content = json.dumps({"rubric_items": items, **settings}).encode()
    (reading,) = read_rubrics("CS_101__hw1__rubric_settings.json", content)
    return reading


def item(order: int, points: float, description: str, **more: str) -> dict[str, Any]:
    texts = {"explanation": "", "grader_note": "", **more}
    return {"order": order, "points": points, "description": description, **texts,
            "always_show_to_students": True}  # fmt: skip


def test_prairielearn_items_come_in_their_order_as_criteria_and_penalties() -> None:
    reading = prairielearn(
        [
            item(1, -1, "Wrong unit", explanation="Check it.", grader_note="Not for m vs cm."),
            item(0, 2, "Names osmosis", explanation="Yes."),
        ],
        min_points=-1, max_extra_points=2, max_points=2, grader_guidelines="Be kind.",
    )  # fmt: skip
    first, second = reading.rubric.criteria
    assert [(v.points, v.feedback) for v in first.levels] == [(2.0, "Yes."), (0.0, "")]
    assert first.grader_note == "Be kind."
    assert (second.type, second.points) == ("penalty", -1.0)
    assert second.grader_note == "Not for m vs cm.\nStudents read: Check it."
    assert (reading.rubric.min_points, reading.rubric.max_extra) == (-1.0, 2.0)
    assert reading.rubric.title == "CS 101 hw1 rubric settings"


def test_points_to_start_with_become_a_criterion_that_only_no_answer_misses() -> None:
    reading = prairielearn([item(0, -2, "No reason")], starting_points=5)
    start, penalty = reading.rubric.criteria
    assert [(v.title, v.points) for v in start.levels] == [("An answer", 5.0), ("No answer", 0.0)]
    assert penalty.type == "penalty"
    assert "Everybody starts with 5 points" in " ".join(reading.remarks)


def test_items_that_exclude_each_other_show_in_a_sum_that_differs() -> None:
    reading = prairielearn([item(0, 4, "All"), item(1, 2, "Half")], max_points=4)
    assert "add up to 6 points, the question there is worth 4" in " ".join(reading.remarks)


def test_a_rubric_of_this_program_is_read_with_its_mistakes() -> None:
    (reading,) = read_rubrics(
        "x.yaml",
        b"title: Cell\nquestion: Why?\ncolour: red\ncriteria:\n"
        b"  - {title: A, points: two, levels: [{title: Yes, points: 1, description: so}]}\n",
    )
    assert reading.rubric.criteria[0].points == 1.0, "that of its best level"
    assert ("colour", "an unknown field") in [(c.place, c.became) for c in reading.cells]
    assert "levels of 1 of 1 criteria: at least two each" in reading.missing

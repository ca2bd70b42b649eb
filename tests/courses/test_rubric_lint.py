"""Advice on rubrics: what it finds, and that it leaves good rubrics alone."""

from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.drafts import new_rubric, rubric_data
from tutor_app.courses.rubric_lint import lint_data
from tutor_app.courses.vague_words import vague_words

SHIPPED = Catalogue([], [Path(__file__).parents[2] / "rubrics"])


def level(title: str, points: float | None, description: str, **more: str) -> dict[str, Any]:
    texts = {"example": "", "feedback": "", **more}
    return {"title": title, "points": points, "description": description, **texts}


def criterion(title: str = "Osmosis", *levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = list(levels) or [
        level("Yes", 1, "Says that water leaves the cell.", example="Water goes out."),
        level("No", 0, "Lets salt go in."),
    ]
    ideas = [{"id": "a", "text": f"Idea of {title}", "variants": ["so", "thus"]}]
    return {"id": "a", "title": title, "points": given[0]["points"], "type": "levels",
            "negative_allowed": False, "levels": given, "key_elements": ideas,
            "grader_note": "", **more}  # fmt: skip


def rubric(*criteria: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "T", "question": "Why does the salted leaf wilt?",
            "reference_answers": ["One.", "Two."], "criteria": list(criteria), **more}  # fmt: skip


def rules(data: dict[str, Any]) -> list[str]:
    return [advice.rule for advice in lint_data(data)]


def test_the_shipped_rubrics_get_no_advice() -> None:
    found = {
        rubric_id: rules(SHIPPED.rubric(rubric_id).model_dump(mode="json"))
        for rubric_id in SHIPPED.rubric_ids()
    }
    assert {rubric_id for rubric_id, advice in found.items() if advice} == set()


def test_a_good_criterion_gets_no_advice() -> None:
    assert rules(rubric(criterion())) == []


@pytest.mark.parametrize(
    ("points", "rule"),
    [
        ((3, 2, 1), "no-zero"),
        ((4, 3, 0), "gap"),
        ((3, 0), "all-or-nothing"),
        ((2, 2, 0), "same-points"),
        ((1, 2, 0), "order"),
    ],
)
def test_points_that_do_not_fit_are_found(points: tuple[float, ...], rule: str) -> None:
    texts = ["Names salt and water.", "Speaks of pressure.", "Is about light."]
    levels = [
        level(f"L{n}", p, text, example="e")
        for n, (p, text) in enumerate(zip(points, texts, strict=False))
    ]
    assert rules(rubric(criterion("A", *levels, points=max(points)))) == [rule]


def test_a_best_level_that_is_not_worth_the_points_is_found_where_they_stand() -> None:
    (advice,) = lint_data(rubric(criterion(points=2)))
    assert (advice.rule, advice.place) == ("points-differ", ("criteria", 0, "points"))
    assert advice.what == "It is worth 2, but its best level gives 1."


@pytest.mark.parametrize("points", [(1, 0), (2, 1, 0), (4, 2, 0), (1, 0.5, 0), (2, 1, 0.5, 0)])
def test_points_in_order_get_no_advice(points: tuple[float, ...]) -> None:
    texts = ["Names salt and water.", "Speaks of pressure.", "Is about light.", "Says nothing."]
    levels = [
        level(f"L{n}", p, text, example="e")
        for n, (p, text) in enumerate(zip(points, texts, strict=False))
    ]
    assert rules(rubric(criterion("A", *levels))) == []


def overlapping(first: str, second: str) -> list[str]:
    levels = (level("A", 1, first, example="e"), level("B", 0, second))
    return rules(rubric(criterion("A", *levels)))


def test_levels_that_say_the_same_are_found() -> None:
    assert overlapping("Says water leaves the cell.", "Says water leaves the cell.") == ["overlap"]
    assert overlapping(
        "Explains that the water leaves the cell by osmosis here.",
        "Explains that water leaves a cell by osmosis.",
    ) == ["overlap"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Names two of the three parts of a cell.", "Names one of the three parts of a cell."),
        ("Says that the water leaves the cell.", "Does not say that the water leaves the cell."),
        ("Says that 3 forces act on the cart.", "Says that 2 forces act on the cart."),
        ("Names salt and water and the wall.", "Names salt or water or the wall, but not all."),
    ],
)
def test_levels_that_one_word_sets_apart_are_left_alone(first: str, second: str) -> None:
    assert overlapping(first, second) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Shows good understanding of osmosis.", ["good understanding"]),
        ("Gives adequate and appropriate evidence", ["adequate", "appropriate"]),
        ("Some key ideas are there", ["some key ideas"]),
        ("A well-written answer; reasoning is poor.", ["well-written", "poor"]),
    ],
)
def test_vague_words_are_found_as_they_stand(text: str, words: list[str]) -> None:
    found = vague_words(text)
    assert all(any(word in one for one in found) for word in words), found


@pytest.mark.parametrize(
    "text",
    [
        "Says that copper is a good conductor.",
        "Says that some cells are sensitive.",
        "Says that the bond is weak and the acid is strong.",
        "Says that food is limited and light is sufficient for growth.",
        "Quotes “some understanding of it” from the text.",
    ],
)
def test_the_same_words_about_the_subject_are_left_alone(text: str) -> None:
    assert vague_words(text) == []


def test_criteria_that_judge_the_same_are_found() -> None:
    first = criterion("Water leaves the cell by osmosis")
    second = criterion("By osmosis the water leaves the cell", key_elements=first["key_elements"])
    (advice,) = lint_data(rubric(first, second))
    assert (advice.rule, advice.place) == ("same-criterion", ("criteria", 1, "title"))
    assert "“Water leaves the cell by osmosis”" in advice.what


def test_criteria_of_one_title_are_found() -> None:
    other = criterion("Osmosis", level("a", 1, "Is about frogs.", example="e"), level("b", 0, "c"))
    assert rules(rubric(criterion("Osmosis"), other)) == ["same-title"]


def test_a_penalty_needs_a_note_and_something_to_take_from() -> None:
    penalty = criterion("Blames air", type="penalty", points=-1, levels=[], key_elements=[])
    assert rules(rubric(penalty)) == ["only-negative", "penalty-note"]
    assert rules(rubric(criterion(), {**penalty, "grader_note": "Only as the reason."})) == []


def test_what_all_criteria_lack_is_said_once() -> None:
    bare = (level("a", 1, "Speaks of frogs."), level("b", 0, "Speaks of light."))
    one = criterion("One", *bare, key_elements=[])
    two = criterion("Two", level("a", 1, "Names iron."), level("b", 0, "No."), key_elements=[])
    found = lint_data(rubric(one, two))
    assert [advice.rule for advice in found] == ["no-example", "no-ideas"]
    assert [advice.place for advice in found] == [("criteria",), ("criteria",)]
    assert [advice.where for advice in lint_data(rubric(one))] == ["“One”", "“One”"]


def test_feedback_that_says_the_missing_idea_is_found() -> None:
    idea = {"id": "a", "text": "Water passes the membrane to the saltier side.", "variants": ["x"]}
    given = level("No", 0, "Nothing.", feedback="Water passes a membrane to the saltier side.")
    asked = level("No", 0, "Nothing.", feedback="Where is there more salt?")
    best = level("Yes", 1, "Says where the water goes.", example="e", feedback=idea["text"])
    assert rules(rubric(criterion("A", best, given, key_elements=[idea]))) == ["given-away"]
    assert rules(rubric(criterion("A", best, asked, key_elements=[idea]))) == []


def test_many_criteria_and_one_reference_answer_are_told() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen".split()
    many = [criterion(word, level("a", 1, f"{word}!", example="e"), level("b", 0, "-"))
            for word in words]  # fmt: skip
    found = rules(rubric(*many, reference_answers=["One."]))
    assert found == ["many-criteria", "one-reference"]


def test_a_draft_of_which_nothing_is_written_yet_can_be_looked_at() -> None:
    draft = new_rubric()
    draft["criteria"][0]["levels"][0]["points"] = None
    assert "no-ideas" in rules(rubric_data(draft))

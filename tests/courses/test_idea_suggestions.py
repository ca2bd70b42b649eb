"""Suggestions for key elements, out of what the instructor wrote."""

from pathlib import Path
from typing import Any

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.idea_suggestions import suggest_from_passages, suggest_ideas
from tutor_app.documents.wording import marked_words

SHIPPED = Catalogue([], [Path(__file__).parents[2] / "rubrics"])


def rubric(**more: Any) -> dict[str, Any]:
    def criterion(title: str, best: str) -> dict[str, Any]:
        levels = [{"title": "Clear", "points": 1.0, "description": best},
                  {"title": "No", "points": 0.0, "description": "Nothing."}]  # fmt: skip
        return {"title": title, "points": 1.0, "levels": levels, "key_elements": []}

    return {
        "question": "Why does a salted leaf wilt?",
        "reference_answers": [
            "The salt outside draws water out of the cells by osmosis. "
            "Without its pressure the wall of the cell goes limp."
        ],
        "criteria": [
            criterion("Osmosis", "Says that water leaves the cells (by osmosis), and that the "
                      "salt draws it."),
            criterion("Pressure", "Names the pressure on the wall."),
        ],
        **more,
    }  # fmt: skip


def test_claims_of_the_best_level_become_sentences() -> None:
    found = [one.text for one in suggest_ideas(rubric(), 0) if one.source == "the best level"]
    assert found == ["Water leaves the cells.", "The salt draws it."]


def test_a_sentence_of_the_reference_goes_to_the_criterion_that_it_is_about() -> None:
    def of(number: int) -> list[str]:
        found = suggest_ideas(rubric(), number)
        return [one.text for one in found if one.source == "a reference answer"]

    assert of(1) == ["Without its pressure the wall of the cell goes limp."]
    assert of(1)[0] not in of(0)


def test_what_an_idea_says_already_is_not_suggested() -> None:
    data = rubric()
    data["criteria"][0]["key_elements"] = [
        {"id": "a", "text": "Water leaves the cells.", "variants": ["The salt draws it."]}
    ]
    assert [one.text for one in suggest_ideas(data, 0)] == []


def test_sentences_of_the_course_are_near_to_the_criterion_and_no_table_or_formula() -> None:
    passage = (
        "| Salt | Water |\n$$p = nRT$$\n"
        "**By osmosis, water leaves the cells toward *the salt*.** Frogs are green."
    )
    found = suggest_from_passages(rubric(), 0, [passage])
    assert [one.text for one in found] == ["By osmosis, water leaves the cells toward the salt."]


def test_two_in_three_key_elements_of_the_shipped_rubrics_would_have_been_suggested() -> None:
    wanted = found = 0
    for rubric_id in SHIPPED.rubric_ids():
        data = SHIPPED.rubric(rubric_id).model_dump(mode="json")
        for number, criterion in enumerate(data["criteria"]):
            if criterion["type"] not in ("levels", "holistic"):
                continue
            ideas, criterion["key_elements"] = criterion["key_elements"], []
            texts = [set(marked_words(one.text)) for one in suggest_ideas(data, number, most=3)]
            for idea in ideas:
                words = set(marked_words(idea["text"]))
                wanted += 1
                found += any(len(words & one) >= len(words) / 2 for one in texts)
    assert wanted > 100
    assert found / wanted > 0.65

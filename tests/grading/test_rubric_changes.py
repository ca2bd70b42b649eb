"""What is different in an edited rubric is named, part by part."""

import pytest

from tutor_app.domain.rubric import Criterion, KeyElement, Level, Rubric
from tutor_app.grading.rubric_changes import rubric_changes


def rubric(**more) -> Rubric:
    criterion = {
        "id": "wall",
        "title": "The wall pushes",
        "points": 1,
        "levels": [
            Level(title="Met", points=1, description="Says it."),
            Level(title="Not met", points=0, description="Does not."),
        ],
        "key_elements": [KeyElement(id="inward", text="The wall pushes inward.")],
    }
    return Rubric(
        id="drum", title="Drum", version=1, question="Why?", reference_answers=["The wall."],
        criteria=[Criterion.model_validate(criterion | more)],
    )  # fmt: skip


ELEMENT = KeyElement(id="inward", text="The wall pushes inward.")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"key_elements": [ELEMENT, KeyElement(id="path", text="It keeps them on a circle.")]},
         ["new key element, “It keeps them on a circle”."]),
        ({"key_elements": []}, ["key element gone, “The wall pushes inward”."]),
        ({"key_elements": [ELEMENT.model_copy(update={"variants": ["pushes in"]})]},
         ["key element “The wall pushes inward” is worded otherwise."]),
        ({"points": 2, "levels": [Level(title="Met", points=2, description="Says it."),
                                  Level(title="Half", points=1, description="Hints at it."),
                                  Level(title="Not met", points=0, description="Says nothing.")]},
         ["it gives 2, 1, 0 points instead of 1, 0.", "level “Met” gives 2 instead of 1.",
          "level “Not met” is worded otherwise.", "new level, “Half”."]),
        ({"title": "Push of the wall"}, ["it was called The wall pushes."]),
        ({"grader_note": "Be kind."}, ["the note for graders is another."]),
        ({}, []),
    ],
)  # fmt: skip
def test_each_edit_of_a_criterion_is_named(more, said):
    title = more.get("title", "The wall pushes")
    assert rubric_changes(rubric(), rubric(**more)) == [f"{title}: {one}" for one in said]

from collections.abc import Callable
from typing import Any

from tutor_app.grading.misconceptions import CommonIdea
from tutor_app.ui import resources
from tutor_app.ui.instructor.grading.wrong_ideas import draft_misconception
from tutor_app.ui.session import Session

EXERCISE = ("mechanics", "impulse-airbag")
SAYS = ("The bag is soft, so it takes the momentum away.", "Soft things eat the momentum.")


def test_a_shared_idea_becomes_a_draft_that_is_not_saved_by_itself(
    page: Callable[..., Any],
) -> None:
    before = resources.catalogue().course("mechanics").item("impulse-airbag")
    step = next(one for one in before.steps if one.criterion)
    idea = CommonIdea(SAYS, ("a", "b", "c"), step.criterion, "", 0.2)
    session = Session(course_id="cell-biology")
    draft_misconception(session, EXERCISE, idea)
    assert (session.course_id, session.goto) == ("mechanics", "Course")
    screen = page(
        "instructor.course", "instructor",
        drafts=session.drafts, desks=session.desks, part="Misconceptions",
    )  # fmt: skip
    boxes = [box.value for box in screen.test.text_area]
    assert "\n".join(SAYS) in boxes
    row = screen.session.drafts["item", *EXERCISE].draft["misconceptions"][-1]
    assert row["step"] == step.id
    assert resources.catalogue().course("mechanics").item("impulse-airbag") == before
    assert "to fill in, then it can be saved" in screen.text


def test_a_second_idea_joins_the_same_draft() -> None:
    session = Session(course_id="mechanics")
    for says in SAYS:
        draft_misconception(session, EXERCISE, CommonIdea((says,), ("a", "b", "c"), "", "", 0.2))
    rows = session.drafts["item", *EXERCISE].draft["misconceptions"]
    assert [row["says"] for row in rows[-2:]] == [[SAYS[0]], [SAYS[1]]]

import pytest
from pydantic import ValidationError

from tutor_app.domain.demonstration import Demonstration, Situation

SITUATION = {
    "id": "0123456789ab",
    "course_id": "mechanics",
    "item_id": "ball-drop",
    "step": "square",
    "state": "stuck",
    "row": "nudge",
    "kind": "focus",
    "strategy": "hint",
    "intention": "support thinking",
    "level": "nudge",
}
DEMONSTRATION = {
    "situation": SITUATION,
    "learner": "",
    "reply": "Why?",
    "any_learner": True,
    "persona": "p",
    "teacher": "t",
    "request": "r",
    "prompt": "p",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "0123456789AB"},
        {"id": "../etc/passwd"},
        {"item_id": "../items"},
        {"held_out": "perhaps"},
        {"level": "shout"},
        {"extra": 1},
    ],
)
def test_a_situation_of_another_form_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Situation.model_validate(SITUATION | changed)


def test_a_demonstration_may_have_no_learners_line_but_never_no_reply() -> None:
    assert Demonstration.model_validate(DEMONSTRATION).learner == ""
    with pytest.raises(ValidationError):
        Demonstration.model_validate(DEMONSTRATION | {"reply": "  "})


def test_the_id_follows_from_the_situation_and_the_words_alone() -> None:
    one = Demonstration.model_validate(DEMONSTRATION)
    same = Demonstration.model_validate(DEMONSTRATION | {"teacher": "x", "persona": "y"})
    other = Demonstration.model_validate(DEMONSTRATION | {"reply": "How?"})
    assert one.id == same.id != other.id
    assert len(one.id) == 12

from pathlib import Path

import pytest

from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.domain.course import Course, HintLevel, Policy
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.grade import Judgement
from tutor_app.domain.item import Item
from tutor_app.tutoring.diagnosis import Ears, diagnose
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.plan import PlanInput, next_rung, plan
from tutor_app.tutoring.state import DialogueState, hints_left

OPEN = Policy(attempts_before=dict.fromkeys(HintLevel, 0))
PATH = [
    {"level": "concept", "text": "Write the area as length times width."},
    {"level": "question", "text": "What is $3 \\times 4$?", "answer": "12"},
    {"level": "concept", "text": "Add the second part."},
    {"level": "answer", "text": "So the area is $17$."},
]
JUDGE: list[Judgement] = []
EARS = Ears(
    intent=lambda text: Intent("attempt", 1.0),
    judge=lambda text, rubric: JUDGE,
    saying=lambda text, item: "",
)


def area(**more: object) -> Item:
    return Item.model_validate(
        {
            "id": "area",
            "title": "Area",
            "prompt": "A floor is 3 by 4 with a part of 5 beside it. Find its area.",
            "skills": ["areas"],
            "answer": {"kind": "exact", "accepted": ["17"]},
            "steps": [{"id": "answer", "goal": "Find the area"}],
            "hints": PATH,
            "hints_in_order": True,
            **more,
        }
    )


def said(number: int) -> DialogueState:
    """The state after the first hints of the path were said."""
    texts = [str(hint["text"]) for hint in PATH[:number]]
    return DialogueState(replies=tuple(f"One thing to use here. {text}" for text in texts))


def test_hints_of_a_path_stay_in_the_order_written() -> None:
    levels = [hint.level.value for hint in area().hints_for("answer")]
    assert levels == ["concept", "question", "concept", "answer"]
    by_level = [hint.level.value for hint in area(hints_in_order=False).hints_for("answer")]
    assert by_level == ["question", "concept", "concept", "answer"]


@pytest.mark.parametrize(
    ("number", "rung"), [(0, "concept"), (1, "question"), (2, "concept"), (3, None)]
)
def test_help_opens_one_hint_after_the_other_and_never_the_answer(
    number: int, rung: str | None
) -> None:
    assert next_rung(area(), "answer", said(number), OPEN) == rung
    assert len(hints_left(area(), "answer", said(number))) == 3 - number


def test_help_waits_where_the_course_wants_an_attempt_first() -> None:
    policy = Policy(attempts_before={HintLevel.CONCEPT: 1})
    assert next_rung(area(), "answer", DialogueState(), policy) is None
    assert next_rung(area(), "answer", DialogueState(attempts=1), policy) is HintLevel.CONCEPT


@pytest.mark.parametrize(
    ("number", "situation"), [(0, "teach"), (1, "question"), (2, "teach"), (3, "no rung")]
)
def test_a_stuck_learner_gets_the_next_hint_of_the_path(number: int, situation: str) -> None:
    stuck = Diagnosis(state=State.STUCK, step="answer")
    assert plan(PlanInput(stuck, said(number), OPEN, area())).situation == situation


def test_who_answers_the_hints_question_is_not_told_that_it_is_wrong() -> None:
    item = area()
    found = diagnose("answer", "12", item, solve(item), said(2), EARS)
    assert (found.state, found.counted) == (State.STEP_RIGHT, False)
    before = diagnose("answer", "12", item, solve(item), said(1), EARS)
    assert (before.state, before.counted) == (State.WRONG, True)
    other = diagnose("answer", "13", item, solve(item), said(2), EARS)
    assert other.state is State.WRONG
    final = diagnose("answer", "17", item, solve(item), said(2), EARS)
    assert final.state is State.RIGHT


def test_an_answer_that_cannot_be_compared_costs_nothing_and_says_why() -> None:
    item = area()
    found = diagnose("answer", "12 + 5", item, solve(item), DialogueState(), EARS)
    assert (found.state, found.counted) == (State.CANNOT_TELL, False)
    assert "form" in found.reason


def test_an_item_that_cannot_be_asked_is_left_out_of_what_is_offered(course: Course) -> None:
    items = {"area": area(), "figure": area(id="figure", not_askable="needs figure1.gif")}
    loaded = LoadedCourse(course, items, Path("small"))
    assert list(loaded.askable) == ["area"]
    assert loaded.item("figure").not_askable

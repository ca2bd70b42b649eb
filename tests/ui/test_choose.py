from datetime import UTC, datetime

import pytest

from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Evidence
from tutor_app.domain.item import Item
from tutor_app.storage.records import DialogueSummary
from tutor_app.ui.student.choose import by_skill, item_marks

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def evidence(*, correct: bool, aided: bool) -> Evidence:
    return Evidence(
        learner_id="l",
        course_id="c",
        skill_id="s",
        item_id="i",
        dialogue_id="d",
        correct=correct,
        aided=aided,
        created_at=NOW,
    )


def begun(item_id: str, turns: int = 1, closed: bool = False) -> DialogueSummary:
    return DialogueSummary(
        id="d",
        course_id="c",
        item_id=item_id,
        started_at=NOW,
        last_at=NOW,
        turns=turns,
        closed=closed,
    )


@pytest.mark.parametrize(
    ("correct", "aided", "mark"),
    [
        (True, False, "solved on your own"),
        (True, True, "solved with help"),
        (False, False, "put aside"),
    ],
)
def test_an_item_is_marked_by_what_became_of_it(correct: bool, aided: bool, mark: str) -> None:
    assert item_marks([], [evidence(correct=correct, aided=aided)]) == {"i": mark}


def test_the_best_of_several_tries_is_the_mark() -> None:
    tries = [evidence(correct=False, aided=True), evidence(correct=True, aided=False)]
    assert item_marks([begun("i")], [*tries, tries[0]]) == {"i": "solved on your own"}


def test_only_a_dialogue_with_turns_and_no_end_is_begun() -> None:
    held = [begun("a"), begun("b", turns=0), begun("c", closed=True)]
    assert item_marks(held, []) == {"a": "begun"}


def test_items_stand_once_under_their_first_skill_easiest_first(course: Course, item: Item) -> None:
    def made(item_id: str, skills: list[str], difficulty: int) -> Item:
        update = {"id": item_id, "title": item_id, "skills": skills, "difficulty": difficulty}
        return item.model_copy(update=update)

    items = [made("hard", ["energy", "work"], 5), made("easy", ["energy"], 1)]
    rows = [(title, [i.id for i in found]) for title, found in by_skill(course, items)]
    assert rows == [("Energy", ["easy", "hard"])]

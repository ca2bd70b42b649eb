from datetime import UTC, datetime, timedelta

from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.tutoring.mastery import SkillState
from tutor_app.tutoring.next_item import LearnerState, next_item

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def items_for(item: Item, **skills: str) -> dict[str, Item]:
    return {i: item.model_copy(update={"id": i, "skills": [s]}) for i, s in skills.items()}


def standing(**p: float) -> dict[str, SkillState]:
    return {skill: SkillState(skill, value) for skill, value in p.items()}


def test_a_skill_waits_for_its_prerequisite(course: Course, item: Item) -> None:
    items = items_for(item, w1="work", e1="energy")
    choice = next_item(LearnerState(course, items, standing(work=0.5, energy=0.1)), NOW)
    assert choice is not None
    assert choice.item.id == "w1"
    ready = next_item(LearnerState(course, items, standing(work=0.8, energy=0.1)), NOW)
    assert ready is not None
    assert ready.item.id == "e1"


def test_the_skill_of_the_last_item_is_left_alone_when_another_is_ready(
    course: Course, item: Item
) -> None:
    items = items_for(item, w1="work", w2="work", e1="energy")
    state = LearnerState(course, items, standing(work=0.7, energy=0.8), history=["w1"])
    choice = next_item(state, NOW)
    assert choice is not None
    assert choice.item.id == "e1"


def test_the_same_item_never_comes_twice_in_a_row_while_there_is_another(
    course: Course, item: Item
) -> None:
    items = items_for(item, w1="work", w2="work")
    state = LearnerState(course, items, standing(work=0.3, energy=0.3), history=["w1"])
    choice = next_item(state, NOW)
    assert choice is not None
    assert choice.item.id == "w2"


def test_skipping_leads_through_every_item_before_one_comes_again(
    course: Course, item: Item
) -> None:
    items = items_for(item, w1="work", w2="work", e1="energy", e2="energy", e3="energy")
    skills = standing(work=0.3, energy=0.3)
    seen: list[str] = []
    reasons: list[str] = []
    for _ in items:
        choice = next_item(LearnerState(course, items, skills, seen, sitting=frozenset(seen)), NOW)
        assert choice is not None
        seen.append(choice.item.id)
        reasons.append(choice.reason)
    assert sorted(seen) == sorted(items)
    assert seen[:2] == ["w1", "w2"], "what is ready comes first"
    assert "a step further: Energy." in reasons[2]
    again = next_item(LearnerState(course, items, skills, seen, sitting=frozenset(seen)), NOW)
    assert again is not None
    assert again.item.id != seen[-1]


def test_a_due_review_waits_when_its_items_were_seen_in_this_sitting(
    course: Course, item: Item
) -> None:
    items = items_for(item, w1="work", e1="energy")
    due = SkillState("work", 0.9, due=NOW - timedelta(days=1))
    skills = {"work": due, "energy": SkillState("energy", 0.3)}
    history = ["e1", "w1", "e2"]
    state = LearnerState(course, items, skills, history, [False] * 3, sitting=frozenset({"w1"}))
    choice = next_item(state, NOW)
    assert choice is not None
    assert choice.item.id == "e1"


def test_due_reviews_come_at_most_once_in_three(course: Course, item: Item) -> None:
    items = items_for(item, w1="work", w2="work", e1="energy", e2="energy", e3="energy")
    due = SkillState("work", 0.9, due=NOW - timedelta(days=1))
    skills = {"work": due, "energy": SkillState("energy", 0.3)}
    history: list[str] = ["w1", "e1"]
    reviews = [False, False]
    for _ in range(9):
        choice = next_item(LearnerState(course, items, skills, history, reviews), NOW)
        assert choice is not None
        reviews.append(choice.review)
        history.append(choice.item.id)
    assert any(reviews)
    for start in range(len(reviews) - 2):
        assert sum(reviews[start : start + 3]) <= 1


def test_the_reason_names_the_skill_in_words(course: Course, item: Item) -> None:
    choice = next_item(
        LearnerState(course, items_for(item, w1="work"), standing(work=0.3, energy=0.3)), NOW
    )
    assert choice is not None
    assert "Work" in choice.reason


def test_a_name_in_the_title_of_a_skill_keeps_its_capital(course: Course, item: Item) -> None:
    skills = [s.model_copy(update={"title": "Newton's third law"}) for s in course.skills]
    named = course.model_copy(update={"skills": skills})
    for p, seen in [(0.3, 0), (0.3, 1), (0.55, 1)]:
        known = {s.id: SkillState(s.id, p, seen) for s in skills}
        choice = next_item(LearnerState(named, items_for(item, w1="work"), known), NOW)
        assert choice is not None
        assert choice.reason.endswith(": Newton's third law.")


def test_a_course_without_items_has_no_next_item(course: Course) -> None:
    assert next_item(LearnerState(course, {}, standing(work=0.3, energy=0.3)), NOW) is None

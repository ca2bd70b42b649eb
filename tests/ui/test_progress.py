from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Evidence
from tutor_app.tutoring.mastery import SkillState
from tutor_app.ui.student.skills import sentence, skill_chart, skill_rows, waiting

Page = Callable[..., Any]
PROGRESS = ("student.progress", "student")


def test_before_the_first_item_the_page_says_what_will_be_here(page: Page) -> None:
    screen = page(*PROGRESS)
    assert "once you have finished your first item" in screen.text
    assert screen.buttons == ["Go to your item"]


def test_a_solved_item_shows_in_the_picture_and_in_words(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("19.8 m/s")
    screen = page(*PROGRESS)
    assert "worked on 1 of 18 skills" in screen.text
    assert "Of 1 item you got 0 right on your own and 1 with help" in screen.text
    assert "- Conservation of energy: " in screen.text
    charts = screen.test.get("vega_lite_chart")
    assert len(charts) == 1


def test_the_picture_keeps_the_order_of_the_prerequisites_and_words_beside_colours(
    course: Course,
) -> None:
    skills = {
        "work": SkillState("work", 0.7, 3),
        "energy": SkillState("energy", 0.2),
    }
    rows = skill_rows(course, skills)
    assert [(row.title, row.label) for row in rows] == [
        ("Work", "nearly there, 70\u00a0% (n = 3)"),
        ("Energy", "not started"),
    ]
    assert "worked on 1 of 2 skills and mastered 0" in sentence(rows)
    drawn = skill_chart(rows, dark=True).to_dict()
    assert len(drawn["layer"]) == 4


def test_a_skill_whose_items_are_all_disputed_was_worked_on_and_waits(course: Course) -> None:
    solved = Evidence(
        learner_id="l", course_id="c", skill_id="work", item_id="i", dialogue_id="d",
        correct=True, aided=True, created_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    skills = {"work": SkillState("work", 0.2), "energy": SkillState("energy", 0.2)}
    rows = skill_rows(course, skills, waiting([solved], frozenset({"i"})))
    assert [row.label for row in rows] == ["waits for your instructor", "not started"]
    assert "worked on 1 of 2 skills" in sentence(rows)
    assert not waiting([solved], frozenset({"another"}))


def test_after_a_dispute_the_ending_and_the_progress_say_the_same(
    page: Page, dropped_ball: str
) -> None:
    screen = page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    screen.click("I think I'm right").answer("19.8 m/s")
    assert "Conservation of energy: waits for your instructor." in screen.text
    charts = page(*PROGRESS).test.get("vega_lite_chart")
    assert "Conservation of energy: waits for your instructor" in charts[0].proto.alt

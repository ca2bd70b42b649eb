import json
from collections.abc import Callable
from typing import Any

from tutor_app.ui import resources
from tutor_app.ui.student.export import dialogue_json, dialogue_markdown

Page = Callable[..., Any]
DIALOGUES = ("student.dialogues", "student")


def test_before_the_first_dialogue_the_page_says_what_will_be_here(page: Page) -> None:
    assert "Every dialogue you have will be kept here" in page(*DIALOGUES).text


def test_a_dialogue_is_listed_with_its_state(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    screen = page(*DIALOGUES)
    assert "Speed of a dropped ball" in screen.text
    assert "1 turn · not finished" in screen.text


def test_a_dialogue_that_was_only_skipped_is_not_listed(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).click("Skip")
    assert "Every dialogue you have will be kept here" in page(*DIALOGUES).text


def test_the_list_tells_skipped_from_solved(page: Page, begin: Callable[[str], str]) -> None:
    ball = begin("energy-drop-speed")
    page("student.learn", "student", dialogue_id=ball).answer("9.8 m/s").click("Skip")
    assert "2 turns · skipped" in page(*DIALOGUES).text
    solved = begin("energy-drop-speed")
    page("student.learn", "student", dialogue_id=solved).answer("19.8 m/s")
    assert "1 turn · solved" in page(*DIALOGUES).text


def test_deleting_asks_once_and_keeps_what_was_learned(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("19.8 m/s")
    learner = resources.store().dialogue(dropped_ball).learner_id
    screen = page(*DIALOGUES).choose("Delete")
    assert resources.store().dialogue(dropped_ball)
    assert "is deleted" in screen.click("Delete it").text
    assert resources.store().dialogues(learner) == []
    assert resources.store().evidence(learner, "mechanics")


def test_keeping_it_deletes_nothing(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    page(*DIALOGUES).choose("Delete").click("Keep it")
    assert resources.store().dialogue(dropped_ball).turns


def test_many_dialogues_come_in_pages(page: Page, begin: Callable[[str], str]) -> None:
    for _ in range(11):
        page("student.learn", "student", dialogue_id=begin("energy-drop-speed")).talk("I am stuck")
    screen = page(*DIALOGUES)
    assert screen.buttons.count("Open") == 10


def test_an_exported_dialogue_holds_both_sides(page: Page, dropped_ball: str) -> None:
    page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s").click("Help")
    tutor = resources.loading_tutor().result()
    dialogue = tutor.store.dialogue(dropped_ball)
    markdown = dialogue_markdown(dialogue, tutor.prepare(dialogue.course_id, dialogue.item_id))
    assert "> 9.8 m/s" in markdown
    assert dialogue.turns[0].reply in markdown
    assert "Turn 2 [1] 11-energy-conservation: " in markdown
    assert json.loads(dialogue_json(dialogue))["turns"][0]["text"] == "9.8 m/s"

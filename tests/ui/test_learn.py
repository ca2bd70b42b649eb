import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.access.roles import Account
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui import resources
from tutor_app.ui.student.learn import ANOTHER

Page = Callable[..., Any]
LEARN = ("student.learn", "student")


def turns(dialogue_id: str) -> list[str]:
    return [turn.text for turn in resources.store().dialogue(dialogue_id).turns]


def is_closed(dialogue_id: str) -> bool:
    tutor = resources.tutor()
    return tutor.state(tutor.store.dialogue(dialogue_id)).closed


def test_a_new_student_gets_one_item_and_why_it_was_chosen(page: Page) -> None:
    screen = page(*LEARN)
    assert "Something new" in screen.text
    assert "Mechanics · " in screen.text


def test_coming_back_shows_the_unfinished_item_again(
    page: Page, account: Callable[[str], Account]
) -> None:
    page(*LEARN)
    assert "have not finished it" in page(*LEARN).text
    assert len(resources.store().dialogues(account("student").id)) == 1


def test_what_is_typed_is_echoed_as_it_is_read(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball)
    screen.test.text_input[0].input("19,8 m/s").run()
    assert "I read this as 19.8 m/s" in screen.text
    screen.test.text_input[0].input("no idea").run()
    assert "cannot read an answer in this yet" in screen.text


def test_a_misconception_gets_its_question_and_the_box_is_empty_again(
    page: Page, dropped_ball: str
) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s")
    assert "kitchen table" in screen.text
    assert screen.test.text_input[0].value == ""
    assert turns(dropped_ball) == ["9.8 m/s"]


def test_a_rerun_does_not_double_a_turn(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s")
    screen.test.run()
    screen.test.run()
    assert turns(dropped_ball) == ["9.8 m/s"]


def test_the_right_answer_ends_with_three_lines_and_the_next_item(
    page: Page, dropped_ball: str
) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("19.8 m/s")
    assert "On your own:** the whole item, after a solved example." in screen.text
    assert "With help:** a solved example at the start." in screen.text
    assert "Comes back:** " in screen.text
    assert "before this item at 20\u00a0%" in screen.text
    screen.click("Next item")
    assert screen.session.dialogue_id != dropped_ball
    assert "Check" in screen.buttons


def test_help_names_the_rung_it_opens(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).click("Help: a nudge")
    assert "Asked for help" in screen.text
    assert "Help: a question" in screen.buttons


def test_help_is_shut_with_a_reason_once_the_step_has_no_hint_left(
    page: Page, dropped_ball: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tutor, "next_rung", lambda tutor, dialogue: None)
    screen = page(*LEARN, dialogue_id=dropped_ball)
    (button,) = (b for b in screen.test.button if b.label == "Help")
    assert button.disabled
    assert "You have every hint for this step" in screen.text


def test_the_box_for_a_formula_says_how_one_is_typed(
    page: Page, begin: Callable[[str], str]
) -> None:
    screen = page(*LEARN, dialogue_id=begin("forces-tilted-board"))
    placeholder = screen.test.text_input[0].placeholder
    assert all(piece in placeholder for piece in ("m*g/2", "x^2", "theta"))


def test_a_number_and_its_unit_stay_on_one_line_in_the_exercise(
    page: Page, begin: Callable[[str], str]
) -> None:
    screen = page(*LEARN, dialogue_id=begin("momentum-baseball"))
    assert "144\u00a0km/\u2060h" in screen.text


def test_what_is_typed_and_not_checked_stays_in_the_box_while_help_is_asked_for(
    page: Page, begin: Callable[[str], str]
) -> None:
    dialogue_id = begin("energy-suitcase")
    screen = page(*LEARN, dialogue_id=dialogue_id)
    screen.test.text_area[0].input("I am stuck with the pull").run()
    screen.click("Help: a nudge")
    assert screen.test.text_area[0].value == "I am stuck with the pull"
    screen.click("Check")
    assert turns(dialogue_id) == ["", "I am stuck with the pull"]
    assert screen.test.text_area[0].value == ""


def test_skip_and_i_think_im_right_work_at_any_time(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).click("I think I'm right")
    assert len(turns(dropped_ball)) == 1
    assert "On your own:** nothing on this item yet." in screen.click("Skip").text


def test_an_empty_answer_takes_no_turn_and_says_so(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).click("Check")
    assert "Type your answer first" in screen.text
    assert turns(dropped_ball) == []


def test_a_choice_without_a_chosen_option_says_what_to_do(
    page: Page, begin: Callable[[str], str]
) -> None:
    dialogue_id = begin("forces-rising-ball")
    screen = page(*LEARN, dialogue_id=dialogue_id).click("Check")
    assert "Choose an option first" in screen.text
    assert turns(dialogue_id) == []


def test_a_direction_in_words_is_echoed_as_the_sign_it_has(
    page: Page, begin: Callable[[str], str]
) -> None:
    screen = page(*LEARN, dialogue_id=begin("collision-bumper-cars"))
    screen.test.text_input[0].input("0.7 m/s to the left").run()
    assert "I read this as −0.7 m/s" in screen.text


def test_another_exercise_can_be_chosen_and_the_first_one_is_kept(
    page: Page, dropped_ball: str
) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s").choose(ANOTHER)
    assert "**Collisions**" in screen.text
    screen.click("Carrying a suitcase")
    chosen = resources.store().dialogue(screen.session.dialogue_id)
    assert chosen.item_id == "energy-suitcase"
    assert "You chose this one" in screen.text
    screen.choose(ANOTHER)
    assert "begun" in screen.text
    screen.click("Speed of a dropped ball")
    assert screen.session.dialogue_id == dropped_ball
    assert "begun before" in screen.text


def test_the_list_of_exercises_marks_what_is_solved(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("19.8 m/s").click("Next item")
    assert "solved with help" in screen.choose(ANOTHER).text


def test_the_chat_box_takes_a_turn_too(page: Page, dropped_ball: str) -> None:
    page(*LEARN, dialogue_id=dropped_ball).talk("I am stuck")
    assert turns(dropped_ball) == ["I am stuck"]


def test_a_citation_opens_the_passage_with_its_sentence_marked(
    page: Page, dropped_ball: str
) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).click("Help").click("[1] Energy")
    assert ":primary-background[" in screen.text
    assert "Conservation of energy › Energy changes form" in screen.text


def test_markup_of_a_learner_is_shown_as_text(page: Page, dropped_ball: str) -> None:
    nasty = "<img src=x onerror=alert(1)> ![a](http://evil.example/a.png) **bold**"
    screen = page(*LEARN, dialogue_id=dropped_ball).talk(nasty)
    assert nasty in [element.value for element in screen.test.text]
    assert not [m for m in screen.test.markdown if "<img" in m.value.replace("\\<", "")]


def test_the_xray_is_off_until_it_is_asked_for(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s")
    assert "**Diagnosis**" not in screen.text
    screen.choose("Show the X-ray")
    assert "misconception g-as-speed" in screen.text
    assert "**Plan**" in screen.text


def test_a_thumb_is_kept(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s")
    screen.test.feedback[0].set_value(0).run()
    learner = resources.store().dialogue(dropped_ball).learner_id
    kept = resources.store().export_learner(learner)["feedback"]
    assert [row["helpful"] for row in kept] == [0]


def test_the_dialogue_of_someone_else_is_not_shown(page: Page) -> None:
    tutor = resources.loading_tutor().result()
    other = tutor.start("someone-else", "mechanics", "energy-suitcase")
    screen = page(*LEARN, dialogue_id=other.id)
    assert "belongs to someone else" in screen.text
    assert "Check" not in screen.buttons


def test_a_missing_index_is_told_and_the_tutor_goes_on(
    page: Page,
    dropped_ball: str,
    shelf: Any,
) -> None:
    shelf.indexed = False
    screen = page(*LEARN, dialogue_id=dropped_ball)
    assert "tutor index mechanics" in screen.text
    assert "kitchen table" in screen.answer("9.8 m/s").text


def test_a_locked_database_keeps_what_was_typed_and_takes_it_later(
    page: Page, dropped_ball: str, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball)
    monkeypatch.setattr(resources.store()._connections, "timeout_s", 0.05)
    other = sqlite3.connect(server / "tutor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        screen.answer("9.8 m/s")
        assert "it is locked by another program" in screen.text
        assert screen.test.text_input[0].value == "9.8 m/s"
    finally:
        other.execute("ROLLBACK")
        other.close()
    screen.click("Try again")
    assert turns(dropped_ball) == ["9.8 m/s"]
    assert "locked" not in screen.text


def test_a_choice_item_offers_its_options(page: Page, begin: Callable[[str], str]) -> None:
    dialogue_id = begin("forces-rising-ball")
    screen = page(*LEARN, dialogue_id=dialogue_id)
    screen.test.radio[0].set_value("b").run()
    screen.click("Check")
    assert turns(dialogue_id) == ["b"]
    assert any(element.value.startswith("b) ") for element in screen.test.text)


def test_an_exercise_says_before_its_last_check_that_it_is_the_last(
    page: Page, begin: Callable[[str], str], dropped_ball: str
) -> None:
    assert "check" not in page(*LEARN, dialogue_id=dropped_ball).text
    dialogue_id = begin("forces-rising-ball")
    screen = page(*LEARN, dialogue_id=dialogue_id)
    assert "2 checks left" in screen.text
    screen.test.radio[0].set_value("b").run()
    screen.click("Check")
    assert "Last check on this exercise" in screen.text
    assert not is_closed(dialogue_id)
    screen.test.radio[0].set_value("a").run()
    screen.click("Check")
    assert "Last check" not in screen.text
    assert is_closed(dialogue_id)


def test_a_course_without_items_says_what_will_be_here(page: Page, server: Path) -> None:
    folder = server / "courses" / "empty"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text(
        "id: empty\ntitle: Empty\nlicence: CC0\nskills: [{id: a, title: A}]\n"
    )
    assert "no items yet" in page(*LEARN, course_id="empty").text


def test_starting_again_leaves_the_first_dialogue_as_it_was(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s").choose("Start again")
    assert screen.session.dialogue_id != dropped_ball
    assert "kitchen table" not in screen.text
    assert turns(dropped_ball) == ["9.8 m/s"]


def test_a_dialogue_can_be_exported_from_its_page(page: Page, dropped_ball: str) -> None:
    screen = page(*LEARN, dialogue_id=dropped_ball).answer("9.8 m/s").choose("Export")
    labels = [button.label for button in screen.test.get("download_button")]
    assert labels == ["Markdown, to read", "JSON, to keep"]


@pytest.mark.parametrize("button", ["Check", "Check a draft"])
def test_a_text_that_is_too_long_is_told_so_and_stays_in_the_box(
    page: Page, begin: Callable[[str], str], button: str
) -> None:
    dialogue_id = begin("energy-suitcase")
    essay = "The bag moves sideways. " * 200
    screen = page(*LEARN, dialogue_id=dialogue_id)
    screen.test.text_area[0].input(essay).run()
    next(one for one in screen.test.button if one.label == button).click().run()
    assert "4,799 characters; I read 4,000" in screen.text
    assert screen.test.text_area[0].value == essay
    assert turns(dialogue_id) == []

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from tutor_app.domain.answer import CodeOutcome
from tutor_app.ui import resources
from tutor_app.ui.student.program import table

SMALL = Path(__file__).parents[1] / "content" / "small-python"
COURSE = "small-python"
WRONG = (
    "def count_vowels(text):\n    count = 0\n    for letter in text:\n"
    '        if letter in "aeiou":\n            count += 1\n        return count\n'
)
RIGHT = WRONG.replace("        return count", "    return count")


@pytest.fixture
def open_item(server: Path, page, account) -> Callable:
    """Open the Learn page on an item of the small course, as the student."""
    copytree(SMALL, server / "courses" / COURSE)

    def open_it(item_id: str):
        tutor = resources.loading_tutor().result()
        dialogue = tutor.start(account("student").id, COURSE, item_id)
        return page("student.learn", "student", course_id=COURSE, dialogue_id=dialogue.id)

    return open_it


def run(screen, program: str):
    screen.test.text_area[0].input(program).run()
    return screen.click("Check")


def html(screen) -> str:
    return "\n".join(e.proto.body for e in screen.test.get("html"))


def test_the_editor_begins_with_the_starter(open_item) -> None:
    screen = open_item("count-vowels")
    assert screen.test.text_area[0].value.startswith("def count_vowels(text):")
    assert screen.test.text_area[0].label == "Your program"


def test_a_wrong_program_gets_its_table_a_question_and_stays_in_the_editor(open_item) -> None:
    screen = run(open_item("count-vowels"), WRONG)
    assert "on which letter does it stop" in screen.text.lower()
    shown = html(screen)
    assert "a word with repeated vowels" in shown
    assert "count_vowels(&quot;banana&quot;)" in shown
    assert "a whole sentence" in shown
    assert "many a small bird" not in shown
    assert screen.test.text_area[0].value.rstrip() == WRONG.rstrip()
    assert [e.label for e in screen.test.expander if "tests pass" in e.label] == [
        "1 of 3 tests pass"
    ]


def test_a_right_program_ends_the_item(open_item) -> None:
    screen = run(open_item("count-vowels"), RIGHT)
    assert not screen.test.text_area
    assert "Next item" in screen.buttons
    assert screen.test.code[0].value.rstrip() == RIGHT.rstrip()


def test_what_cannot_run_costs_nothing_and_names_the_line(open_item) -> None:
    screen = run(open_item("count-vowels"), WRONG.replace("(text):", "(text)", 1))
    assert "Python cannot read line 1: a colon is missing" in screen.text
    assert not [e for e in screen.test.expander if "tests pass" in e.label]


def test_an_empty_editor_asks_for_a_program(open_item) -> None:
    screen = run(open_item("add-two"), " ")
    assert "Write your program first, or ask for help." in screen.text


def test_help_keeps_the_unchecked_program(open_item) -> None:
    screen = open_item("count-vowels")
    screen.test.text_area[0].input("def count_vowels(text):\n    n = 0").run()
    screen.click("Help")
    assert screen.test.text_area[0].value == "def count_vowels(text):\n    n = 0"


def test_what_a_program_wrote_is_escaped_in_the_table() -> None:
    bad = "<img src=x onerror=alert(1)>"
    shown = table(
        [CodeOutcome(id="a", about="one", passed=False, call="f()", expected="1", got=bad)]
    )
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_a_hidden_test_shows_nothing_but_what_it_is_about() -> None:
    shown = table([CodeOutcome(id="a", about="a long text", passed=False, hidden=True)])
    assert "a long text" in shown
    assert "<pre>" not in shown


def test_a_program_that_was_not_checked_is_there_after_a_reload(open_item, page) -> None:
    screen = open_item("count-vowels")
    screen.test.text_area[0].input("def mine():\n    return 1").run()
    again = page(
        "student.learn", "student", course_id=COURSE, dialogue_id=screen.session.dialogue_id
    )
    assert again.test.text_area[0].value == "def mine():\n    return 1"
    run(again, WRONG)
    assert resources.store().dialogue(screen.session.dialogue_id).draft == ""

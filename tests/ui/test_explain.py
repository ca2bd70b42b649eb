from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from tutor_app.answers.code.explain import explain
from tutor_app.ui.student.explain import lines_html

SMALL = Path(__file__).parents[1] / "content" / "small-python"
COURSE = "small-python"


@pytest.fixture
def open_page(server: Path, page) -> Callable:
    copytree(SMALL, server / "courses" / COURSE)
    return lambda: page("student.explain", "student", course_id=COURSE)


def html(screen) -> str:
    return "\n".join(e.proto.body for e in screen.test.get("html"))


def test_an_empty_page_says_what_to_do(open_page) -> None:
    assert "Type or paste Python" in open_page().text


def test_code_is_explained_in_three_ways(open_page) -> None:
    screen = open_page()
    screen.test.text_area[0].input("for n in range(3):\n    print(n)\n").run()
    assert "Goes through the whole numbers from" in html(screen)
    ways = screen.test.get("button_group")[0]
    ways.set_value("By concept").run()
    assert "for loop, line 1." in screen.text.replace("*", "")
    screen.test.get("button_group")[0].set_value("In summary").run()
    assert "2 lines of code." in screen.text


def test_what_is_no_program_gets_the_line(open_page) -> None:
    screen = open_page()
    screen.test.text_area[0].input("for n in range(3)\n    print(n)\n").run()
    assert "Python cannot read line 1: a colon is missing" in screen.text


def test_markup_in_code_stays_text() -> None:
    shown = lines_html(explain("x = '<img src=a onerror=b>'\n").lines)
    assert "<img" not in shown
    assert "&lt;img" in shown

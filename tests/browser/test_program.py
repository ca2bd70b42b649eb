"""A program written, run, questioned and explained, as a student sees it."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from playwright.sync_api import expect

SMALL = Path(__file__).parents[1] / "content" / "small-python"
WRONG = (
    "def count_vowels(text):\n    count = 0\n    for letter in text:\n"
    '        if letter in "aeiou":\n            count += 1\n        return count'
)
RIGHT = WRONG.replace("        return count", "    return count")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def small(
    chromium: Any,
    another_server: Any,
    indexed_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    """A server with one more course, which asks for programs."""
    home = tmp_path_factory.mktemp("programs")
    copytree(indexed_home, home, dirs_exist_ok=True)
    copytree(SMALL, home / "courses" / "small-python")
    running = another_server(home)
    running.start()
    yield running
    running.stop()


def open_course(student: Any) -> None:
    student.open("student")
    opener = student.page.get_by_test_id("stExpandSidebarButton")
    if opener.is_visible():
        opener.click()
    student.page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").click()
    student.page.get_by_role("option", name="Small Python").click()
    student.settle()
    student.page.keyboard.press("Escape")
    if student.page.viewport_size["width"] < 640:
        student.page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    student.settle()


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_student_writes_runs_mends_and_explains_a_program(
    small: Any, tab: Any, size: str
) -> None:
    small.begin("count-vowels", course_id="small-python")
    with tab(small, size) as student:
        open_course(student)
        page = student.page
        editor = page.get_by_label("Your program", exact=True)
        expect(editor).to_be_visible()
        expect(editor).to_have_value(re.compile(r"def count_vowels\(text\):"))
        student.photograph(f"program-start-{size}")
        editor.fill(WRONG)
        page.keyboard.press("Control+Enter")
        expect(student.replies).to_have_count(1)
        student.settle()
        expect(page.get_by_text(re.compile(r"\d of \d tests pass"))).to_be_visible()
        expect(page.get_by_role("region", name="Tests")).to_be_visible()
        expect(editor).to_have_value(WRONG)
        assert page.evaluate(OVERFLOW) <= 0
        student.photograph(f"program-wrong-{size}")

        editor.fill("def broken(:")
        page.get_by_role("button", name="Check").click()
        expect(student.replies).to_have_count(2)
        expect(student.replies.last).to_contain_text("Python cannot read line 1")
        student.settle()

        student.go("Explain code")
        box = page.get_by_label("Code", exact=True)
        box.fill(WRONG)
        page.get_by_role("button", name="Explain").last.click()
        student.settle()
        expect(page.locator(".explained")).to_contain_text("Ends the function and gives back")
        assert page.evaluate(OVERFLOW) <= 0
        student.photograph(f"explain-{size}")
        page.get_by_text("By concept").click()
        student.settle()
        expect(page.get_by_text("running result")).to_be_visible()
        student.photograph(f"explain-concepts-{size}")
        page.get_by_text("In summary").click()
        expect(page.get_by_text("6 lines of code.")).to_be_visible()

        opener = page.get_by_test_id("stExpandSidebarButton")
        if opener.is_visible():
            opener.click()
        page.get_by_test_id("stSidebarNavLink").filter(has_text="Learn").click()
        student.settle()
        page.get_by_label("Your program", exact=True).fill(RIGHT)
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".st-key-ending")).to_contain_text("On your own:")
        student.settle()
        student.photograph(f"program-right-{size}")

"""A program written, run, questioned and explained, as a student sees it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from playwright.sync_api import expect

CHECKOUT = Path(__file__).parents[2]
SMALL = CHECKOUT / "tests" / "content" / "small-python"
WRONG = (
    "def count_vowels(text):\n    count = 0\n    for letter in text:\n"
    '        if letter in "aeiou":\n            count += 1\n        return count'
)
RIGHT = WRONG.replace("        return count", "    return count")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def small(server: Any) -> Any:
    """The server, with a second course that asks for programs, indexed."""
    copytree(SMALL, server.home / "courses" / "small-python")
    command = [sys.executable, "-m", "tutor_app", "index", "small-python"]
    environment = {**os.environ, "TUTOR_HOME": str(server.home), "OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True)
    return server


def open_course(student: Any, item_id: str) -> None:
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
    with tab(small, size) as student:
        open_course(student, "add-two")
        page = student.page
        editor = page.get_by_label("Your program", exact=True)
        expect(editor).to_be_visible()
        first = "print(" if "def" not in editor.input_value() else editor.input_value()
        student.photograph(f"program-start-{size}")
        program = "a = input()\nb = input()\nprint(a + b)" if first == "print(" else WRONG
        editor.fill(program)
        page.keyboard.press("Control+Enter")
        expect(student.replies).to_have_count(1)
        student.settle()
        expect(page.get_by_text(re.compile(r"\d of \d tests pass"))).to_be_visible()
        expect(page.get_by_role("region", name="Tests")).to_be_visible()
        expect(editor).to_have_value(program)
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

        student.go("Learn")
        right = RIGHT if program == WRONG else "print(int(input()) + int(input()))"
        page.get_by_label("Your program", exact=True).fill(right)
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".st-key-ending")).to_contain_text("On your own:")
        student.settle()
        student.photograph(f"program-right-{size}")

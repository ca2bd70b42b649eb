"""An instructor makes a course, an item and a rubric in a browser, and a student meets them."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tutor_app.factory import build_catalogue
from tutor_app.settings import Settings


@pytest.fixture
def pages(bare_server: Any) -> Any:
    bare_server.start_pages()
    return bare_server


def fill(tab: Any, label: str, text: str, number: int = 0) -> None:
    box = tab.page.get_by_role("textbox", name=label, exact=True).nth(number)
    box.fill(text)
    box.press("Tab")
    # what is typed next must not meet a page that is still being drawn
    tab.settle()


def press(tab: Any, name: str, number: int = 0) -> None:
    tab.page.get_by_role("button", name=name).nth(number).click()
    tab.settle()


def test_a_new_course_gets_an_item_that_a_student_sees_and_a_rubric_is_edited(
    pages: Any, tab: Any
) -> None:
    with tab(pages) as instructor:
        page = instructor.open("instructor").page
        press(instructor, "More")
        page.get_by_text("New course", exact=True).click()
        page.get_by_role("dialog").get_by_label("Title").fill("Falling")
        page.get_by_role("button", name="Make the course").click()
        page.get_by_text("Your course is made").wait_for()
        fill(instructor, "Title", "Free fall")
        press(instructor, "Save")
        page.get_by_text("Saved.", exact=True).wait_for()
        page.get_by_test_id("stMain").get_by_role("button", name="Course").first.click()
        instructor.settle()
        press(instructor, "New item")
        fill(instructor, "Title", "Speed after a while")
        fill(instructor, "Question", "A stone falls for [[t]] from rest. How fast is it then?")
        page.get_by_role("combobox", name="Skills").click()
        page.get_by_role("option", name="Free fall").click()
        page.keyboard.press("Escape")
        press(instructor, "Add a quantity")
        fill(instructor, "Name", "t")
        # the number is checked while it is typed
        value = page.get_by_role("textbox", name="Value", exact=True)
        value.fill("2 ss")
        page.get_by_text("'ss' in 'ss' is not known").wait_for()
        value.fill("2 s")
        page.get_by_text("A stone falls for 2 s from rest.").wait_for()
        press(instructor, "Answer")
        fill(instructor, "Right answer", "v")
        fill(instructor, "Unit", "m/s")
        press(instructor, "Steps")
        fill(instructor, "What this step is after", "Find the speed")
        fill(instructor, "Name", "v")
        fill(instructor, "Computed as", "g*t")
        fill(instructor, "Unit", "m/s")
        page.get_by_text("to put right").wait_for()
        press(instructor, "Question")
        press(instructor, "Add a quantity")
        fill(instructor, "Name", "g", 1)
        fill(instructor, "Value", "9.8 m/s^2", 1)
        press(instructor, "Steps")
        fill(instructor, "Computed as", "g*t")
        page.get_by_text("the answer: 19.6 m/s").wait_for()
        # keyboard alone
        page.keyboard.press("Control+s")
        page.get_by_text("Saved.", exact=True).wait_for()
        instructor.settle()
        page.get_by_label("Your answer").fill("19.6 m/s")
        page.get_by_text("The number and the unit are right.").wait_for()
        instructor.go("Rubrics")
        fill(instructor, "Filter", "airbag")
        page.get_by_text("Why an airbag protects").click()
        instructor.settle()
        page.get_by_role("button", name="Edit").locator("visible=true").click()
        instructor.settle()
        press(instructor, "Criteria")
        page.get_by_role("tab", name="For graders").click()
        fill(instructor, "For graders only", "Look at the time first.")
        press(instructor, "Save")
        page.get_by_text("Saved.", exact=True).wait_for()
    catalogue = build_catalogue(Settings(home=pages.home))
    assert catalogue.rubric("mechanics-airbag").criteria[0].grader_note == "Look at the time first."
    item = catalogue.course("falling").item("speed-after-a-while")
    assert item.quantities == {"t": "2 s", "g": "9.8 m/s^2"}
    with tab(pages) as student:
        page = student.open("student").page
        if not page.get_by_text("A stone falls for").is_visible():
            page.get_by_role("combobox", name="Course").click()
            page.get_by_role("option", name="Falling").click()
        expect(page.get_by_text("A stone falls for 2")).to_be_visible()

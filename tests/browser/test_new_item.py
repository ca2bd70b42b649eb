"""A new item opens at its top, with the cursor where the answer goes."""

from typing import Any

import pytest
from playwright.sync_api import expect

LONG_ITEMS = {"wide": "conservation-push-off", "narrow": "impulse-airbag"}
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.mark.parametrize(("size", "item"), LONG_ITEMS.items())
def test_the_next_item_opens_at_its_top_with_the_cursor_in_the_answer_box(
    server: Any, tab: Any, size: str, item: str
) -> None:
    server.begin(item, "worked")
    with tab(server, size) as student:
        page = student.open("student").page
        page.set_viewport_size({"width": page.viewport_size["width"], "height": 500})
        box = page.get_by_label("Or talk about it")
        box.fill("hello")
        box.press("Enter")
        expect(student.replies).to_have_count(1)
        student.settle()
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Next item").wait_for()
        student.settle()
        assert page.evaluate(SCROLLED) > 0
        page.get_by_role("button", name="Next item").click()
        page.get_by_role("button", name="Check").wait_for()
        student.settle()
        assert page.evaluate(SCROLLED) == 0
        focused = page.evaluate("() => !!document.activeElement.closest('.st-key-answer-box')")
        assert focused, "the cursor is not in the answer box"

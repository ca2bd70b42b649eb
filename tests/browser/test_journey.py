"""The main journey of a student, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect


def test_a_student_is_led_from_a_misconception_to_the_answer_and_finds_it_again(
    server: Any, tab: Any
) -> None:
    dialogue_id = server.begin("energy-drop-speed")
    with tab(server) as student:
        student.open("student")
        page = student.page
        expect(page.get_by_label("Your answer")).to_be_focused()
        student.answer("9.8 m/s")
        expect(student.replies).to_have_count(1)
        # who words it varies; that it answers this misconception does not
        expect(page.locator(".tutor-announcer")).to_contain_text("Tutor: ")
        expect(page.get_by_label("Your answer")).to_be_focused()
        student.settle()
        first = student.replies.first.locator("p").first.inner_text()
        page.get_by_role("button", name="Why this hint").click()
        expect(page.get_by_text("Your answer fits a common idea")).to_be_visible()
        page.keyboard.press("Escape")
        student.settle()

        page.get_by_role("button", name="Help: a nudge").click()
        expect(student.replies).to_have_count(2)
        student.settle()
        page.locator('[class*="st-key-cite-"] button').last.click()
        drawer = page.get_by_role("dialog")
        expect(drawer).to_contain_text("Conservation of energy")
        student.settle()
        page.keyboard.press("Escape")

        student.answer("19.8 m/s")
        ending = page.locator(".st-key-ending")
        expect(ending).to_contain_text("On your own:")
        expect(ending).to_contain_text("before this item at 20\u00a0%")
        expect(page.get_by_role("button", name="Next item")).to_be_focused()
        student.go("My progress")
        expect(page.get_by_text("You have worked on 1 of 18 skills")).to_be_visible()
    assert server.turns(dialogue_id) == ["9.8 m/s", "help", "19.8 m/s"]

    server.stop()
    server.start()
    with tab(server) as student:
        student.open("student").go("My dialogues")
        page = student.page
        page.get_by_test_id("stMain").get_by_role("button", name="Open").first.click()
        expect(student.replies).to_have_count(3)
        expect(student.replies.first).to_contain_text(first)
        expect(page.locator(".st-key-ending")).to_be_visible()


def test_a_double_click_takes_one_turn(server: Any, tab: Any) -> None:
    dialogue_id = server.begin("energy-drop-speed")
    with tab(server) as student:
        student.open("student")
        student.page.get_by_role("button", name="Help: a nudge").dblclick()
        expect(student.replies).to_have_count(1)
        student.settle()
        student.page.wait_for_timeout(1500)
        assert server.turns(dialogue_id) == ["help"]


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize(
    ("item_id", "text"), [("energy-drop-speed", "20.88"), ("forces-tilted-board", "m*g/2")]
)
def test_check_stays_under_the_mouse_while_the_answer_is_read_back(
    server: Any, tab: Any, size: str, item_id: str, text: str
) -> None:
    dialogue_id = server.begin(item_id)
    with tab(server, size) as student:
        page = student.open("student").page
        page.get_by_label("Your answer").press_sequentially(text)
        button = page.get_by_role("button", name="Check").bounding_box()
        page.mouse.move(button["x"] + button["width"] / 2, button["y"] + button["height"] / 4)
        page.mouse.down()
        page.wait_for_timeout(60)
        page.mouse.up()
        expect(student.replies).to_have_count(1)
        assert server.turns(dialogue_id) == [text]


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("item_id", ["energy-drop-speed", "forces-tilted-board"])
def test_nothing_that_is_typed_moves_check(server: Any, tab: Any, size: str, item_id: str) -> None:
    server.begin(item_id)
    with tab(server, size) as student:
        page = student.open("student").page
        check = page.get_by_role("button", name="Check")
        before = check.bounding_box()
        for text in ("3.5", "(1+x)/(2+x)", "3 to 4 x^"):
            page.get_by_label("Your answer").fill(text)
            expect(page.locator(".st-key-answer-box")).to_contain_text("I ")
            student.settle()
            assert check.bounding_box() == before, text


def test_markup_of_a_learner_stays_text_and_loads_nothing(server: Any, tab: Any) -> None:
    server.begin("energy-drop-speed")
    nasty = (
        '<img src="http://evil.example/a.png"> ![b](http://evil.example/b.png) <script>x</script>'
    )
    with tab(server) as student:
        student.open("student")
        box = student.page.get_by_label("Or talk about it")
        box.fill(nasty)
        box.press("Enter")
        expect(student.replies).to_have_count(1)
        student.settle()
        said = student.page.get_by_label("Chat message from You").last
        expect(said).to_have_text(nasty)
        chat = student.page.locator(".stChatMessage")
        assert chat.locator("img, script, a").count() == 0


def test_skip_leads_to_the_next_item_without_a_mouse(server: Any, tab: Any) -> None:
    dialogue_id = server.begin("energy-suitcase")
    with tab(server) as student:
        student.open("student")
        page = student.page
        skip = page.get_by_role("button", name="Skip")
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            if skip.evaluate("element => element === document.activeElement"):
                break
        look = skip.evaluate(
            "e => [getComputedStyle(e).boxShadow, getComputedStyle(e).outlineStyle]"
        )
        assert look != ["none", "none"], "the focus cannot be seen"
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Next item")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Check")).to_be_visible()
        assert server.turns(dialogue_id) == ["skip"]


def test_a_student_chooses_another_exercise_and_finds_the_first_one_again(
    server: Any, tab: Any
) -> None:
    dialogue_id = server.begin("energy-drop-speed")
    with tab(server) as student:
        student.open("student").answer("9.8 m/s")
        page = student.page

        def choose(title: str) -> None:
            page.get_by_role("button", name="More").click()
            page.get_by_text("Choose another exercise").click()
            page.get_by_role("dialog").get_by_role("button", name=title).click()
            page.get_by_text("You chose this one").wait_for()
            student.settle()

        choose("Carrying a suitcase")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".st-key-item-card")).to_contain_text("suitcase")
        choose("Speed of a dropped ball")
        expect(student.replies).to_have_count(1)
        assert server.turns(dialogue_id) == ["9.8 m/s"]


def test_a_bookmark_leads_through_the_sign_in_to_its_page(server: Any, tab: Any) -> None:
    with tab(server) as student:
        page = student.page
        page.goto(f"{server.url}/my-data")
        page.get_by_role("button", name="Continue as student").click()
        expect(page.get_by_role("heading", name="My data")).to_be_visible()
    with tab(server) as instructor:
        page = instructor.page
        page.goto(f"{server.url}/my-data")
        page.get_by_role("button", name="Continue as instructor").click()
        expect(page.get_by_role("heading", name="Mechanics")).to_be_visible()
        assert page.get_by_text("Page not found").count() == 0

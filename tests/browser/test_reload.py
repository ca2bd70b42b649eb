"""F5 keeps the person, the page and the dialogue; signing out ends all of it."""

from typing import Any

from playwright.sync_api import expect


def test_a_reload_keeps_person_page_and_dialogue_until_they_sign_out(server: Any, tab: Any) -> None:
    server.begin("energy-drop-speed")
    with tab(server) as student:
        page = student.open("student").page
        student.answer("9.8 m/s")
        said = student.replies.last.inner_text()
        page.reload()
        student.replies.first.wait_for()
        student.settle()
        assert student.replies.last.inner_text() == said
        student.go("Progress")
        page.reload()
        page.get_by_role("heading", name="Progress").or_(page.locator("h1")).first.wait_for()
        assert page.url.rstrip("/").endswith("progress")
        (cookie,) = [c for c in page.context.cookies() if c["name"].startswith("tutor_session")]
        assert cookie["sameSite"] == "Strict"
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Continue as student").wait_for()
        page.wait_for_function("() => !document.cookie.includes('tutor_session')")
        page.context.add_cookies([cookie])
        page.reload()
        expect(page.get_by_role("button", name="Continue as student")).to_be_visible()

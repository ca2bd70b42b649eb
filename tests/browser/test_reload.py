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


def test_what_is_typed_and_not_checked_outlives_another_page_and_a_reload(
    server: Any, tab: Any
) -> None:
    dialogue_id = server.begin("energy-suitcase")
    with tab(server) as student:
        page = student.open("student").page
        box = page.get_by_label("Your answer", exact=True)
        box.fill("The bag moves sideways")
        # a tap leaves the box and is on the link in the same moment
        page.get_by_test_id("stSidebarNavLink").filter(has_text="My progress").click()
        expect(page.get_by_role("heading", name="My progress")).to_be_visible()
        student.settle()
        expect(page.get_by_role("heading", name="My progress")).to_be_visible()
        page.get_by_test_id("stSidebarNavLink").filter(has_text="Learn").click()
        expect(box).to_have_value("The bag moves sideways")
        student.settle()
        box.fill("The bag moves sideways, the pull goes up")
        page.reload()
        expect(box).to_have_value("The bag moves sideways, the pull goes up")
        student.settle()
    assert server.turns(dialogue_id) == []

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config

from tutor_app import factory
from tutor_app.access.accounts import Accounts
from tutor_app.access.roles import Role
from tutor_app.domain.dialogue import Dialogue
from tutor_app.errors import ModelError
from tutor_app.ui import resources

App = Callable[[], Any]


def test_one_click_signs_a_demo_student_in_and_shows_an_item_ready_to_answer(app: App) -> None:
    screen = app().click("Continue as student")
    assert "Check" in screen.buttons
    assert "Something new" in screen.text


@pytest.mark.parametrize(("name", "title"), [("instructor", "Mechanics"), ("admin", "System")])
def test_each_demo_account_gets_the_first_page_of_its_role(app: App, name: str, title: str) -> None:
    screen = app().click(f"Continue as {name}")
    assert screen.test.title[0].value == title


def test_no_demo_account_works_when_other_computers_can_reach_the_server(app: App) -> None:
    resources.accounts()  # they exist from a start on loopback
    config.set_option("server.address", None)
    st.cache_resource.clear()
    screen = app()
    assert not [label for label in screen.buttons if "Continue" in label]
    screen.test.text_input[0].input("student")
    screen.test.text_input[1].input("student")
    assert "'student' is a demo account" in screen.click("Sign in").text


def test_demo_accounts_can_be_turned_off(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DEMO", "0")
    assert not [label for label in app().buttons if "Continue" in label]


def test_a_wrong_password_is_told_and_the_right_one_signs_in(app: App) -> None:
    Accounts(resources.store()).add_account("ann", Role.LEARNER, "correct horse")
    screen = app()
    screen.test.text_input[0].input("ann")
    screen.test.text_input[1].input("wrong horse")
    assert "the name or the password is wrong" in screen.click("Sign in").text
    screen.test.text_input[1].input("correct horse")
    assert "ann · student" in screen.click("Sign in").text


def test_a_person_comes_back_to_the_course_they_worked_in_last(
    app: App, account: Callable[[str], Any]
) -> None:
    learner = account("student")
    for hour, (course_id, item_id) in enumerate(
        [("python-basics", "lists-largest"), ("cell-biology", "osmosis-seawater")]
    ):
        resources.store().start_dialogue(
            Dialogue(
                id=course_id,
                learner_id=learner.id,
                course_id=course_id,
                item_id=item_id,
                support="open",
                started_at=datetime(2026, 3, 2, 9 + hour, tzinfo=UTC),
            )
        )
    screen = app().click("Continue as student")
    assert screen.test.selectbox[0].value == "cell-biology"


def test_signing_out_leads_back_to_the_first_page(app: App) -> None:
    screen = app().click("Continue as student").click("Sign out")
    assert "Continue as student" in screen.buttons


def new_password(screen: Any, old: str, new: str, again: str) -> str:
    """Fill in the box and press its button; returns what is said then, on the page or later."""
    screen.click("Change password")
    for key, text in {"old-password": old, "new-password-1": new, "new-password-2": again}.items():
        screen.test.text_input(key=key).input(text)
    screen.click("Change it")
    return f"{screen.text} {screen.session.take_notice()} {screen.session.take_failure()}"


@pytest.mark.parametrize("role", list(Role))
def test_everyone_may_change_their_own_password(app: App, role: Role) -> None:
    account = Accounts(resources.store()).add_account("ann", role, "correct horse")
    screen = app()
    screen.test.text_input[0].input("ann")
    screen.test.text_input[1].input("correct horse")
    screen.click("Sign in")
    assert "differ" in new_password(screen, "correct horse", "battery one", "battery two")
    assert "old one is wrong" in new_password(screen, "wrong", "battery one", "battery one")
    assert "it has 5 characters" in new_password(screen, "correct horse", "short", "short")
    done = new_password(screen, "correct horse", "battery staple", "battery staple")
    assert "Your password is changed" in done
    assert resources.accounts().sign_in("ann", "battery staple").id == account.id


def test_a_demo_account_is_not_offered_another_password(app: App) -> None:
    assert "Change password" not in app().click("Continue as student").buttons


def test_a_database_that_cannot_be_opened_is_told_without_a_traceback(
    app: App, server: Path
) -> None:
    (server / "tutor.db").write_text("this is no database, it is a text file" * 100)
    screen = app()
    assert not screen.test.exception
    assert "it is not a database" in screen.text
    (server / "tutor.db").unlink()


def test_a_broken_course_is_told_with_file_and_line(app: App, server: Path) -> None:
    folder = server / "courses" / "broken"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("id: broken\ntitle: Broken\nlicence: CC0\ncolour: red\n")
    screen = app().click("Continue as student")
    assert screen.test.selectbox[0].options[:2] == ["broken", "Mechanics"]
    assert "course.yaml:4" in screen.text
    screen.test.selectbox[0].set_value("mechanics").run()
    assert "Check" in screen.buttons


def test_a_tutor_that_cannot_be_built_is_told_and_tried_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(settings: object, store: object) -> None:
        raise ModelError("models/head: it cannot be loaded. Install the app anew.")

    with monkeypatch.context() as patched:
        patched.setattr(factory, "build_tutor", broken)
        screen = app().click("Continue as student")
        assert "models/head: it cannot be loaded" in screen.text
    screen.test.run()
    assert "Check" in screen.buttons

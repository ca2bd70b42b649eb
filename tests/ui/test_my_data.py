from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.errors import StorageError
from tutor_app.ui import resources

Page = Callable[..., Any]
MY_DATA = ("student.my_data", "student")


def test_the_page_says_what_is_kept_and_offers_a_copy(page: Page) -> None:
    screen = page(*MY_DATA)
    assert "your dialogues with what you typed" in screen.text
    assert [button.label for button in screen.test.get("download_button")] == [
        "Download everything"
    ]


def test_deleting_everything_asks_once_and_signs_out(page: Page, dropped_ball: str) -> None:
    learner = resources.store().dialogue(dropped_ball).learner_id
    page("student.learn", "student", dialogue_id=dropped_ball).answer("9.8 m/s")
    screen = page(*MY_DATA).click("Delete my account")
    assert resources.store().has_data(learner)
    screen.click("Delete everything")
    assert not resources.store().has_data(learner)
    assert screen.session.account is None
    assert screen.session.notice == "Everything about you is deleted."


def test_the_demo_account_comes_back_empty(page: Page) -> None:
    page(*MY_DATA).click("Delete my account").click("Delete everything")
    resources.accounts().sign_in("student", "student")


def test_a_deletion_that_fails_is_told_and_keeps_the_person_signed_in(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = page(*MY_DATA).click("Delete my account")

    def full(learner_id: str) -> bool:
        raise StorageError("Database: the disk is full. Free some space, then try again.")

    monkeypatch.setattr(resources.store(), "delete_learner", full)
    screen.click("Delete everything")
    assert "the disk is full" in screen.text
    assert screen.session.account is not None

import pytest

from tutor_app.access.roles import Account, Role
from tutor_app.errors import AccessError
from tutor_app.ui.session import Session


def test_a_second_click_does_not_ask_for_a_second_turn() -> None:
    session = Session()
    session.ask(session.turn_id, "help")
    first = session.asked
    session.ask(session.turn_id, "skip")
    assert session.asked is first


def test_a_click_on_a_button_of_an_earlier_turn_is_void() -> None:
    session = Session()
    old = session.turn_id
    session.ask(old, "help")
    session.answered()
    session.ask(old, "help")
    assert session.asked is None


def test_a_failed_turn_keeps_its_id_and_its_words() -> None:
    session = Session()
    turn_id = session.turn_id
    session.ask(turn_id, "chat", "my words")
    session.failed("the disk is full")
    assert session.turn_id == turn_id
    session.ask_again()
    assert session.asked is not None
    assert (session.asked.turn_id, session.asked.text) == (turn_id, "my words")


def test_leaving_a_dialogue_twice_does_not_leave_the_next_one() -> None:
    session = Session()
    session.open("first")
    session.leave("first")
    session.open("second")
    session.leave("first")
    assert session.dialogue_id == "second"


def test_a_chosen_item_is_forgotten_once_its_dialogue_is_open() -> None:
    session = Session()
    session.open("first")
    session.choose("some-item")
    assert (session.dialogue_id, session.item_id) == ("", "some-item")
    session.open("second")
    assert session.item_id == ""


def test_a_page_of_another_role_is_refused() -> None:
    session = Session(account=Account(id="1", name="ann", role=Role.LEARNER))
    with pytest.raises(AccessError, match="instructor"):
        session.person(Role.INSTRUCTOR)

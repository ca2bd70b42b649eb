"""What one browser tab remembers. The only file that touches st.session_state."""

from dataclasses import dataclass, field
from uuid import uuid4

import streamlit as st

from tutor_app.access.roles import Account, Role, require_role
from tutor_app.domain.dialogue import Channel


def _new_id() -> str:
    return uuid4().hex


@dataclass(frozen=True)
class Asked:
    """A turn that was asked for and has no reply yet."""

    turn_id: str
    channel: Channel
    text: str


@dataclass
class Session:
    """The state of one tab.

    Attributes:
        account: who is signed in.
        course_id: the chosen course; "" until there is a choice.
        dialogue_id: the dialogue on the page; "" when the next item is to be opened.
        reason: why its item was chosen, in words for the learner.
        item_id: the item that the learner chose; "" where the tutor chooses.
        turn_id: id of the next turn, kept until its reply is there.
        asked: the turn that is being answered.
        draft: what stood in the answer box while something else was asked for.
        unsent: the turn that could not be answered, with what was typed.
        failure: why it, or what else was asked for, could not be done.
        xray: show diagnosis, plan and rejected candidates.
        notice: one sentence to show once, on the next page.
        token: of the session that the browser keeps through a reload; "" when there is none.
        signed_out: the browser's copy of the token is to be thrown away.
    """

    account: Account | None = None
    course_id: str = ""
    dialogue_id: str = ""
    reason: str = ""
    item_id: str = ""
    turn_id: str = field(default_factory=_new_id)
    asked: Asked | None = None
    draft: str = ""
    unsent: Asked | None = None
    failure: str = ""
    xray: bool = False
    notice: str = ""
    token: str = ""
    signed_out: bool = False

    def person(self, *roles: Role) -> Account:
        """Return who is signed in; raises AccessError unless it has one of the roles."""
        return require_role(self.account, *roles)

    def open(self, dialogue_id: str, reason: str = "") -> None:
        """Put a dialogue on the page."""
        self.dialogue_id, self.reason, self.item_id, self.draft = dialogue_id, reason, "", ""
        self._next_turn()

    def choose(self, item_id: str) -> None:
        """Leave the dialogue on the page for an item that the learner chose."""
        self.open("")
        self.item_id = item_id

    def leave(self, dialogue_id: str) -> None:
        """Leave a dialogue for the next item; a second click finds another one and does nothing."""
        if self.dialogue_id == dialogue_id:
            self.open("")

    def ask(self, turn_id: str, channel: Channel, text: str = "", draft: str = "") -> None:
        """Ask for a turn, once per turn id; a click on a button of an earlier turn is void.

        A draft is put back into the answer box of the next turn.
        """
        if self.asked is None and turn_id == self.turn_id:
            self.asked, self.unsent, self.failure = Asked(turn_id, channel, text), None, ""
            self.draft = draft

    def ask_again(self) -> None:
        """Ask once more for the turn that failed, under the same id."""
        if self.unsent is not None:
            self.ask(self.unsent.turn_id, self.unsent.channel, self.unsent.text)

    def answered(self) -> None:
        """Note that the reply is recorded."""
        self._next_turn()

    def failed(self, message: str) -> None:
        """Keep what was typed, with the reason why it was not answered."""
        self.unsent, self.asked, self.failure = self.asked, None, message

    def take_notice(self) -> str:
        """Return the notice and forget it."""
        notice, self.notice = self.notice, ""
        return notice

    def take_draft(self) -> str:
        """Return the draft and forget it."""
        draft, self.draft = self.draft, ""
        return draft

    def take_failure(self) -> str:
        """Return the failure of a button and forget it."""
        failure, self.failure = self.failure, ""
        return failure

    def _next_turn(self) -> None:
        self.turn_id, self.asked, self.unsent, self.failure = _new_id(), None, None, ""


def current() -> Session:
    """Return this tab's state; a new tab gets a new one."""
    session: Session = st.session_state.setdefault("session", Session())
    return session


def start_over(account: Account | None = None, notice: str = "", token: str = "") -> None:
    """Sign in as somebody, or out, with nothing left of the person before."""
    st.session_state["session"] = Session(
        account=account, notice=notice, token=token, signed_out=account is None
    )


def typed(key: str) -> str:
    """Return what stands in a text box, or ""."""
    return str(st.session_state.get(key) or "")


def put_back(key: str, text: str) -> None:
    """Put text into a box that Streamlit has emptied; call it before the box is drawn."""
    st.session_state[key] = text

"""Change who speaks: one box that names both models and asks for the reason."""

from typing import Literal

import streamlit as st

from tutor_app.access.roles import Account
from tutor_app.errors import TutorError
from tutor_app.llms.shelf import NONE
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.session import current, typed

Kind = Literal["promote", "rollback"]

WAIT_S = 60.0
_REASON = "change-reason"


def called(model_id: str) -> str:
    """Return what people read for a model id."""
    return "memory and hints alone" if model_id == NONE else model_id


@st.dialog("Change who speaks")
def offer_change(kind: Kind, to: str, instead_of: str, account: Account) -> None:
    """Open the box.

    Args:
        kind: forward, or back.
        to: the model that is to speak.
        instead_of: the model that the page showed as promoted when the box was opened; where
            another one was promoted meanwhile, nothing is changed.
        account: who decides.
    """
    session = current()
    if session.notice:
        # it is done; what is left is to load the model, and the page says the rest
        with st.spinner(f"Loading {called(to)}", show_time=True):
            resources.voice_is_ready(WAIT_S)
        st.rerun()
    st.markdown(
        f"From **{plain(called(instead_of))}** to **{plain(called(to))}**. Students hear it from "
        "their next turn on. Nothing is deleted, and you can go back."
    )
    with st.form("change-speaker", border=False):
        st.text_input("Why, in a sentence; the history keeps it", max_chars=500, key=_REASON)
        st.form_submit_button(
            f"Let {plain(called(to))} speak",
            type="primary",
            on_click=_change,
            args=(kind, to, instead_of, account),
        )
    show_outcome(session)


def _change(kind: Kind, to: str, instead_of: str, account: Account) -> None:
    session, promotions, reason = current(), resources.promotions(), typed(_REASON)
    try:
        if kind == "promote":
            promotions.promote(to, account.id, reason, instead_of)
        else:
            promotions.roll_back(account.id, reason, instead_of)
    except TutorError as error:
        session.failure = str(error)
    else:
        session.notice = f"From {called(instead_of)} to {called(to)}: done."

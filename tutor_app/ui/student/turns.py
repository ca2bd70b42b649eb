"""The chat: what was said, with its citations, the reason for a hint, thumbs and the X-ray."""

import streamlit as st

from tutor_app.domain.dialogue import Dialogue, Turn
from tutor_app.domain.item import Item
from tutor_app.errors import TutorError
from tutor_app.storage.store import Store
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import calm
from tutor_app.ui.passages import show_citations
from tutor_app.ui.student.numbers import unbroken
from tutor_app.ui.student.program import is_program, show_outcomes
from tutor_app.ui.student.xray import show_xray
from tutor_app.ui.words import said


def show_turns(dialogue: Dialogue, item: Item, store: Store, *, xray: bool) -> None:
    """Draw all turns, oldest first; only the newest reply carries its reason and thumbs."""
    for turn in dialogue.turns:
        show_learner(said(turn.channel, turn.text, item), code=is_program(turn.channel, item))
        if turn.diagnosis.check is not None and turn.channel != "dispute":
            show_outcomes(turn.diagnosis.check.outcomes, open_table=turn is dialogue.turns[-1])
        _show_reply(turn, store, newest=turn is dialogue.turns[-1], xray=xray)


def show_learner(text: str, *, code: bool = False) -> None:
    """Draw what the learner said. It is never read as Markdown or HTML."""
    with st.chat_message("You"):
        if code:
            st.code(text, language="python", line_numbers=True, wrap_lines=True)
        else:
            st.text(text)


def _show_reply(turn: Turn, store: Store, *, newest: bool, xray: bool) -> None:
    with st.chat_message("Tutor"):
        st.markdown(unbroken(calm(turn.reply)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_citations(turn.reply, turn.passages, turn.id)
            if newest:
                _show_reason_and_thumbs(turn, store)
        if xray:
            show_xray(turn)


def _show_reason_and_thumbs(turn: Turn, store: Store) -> None:
    # together: a long citation leaves the row to itself, never a thumb
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", width="content", key="about"
    ):
        label = "Why this reply" if turn.move.closes else "Why this hint"
        with st.popover(label, type="tertiary"):
            st.markdown(calm(turn.move.reason) or "It is the next step of the item.")
        _thumbs(turn.id, store)


@st.fragment
def _thumbs(turn_id: str, store: Store) -> None:
    """Take a thumb and, if the learner likes, the reason for it."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        chosen = st.feedback("thumbs", key=f"thumb-{turn_id}")
        if chosen is None:
            return
        with st.popover("Say why", type="tertiary"):
            reason = st.text_input(
                "What was good or bad about it?", key=f"why-{turn_id}", max_chars=500
            )
            st.caption("Kept." if reason else "Optional. Press Enter to keep it.")
    try:
        store.add_feedback(turn_id, helpful=chosen == 1, reason=reason or "")
    except TutorError as error:
        show_failure(error)

"""My dialogues: open one again, export it, delete it."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.errors import TutorError
from tutor_app.storage.records import DialogueSummary
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Session, current
from tutor_app.ui.student.export import offer_export
from tutor_app.ui.student.learn import learn_page
from tutor_app.ui.words import counted, date, ended, reply_words

PER_PAGE = 10
REPLIES_SHOWN = 10


def dialogues_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="My dialogues", icon=":material/forum:", url_path="dialogues")


def show() -> None:
    """List the learner's dialogues in the chosen course, newest first."""
    session = current()
    account = session.person(Role.LEARNER)
    tutor = resources.tutor()
    st.title("My dialogues", anchor=False)
    show_outcome(session)
    _replies(tutor, account, session.course_id)
    known = {e.dialogue_id for e in tutor.store.evidence(account.id, session.course_id)}
    # one turn that closed the dialogue and says nothing about a skill is a skip and nothing else
    held = [
        d
        for d in tutor.store.dialogues(account.id, session.course_id)
        if d.turns > 1 or (d.turns and (not d.closed or d.id in known))
    ]
    if not held:
        st.markdown("Every dialogue you have will be kept here, to open again or to delete.")
        if st.button("Go to your item", type="primary"):
            st.switch_page(learn_page())
        return
    pages = -(-len(held) // PER_PAGE)
    page = st.pagination(pages, key="dialogues-page") if pages > 1 else 1
    for summary in held[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _row(tutor, session, summary)


def _replies(tutor: Tutor, account: Account, course_id: str) -> None:
    """Draw what the instructor answered, newest first."""
    replies = tutor.store.replies.of_learner(account.id, course_id)
    if not replies:
        return
    st.subheader("From your instructor", anchor=False)
    for one in replies[:REPLIES_SHOWN]:
        with st.container(border=True, gap=None):
            st.text(reply_words(one.reply))
            st.caption(f"{date(local(one.reply.at))}, you wrote:")
            st.text(one.asked)
    st.subheader("Dialogues", anchor=False)


def _row(tutor: Tutor, session: Session, summary: DialogueSummary) -> None:
    try:
        title = tutor.prepare(summary.course_id, summary.item_id).item.title
    except TutorError:
        title = f"{summary.item_id} (no longer in the course)"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{title}**")
            st.caption(
                f"{date(local(summary.last_at))} · {counted(summary.turns, 'turn')} · "
                f"{_ended(tutor, summary)}"
            )
        if st.button("Open", key=f"open-{summary.id}"):
            session.open(summary.id, "You opened this dialogue again.")
            st.switch_page(learn_page())
        chosen = st.menu_button(
            "More",
            ["Export", "Delete"],
            key=f"more-{summary.id}",
            type="tertiary",
            icon=":material/more_horiz:",
        )
    if chosen == "Export":
        dialogue = tutor.store.dialogue(summary.id)
        offer_export(dialogue, tutor.prepare(summary.course_id, summary.item_id))
    elif chosen == "Delete":
        _ask_to_delete(tutor, session, summary, title)


def _ended(tutor: Tutor, summary: DialogueSummary) -> str:
    return ended(tutor.store.dialogue(summary.id)) if summary.closed else "not finished"


@st.dialog("Delete this dialogue?")
def _ask_to_delete(tutor: Tutor, session: Session, summary: DialogueSummary, title: str) -> None:
    st.markdown(
        f"**{title}**, {counted(summary.turns, 'turn')}. Its words are deleted for good. "
        "What it says about your skills is kept."
    )
    with st.container(horizontal=True):
        arguments = (tutor, session, summary, title)
        pressed = st.button(
            "Delete it", type="primary", key="delete-it", on_click=_delete, args=arguments
        )
        if st.button("Keep it", key="keep-it") or pressed:
            st.rerun()


def _delete(tutor: Tutor, session: Session, summary: DialogueSummary, title: str) -> None:
    try:
        tutor.store.delete_dialogue(summary.id)
    except TutorError as error:
        session.failure = str(error)
        return
    if session.dialogue_id == summary.id:
        session.open("")
    session.notice = f"“{title}” is deleted."

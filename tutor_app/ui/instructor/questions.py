"""Questions: what the course did not answer, and verdicts that learners dispute."""

from datetime import UTC, datetime
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.errors import TutorError
from tutor_app.storage.records import Dispute, InstructorReply, OpenQuestion, Replied
from tutor_app.storage.store import Store
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import calm
from tutor_app.ui.instructor.grading.regrade import show_requests, waiting_regrades
from tutor_app.ui.local_time import local
from tutor_app.ui.session import current, typed
from tutor_app.ui.words import counted, date, reply_words, verdict_words

SHOWN = 20


def questions_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Questions", icon=":material/contact_support:", url_path="questions")


def show() -> None:
    """Draw open questions and disputes of the chosen course, and what was answered last."""
    session = current()
    account = session.person(Role.INSTRUCTOR)
    store = resources.store()
    questions = store.open_questions(session.course_id)
    disputes = store.disputes(session.course_id)
    answered = store.replies.of_course(session.course_id)
    st.title("Questions", anchor=False)
    show_outcome(session)
    regrades = waiting_regrades()
    if not questions and not disputes and not answered and not regrades:
        st.markdown(
            "Questions that the course does not answer, verdicts that students dispute, and marks "
            "that they ask you to look at again will be listed here."
        )
        return
    st.markdown(
        f"{counted(len(questions), 'open question')}, "
        f"{counted(len(disputes), 'disputed verdict')} and "
        f"{counted(len(regrades), 'request')} for a second look. Students read what you answer on "
        "their page My dialogues, about a mark on My grades; a disputed item does not count for "
        "mastery until you decide."
    )
    st.subheader("Open questions", anchor=False)
    for question in questions:
        _question(store, account, question)
    if not questions:
        st.caption("None.")
    st.subheader("Disputed verdicts", anchor=False)
    for dispute in disputes:
        _dispute(store, account, dispute)
    if not disputes:
        st.caption("None.")
    show_requests(session, regrades)
    if answered:
        with st.expander(f"Answered ({len(answered)})"):
            for one in answered[:SHOWN]:
                _answered(store, one)


def _question(store: Store, account: Account, question: OpenQuestion) -> None:
    with st.container(border=True):
        st.text(question.text)
        name = _name(store, question.learner_id)
        st.caption(f"{name}, {date(local(question.created_at))}, on {question.item_id}")
        key = f"answer-{question.turn_id}"
        st.text_area("Your answer", key=key, max_chars=2_000)
        st.button(
            "Send", key=f"send-{question.turn_id}", on_click=_reply,
            args=(account, question.turn_id, key, ""),
        )  # fmt: skip


def _dispute(store: Store, account: Account, dispute: Dispute) -> None:
    turn = dispute.turn
    check = turn.diagnosis.check
    with st.container(border=True):
        st.text(turn.diagnosis.quoted or "No answer was checked before the dispute.")
        if check is not None:
            says = verdict_words(check.verdict)
            st.markdown(f"Read as {calm(check.reading.echo)}; the check says: {says}.")
        name = _name(store, dispute.learner_id)
        st.caption(f"{name}, {date(local(turn.created_at))}, on {dispute.item_id}")
        key = f"answer-{turn.id}"
        st.text_input("A word to the student (may stay empty)", key=key, max_chars=2_000)
        with st.container(horizontal=True):
            st.button(
                "The student is right", key=f"right-{turn.id}", on_click=_reply,
                args=(account, turn.id, key, "right"),
                help="The item counts as solved alone.",
            )  # fmt: skip
            st.button(
                "The verdict stands", key=f"stands-{turn.id}", on_click=_reply,
                args=(account, turn.id, key, "stands"),
            )  # fmt: skip


def _answered(store: Store, one: Replied) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.text(one.asked)
            st.text(reply_words(one.reply))
            st.caption(f"{date(local(one.reply.at))}, on {one.item_id}")
        st.button(
            "Take back", key=f"back-{one.reply.turn_id}", type="tertiary",
            on_click=store.replies.take_back, args=(one.reply.turn_id,),
        )  # fmt: skip


def _reply(
    account: Account, turn_id: str, key: str, verdict: Literal["", "right", "stands"]
) -> None:
    session = current()
    text = typed(key).strip()
    if not text and not verdict:
        session.failure = "An answer needs some words. Write them, then send it."
        return
    try:
        resources.store().replies.add(
            InstructorReply(
                turn_id=turn_id, text=text, verdict=verdict, who=account.id, at=datetime.now(UTC)
            )
        )
    except TutorError as error:
        session.failure = str(error)
        return
    session.notice = "The student will find your answer on the page My dialogues."


def _name(store: Store, learner_id: str) -> str:
    row = store.accounts.by_id(learner_id)
    if row is None:
        return "A deleted account" if learner_id != "command-line" else "The command line"
    return f"{row.name} (simulated)" if row.simulated else row.name

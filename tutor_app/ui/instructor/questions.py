"""Questions: what the course did not answer, and verdicts that learners dispute."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.storage.records import Dispute, OpenQuestion
from tutor_app.storage.store import Store
from tutor_app.ui import resources
from tutor_app.ui.inert import calm
from tutor_app.ui.local_time import local
from tutor_app.ui.session import current
from tutor_app.ui.words import counted, date, verdict_words


def questions_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Questions", icon=":material/contact_support:", url_path="questions")


def show() -> None:
    """Draw open questions and disputes of the chosen course."""
    session = current()
    session.person(Role.INSTRUCTOR)
    store = resources.store()
    questions = store.open_questions(session.course_id)
    disputes = store.disputes(session.course_id)
    st.title("Questions", anchor=False)
    if not questions and not disputes:
        st.markdown(
            "Questions that the course does not answer, and verdicts that students dispute, will "
            "be listed here."
        )
        return
    st.markdown(
        f"{counted(len(questions), 'open question')} and "
        f"{counted(len(disputes), 'disputed verdict')}. Answer them in class or in the course's "
        "notes; a disputed item does not count for the student's mastery."
    )
    st.subheader("Open questions", anchor=False)
    for question in questions:
        _question(store, question)
    if not questions:
        st.caption("None.")
    st.subheader("Disputed verdicts", anchor=False)
    for dispute in disputes:
        _dispute(store, dispute)
    if not disputes:
        st.caption("None.")


def _question(store: Store, question: OpenQuestion) -> None:
    with st.container(border=True):
        st.text(question.text)
        name = _name(store, question.learner_id)
        st.caption(f"{name}, {date(local(question.created_at))}, on {question.item_id}")


def _dispute(store: Store, dispute: Dispute) -> None:
    check = dispute.turn.diagnosis.check
    with st.container(border=True):
        st.text(dispute.turn.diagnosis.quoted or "No answer was checked before the dispute.")
        if check is not None:
            says = verdict_words(check.verdict)
            st.markdown(f"Read as {calm(check.reading.echo)}; the check says: {says}.")
        name = _name(store, dispute.learner_id)
        st.caption(f"{name}, {date(local(dispute.turn.created_at))}, on {dispute.item_id}")


def _name(store: Store, learner_id: str) -> str:
    row = store.accounts.by_id(learner_id)
    if row is None:
        return "A deleted account" if learner_id != "command-line" else "The command line"
    return f"{row.name} (simulated)" if row.simulated else row.name

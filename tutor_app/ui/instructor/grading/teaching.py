"""Teach: the answers whose grades tell the grader most, and ten that come back blind."""

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.teaching import count_teaching, improve
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.instructor.grading.queue_list import TEACHING
from tutor_app.ui.instructor.grading.running import run_in_background
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

ENOUGH = 5
"""Decided answers from which on the grader learns from neighbours."""


def show_teaching(session: Session, batch: Batch, *, covers: bool) -> None:
    """Offer the answers to grade next, and to grade the rest again with them.

    Args:
        session: this tab.
        batch: the batch.
        covers: an audit lets marks out unread, which new proposals end.
    """
    teaching = count_teaching(resources.store(), batch.id)
    st.subheader("Teach", anchor=False)
    st.markdown(
        "Grade a few answers that differ most from each other and of which the grader is least "
        f"sure; it grades the rest by them. It can learn from {counted(teaching, 'answer')} so "
        "far: not from those of an audit, nor from those that you graded again blind."
    )
    with st.container(horizontal=True, key="teach"):
        if st.button("Choose the most telling answers", icon=":material/school:"):
            _choose(session, batch)
            st.rerun()
        if st.button(
            "Grade the rest again with these", icon=":material/refresh:",
            disabled=teaching < ENOUGH,
            help="What you decided stays as it is. Proposals for the rest are made anew.",
        ):  # fmt: skip
            _improve(session, batch)
    if covers:
        st.caption(
            "Grading the rest again ends the audit: what it showed is about the proposals as they "
            "are now. Release first what it covers."
        )


def _choose(session: Session, batch: Batch) -> None:
    queue = resources.queue(batch.id)
    chosen: list[str] = []
    for question in queue.rubrics:
        rows = queue.rows(question)
        confidences = {row.id: row.confidence for row in rows}
        done = {row.id for row in rows if row.state == "decided"}
        chosen += resources.similar(batch.id, question).teaching(confidences, done)
    session.reviewing.pick(TEACHING, tuple(chosen))


def _improve(session: Session, batch: Batch) -> None:
    try:
        learnt = improve(resources.store(), batch.id, session.person(Role.INSTRUCTOR).id)
        if not any(learnt.values()):
            st.info("Nothing new was learnt since the last time.")
            return
        run_in_background(batch)
    except TutorError as error:
        show_failure(error)
        return
    st.rerun()

"""Teach: the answers whose grades tell the grader most, and ten that come back blind."""

from collections.abc import Sequence

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.agreement import Agreement
from tutor_app.grading.repeats import REPEATS, Repeats, repeats
from tutor_app.grading.teaching import count_teaching, improve
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.hidden_grading import grade_hidden
from tutor_app.ui.instructor.grading.queue_list import TEACHING
from tutor_app.ui.instructor.grading.review import decisions_of
from tutor_app.ui.instructor.grading.running import run_in_background
from tutor_app.ui.instructor.grading.words import share_words
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


def is_repeating(session: Session, batch: Batch) -> bool:
    """Draw the next answer that came back blind; False where none is graded again now."""
    question = session.reviewing.repeating
    if question not in resources.queue(batch.id).rubrics:
        return False
    found = repeats(resources.store(), batch.id, question)
    if not found.left:
        session.reviewing.repeating = None
        return False
    _again(session, batch, found)
    return True


def show_repeats(session: Session, batch: Batch) -> None:
    """Draw the instructor's own consistency, or the way to measure it."""
    questions = list(resources.queue(batch.id).rubrics)
    found = {question: repeats(resources.store(), batch.id, question) for question in questions}
    st.subheader("Your own consistency", anchor=False)
    if not any(one.chosen for one in found.values()):
        st.caption(
            f"From {REPEATS} decided answers {'of a question ' if len(questions) > 1 else ''}on, "
            f"{REPEATS} of them come back with everything "
            "hidden, so that your own wavering stands beside the grader's."
        )
        return
    for question, one in found.items():
        if one.own:
            st.markdown(_beside(question, one.own, one.proposals))
        elif one.left:
            st.button(
                _offered(question, one),
                icon=":material/visibility_off:", key=f"repeat-{question}",
                on_click=setattr, args=(session.reviewing, "repeating", question),
            )  # fmt: skip


def _again(session: Session, batch: Batch, one: Repeats) -> None:
    st.subheader("Again, blind", anchor=False)
    st.caption("You graded these before. Your first marks and the proposals stay hidden.")
    decisions = decisions_of(session, batch.id)

    def write(submission_id: str, points: dict[str, float]) -> None:
        decisions.blind(submission_id, points)
        if one.left == (submission_id,):
            session.notice = "All are graded again. How it came out stands at the end of this page."

    grade_hidden(session, batch, one.left, len(one.chosen), write)
    st.button(
        "Go on later", type="tertiary", icon=":material/arrow_back:", key="repeat-later",
        on_click=setattr, args=(session.reviewing, "repeating", None),
        help="The answers that you graded again are kept.",
    )  # fmt: skip


def _offered(question: str, one: Repeats) -> str:
    left, total = len(one.left), len(one.chosen)
    words = f"Grade {counted(left, 'answer')} again, blind"
    if left < total:
        words = f"Go on, blind: {total - left} of {total} graded again"
    return words + (f": {plain(question)}" if question else "")


def _beside(question: str, own: Sequence[Agreement], proposals: Sequence[Agreement]) -> str:
    """Say how often a person agrees with themself, and the proposals with that person."""
    mine = next(one for one in own if one.criterion == "all" or len(own) == 1)
    words = (
        (f"{plain(question)}: you" if question else "You")
        + f" gave the same points again in **{share_words(mine)}** of {mine.decisions} "
        f"decisions on {counted(mine.submissions, 'answer')}"
    )
    theirs = [one for one in proposals if one.criterion == "all" or len(proposals) == 1]
    if theirs:
        words += (
            f"; the proposals were your first marks in **{share_words(theirs[0])}** of "
            f"{theirs[0].decisions}. A proposal that you accepted was your first mark"
        )
    return f"{words}. With so few answers this is rough."

"""Answers that come back blind: how steady a person is, and how two agree, beside the grader."""

from collections.abc import Sequence

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.grading.agreement import Agreement
from tutor_app.grading.repeats import REPEATS, Repeats, repeats
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.hidden_grading import grade_hidden
from tutor_app.ui.instructor.grading.review import decisions_of
from tutor_app.ui.instructor.grading.words import share_words
from tutor_app.ui.session import Blind, Session
from tutor_app.ui.words import counted


def is_repeating(session: Session, batch: Batch) -> bool:
    """Draw the next answer that came back blind; False where none is graded again now."""
    at_hand = session.reviewing.repeating
    if at_hand is None or at_hand.question not in resources.queue(batch.id).rubrics:
        return False
    found = _repeats(session, batch, at_hand)
    if not found.left:
        session.reviewing.repeating = None
        return False
    _again(session, batch, at_hand, found)
    return True


def _repeats(session: Session, batch: Batch, at_hand: Blind) -> Repeats:
    who = session.person(Role.INSTRUCTOR).id
    return repeats(
        resources.store(), batch.id, at_hand.question, who, of_others=at_hand.of_others
    )  # fmt: skip


def show_repeats(session: Session, batch: Batch) -> None:
    """Draw the instructor's own consistency and their agreement with others, or the way to it."""
    questions = list(resources.queue(batch.id).rubrics)
    every = [Blind(question, others) for others in (False, True) for question in questions]
    found = {one: _repeats(session, batch, one) for one in every}
    st.subheader("Your own consistency", anchor=False)
    own = [one for one in every if not one.of_others and found[one].chosen]
    for one in own:
        _offer(session, one, found[one])
    if not own:
        st.caption(
            f"From {REPEATS} answers {'to a question ' if len(questions) > 1 else ''}that you "
            f"decided on, {REPEATS} of them come back with everything "
            "hidden, so that your own wavering stands beside the grader's."
        )
    others = [one for one in every if one.of_others and found[one].chosen]
    if others:
        st.subheader("You and another rater", anchor=False)
        st.caption(
            f"Others decided answers that you did not. Grade {REPEATS} of them with proposals, "
            "names and the marks of others hidden, before you look at them in the review. No "
            "mark changes by it."
        )
    for one in others:
        _offer(session, one, found[one])


def _offer(session: Session, at_hand: Blind, one: Repeats) -> None:
    if one.own:
        st.markdown(_beside(at_hand, one.own, one.proposals))
    elif one.left:
        st.button(
            _offered(at_hand, one), icon=":material/visibility_off:",
            key=f"{'second' if at_hand.of_others else 'repeat'}-{at_hand.question}",
            on_click=setattr, args=(session.reviewing, "repeating", at_hand),
        )  # fmt: skip


def _again(session: Session, batch: Batch, at_hand: Blind, one: Repeats) -> None:
    st.subheader("Blind" if at_hand.of_others else "Again, blind", anchor=False)
    st.caption(
        "Somebody else graded these before. Their marks and the proposals stay hidden."
        if at_hand.of_others
        else "You graded these before. Your first marks and the proposals stay hidden."
    )
    decisions = decisions_of(session, batch.id)

    def write(submission_id: str, points: dict[str, float]) -> None:
        decisions.blind(submission_id, points)
        if one.left == (submission_id,):
            session.notice = "All are graded. How it came out stands at the end of this page."

    grade_hidden(session, batch, one.left, len(one.chosen), write)
    st.button(
        "Go on later", type="tertiary", icon=":material/arrow_back:", key="repeat-later",
        on_click=setattr, args=(session.reviewing, "repeating", None),
        help="The answers that you graded are kept.",
    )  # fmt: skip


def _offered(at_hand: Blind, one: Repeats) -> str:
    left, total = len(one.left), len(one.chosen)
    again = "" if at_hand.of_others else " again"
    words = f"Grade {counted(left, 'answer')}{again}, blind"
    if left < total:
        words = f"Go on, blind: {total - left} of {total} graded{again}"
    return words + (f": {plain(at_hand.question)}" if at_hand.question else "")


def _beside(at_hand: Blind, own: Sequence[Agreement], proposals: Sequence[Agreement]) -> str:
    """Say how often the first marks were given again, and how often they were the proposals."""
    mine = next(one for one in own if one.criterion == "all" or len(own) == 1)
    same = "as another rater, blind," if at_hand.of_others else "again"
    first = "the other rater's" if at_hand.of_others else "your first"
    who = "the other rater" if at_hand.of_others else "you"
    words = (
        (f"{plain(at_hand.question)}: you" if at_hand.question else "You")
        + f" gave the same points {same} in **{share_words(mine)}** of {mine.decisions} "
        f"decisions on {counted(mine.submissions, 'answer')}"
    )
    theirs = [one for one in proposals if one.criterion == "all" or len(proposals) == 1]
    if theirs:
        words += (
            f"; the proposals were {first} marks in **{share_words(theirs[0])}** of "
            f"{theirs[0].decisions}. A proposal that {who} accepted was {first} mark"
        )
    return f"{words}. With so few answers this is rough."

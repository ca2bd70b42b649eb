"""Trust: the audit that says how often proposals are wrong, and the release that rests on it."""

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.auditing import (
    AuditState,
    Proposal,
    begin_audit,
    conclude,
    give_up,
    propose_plan,
)
from tutor_app.grading.release import can_promise, worth_auditing
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure, show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.hidden_grading import grade_hidden
from tutor_app.ui.instructor.grading.proof import standing_of
from tutor_app.ui.instructor.grading.queue_list import UNREAD
from tutor_app.ui.instructor.grading.releasing import offer_release
from tutor_app.ui.instructor.grading.repeating import is_repeating, show_repeats
from tutor_app.ui.instructor.grading.review import decisions_of
from tutor_app.ui.instructor.grading.teaching import show_teaching
from tutor_app.ui.instructor.grading.verdict import show_verdict
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent

SHARES = (0.02, 0.05, 0.1, 0.2)


def show_trust(session: Session, batch: Batch) -> None:
    """Draw the audit where it stands, what may be released, and what is."""
    with st.container(key="batch-wide"):
        _trust(session, batch)


@st.fragment
def _trust(session: Session, batch: Batch) -> None:
    try:
        _draw(session, batch)
    except TutorError as error:
        show_failure(error)


def _draw(session: Session, batch: Batch) -> None:
    show_outcome(session)
    try:
        state = standing_of(batch.id)
        if state.plan is not None and state.verdict is None and not state.left:
            # whoever graded the last one, in whichever tab
            conclude(resources.store(), batch.id, session.person(Role.INSTRUCTOR).id)
            state = standing_of(batch.id)
    except TutorError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        state = AuditState()
    if state.plan is not None and state.left:
        _audit(session, batch, state)
        st.divider()
        offer_release(session, batch, None)
        if st.button("Give up this audit", icon=":material/close:", key="give-up-audit"):
            _ask_give_up(session, batch, len(state.left))
        return
    if is_repeating(session, batch):
        return
    st.subheader("May marks go out unread?", anchor=False)
    if state.verdict is not None:
        show_verdict(session, batch, state.verdict)
    else:
        st.markdown(
            "An audit answers it: you grade a random sample with the proposals hidden, and your "
            "grades show how often the proposals differ from yours. Its size is fixed before. What "
            "you give is the mark of these answers, and teaches the grader nothing. Without an "
            "audit, only marks that people decided, or a rule, are released."
        )
    ready = offer_release(session, batch, state.verdict)
    if state.verdict is None or not state.verdict.released:
        _plan(session, batch, state, first=not ready)
    lets_out = state.verdict is not None and bool(state.verdict.released)
    show_teaching(session, batch, covers=lets_out)
    show_repeats(session, batch)


def _plan(session: Session, batch: Batch, state: AuditState, *, first: bool) -> None:
    again = state.attempts > 0
    st.subheader("A fresh audit" if again else "Plan the audit", anchor=False)
    before = state.plan.target if state.plan and state.plan.target in SHARES else 0.05
    target = st.segmented_control(
        "At most so many of the marks that nobody reads may differ from yours",
        SHARES, default=before, required=True, format_func=percent, key="audit-target",
    ) or before  # fmt: skip
    try:
        proposal = propose_plan(resources.store(), batch.id, target)
    except TutorError as error:
        st.info(plain(str(error)))
        _offer_reading(session, batch)
        return
    if can_promise(proposal.sizes[0], target, attempt=proposal.attempt):
        st.markdown(plan_words(proposal))
    else:
        st.warning(too_few_words(proposal))
    if 2 * proposal.audit_size > proposal.sizes[-1]:
        enough = worth_auditing(target, attempt=proposal.attempt)
        st.caption(
            "That is most of them: to read them all in the review is nearly as quick. From about "
            f"{enough:,} marks on, an audit of half of them is enough."
        )
    if proposal.attempt > 1:
        st.caption(
            f"This is audit {proposal.attempt} on these answers, in this batch and in others with "
            "any of them under the same rubric. Each one draws anew and has to show more than the "
            "one before, so that all of them together keep the promise. Answers imported again "
            "under another rubric or other names are not recognised."
        )
    with st.container(horizontal=True, key="audit-or-read"):
        st.button(
            f"Start the audit of {counted(proposal.audit_size, 'answer')}",
            type="primary" if first else "secondary", icon=":material/fact_check:",
            key="start-audit", on_click=_begin, args=(session, batch, proposal),
        )  # fmt: skip
        _offer_reading(session, batch)


def _offer_reading(session: Session, batch: Batch) -> None:
    """Lead to the answers that no queue holds because the grader is sure of them."""
    rows = [one for one in resources.queue(batch.id).rows()
            if one.state == "sure" and not one.by_rule]  # fmt: skip
    if rows:
        rows.sort(key=lambda one: (one.confidence, one.number))
        st.button(
            f"Read {counted(len(rows), 'answer')} yourself", icon=":material/rate_review:",
            key="read-unread", on_click=session.reviewing.pick,
            args=(UNREAD, tuple(one.id for one in rows)),
            help="Those that the grader is sure of and nobody has read, the least sure first.",
        )  # fmt: skip


def too_few_words(proposal: Proposal) -> str:
    """Say that no audit of so few can promise anything, and what can be done."""
    return (
        f"{counted(proposal.sizes[-1], 'mark')} could go out unread. No audit of so few can show "
        f"that at most {percent(proposal.target)} differ, whatever you find: read them in the "
        "review, allow a larger share, or teach the grader, so that it is sure of more. An audit "
        "still shows how often the grader differs from you."
    )


def _begin(session: Session, batch: Batch, proposal: Proposal) -> None:
    try:
        begin_audit(resources.store(), batch.id, session.person(Role.INSTRUCTOR).id, proposal)
    except TutorError as error:
        session.failure = str(error)


def plan_words(proposal: Proposal) -> str:
    """Say what an audit would be about and what it costs, before anybody starts it."""
    widest, strictest = proposal.sizes[-1], proposal.sizes[0]
    questions = len({one.question for one in proposal.found})
    pooled = (
        f" Its {questions} questions are pooled: the promise is for them together, not for each."
        if questions > 1 else ""
    )  # fmt: skip
    steps = f", or at least the surest {strictest:,} of them" if strictest < widest else ""
    return (
        f"{counted(widest, 'mark')} could go out unread{steps}. You grade "
        f"**{counted(proposal.audit_size, 'answer')}** of them, drawn at random. If few enough "
        f"differ, the rest may be released with the promise: at most {percent(proposal.target)} "
        f"differ from what you would give, at {percent(0.9)} confidence.{pooled}"
    )


def _audit(session: Session, batch: Batch, state: AuditState) -> None:
    st.subheader("Audit", anchor=False)
    st.caption(
        "Grade as you always do. The proposals stay hidden, and the order is random. What you "
        "give counts once and for good."
    )
    decisions = decisions_of(session, batch.id)

    def write(submission_id: str, points: dict[str, float]) -> None:
        decisions.audit(submission_id, points)

    grade_hidden(session, batch, state.left, len(state.sample), write)


@st.dialog("Give up this audit")
def _ask_give_up(session: Session, batch: Batch, left: int) -> None:
    st.markdown(
        f"{counted(left, 'answer')} of it would stay without a grade, and it would show nothing: "
        "no mark goes out unread by it. What you graded stays. It counts as an audit, so the next "
        "one has to show more."
    )
    pressed = st.button(
        "Give it up", type="primary", key="give-up-now", on_click=_give_up, args=(session, batch)
    )
    if pressed:
        st.rerun()


def _give_up(session: Session, batch: Batch) -> None:
    try:
        give_up(resources.store(), batch.id, session.person(Role.INSTRUCTOR).id)
    except TutorError as error:
        session.failure = str(error)

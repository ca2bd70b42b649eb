"""The release: nothing goes out but by the instructor's act, and each act can be taken back."""

from dataclasses import dataclass

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.auditing import release_marks
from tutor_app.grading.origins import graded_by_click
from tutor_app.grading.release import ReleaseVerdict
from tutor_app.ui import resources
from tutor_app.ui.instructor.grading.proof import covered_now
from tutor_app.ui.instructor.grading.review import decisions_of
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

BY_RULE = (
    "Decided by rule: nothing was handed in, the answer is the question itself, or a result stands "
    "alone and was computed to be right or wrong. No model was asked, so no audit is about these "
    "marks and no promise covers them."
)


@dataclass(frozen=True)
class Ready:
    """Submissions whose marks may go out now, by who or what decided them."""

    decided: list[str]
    unread: list[str]
    by_rule: list[str]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.decided) + len(self.unread) + len(self.by_rule)


def offer_release(session: Session, batch: Batch, verdict: ReleaseVerdict | None) -> bool:
    """Draw what can be released now and what is, with the way back; say if anything can."""
    rows = resources.queue(batch.id).rows()
    clicked = graded_by_click(resources.store().grading.decisions(batch.id, kind="score"))
    may = set(covered_now(batch.id)) if verdict else set()
    decided, unread, by_rule = [], [], []
    for one in rows:
        covered = one.id in may and (one.state == "sure" or one.id in clicked)
        if covered and not one.released:
            unread.append(one.id)
        elif one.state == "decided" and not one.released:
            decided.append(one.id)
        elif one.by_rule and one.state == "sure" and not one.released:
            by_rule.append(one.id)
    released = [one.id for one in rows if one.released]
    changed = [one.id for one in rows if one.changed and one.state == "decided"]
    decided += changed
    ready = Ready(decided, unread, by_rule)
    grouped = {one.id for one in rows if one.together > 1}.intersection(decided)
    with st.container(horizontal=True, vertical_alignment="center", key="release"):
        words = [_decided_words(len(decided), len(grouped))]
        if unread:
            words.append(f"{counted(len(unread), 'mark')} that the audit covers")
        if changed:
            words[0] += f", {len(changed):,} of them changed since their release"
        if by_rule:
            words.append(f"{counted(len(by_rule), 'mark')} decided by rule")
        st.markdown(
            f"Ready: {' and '.join(words)}. Released: {len(released):,}.",
            width="stretch", help=BY_RULE if by_rule else None,
        )  # fmt: skip
        if st.button(
            f"Release {counted(ready.count, 'mark')}", type="primary", disabled=not ready.count,
            icon=":material/send:", key="release-button",
        ):  # fmt: skip
            _ask_release(session, batch, ready, len(grouped), verdict)
        if released and st.button("Withdraw", icon=":material/undo:", key="withdraw-button"):
            _ask_withdraw(session, batch, released)
    return bool(ready.count)


@st.dialog("Release marks")
def _ask_release(
    session: Session, batch: Batch, ready: Ready, grouped: int, verdict: ReleaseVerdict | None
) -> None:
    parts = [_decided_words(len(ready.decided), grouped)]
    if ready.unread:
        parts.append(f"{len(ready.unread):,} that nobody read")
    if ready.by_rule:
        parts.append(f"{len(ready.by_rule):,} decided by rule")
    st.markdown(f"Students will see {counted(ready.count, 'mark')}: {', and '.join(parts)}.")
    if ready.unread and verdict is not None:
        st.caption(verdict.sentence)
    if ready.by_rule:
        st.caption(BY_RULE)
    st.caption("You can withdraw them again.")
    pressed = st.button(
        "Release them", type="primary", key="release-now",
        on_click=_release, args=(session, batch.id, ready),
    )  # fmt: skip
    if pressed:
        # closes the box
        st.rerun()


def _decided_words(decided: int, grouped: int) -> str:
    words = f"{counted(decided, 'mark')} decided by people"
    if not grouped:
        return words
    alone = f"{decided - grouped:,} one by one and " if decided > grouped else ""
    return f"{words}, {alone}{grouped:,} by one click on a group, which no audit covers"


def _release(session: Session, batch_id: str, ready: Ready) -> None:
    who = session.person(Role.INSTRUCTOR).id
    try:
        done = release_marks(
            resources.store(), batch_id, who,
            decided=ready.decided, unread=ready.unread, by_rule=ready.by_rule,
        )  # fmt: skip
    except TutorError as error:
        session.failure = str(error)
        return
    left = f" {done.left:,} stay back: a criterion has no score." if done.left else ""
    session.notice = f"{counted(done.count, 'mark')} released.{left}"


@st.dialog("Withdraw marks")
def _ask_withdraw(session: Session, batch: Batch, released: list[str]) -> None:
    st.markdown(
        f"Students will not see {counted(len(released), 'mark')} any more until you release them "
        "again."
    )
    pressed = st.button(
        "Withdraw them", type="primary", key="withdraw-now",
        on_click=_withdraw, args=(session, batch.id, released),
    )  # fmt: skip
    if pressed:
        st.rerun()


def _withdraw(session: Session, batch_id: str, ids: list[str]) -> None:
    try:
        done = decisions_of(session, batch_id).withdraw(ids)
    except TutorError as error:
        session.failure = str(error)
        return
    session.notice = f"{counted(done.count, 'mark')} withdrawn."

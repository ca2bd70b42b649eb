"""The release: nothing goes out but by the instructor's act, and each act can be taken back."""

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.auditing import release_marks
from tutor_app.grading.group_clicks import graded_by_click
from tutor_app.grading.release import ReleaseVerdict
from tutor_app.ui import resources
from tutor_app.ui.instructor.grading.proof import covered_now
from tutor_app.ui.instructor.grading.review import decisions_of
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted


def offer_release(session: Session, batch: Batch, verdict: ReleaseVerdict | None) -> bool:
    """Draw what can be released now and what is, with the way back; say if anything can."""
    rows = resources.queue(batch.id).rows()
    clicked = graded_by_click(resources.store().grading.decisions(batch.id))
    may = set(covered_now(batch.id)) if verdict else set()
    decided, unread = [], []
    for one in rows:
        covered = one.id in may and (one.state == "sure" or one.id in clicked)
        if covered and not one.released:
            unread.append(one.id)
        elif one.state == "decided" and not one.released:
            decided.append(one.id)
    released = [one.id for one in rows if one.released]
    changed = [one.id for one in rows if one.changed and one.state == "decided"]
    decided += changed
    ids = [*decided, *unread]
    with st.container(horizontal=True, vertical_alignment="center", key="release"):
        words = [f"{counted(len(decided), 'mark')} decided by you"]
        if unread:
            words.append(f"{counted(len(unread), 'mark')} that the audit covers")
        if by_click := len(clicked.intersection(decided)):
            words[0] += f", {by_click:,} of them by one click on a group, which no audit covers"
        if changed:
            words[0] += f", {len(changed):,} of them changed since their release"
        st.markdown(f"Ready: {' and '.join(words)}. Released: {len(released):,}.", width="stretch")
        if st.button(
            f"Release {counted(len(ids), 'mark')}", type="primary", disabled=not ids,
            icon=":material/send:", key="release-button",
        ):  # fmt: skip
            _ask_release(session, batch, decided, unread, verdict)
        if released and st.button("Withdraw", icon=":material/undo:", key="withdraw-button"):
            _ask_withdraw(session, batch, released)
    return bool(ids)


@st.dialog("Release marks")
def _ask_release(
    session: Session,
    batch: Batch,
    decided: list[str],
    unread: list[str],
    verdict: ReleaseVerdict | None,
) -> None:
    st.markdown(
        f"Students will see {counted(len(decided) + len(unread), 'mark')}: "
        f"{len(decided):,} that you decided"
        + (f" and {len(unread):,} that nobody read." if unread else ".")
    )
    if unread and verdict is not None:
        st.caption(verdict.sentence)
    st.caption("You can withdraw them again.")
    pressed = st.button(
        "Release them", type="primary", key="release-now",
        on_click=_release, args=(session, batch.id, decided, unread),
    )  # fmt: skip
    if pressed:
        # closes the box
        st.rerun()


def _release(session: Session, batch_id: str, decided: list[str], unread: list[str]) -> None:
    who = session.person(Role.INSTRUCTOR).id
    try:
        done = release_marks(resources.store(), batch_id, who, decided=decided, unread=unread)
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

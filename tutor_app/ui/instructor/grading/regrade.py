"""A request for a second look: the student's words, and the answer that they will read."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.grading.queue import Row
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import number
from tutor_app.ui.session import Reviewing, Session, typed

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet


def waiting_regrades() -> list[tuple[Batch, Row]]:
    """Return the requests that nobody has answered, of all batches that count."""
    return [
        (batch, row)
        for batch in resources.store().grading.batches()
        if batch.state != "undone"
        for row in resources.queue(batch.id).rows()
        if row.asks_again
    ]


def show_requests(session: Session, waiting: list[tuple[Batch, Row]]) -> None:
    """Draw the requests that wait, each with the way to its submission."""
    st.subheader("Requests for a second look", anchor=False)
    for batch, row in waiting:
        asked = resources.store().grading.marked_one(batch.id, row.id).regrade
        with st.container(border=True, key=f"asked-{batch.id}-{row.number}"):
            st.text(str(asked.value) if asked else "")
            st.caption(f"{plain(batch.title)}, submission {row.number}")
            st.button(
                "Look at it", key=f"look-{batch.id}-{row.id}", on_click=look_at,
                args=(session, batch.id, row.id),
            )  # fmt: skip
    if not waiting:
        st.caption("None.")


def look_at(session: Session, batch_id: str, submission_id: str) -> None:
    """Put the submission of a request on the page Grading."""
    session.reviewing = Reviewing(batch_id=batch_id, submission_id=submission_id)
    session.goto = "Grading"


def show_regrade(sheet: "Sheet") -> None:
    """Draw what the student asks, the mark they saw, and a box for the answer."""
    asked, seen = sheet.marked.regrade, sheet.marked.release
    if asked is None:
        return
    with st.container(border=True, key="regrade"):
        st.markdown("**The student asks for a second look**")
        st.text(str(asked.value))
        now = sheet.mark.total
        if seen is not None:
            st.caption(
                f"They were given {number(seen.total)} of {number(seen.max_points)}."
                + ("" if now is None or now == seen.total else f" It is {number(now)} now.")
            )
        key = f"regrade-{sheet.row.id}"
        st.text_area("Your answer", key=key, height=90)
        st.button(
            "Answer, and release the mark as it is now", type="primary", key=f"{key}-send",
            on_click=_answer, args=(sheet, key), disabled=now is None,
        )  # fmt: skip


def _answer(sheet: "Sheet", key: str) -> None:
    words = typed(key).strip()
    if not words:
        sheet.session.failure = "Answer: it is empty. Say what you decided, and why."
        return
    try:
        sheet.decisions.answer(sheet.row.id, words)
        sheet.decisions.release([sheet.row.id])
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.session.notice = "The student can read your answer now."

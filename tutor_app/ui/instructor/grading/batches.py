"""The list of batches: how far each is, and the way to a new one."""

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.regrade import look_at, waiting_regrades
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Reviewing, Session
from tutor_app.ui.words import counted, date, newest_first

NEW = "New batch"


def show_batches(session: Session) -> None:
    """Draw every batch with how far it is, newest first."""
    st.title("Grading", anchor=False)
    show_outcome(session)
    batches = resources.store().grading.batches()
    if not batches:
        st.markdown(
            "Batches will be listed here. A batch is a set of submissions that is graded against "
            "one rubric for each question: you bring the files, the program proposes levels with "
            "quotes, and you decide what is released."
        )
    else:
        st.markdown(f"{newest_first(len(batches), 'batch', 'batches')}.")
    _requests(session)
    st.button(
        NEW, type="primary", icon=":material/add:",
        on_click=lambda: setattr(session.reviewing, "starting", True),
    )  # fmt: skip
    for batch in batches:
        _batch(session, batch)


def _requests(session: Session) -> None:
    """Draw how many students ask for a second look, and the way to the first of them."""
    waiting = waiting_regrades()
    if not waiting:
        return
    (batch, row), n = waiting[0], len(waiting)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="requests"
    ):  # fmt: skip
        who = counted(n, "student asks", "students ask")
        st.markdown(f"**{who} for a second look** at a released mark.", width="stretch")
        st.button(
            "Look at it" if n == 1 else "Look at the first", icon=":material/rate_review:",
            key="look-first", on_click=look_at, args=(session, batch.id, row.id),
        )  # fmt: skip


def _batch(session: Session, batch: Batch) -> None:
    with st.container(border=True, key=f"batch-{batch.id}", gap="xsmall"):
        st.button(
            plain(batch.title), key=f"open-{batch.id}", type="tertiary",
            on_click=open_batch, args=(session, batch.id),
        )  # fmt: skip
        st.caption(f"{progress_words(batch)} · {date(local(batch.created_at))}")


def progress_words(batch: Batch) -> str:
    """Say in one line how far a batch is."""
    if batch.state == "undone":
        return "Undone: its marks count no more"
    now = resources.queue(batch.id).standing()
    asking = f"**{now.asking:,} for a second look**" if now.asking else ""
    words = [
        counted(now.total, "submission"),
        "all graded" if now.graded == now.total else f"{now.graded:,} graded",
        f"{now.in_queue:,} in the queue",
        f"{now.released:,} released",
    ]
    paused = "Paused" if batch.state == "paused" else ""
    return " · ".join(filter(None, (paused, asking, *words)))


def open_batch(session: Session, batch_id: str) -> None:
    """Put a batch on the page."""
    session.reviewing = Reviewing(batch_id=batch_id, names=session.reviewing.names)

"""The list of batches: how far each is, and the way to a new one."""

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Reviewing, Session
from tutor_app.ui.words import counted, date

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
        st.markdown(f"{counted(len(batches), 'batch', 'batches')}, the newest first.")
    st.button(
        NEW, type="primary", icon=":material/add:",
        on_click=lambda: setattr(session.reviewing, "starting", True),
    )  # fmt: skip
    for batch in batches:
        _batch(session, batch)


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
    words = [
        counted(now.total, "submission"),
        "all graded" if now.graded == now.total else f"{now.graded:,} graded",
        f"{now.in_queue:,} in the queue",
        f"{now.released:,} released",
    ]
    return ("Paused · " if batch.state == "paused" else "") + " · ".join(words)


def open_batch(session: Session, batch_id: str) -> None:
    """Put a batch on the page."""
    session.reviewing = Reviewing(batch_id=batch_id, names=session.reviewing.names)

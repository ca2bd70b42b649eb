"""The batch that is open, with its views; else the list of batches, or the way to a new one."""

from collections.abc import Callable

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.errors import NotFoundError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.batches import show_batches
from tutor_app.ui.instructor.grading.export import show_export
from tutor_app.ui.instructor.grading.fairness import show_fairness
from tutor_app.ui.instructor.grading.new_batch import show_new_batch
from tutor_app.ui.instructor.grading.rescore import show_rescore
from tutor_app.ui.instructor.grading.results import show_results
from tutor_app.ui.instructor.grading.review import show_review
from tutor_app.ui.instructor.grading.running import job_name, show_run
from tutor_app.ui.instructor.grading.trust import show_trust
from tutor_app.ui.session import Session, held, put_back

UNDO = "Undo this batch"
VIEWS: dict[str, Callable[[Session, Batch], None]] = {
    "Review": show_review,
    "Trust": show_trust,
    "Results": show_results,
    "Fairness": show_fairness,
    "Export": show_export,
}


def show_grading(session: Session) -> None:
    """Draw the list of batches, the way to a new one, or the one that is open."""
    reviewing = session.reviewing
    if reviewing.starting:
        show_new_batch(session)
        return
    if not reviewing.batch_id:
        show_batches(session)
        return
    try:
        batch = resources.store().grading.batch(reviewing.batch_id)
    except NotFoundError:
        reviewing.batch_id = ""
        st.rerun()
    _head(session, batch)
    show_run(batch)
    if batch.state == "undone":
        _undone(session, batch)
        return
    show_rescore(session, batch)
    VIEWS.get(reviewing.view, show_review)(session, batch)


def _head(session: Session, batch: Batch) -> None:
    with st.container(key="batch-head", gap="xsmall"):
        st.button(
            "All batches", icon=":material/arrow_back:", type="tertiary", key="all-batches",
            on_click=_leave, args=(session,),
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(plain(batch.title), anchor=False, width="stretch")
            _menu(session, batch)
            key = f"view-{batch.id}"
            # a button may have chosen another view, which the control must show
            put_back(key, session.reviewing.view)
            st.segmented_control(
                "View", list(VIEWS), required=True, label_visibility="collapsed", key=key,
                on_change=_look, args=(session, key),
            )  # fmt: skip
    show_outcome(session)


def _menu(session: Session, batch: Batch) -> None:
    if batch.state == "undone":
        return
    chosen = st.menu_button("More", [UNDO], type="tertiary", icon=":material/more_horiz:")
    if chosen == UNDO:
        _ask_undo(session, batch.id, batch.title)


@st.dialog("Undo this batch")
def _ask_undo(session: Session, batch_id: str, title: str) -> None:
    released = resources.queue(batch_id).standing().released
    st.markdown(
        f"The marks of **{plain(title)}** count no more"
        + (f", and the {released:,} that are released are taken back from students. "
           if released else ". ")
        + "Nothing is deleted: you can take it back."
    )  # fmt: skip
    if st.button("Undo it", type="primary"):
        job = resources.jobs().last(job_name(batch_id))
        if job is not None:
            job.stop()
        resources.store().grading.set_state(batch_id, "undone")
        session.notice = "The batch is undone."
        st.rerun()


def _undone(session: Session, batch: Batch) -> None:
    st.info("This batch is undone: its marks count no more, and students see none of them.")
    if st.button("Take it back", icon=":material/undo:"):
        resources.store().grading.set_state(batch.id, "open")
        session.notice = "The batch counts again."
        st.rerun()


def _look(session: Session, key: str) -> None:
    session.reviewing.view = held(key)


def _leave(session: Session) -> None:
    session.reviewing.batch_id = ""

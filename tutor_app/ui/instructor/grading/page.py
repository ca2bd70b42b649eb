"""Grading: the batches of submissions, and the one that is open."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.errors import NotFoundError
from tutor_app.storage.grading import Batch
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.batches import show_batches
from tutor_app.ui.instructor.grading.review import show_review
from tutor_app.ui.session import Session, current

VIEWS: dict[str, Callable[[Session, Batch], None]] = {"Review": show_review}


def grading_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Grading", icon=":material/grading:", url_path="grading")


def show() -> None:
    """Draw the list of batches, the way to a new one, or the one that is open."""
    session = current()
    session.person(Role.INSTRUCTOR)
    reviewing = session.reviewing
    if not reviewing.batch_id:
        show_batches(session)
        return
    try:
        batch = resources.store().grading.batch(reviewing.batch_id)
    except NotFoundError:
        reviewing.batch_id = ""
        st.rerun()
    _head(session, batch)
    VIEWS.get(reviewing.view, show_review)(session, batch)


def _head(session: Session, batch: Batch) -> None:
    with st.container(key="batch-head", gap="xsmall"):
        st.button(
            "All batches", icon=":material/arrow_back:", type="tertiary", key="all-batches",
            on_click=_leave, args=(session,),
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(plain(batch.title), anchor=False, width="stretch")
            chosen = st.segmented_control(
                "View", list(VIEWS), default=session.reviewing.view, required=True,
                label_visibility="collapsed", key=f"view-{batch.id}",
            )  # fmt: skip
    session.reviewing.view = chosen or session.reviewing.view
    show_outcome(session)


def _leave(session: Session) -> None:
    session.reviewing.batch_id = ""

"""Refresh: a new tutor model, from the request to a teacher to a sealed folder."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.distillation.intake import load_outcome
from tutor_app.ui import resources
from tutor_app.ui.admin.handover import exports_of, show_export, show_import
from tutor_app.ui.admin.runs import has_demonstrations, show_runs
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.session import current


def refresh_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Refresh", icon=":material/model_training:", url_path="refresh")


def show() -> None:
    """Draw the three parts; the next thing to do has the primary button."""
    session = current()
    account = session.person(Role.ADMIN)
    st.title("Refresh", anchor=False)
    show_outcome(session)
    ids = resources.catalogue().course_ids()
    if not ids:
        st.markdown("A model is refreshed for a course, and there is no course yet.")
        return
    course_id = ids[0]
    if len(ids) > 1:
        course_id = st.selectbox("Course", ids, format_func=resources.course_title)
    else:
        st.caption(f"Course: {resources.course_title(course_id)}")
    newest = next(iter(exports_of(course_id)), None)
    waits = newest is not None and load_outcome(newest) is None
    ready = has_demonstrations(course_id)
    show_export(course_id, primary=newest is None and not ready)
    show_import(course_id, primary=waits)
    show_runs(course_id, account, primary=ready and not waits)

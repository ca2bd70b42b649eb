"""Grading: the batches of submissions, and the one that is open."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.ui.session import current


def grading_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Grading", icon=":material/grading:", url_path="grading")


def show() -> None:
    """Draw the page for an instructor."""
    session = current()
    session.person(Role.INSTRUCTOR)
    # scipy and scikit-learn take a second to load; nobody who signs in waits for that
    from tutor_app.ui.instructor.grading.opened import show_grading

    show_grading(session)

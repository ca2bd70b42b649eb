"""Make a course of one's own, empty at first."""

import streamlit as st

from tutor_app.courses.new_course import slug
from tutor_app.errors import ContentError, TutorError
from tutor_app.factory import build_intake
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.session import Session


@st.dialog("New course")
def offer_new_course(session: Session) -> None:
    """Ask for a title and make the course."""
    with st.form("new-course", border=False):
        title = st.text_input("Title", max_chars=80)
        pressed = st.form_submit_button("Make the course", type="primary")
    if not pressed:
        return
    try:
        make_course(session, title)
    except TutorError as error:
        show_failure(error)
        return
    st.rerun()


def make_course(session: Session, title: str) -> None:
    """Make a course with a title and open its skills; raises ContentError where it cannot be."""
    course_id = slug(title)
    if not course_id:
        raise ContentError(f"title {title!r}: needs some letters of the Latin alphabet, or digits.")
    build_intake(resources.settings()).new_course(course_id, title.strip())
    resources.reload_files()
    session.course_id = course_id
    session.view = "Contents"
    session.notice = "Your course is made. Name its skills, then write its first item."
    session.edit("course", course_id, "Skills")

"""Make a course of one's own, empty at first."""

import streamlit as st

from tutor_app.courses.new_course import slug
from tutor_app.errors import TutorError
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
    course_id = slug(title)
    if not course_id:
        st.error("Give it a title with some letters of the Latin alphabet, or digits.")
        return
    try:
        build_intake(resources.settings()).new_course(course_id, title.strip())
    except TutorError as error:
        show_failure(error)
        return
    resources.reload_files()
    session.course_id = course_id
    session.view = "Contents"
    session.notice = "Your course is made. Name its skills, then write its first item."
    session.edit("course", course_id, "Skills")
    st.rerun()

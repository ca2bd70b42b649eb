"""Course: what is in it, its skills, what it lacks, and the way to change each of them."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.check import CourseReport
from tutor_app.courses.drafts import new_item
from tutor_app.errors import NotFoundError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.instructor.contents import show_contents
from tutor_app.ui.instructor.course_editor import show_course_editor
from tutor_app.ui.instructor.coverage import show_coverage
from tutor_app.ui.instructor.item_editor import show_item_editor
from tutor_app.ui.instructor.new_course import offer_new_course
from tutor_app.ui.instructor.skill_map import show_skills
from tutor_app.ui.session import Desk, Editing, Session, current
from tutor_app.ui.words import counted

VIEWS = ("Contents", "Skills", "Coverage")
CHECK, DETAILS, NEW = "Check again", "Change the course", "New course"


def course_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Course", icon=":material/school:", url_path="course", default=True)


def show() -> None:
    """Draw the chosen course, or what is written in it."""
    session = current()
    session.person(Role.INSTRUCTOR)
    if not session.course_id:
        st.title("Course", anchor=False)
        st.markdown(
            f"Your course will be shown here. It lies in `{resources.settings().home / 'courses'}`."
        )
        if st.button(NEW, type="primary", icon=":material/add:"):
            offer_new_course(session)
        return
    report = resources.course_report(session.course_id)
    if not report.loads:
        _broken(session, report)
        return
    loaded = resources.catalogue().course(session.course_id)
    if desk := session.desk("course"):
        _editor(session, loaded, desk)
        return
    _head(session, report, loaded.course.title)
    if report.mistakes:
        _mistakes(report)
    chosen = st.segmented_control(
        "View", VIEWS, default=session.view, required=True, label_visibility="collapsed",
        key="course-view",
    )  # fmt: skip
    session.view = chosen or session.view
    if session.view == "Skills":
        show_skills(session, loaded)
    elif session.view == "Coverage":
        show_coverage(session, loaded, report)
    else:
        show_contents(session, loaded, report)
    st.caption(f"Files: {loaded.folder}. `tutor course check {session.course_id}` says the same.")


def _editor(session: Session, loaded: LoadedCourse, desk: Desk) -> None:
    try:
        if desk[0] == "course":
            show_course_editor(session, loaded, desk)
        else:
            show_item_editor(session, loaded, desk)
    except NotFoundError as error:
        # somebody else took it out
        session.leave_desk("course")
        session.failure = str(error)
        st.rerun()


def _head(session: Session, report: CourseReport, title: str) -> None:
    st.title(title, anchor=False)
    st.markdown(summary(report))
    show_outcome(session)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not report.mistakes:
            st.button(
                "New item", type="primary", icon=":material/add:",
                on_click=lambda: session.begin("item", Editing(new_item())),
            )  # fmt: skip
        chosen = st.menu_button(
            "More", [DETAILS, CHECK, NEW], type="tertiary", icon=":material/more_horiz:"
        )
    if chosen == CHECK:
        resources.reload_files()
        st.rerun()
    elif chosen == DETAILS:
        session.edit("course", session.course_id, "title")
        st.rerun()
    elif chosen == NEW:
        offer_new_course(session)


def _broken(session: Session, report: CourseReport) -> None:
    """Say what keeps the course from being opened at all."""
    st.title(session.course_id, anchor=False)
    st.markdown(summary(report))
    if st.button("Check again", type="primary", help="Read the course's files anew."):
        resources.reload_files()
        st.rerun()
    st.error("Students see nothing of this course until these lines are put right.")
    st.code("\n".join(str(m) for m in report.mistakes), language=None, wrap_lines=True)


def _mistakes(report: CourseReport) -> None:
    st.error("Students meet these mistakes. Edit the item, or put the lines right.")
    st.code("\n".join(str(m) for m in report.mistakes), language=None, wrap_lines=True)


def summary(report: CourseReport) -> str:
    """Say in one sentence how complete the course is."""
    if report.mistakes:
        return f"The files have {counted(len(report.mistakes), 'mistake')}."
    kept_back = sum(gap.part == "not_askable" for gap in report.gaps)
    optional = len(report.gaps) - kept_back
    gaps = counted(optional, "optional part is", "optional parts are")
    missing = f"{gaps} missing" if optional else "no optional part is missing"
    line = f"{counted(report.items, 'item')}, no mistakes; {missing}."
    if kept_back:
        line += f" {kept_back} of {report.items} cannot be given to students."
    return line

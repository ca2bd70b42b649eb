"""Course: its items with what they lack, and the mistakes in its files."""

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.check import CourseReport, check_course
from tutor_app.ui import resources
from tutor_app.ui.session import current
from tutor_app.ui.words import counted


def course_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Course", icon=":material/school:", url_path="course", default=True)


def show() -> None:
    """Draw the overview of the chosen course."""
    session = current()
    session.person(Role.INSTRUCTOR)
    catalogue = resources.catalogue()
    st.title(resources.course_title(session.course_id) or "Course", anchor=False)
    if not session.course_id:
        st.markdown(
            "Your course will be shown here. A course is a folder with `course.yaml`, `items/` "
            f"and `notes/` in `{resources.settings().home / 'courses'}`."
        )
        return
    with st.spinner("Checking every item of the course", show_time=True):
        report = check_course(catalogue, session.course_id)
    st.markdown(summary(report))
    if st.button("Check again", type="primary", help="Read the course's files anew."):
        resources.reload_files()
        st.rerun()
    if report.mistakes:
        st.error("Students see nothing of this course until these lines are put right.")
        st.code("\n".join(str(m) for m in report.mistakes), language=None, wrap_lines=True)
        return
    loaded = catalogue.course(session.course_id)
    st.dataframe(items_table(loaded, report), hide_index=True, width="stretch")
    st.caption(f"Files: {loaded.folder}. `tutor course check {session.course_id}` says the same.")


def summary(report: CourseReport) -> str:
    """Say in one sentence how complete the course is."""
    if report.mistakes:
        return f"The files have {counted(len(report.mistakes), 'mistake')}."
    gaps = counted(len(report.gaps), "optional part is", "optional parts are")
    missing = f"{gaps} missing" if report.gaps else "no optional part is missing"
    return f"{counted(report.items, 'item')}, no mistakes; {missing}."


def items_table(loaded: LoadedCourse, report: CourseReport) -> pd.DataFrame:
    """Return one row an item: what it asks for, what it trains, what it lacks."""
    return pd.DataFrame(
        {
            "Item": item.title,
            "Missing": "; ".join(_gaps_of(item.id, report)) or "nothing",
            "Answer": item.answer.kind,
            "Skills": ", ".join(loaded.course.skill(s).title for s in item.skills),
            "Difficulty": item.difficulty,
            "Steps": len(item.steps),
            "Misconceptions": len(item.misconceptions),
            "Hints": len(item.hints),
        }
        for item in loaded.items.values()
    )


def _gaps_of(item_id: str, report: CourseReport) -> list[str]:
    return [gap.message for gap in report.gaps if gap.item_id == item_id]

"""My progress: the skills as a picture, what is due, what was done alone and with help."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Evidence
from tutor_app.tutoring.mastery import SkillState
from tutor_app.ui import resources
from tutor_app.ui.local_time import local
from tutor_app.ui.session import current
from tutor_app.ui.student.learn import learn_page
from tutor_app.ui.student.skills import sentence, skill_chart, skill_rows, waiting
from tutor_app.ui.words import counted, day, percent


def progress_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="My progress", icon=":material/monitoring:", url_path="progress")


def show() -> None:
    """Draw the learner's standing in the chosen course."""
    session = current()
    account = session.person(Role.LEARNER)
    tutor = resources.tutor()
    course = tutor.catalogue.course(session.course_id).course
    evidence = tutor.store.evidence(account.id, course.id)
    st.title("My progress", anchor=False)
    if not evidence:
        st.markdown("Your skills will be drawn here once you have finished your first item.")
        if st.button("Go to your item", type="primary"):
            st.switch_page(learn_page())
        return
    skills = tutor.skills(account.id, course.id)
    disputed = tutor.store.frozen_items(account.id, course.id)
    rows = skill_rows(course, skills, waiting(evidence, disputed))
    st.markdown(sentence(rows))
    st.altair_chart(
        skill_chart(rows, dark=st.context.theme.type == "dark"),
        theme=None,
        alt="; ".join(f"{row.title}: {row.label}" for row in rows),
    )
    st.subheader("What is due", anchor=False)
    st.markdown(due_lines(course, skills.values(), local(tutor.clock())))
    st.subheader("Alone and with help", anchor=False)
    st.markdown(alone_and_helped(evidence))
    st.caption(
        f"Mastered means: {percent(0.95)} sure, and two items right on your own, on two "
        "different days. n is the number of items counted for a skill. A disputed item "
        "counts once your instructor has looked at it."
    )


def due_lines(course: Course, skills: Iterable[SkillState], now: datetime) -> str:
    """Return a Markdown list of reviews, soonest first."""
    waiting = [(skill.due, skill.skill_id) for skill in skills if skill.due is not None]
    if not waiting:
        return "Nothing yet. A skill comes back some days after you first get it right."
    return "\n".join(
        f"- {course.skill(skill_id).title}: {day(due.astimezone(now.tzinfo), now)}"
        for due, skill_id in sorted(waiting)
    )


def alone_and_helped(evidence: Iterable[Evidence]) -> str:
    """Count the finished items by how they went; an item with two skills counts once."""
    by_dialogue = {one.dialogue_id: one for one in evidence}.values()
    alone = sum(one.correct and not one.aided for one in by_dialogue)
    helped = sum(one.correct and one.aided for one in by_dialogue)
    aside = sum(not one.correct for one in by_dialogue)
    return (
        f"Of {counted(len(by_dialogue), 'item')} you got {alone} right on your own and {helped} "
        f"with help; {aside} you put aside, to come back."
    )

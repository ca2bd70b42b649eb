"""Rubrics: what each one asks for, the mistakes in its file, and the way to write one."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import check_rubric
from tutor_app.courses.drafts import new_rubric
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.rubric_bring import show_bring
from tutor_app.ui.instructor.rubric_download import show_download
from tutor_app.ui.instructor.rubric_editor import show_rubric_editor
from tutor_app.ui.session import Bringing, Editing, Session, current
from tutor_app.ui.words import counted

PER_PAGE = 20


def rubrics_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Rubrics", icon=":material/checklist:", url_path="rubrics")


def show() -> None:
    """Draw the rubric that is written, or the list of rubrics, those with mistakes first."""
    session = current()
    session.person(Role.INSTRUCTOR)
    if desk := session.desk("rubrics"):
        show_rubric_editor(session, desk)
        return
    if session.bringing is not None:
        show_bring(session, session.bringing)
        return
    catalogue = resources.catalogue()
    st.title("Rubrics", anchor=False)
    ids = catalogue.rubric_ids()
    if not ids:
        st.markdown("Rubrics will be listed here. A rubric says how an answer in words is judged.")
    else:
        broken = [rubric_id for rubric_id in ids if check_rubric(catalogue, rubric_id)]
        st.markdown(f"{counted(len(ids), 'rubric')}, {counted(len(broken), 'file')} with mistakes.")
    with st.container(horizontal=True):
        st.button(
            "New rubric", type="primary", icon=":material/add:",
            on_click=lambda: session.begin("rubric", Editing(new_rubric())),
        )  # fmt: skip
        st.button(
            "Bring a rubric", icon=":material/upload_file:",
            help="From Canvas, MarkUs, PrairieLearn, Excel, Word or a pasted table.",
            on_click=lambda: setattr(session, "bringing", Bringing()),
        )  # fmt: skip
        if ids and st.button("Check again", type="tertiary", help="Read the rubric files anew."):
            resources.reload_files()
            st.rerun()
    if ids:
        _lists(session, catalogue, ids, broken)


def _lists(session: Session, catalogue: Catalogue, ids: list[str], broken: list[str]) -> None:
    """Draw the rubrics of the chosen course, with the broken ones, and then all others."""
    courses = _courses(catalogue)
    own = {one for one in ids if session.course_id in courses.get(one, ())} | {*broken}
    wanted = st.text_input(
        "Filter", key="rubrics-filter", live="300ms", icon=":material/search:",
        placeholder="Words of a title, a question or a course",
    )  # fmt: skip
    found = [one for one in ids if one in broken or _fits(catalogue, one, courses, wanted or "")]
    found.sort(key=lambda one: (one != session.chosen_rubric, one not in broken, one))
    if not found:
        st.caption("No rubric has these words.")
    _list(session, catalogue, [one for one in found if one in own], courses, "own")
    if others := [one for one in found if one not in own]:
        if own:
            st.subheader("Rubrics of other courses", anchor=False)
        _list(session, catalogue, others, courses, "others")


def _courses(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the courses whose items a rubric judges, by its id."""
    found: dict[str, list[str]] = {}
    for course_id in catalogue.course_ids():
        try:
            items = catalogue.course(course_id).items.values()
        except TutorError:
            # its own page says what is wrong with it
            continue
        for rubric_id in {i.answer.rubric for i in items if i.answer.kind == "text"}:
            found.setdefault(rubric_id, []).append(course_id)
    return found


def _fits(catalogue: Catalogue, rubric_id: str, courses: dict[str, list[str]], wanted: str) -> bool:
    rubric = catalogue.rubric(rubric_id)
    text = f"{rubric.title} {rubric.question} {_used_by(courses.get(rubric_id, []))}".lower()
    return all(word in text for word in wanted.lower().split())


def _used_by(course_ids: list[str]) -> str:
    return ", ".join(map(resources.course_title, course_ids)) or "no course"


def _list(
    session: Session,
    catalogue: Catalogue,
    ids: list[str],
    courses: dict[str, list[str]],
    name: str,
) -> None:
    pages = -(-len(ids) // PER_PAGE)
    page = st.pagination(pages, key=f"rubrics-page-{name}") if pages > 1 else 1
    for rubric_id in ids[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _rubric(session, catalogue, rubric_id, _used_by(courses.get(rubric_id, [])))


def _rubric(session: Session, catalogue: Catalogue, rubric_id: str, used_by: str) -> None:
    if mistakes := check_rubric(catalogue, rubric_id):
        with st.expander(f"{rubric_id}: mistakes", icon=":material/error:", expanded=True):
            st.code("\n".join(str(m) for m in mistakes), language=None, wrap_lines=True)
        return
    rubric = catalogue.rubric(rubric_id)
    label = f"{plain(rubric.title)} · {plain(used_by)} · {points_words(rubric.max_points)}"
    looked_at = rubric_id == session.chosen_rubric
    with st.expander(label, key=f"rubric-{rubric_id}", expanded=looked_at):
        st.markdown(rubric.question)
        for criterion in rubric.criteria:
            worth = points_words(criterion.points)
            st.markdown(f"**{criterion.title}** · {worth}, {criterion.type}")
            if criterion.grader_note:
                st.caption(f"For graders only: {criterion.grader_note}")
        with st.container(horizontal=True):
            st.button(
                "Edit", key=f"edit-{rubric_id}", icon=":material/edit:",
                on_click=session.edit, args=("rubric", rubric_id),
            )  # fmt: skip
            show_download(rubric, f"download-{rubric_id}")
        st.caption(f"Version {rubric.version}, {catalogue.rubric_path(rubric_id)}")


def points_words(points: float) -> str:
    """Return "1 point", "2.5 points", "−1 point"."""
    number = f"{points:g}".replace("-", "\N{MINUS SIGN}")
    return f"{number} point" if abs(points) == 1 else f"{number} points"

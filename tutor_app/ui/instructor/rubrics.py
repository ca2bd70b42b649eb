"""Rubrics: what each one asks for, the mistakes in its file, and the way to write one."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import check_rubric
from tutor_app.courses.drafts import new_rubric
from tutor_app.ui import resources
from tutor_app.ui.instructor.rubric_editor import show_rubric_editor
from tutor_app.ui.session import Editing, Session, current
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
        if ids and st.button("Check again", type="tertiary", help="Read the rubric files anew."):
            resources.reload_files()
            st.rerun()
    if ids:
        _list(session, catalogue, sorted(ids, key=lambda one: (one not in broken, one)))


def _list(session: Session, catalogue: Catalogue, ids: list[str]) -> None:
    pages = -(-len(ids) // PER_PAGE)
    page = st.pagination(pages, key="rubrics-page") if pages > 1 else 1
    for rubric_id in ids[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _rubric(session, catalogue, rubric_id)


def _rubric(session: Session, catalogue: Catalogue, rubric_id: str) -> None:
    if mistakes := check_rubric(catalogue, rubric_id):
        with st.expander(f"{rubric_id}: mistakes", icon=":material/error:", expanded=True):
            st.code("\n".join(str(m) for m in mistakes), language=None, wrap_lines=True)
        return
    rubric = catalogue.rubric(rubric_id)
    label = f"{rubric.title} · {rubric.max_points:g} points"
    with st.expander(label, key=f"rubric-{rubric_id}"):
        st.markdown(rubric.question)
        for criterion in rubric.criteria:
            st.markdown(f"**{criterion.title}** · {criterion.points:g} points, {criterion.type}")
            if criterion.grader_note:
                st.caption(f"For graders only: {criterion.grader_note}")
        st.button(
            "Edit", key=f"edit-{rubric_id}", icon=":material/edit:",
            on_click=session.edit, args=("rubric", rubric_id),
        )  # fmt: skip
        st.caption(f"Version {rubric.version}, {catalogue.rubric_path(rubric_id)}")

"""Rubrics: what each one asks for, and the mistakes in its file."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import check_rubric
from tutor_app.ui import resources
from tutor_app.ui.session import current
from tutor_app.ui.words import counted


def rubrics_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Rubrics", icon=":material/checklist:", url_path="rubrics")


def show() -> None:
    """Draw the list of rubrics, those with mistakes first."""
    current().person(Role.INSTRUCTOR)
    catalogue = resources.catalogue()
    st.title("Rubrics", anchor=False)
    ids = catalogue.rubric_ids()
    if not ids:
        folder = resources.settings().home / "rubrics"
        st.markdown(f"Rubrics will be listed here. A rubric is a YAML file in `{folder}`.")
        return
    broken = [rubric_id for rubric_id in ids if check_rubric(catalogue, rubric_id)]
    st.markdown(f"{counted(len(ids), 'rubric')}, {counted(len(broken), 'file')} with mistakes.")
    if st.button("Check again", type="primary", help="Read the rubric files anew."):
        resources.reload_files()
        st.rerun()
    for rubric_id in sorted(ids, key=lambda one: (one not in broken, one)):
        _rubric(catalogue, rubric_id)


def _rubric(catalogue: Catalogue, rubric_id: str) -> None:
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
        st.caption(f"Version {rubric.version}, {catalogue.rubric_path(rubric_id)}")

"""Write what a course says of itself: its title, its rules on help, its skills."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.drafts import Place, draft_of_course
from tutor_app.courses.editing import Checked, check_course_draft
from tutor_app.courses.own_files import stamp
from tutor_app.domain.course import Course, HintLevel
from tutor_app.ui import resources
from tutor_app.ui.instructor.editor import OWN_COPY, choose_part, show_bar, show_head, show_rest
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.session import Desk, Editing, Session
from tutor_app.ui.words import RUNGS


@dataclass(frozen=True)
class Part:
    """One part of the editor, and the fields of the draft that it holds."""

    fields: tuple[str, ...]
    draw: Callable[[Form], None]


def show_course_editor(session: Session, loaded: LoadedCourse, desk: Desk) -> None:
    """Draw the editor of a course's own fields."""
    files = resources.own_files()
    path = files.course_path(session.course_id)
    if desk not in session.drafts:
        session.drafts[desk] = Editing(draft_of_course(loaded.course), stamp(path))
    editing = session.drafts[desk]
    show_head("course", "Course", loaded.course.title)
    if not files.is_own(session.course_id):
        st.caption(OWN_COPY.format(folder=files.home / "courses" / session.course_id))
    _body(session, loaded, desk, editing)


@st.fragment
def _body(session: Session, loaded: LoadedCourse, desk: Desk, editing: Editing) -> None:
    used: dict[str, int] = {}
    for item in loaded.items.values():
        for skill in item.skills:
            used[skill] = used.get(skill, 0) + 1
    checked = check_course_draft(editing.draft, used)
    parts = {title: part.fields for title, part in PARTS.items()}
    part = PARTS[choose_part(editing, parts, checked)]
    form = Form(editing, checked)
    with st.container(key="editor-fields"):
        part.draw(form)
        show_rest(form, part.fields)
    path = resources.own_files().course_path(session.course_id)
    show_bar(desk, editing, checked, path, lambda: _save(session, editing, checked))


def _save(session: Session, editing: Editing, checked: Checked) -> str:
    if isinstance(checked.content, Course) and not checked.count:
        resources.own_files().save_course(session.course_id, checked.content, editing.opened)
    return session.course_id


def _course(form: Form) -> None:
    form.text("Title", "title")
    form.text("What it is about", "description", tall=80)
    form.text("Licence of the material", "licence", example="CC BY 4.0")
    form.number("Place among the courses", "position", least=0, hint="The lowest comes first.")
    form.text(
        "Whom to turn to in an emergency", "contact", tall=80,
        hint="Said to a student who seems to be in danger.",
    )  # fmt: skip


def _help(form: Form) -> None:
    form.number(
        "Checks per item", "policy", "checks_per_item", least=1, most=50, step=1,
        hint="Wrong answers that may be checked before the item is put aside.",
    )  # fmt: skip
    st.markdown("**Tries before a hint opens**")
    for level in HintLevel:
        if level.value in form.get("policy", "attempts_before"):
            form.number(
                RUNGS[level].capitalize(), "policy", "attempts_before", level.value, least=0,
                most=20, step=1,
            )  # fmt: skip
    form.tick("The answer of an item may be shown in the end", "policy", "show_answer")


def _skills(form: Form) -> None:
    st.caption("Put a skill below those that it needs.")
    form.rows(_skill, "skills", add="Add a skill", title=lambda n, row: f"Skill {n}")


def _skill(form: Form, at: Place) -> None:
    form.text("Title", *at, "title")
    above = {row["id"]: row["title"] for row in form.get("skills")[: int(at[-1])] if row["id"]}
    form.many_of("Needs", list(above), *at, "prerequisites", named=lambda one: above.get(one, one))
    form.mistakes(*at, "id")


PARTS = {
    "Skills": Part(("skills",), _skills),
    "Course": Part(
        ("title", "description", "licence", "contact", "position", "language", "id"), _course
    ),
    "Help": Part(("policy",), _help),
}

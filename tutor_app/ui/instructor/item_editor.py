"""Write an item without YAML: fields that are checked while they are filled in."""

import streamlit as st

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.drafts import draft_of_item, new_rubric
from tutor_app.courses.editing import Checked, check_item_draft
from tutor_app.courses.own_files import stamp
from tutor_app.domain.item import Item
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.editor import OWN_COPY, choose_part, show_bar, show_head, show_rest
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.instructor.item_fields import PARTS, Material
from tutor_app.ui.instructor.preview import show_preview
from tutor_app.ui.session import Desk, Editing, Session, current
from tutor_app.ui.student.card import show_prompt


def show_item_editor(session: Session, loaded: LoadedCourse, desk: Desk) -> None:
    """Draw the editor of an item, which opens its file unless it was begun before."""
    item_id = desk[2]
    if desk not in session.drafts:
        path = resources.own_files().item_path(session.course_id, item_id)
        session.drafts[desk] = Editing(draft_of_item(loaded.item(item_id)), stamp(path))
    editing = session.drafts[desk]
    show_head("course", "Course", editing.before["title"] or "New item")
    if not resources.own_files().is_own(session.course_id):
        folder = resources.settings().home / "courses" / session.course_id
        st.caption(OWN_COPY.format(folder=folder))
    _body(session, loaded, desk, editing)


@st.fragment
def _body(session: Session, loaded: LoadedCourse, desk: Desk, editing: Editing) -> None:
    sections = resources.sections(session.course_id)
    checked = check_item_draft(
        editing.draft,
        loaded.course,
        set(sections) | _slow_sections(loaded, editing),
        resources.catalogue(),
        () if desk[2] else list(loaded.items),
        question_too=editing.question_too,
    )
    chosen = choose_part(editing, {part.title: part.fields for part in PARTS}, checked)
    part = next(part for part in PARTS if part.title == chosen)
    form = Form(editing, checked, new=not desk[2])
    with st.container(key="editor-fields"):
        part.draw(form, _material(loaded, sections, editing))
        if editing.draft["answer"]["kind"] == "text" and part.title in ("Question", "Answer"):
            _rubric_of(editing, checked)
        show_rest(form, part.fields)
    path = resources.own_files().item_path(session.course_id, desk[2] or "-")
    show_bar(desk, editing, checked, path, lambda: _save(session, editing, checked))
    _show_result(editing, checked)


def _slow_sections(loaded: LoadedCourse, editing: Editing) -> set[str]:
    """Return the sections that the item named before in documents too large to list."""
    before = editing.before
    named = {*before["sections"], *before["spoilers"], *(hint["cite"] for hint in before["hints"])}
    large = {p.stem for p in loaded.documents if p.stat().st_size > resources.MAX_QUICK_BYTES}
    return {name for name in named if name.partition("#")[0] in large}


def _material(loaded: LoadedCourse, sections: tuple[str, ...], editing: Editing) -> Material:
    catalogue = resources.catalogue()
    criteria = {}
    if editing.draft["answer"]["kind"] == "text":
        try:
            rubric = catalogue.rubric(editing.draft["answer"]["text"]["rubric"])
        except TutorError:
            # the field of the rubric says what is wrong with it
            pass
        else:
            criteria = {criterion.id: criterion.title for criterion in rubric.criteria}
    return Material(loaded.course, sections, tuple(catalogue.rubric_ids()), criteria)


def _save(session: Session, editing: Editing, checked: Checked) -> str:
    item = checked.content
    if not isinstance(item, Item) or checked.count:
        # the button is not there then; a click that was on its way is void
        return ""
    files = resources.own_files()
    copied = not files.is_own(session.course_id)
    path = files.save_item(
        session.course_id, item, editing.opened, question_too=editing.question_too
    )
    if copied:
        session.notice = f"Saved. The course is your own copy now, in {path.parents[1]}."
    session.chosen_item = item.id
    return item.id


def _show_result(editing: Editing, checked: Checked) -> None:
    """Draw the item as students see it, as far as it is one, and what it computes."""
    st.subheader("As students see it", anchor=False)
    if isinstance(checked.content, Item) and not checked.count:
        show_preview(checked.content, checked.solution, editing.key)
    elif checked.prompt.strip():
        show_prompt(checked.prompt)
    else:
        st.caption("The question will be shown here as soon as there is one.")
    if checked.values:
        st.divider()
        st.subheader("Only you see this", anchor=False)
        st.markdown("**Computed**")
        lines = [f"- {plain(name)}: {_value(value)}" for name, value in checked.values]
        st.markdown("\n".join(lines))


def _value(text: str) -> str:
    return text if text.startswith("$") else plain(text)


def _rubric_of(editing: Editing, checked: Checked) -> None:
    """Offer to write the rubric, or to change the question in the one that is chosen."""
    if not editing.draft["answer"]["text"]["rubric"]:
        if st.button("Write a rubric for this question", icon=":material/add:"):
            draft = new_rubric(editing.draft["prompt"], editing.draft["title"])
            current().begin("rubric", Editing(draft, wanted_by=editing))
            current().goto = "Rubrics"
            st.rerun()
        return
    found = checked.mistakes.get(("prompt",), ())
    if editing.question_too or any("differs from the question" in message for message in found):

        def take() -> None:
            editing.question_too = not editing.question_too

        st.checkbox(
            "Change the question in the rubric, too",
            editing.question_too,
            key=f"{editing.key}-question",
            on_change=take,
        )

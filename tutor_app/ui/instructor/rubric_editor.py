"""Write a rubric without YAML: all of it, checked while it is filled in."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tutor_app.courses.drafts import Place, draft_of_rubric
from tutor_app.courses.editing import Checked, check_rubric_draft, items_with_rubric, points_changed
from tutor_app.courses.own_files import stamp
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.instructor.editor import choose_part, show_bar, show_head, show_rest
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.session import Desk, Editing, Session

TYPES = {
    "levels": "Levels: one is picked",
    "checklist": "Checklist: a share of the points for each idea",
    "penalty": "Penalty: points off where it applies",
    "holistic": "Holistic: one level for the answer as a whole",
}
OWN_COPY = (
    "This rubric came with the program. Saving makes your own copy in `{path}`, which counts from "
    "then on; what came with the program stays as it is."
)


@dataclass(frozen=True)
class Part:
    """One part of the editor, and the fields of the draft that it holds."""

    fields: tuple[str, ...]
    draw: Callable[[Form], None]


def show_rubric_editor(session: Session, desk: Desk) -> None:
    """Draw the editor of a rubric, which opens its file unless it was begun before."""
    rubric_id = desk[2]
    files = resources.own_files()
    if desk not in session.drafts:
        rubric = resources.catalogue().rubric(rubric_id)
        path = files.read_rubric_path(rubric_id)
        session.drafts[desk] = Editing(draft_of_rubric(rubric), stamp(path))
    editing = session.drafts[desk]
    show_head("rubrics", "Rubrics", editing.before["title"] or "New rubric")
    own = files.rubric_path(rubric_id)
    if rubric_id and not own.is_file():
        st.caption(OWN_COPY.format(path=own))
    _body(session, desk, editing)


@st.fragment
def _body(session: Session, desk: Desk, editing: Editing) -> None:
    catalogue = resources.catalogue()
    taken = () if desk[2] else catalogue.rubric_ids()
    items = items_with_rubric(catalogue, desk[2]) if desk[2] else []
    checked = check_rubric_draft(editing.draft, set(_sections()), taken, items)
    parts = {title: part.fields for title, part in PARTS.items()}
    part = PARTS[choose_part(editing, parts, checked)]
    form = Form(editing, checked, new=not desk[2])
    with st.container(key="editor-fields"):
        part.draw(form)
        show_rest(form, part.fields)
    path = resources.own_files().rubric_path(desk[2] or "-")
    show_bar(desk, editing, checked, path, lambda: _save(session, editing, checked))
    _show_points(checked, desk[2])


def _sections() -> tuple[str, ...]:
    """Return the sections of all courses that can be read; a rubric does not say its course."""
    found: list[str] = []
    for course_id in resources.catalogue().course_ids():
        try:
            found += resources.sections(course_id)
        except TutorError:
            # the course page says what is wrong with it
            continue
    return tuple(dict.fromkeys(found))


def _save(session: Session, editing: Editing, checked: Checked) -> str:
    rubric = checked.content
    if not isinstance(rubric, Rubric) or checked.count:
        return ""
    saved = resources.own_files().save_rubric(rubric, editing.opened)
    if saved.version != rubric.version:
        session.notice = f"Saved as version {saved.version}, because points changed."
    if editing.wanted_by is not None:
        editing.wanted_by.draft["answer"]["text"]["rubric"] = saved.id
        for step in editing.wanted_by.draft["steps"]:
            step["criterion"] = step["criterion"] or saved.criteria[0].id
        session.notice = "Saved, and chosen for your item."
        session.goto = "Course"
    return saved.id


def _show_points(checked: Checked, rubric_id: str) -> None:
    rubric = checked.content
    if not isinstance(rubric, Rubric):
        return
    catalogue = resources.catalogue()
    line = f"{rubric.max_points:g} points in all, version {rubric.version}."
    if rubric_id and points_changed(catalogue.rubric(rubric_id), rubric):
        line += " Points changed, so saving raises the version."
    st.caption(line)


def _question(form: Form) -> None:
    form.text("Title", "title")
    form.text(
        "Question", "question", tall=140,
        hint="Exactly the question of the item that this rubric judges.",
    )  # fmt: skip
    form.lines(
        "Reference answers", "reference_answers", apart="\n\n", tall=200,
        hint="Good answers in full, an empty line between two.",
    )  # fmt: skip
    form.many_of(
        "Sections of the notes that it rests on", _sections(), "course_sections",
    )  # fmt: skip
    if form.new:
        form.text("File name", "id", example="made from the title")
    left, right = st.columns(2)
    with left:
        form.number("Fewest points in all", "min_points", step=0.5)
    with right:
        form.number(
            "Extra points at most", "max_extra", least=0.0, step=0.5,
            hint="What a grader may add beyond the criteria.",
        )  # fmt: skip


def _criteria(form: Form) -> None:
    form.rows(_criterion, "criteria", add="Add a criterion", title=lambda n, row: f"Criterion {n}")


def _criterion(form: Form, at: Place) -> None:
    form.text("What is judged", *at, "title")
    left, right = st.columns([2, 1])
    with left:
        form.one_of("Type", list(TYPES), *at, "type", named=TYPES.__getitem__)
    with right:
        form.number("Points", *at, "points", step=0.5)
    kind = form.get(*at, "type")
    if kind in ("levels", "holistic") or form.get(*at, "levels"):
        with st.expander("Levels, best first", expanded=True, key=f"{form.key(*at)}-levels-box"):
            form.rows(_level, *at, "levels", add="Add a level", title=lambda n, row: f"Level {n}")
            form.tick("Levels may have negative points", *at, "negative_allowed")
    ideas = len(form.get(*at, "key_elements"))
    with st.expander(
        f"Ideas that an answer must show: {ideas}",
        expanded=kind == "checklist",
        key=f"{form.key(*at)}-ideas-box",
    ):
        form.rows(
            _idea, *at, "key_elements", add="Add an idea", title=lambda n, row: f"Idea {n}",
            empty="The tutor recognizes an idea by these sentences, whatever the type.",
        )  # fmt: skip
    form.text("For graders only", *at, "grader_note", tall=80, hint="Never shown to students.")
    if not form.get(*at, "id"):
        return
    st.caption(f"Items name this criterion `{form.get(*at, 'id')}`.")


def _level(form: Form, at: Place) -> None:
    left, right = st.columns([2, 1])
    with left:
        form.text("Title", *at, "title", example="Clear")
    with right:
        form.number("Points", *at, "points", step=0.5)
    form.text("What an answer at this level does", *at, "description", tall=80)
    form.text("An example", *at, "example", tall=80)
    form.text(
        "What the student reads", *at, "feedback", tall=80,
        hint="Say what is there and where to look next; do not give the missing idea away.",
    )  # fmt: skip


def _idea(form: Form, at: Place) -> None:
    form.text("The idea as a sentence", *at, "text", tall=80)
    form.lines("Other right ways of saying it, one a line", *at, "variants", tall=140)


PARTS = {
    "Question": Part(
        ("title", "question", "reference_answers", "course_sections", "id", "min_points",
         "max_extra", "version"),
        _question,
    ),
    "Criteria": Part(("criteria",), _criteria),
}  # fmt: skip

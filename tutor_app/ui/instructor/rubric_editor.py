"""Write a rubric without YAML: all of it, checked while it is filled in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from tutor_app.courses.drafts import Place, draft_of_rubric, rubric_data
from tutor_app.courses.editing import Checked, check_rubric_draft, items_with_rubric, points_changed
from tutor_app.courses.own_files import stamp
from tutor_app.courses.rubric_lint import Advice, lint_data
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.editor import choose_part, show_bar, show_head, show_rest
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.instructor.rubric_criteria import show_criteria
from tutor_app.ui.instructor.rubric_download import show_download
from tutor_app.ui.instructor.rubric_ideas import show_reference_suggestions
from tutor_app.ui.instructor.rubric_try import show_try
from tutor_app.ui.session import Desk, Editing, Session

TRY = "Try it"
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
    advice = lint_data(rubric_data(editing.draft))
    form = Form(editing, checked, new=not desk[2], advice=_by_place(advice))
    with st.container(key="editor-fields"):
        part.draw(form)
        show_rest(form, part.fields)
    path = resources.own_files().rubric_path(desk[2] or "-")
    show_bar(desk, editing, checked, path, lambda: _save(session, editing, checked))
    _show_points(checked, desk[2])
    _show_advice(advice)
    if isinstance(checked.content, Rubric):
        show_download(checked.content, f"{editing.key}-download")


def _by_place(advice: Sequence[Advice]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for one in advice:
        found.setdefault(one.place, []).append(f"{one.what} {one.do}")
    return found


def _show_advice(advice: Sequence[Advice]) -> None:
    """List all advice; each piece also stands at its field."""
    if not advice:
        st.caption(":material/check: No advice: points add up, levels differ, words are clear.")
        return
    with st.expander(f"Advice: {len(advice)}", icon=":material/lightbulb:", key="rubric-advice"):
        st.caption("What could make graders agree more. You can save without following it.")
        lines = [
            f"- {f'**{plain(one.where)}:** ' if one.where else ''}{plain(one.what)} {plain(one.do)}"
            for one in advice
        ]
        st.markdown("\n".join(lines))


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
    show_reference_suggestions(form)
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


PARTS = {
    "Question": Part(
        ("title", "question", "reference_answers", "course_sections", "id", "min_points",
         "max_extra", "version"),
        _question,
    ),
    "Criteria": Part(("criteria",), show_criteria),
    TRY: Part((), lambda form: show_try(form.editing, form.checked)),
}  # fmt: skip

"""The criteria of a rubric in its editor, one at a time: levels, ideas, and notes for graders."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from tutor_app.courses.drafts import ROW, Place, add_row
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.instructor.rubric_ideas import show_suggestions

TYPES = {
    "levels": "Levels: one is picked",
    "checklist": "Checklist: a share of the points for each idea",
    "penalty": "Penalty: points off where it applies",
    "holistic": "Holistic: one level for the answer as a whole",
}
_SIDE_BY_SIDE = 6
"""So many criteria are chosen from a row of names; more from a list."""
_LONGEST = 34


def show_criteria(form: Form) -> None:
    """Draw the choice of a criterion, and the fields of the chosen one."""
    criteria: Sequence[Any] = form.get("criteria")
    form.mistakes("criteria")
    if criteria:
        number = _choose(form, criteria)
        form.row(_criterion, ("criteria", number), f"Criterion {number + 1} of {len(criteria)}")
    # those of the criteria that are not on the page are counted at their names
    form.shown |= {at for at in form.checked.mistakes if at[:1] == ("criteria",) and len(at) > 1}
    st.button(
        "Add a criterion", key=f"{form.key('criteria')}-add", icon=":material/add:",
        on_click=_add, args=(form,),
    )  # fmt: skip


def _choose(form: Form, criteria: Sequence[Any]) -> int:
    ids = [row[ROW] for row in criteria]
    chosen = form.editing.chosen if form.editing.chosen in ids else ids[0]

    def named(row_id: str) -> str:
        number = ids.index(row_id) if row_id in ids else 0
        title = " ".join(str(criteria[number]["title"]).split()) or "without a name"
        title = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
        found = form.checked.mistakes.items()
        wrong = sum(len(m) for at, m in found if at[:2] == ("criteria", number))
        return f"{number + 1}. {plain(title)}" + (f" :material/edit: {wrong}" if wrong else "")

    if len(ids) > 1:
        key = f"{form.editing.key}-criterion"
        if len(ids) <= _SIDE_BY_SIDE:
            chosen = st.pills(
                "Criterion", ids, default=chosen, format_func=named, key=f"{key}-{chosen}",
                label_visibility="collapsed",
            ) or chosen  # fmt: skip
        else:
            chosen = st.selectbox(
                "Criterion", ids, ids.index(chosen), format_func=named, key=f"{key}-{chosen}"
            )
        if chosen != form.editing.chosen and form.editing.chosen in ids:
            form.editing.chosen = chosen
            st.rerun(scope="fragment")
    form.editing.chosen = chosen
    return ids.index(chosen)


def _add(form: Form) -> None:
    add_row(form.editing.draft, ("criteria",))
    form.editing.chosen = form.editing.draft["criteria"][-1][ROW]


def _criterion(form: Form, at: Place) -> None:
    form.text("What is judged", *at, "title")
    left, right = st.columns([2, 1])
    with left:
        form.one_of("Type", list(TYPES), *at, "type", named=TYPES.__getitem__)
    with right:
        form.number("Points", *at, "points", step=0.5)
    kind = form.get(*at, "type")
    levelled = kind in ("levels", "holistic") or bool(form.get(*at, "levels"))
    titles = [*(["Levels"] if levelled else []), "Ideas", "For graders"]
    first = "Ideas" if kind == "checklist" else titles[-1] if kind == "penalty" else titles[0]
    tabs = st.tabs(titles, default=first, key=f"{form.key(*at)}-{kind}-{len(titles)}")
    if levelled:
        with tabs[0]:
            form.rows(_level, *at, "levels", add="Add a level", title=lambda n, row: f"Level {n}")
            form.tick("Levels may have negative points", *at, "negative_allowed")
    with tabs[-2]:
        form.rows(
            _idea, *at, "key_elements", add="Add an idea", title=lambda n, row: f"Idea {n}",
            empty="Ideas that an answer must show. Tutor and grader recognize them by these "
            "sentences, whatever the type.",
        )  # fmt: skip
        show_suggestions(form, at)
    with tabs[-1]:
        form.text("For graders only", *at, "grader_note", tall=110, hint="Never shown to students.")
        if form.get(*at, "id"):
            st.caption(f"Items name this criterion `{form.get(*at, 'id')}`.")


def _level(form: Form, at: Place) -> None:
    left, right = st.columns([2, 1])
    with left:
        form.text("Title", *at, "title", example="Clear")
    with right:
        form.number("Points", *at, "points", step=0.5)
    form.text("What an answer at this level does", *at, "description", tall=80)
    left, right = st.columns(2)
    with left:
        form.text("An example", *at, "example", tall=100)
    with right:
        form.text(
            "What the student reads", *at, "feedback", tall=100,
            hint="Say what is there and where to look next; do not give the missing idea away.",
        )  # fmt: skip


def _idea(form: Form, at: Place) -> None:
    form.text("The idea as a sentence", *at, "text", tall=80)
    form.lines("Other right ways of saying it, one a line", *at, "variants", tall=110)

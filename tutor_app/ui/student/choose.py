"""Choose another exercise: all of the course by skill, with what became of each."""

from collections.abc import Iterable

import streamlit as st

from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Dialogue, Evidence
from tutor_app.domain.item import Item
from tutor_app.storage.records import DialogueSummary
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session

MAX_LISTED = 120
ICONS = {
    "solved on your own": ":material/check_circle:",
    "solved with help": ":material/check:",
    "put aside": ":material/refresh:",
    "begun": ":material/edit:",
}
"""A mark is told in words too, never by its picture alone."""


@st.dialog("Choose another exercise")
def offer_items(tutor: Tutor, session: Session, dialogue: Dialogue) -> None:
    """Open a box with the exercises; choosing one leaves the dialogue as it is, to come back to."""
    learner_id, course_id = dialogue.learner_id, dialogue.course_id
    loaded = tutor.catalogue.course(course_id)
    marks = item_marks(
        tutor.store.dialogues(learner_id, course_id), tutor.store.evidence(learner_id, course_id)
    )
    for title, items in shown_skills(by_skill(loaded.course, loaded.askable.values())):
        with st.container(gap=None):
            st.markdown(f"**{plain(title)}**")
            for item in items:
                _row(session, dialogue, item, marks.get(item.id, ""))


def shown_skills(rows: list[tuple[str, list[Item]]]) -> list[tuple[str, list[Item]]]:
    """Return all skills of a small course; of a large bank the one that the learner picks."""
    if sum(len(items) for _, items in rows) <= MAX_LISTED:
        return rows
    titles = [title for title, _ in rows]
    picked = st.selectbox("Skill", range(len(rows)), format_func=titles.__getitem__)
    return [] if picked is None else [rows[picked]]


def _row(session: Session, dialogue: Dialogue, item: Item, mark: str) -> None:
    here = item.id == dialogue.item_id
    told = "on your page" if here else mark
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"exercise-{item.id}"
    ):
        pressed = st.button(
            plain(item.title),
            key=f"choose-{item.id}",
            type="tertiary",
            icon=ICONS.get(mark, ":material/radio_button_unchecked:"),
            disabled=here,
            on_click=session.choose,
            args=(item.id,),
        )
        if told:
            st.caption(told)
    if pressed:
        st.rerun()


def by_skill(course: Course, items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Return title and items of each skill that has any, easiest first; an item stands once."""
    known = list(items)
    rows = [
        (
            skill.title,
            sorted(
                (item for item in known if item.skills[0] == skill.id),
                key=lambda item: (item.difficulty or 3, item.title),
            ),
        )
        for skill in course.skills
    ]
    return [row for row in rows if row[1]]


def item_marks(
    dialogues: Iterable[DialogueSummary], evidence: Iterable[Evidence]
) -> dict[str, str]:
    """Return the best that became of each item, by item id; an item never opened has no mark."""
    order = list(ICONS)
    found = [(d.item_id, "begun") for d in dialogues if d.turns and not d.closed]
    for one in evidence:
        solved = "solved with help" if one.aided else "solved on your own"
        found.append((one.item_id, solved if one.correct else "put aside"))
    marks: dict[str, str] = {}
    for item_id, mark in found:
        marks[item_id] = min(marks.get(item_id, mark), mark, key=order.index)
    return marks

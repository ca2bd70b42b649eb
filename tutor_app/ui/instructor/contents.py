"""What is in the course: its items, each as a student sees it, and what they are read from."""

from collections import Counter

import pandas as pd
import streamlit as st

from tutor_app.answers.solution import examine
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.check import CourseReport
from tutor_app.domain.item import Item
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.answer_fields import kind_title
from tutor_app.ui.instructor.preview import show_preview
from tutor_app.ui.session import Session, held, put_back
from tutor_app.ui.words import counted

TABLE_ROWS = 10
_ROW_PX = 35


def show_contents(session: Session, loaded: LoadedCourse, report: CourseReport) -> None:
    """Draw the item that is looked at, all items as a table, notes and documents."""
    _deleted(session)
    if not loaded.items:
        st.markdown(
            "Items will be listed here. An item is one exercise: a question, its answer, the steps "
            "to it, and the hints that the tutor gives. Begin with **New item**."
        )
    else:
        _one_item(session, loaded)
        st.subheader("All items", anchor=False)
        shown = min(TABLE_ROWS, len(loaded.items)) + 1
        st.dataframe(
            items_table(loaded, report),
            hide_index=True,
            width="stretch",
            height=shown * _ROW_PX + 3,
            column_config={
                "Item": st.column_config.Column(width="medium"),
                "Missing": st.column_config.Column(
                    width="small", help="The view Coverage lists what is missing."
                ),
                "Answer": st.column_config.Column(width=95),
                "Skills": st.column_config.Column(width="small"),
            },
        )
    _readings(loaded)


def _one_item(session: Session, loaded: LoadedCourse) -> None:
    ids = list(loaded.items)
    titles = {item.id: item.title for item in loaded.items.values()}
    if session.chosen_item not in titles:
        session.chosen_item = ids[0]
    key = f"item-of-{session.course_id}"

    def choose() -> None:
        session.chosen_item = held(key)

    # what was saved or put back last is chosen, whatever the box held before
    put_back(key, session.chosen_item)
    st.selectbox("Item", ids, format_func=titles.__getitem__, key=key, on_change=choose)
    chosen = session.chosen_item
    with st.container(horizontal=True, vertical_alignment="center", key="item-actions"):
        st.button(
            "Edit", key="edit-item", icon=":material/edit:",
            on_click=session.edit, args=("item", chosen),
        )  # fmt: skip
        with st.popover("Delete", type="tertiary"):
            st.markdown(
                "Students will not get it any more. What they did on it stays. You can put it back."
            )
            if st.button("Delete this item", key="delete-item"):
                _delete(session, chosen, titles[chosen])
    item = loaded.items[chosen]
    if item.not_askable:
        st.warning(
            plain(f"Students are not given this item: {why_kept_back(item)}."),
            icon=":material/block:",
        )
    solution, faults = examine(item)
    if faults:
        st.error("This item cannot be computed. Edit it to see what is wrong.")
        return
    show_preview(item, solution, f"preview-{chosen}")


def _delete(session: Session, item_id: str, title: str) -> None:
    try:
        resources.own_files().delete_item(session.course_id, item_id)
    except TutorError as error:
        show_failure(error)
        return
    session.notice = f"Deleted: {title}. You can put it back below."
    resources.reload_files()
    st.rerun()


def _deleted(session: Session) -> None:
    """Offer to put back what was deleted, the whole of it folded away."""
    gone = resources.own_files().deleted_items(session.course_id)
    if not gone:
        return
    with st.expander(f"{counted(len(gone), 'deleted item')}", icon=":material/undo:"):
        for item_id in gone:
            if st.button(f"Put back {plain(item_id)}", key=f"put-back-{item_id}", type="tertiary"):
                _put_back(session, item_id)


def _put_back(session: Session, item_id: str) -> None:
    files = resources.own_files()
    try:
        files.undo(files.item_path(session.course_id, item_id))
    except TutorError as error:
        show_failure(error)
        return
    session.notice, session.chosen_item = f"{item_id} is back.", item_id
    resources.reload_files()
    st.rerun()


def _readings(loaded: LoadedCourse) -> None:
    files = loaded.readable_files
    if not files:
        st.caption("There are no notes or documents yet, so the tutor has nothing to cite.")
        return
    with st.expander(f"{counted(len(files), 'note or document', 'notes and documents')}"):
        st.markdown("\n".join(f"- {plain(path.name)}" for path in files))


def why_kept_back(item: Item) -> str:
    """Say why students are not given an item; importers leave out who "needs figure1.gif"."""
    why = item.not_askable.rstrip(".")
    return f"it {why}" if why.startswith(("needs ", "speaks of ")) else why


def items_table(loaded: LoadedCourse, report: CourseReport) -> pd.DataFrame:
    """Return one row an item: what it asks for, what it trains, what it lacks."""
    missing = Counter(gap.item_id for gap in report.gaps if gap.part != "not_askable")
    titles = {skill.id: skill.title for skill in loaded.course.skills}
    return pd.DataFrame(
        {
            "Item": item.title,
            "Missing": f"{missing[item.id]} missing" if missing[item.id] else "nothing",
            "Answer": kind_title(item.answer.kind),
            "Skills": ", ".join(titles.get(name, name) for name in item.skills),
            "Difficulty": item.difficulty,
            "Steps": len(item.steps),
            "Misconceptions": len(item.misconceptions),
            "Hints": len(item.hints),
        }
        for item in loaded.items.values()
    )

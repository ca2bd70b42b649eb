"""What the course lacks; each gap leads to the place where it can be filled."""

from typing import TypeVar

import streamlit as st

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.courses.check import CourseReport, Gap
from tutor_app.courses.coverage import KINDS, coverage
from tutor_app.courses.drafts import new_item
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.contents import why_kept_back
from tutor_app.ui.instructor.estimates import show_estimates
from tutor_app.ui.session import Editing, Session
from tutor_app.ui.words import counted

T = TypeVar("T")
PER_PAGE = 15
EMPTY = "Skills without items"
_FIELDS = {"ladder": "hints", "citations": "hints", "difficulty": "title"}


def show_coverage(session: Session, loaded: LoadedCourse, report: CourseReport) -> None:
    """Draw the kinds of gaps with their numbers, the gaps of one kind, and the estimates."""
    found = coverage(loaded.course, list(loaded.items.values()), report.gaps)
    counts = {EMPTY: len(found.empty_skills)} if found.empty_skills else {}
    counts |= {KINDS[kind]: len(gaps) for kind, gaps in found.gaps.items()}
    if counts:
        st.markdown(_effect(loaded, len(found.gaps.get("not_askable", ()))))
        chosen = st.selectbox(
            "What is missing", list(counts), format_func=lambda one: f"{one}: {counts[one]}"
        )
        if chosen == EMPTY:
            _empty_skills(session, loaded, found.empty_skills)
        else:
            kind = next(kind for kind, title in KINDS.items() if title == chosen)
            _gaps(session, loaded, kind, found.gaps[kind])
    else:
        st.markdown(
            f"No optional part is missing: each of {counted(len(loaded.items), 'item')} has "
            "misconceptions, hints with citations and a similar item, and every skill has items."
            if loaded.items
            else "What the course lacks will be listed here once it has an item."
        )
    if loaded.items:
        show_estimates(session, loaded)


def _effect(loaded: LoadedCourse, kept_back: int) -> str:
    """Say what the gaps mean for students."""
    more = (
        "With each part that is filled in, the tutor can tell one wrong answer from another, or "
        "help with one more step."
    )
    if not kept_back:
        return f"Nothing here keeps students from working. {more}"
    are = "is" if kept_back == 1 else "are"
    return (
        f"{kept_back} of {counted(len(loaded.items), 'item')} {are} not given to students. The "
        f"other gaps keep nobody from working. {more}"
    )


def _empty_skills(session: Session, loaded: LoadedCourse, names: tuple[str, ...]) -> None:
    for name in _page(names, EMPTY):
        with st.container(horizontal=True, vertical_alignment="center", key=f"gap-{name}"):
            st.markdown(plain(loaded.course.skill(name).title), width="stretch")
            st.button(
                "Write an item", key=f"write-{name}", type="tertiary", icon=":material/add:",
                on_click=lambda name=name: session.begin("item", Editing(new_item([name]))),
            )  # fmt: skip


def _gaps(session: Session, loaded: LoadedCourse, kind: str, gaps: tuple[Gap, ...]) -> None:
    for number, gap in enumerate(_page(gaps, kind)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"gap-{number}"):
            item = loaded.items[gap.item_id]
            more = f": {gap.message}" if kind == "ladder" else ""
            more = f": {why_kept_back(item)}" if kind == "not_askable" else more
            st.markdown(plain(f"{item.title}{more}"), width="stretch")
            st.button(
                # a missing picture cannot be filled in
                "Edit" if kind == "not_askable" else "Fill it in",
                key=f"fill-{kind}-{number}-{gap.item_id}", type="tertiary",
                icon=":material/edit:", on_click=session.edit,
                args=("item", gap.item_id, _FIELDS.get(kind, kind)),
            )  # fmt: skip


def _page(found: tuple[T, ...], name: str) -> tuple[T, ...]:
    """Return the entries of the chosen page; with many, draw the choice."""
    pages = -(-len(found) // PER_PAGE)
    page = st.pagination(pages, key=f"pages-{name}") if pages > 1 else 1
    return found[(page - 1) * PER_PAGE : page * PER_PAGE]

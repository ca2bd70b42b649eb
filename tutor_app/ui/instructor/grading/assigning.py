"""What each question of a batch is graded by: a rubric, an item of the course, or nothing."""

import streamlit as st

from tutor_app.grading.start import Assigned
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session, Source
from tutor_app.ui.words import counted

LEAVE_OUT = "skip"


def assign_questions(session: Session, source: Source, questions: tuple[str, ...]) -> None:
    """Draw a choice for each question; what its name tells is chosen already."""
    catalogue = resources.catalogue()
    known = catalogue.rubric_ids()
    own = session.course_id
    order = sorted(known, key=lambda one: (not one.startswith(f"{own}-"), one))
    for place, question in enumerate(questions):
        settled = source.rubrics.get(question) or _guess(question, known)
        choices = [*order, LEAVE_OUT]
        chosen = st.selectbox(
            f"Question: {plain(question)}" if question else "The question",
            choices,
            index=choices.index(settled) if settled in choices else None,
            format_func=_title,
            placeholder="Choose a rubric",
            key=f"rubric-for-{place}",
        )
        if chosen:
            source.rubrics[question] = chosen
        if chosen and chosen != LEAVE_OUT:
            rubric = catalogue.rubric(chosen)
            n = counted(len(rubric.criteria), "criterion", "criteria")
            st.caption(f"{plain(rubric.question[:240])} · {n}")


def assigned_of(source: Source) -> dict[str, Assigned]:
    """Return the rubric of each question that is graded."""
    catalogue = resources.catalogue()
    return {
        question: Assigned(catalogue.rubric(one))
        for question, one in source.rubrics.items()
        if one != LEAVE_OUT
    }


def _title(rubric_id: str) -> str:
    if rubric_id == LEAVE_OUT:
        return "Leave this question out"
    return f"{resources.catalogue().rubric(rubric_id).title} ({rubric_id})"


def _guess(question: str, known: list[str]) -> str:
    """Return the rubric that a question's name tells, or ""."""
    name = "-".join(question.lower().split())
    return name if name in known else ""

"""What each question of a batch is graded by: a rubric, an item of the course, or nothing."""

import streamlit as st

from tutor_app.errors import TutorError
from tutor_app.grading.assigning import ITEM, SKIP, assign, find_item
from tutor_app.grading.start import Assigned
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session, Source
from tutor_app.ui.words import counted

QUESTION_SHOWN = 240


def assign_questions(session: Session, source: Source, questions: tuple[str, ...]) -> None:
    """Draw a choice for each question; what its name tells is chosen already."""
    catalogue = resources.catalogue()
    known = catalogue.rubric_ids()
    own = f"{session.course_id}-"
    choices = [
        *sorted(known, key=lambda one: (not one.startswith(own), one)),
        *_items(session.course_id),
        SKIP,
    ]
    for place, question in enumerate(questions):
        settled = source.rubrics.get(question) or _guess(question, known)
        chosen = st.selectbox(
            f"Question: {plain(question)}" if question else "The question",
            choices,
            index=choices.index(settled) if settled in choices else None,
            format_func=_title,
            placeholder="Choose a rubric, or an item of the course",
            key=f"rubric-for-{place}",
        )
        if not chosen:
            continue
        source.rubrics[question] = chosen
        if chosen != SKIP:
            rubric = assign(chosen, catalogue).rubric
            n = counted(len(rubric.criteria), "criterion", "criteria")
            asked = " ".join(rubric.question.split())
            if len(asked) > QUESTION_SHOWN:
                asked = f"{asked[:QUESTION_SHOWN].rsplit(' ', 1)[0]} ..."
            st.caption(f"{n}, {rubric.max_points:g} points. {plain(asked)}")


def assigned_of(source: Source) -> dict[str, Assigned]:
    """Return what each question is graded by; those that are left out are not there."""
    catalogue = resources.catalogue()
    return {q: assign(one, catalogue) for q, one in source.rubrics.items() if one != SKIP}


def left_out(source: Source) -> list[str]:
    """Return the questions that are not graded."""
    return [question for question, one in source.rubrics.items() if one == SKIP]


def _items(course_id: str) -> list[str]:
    """Return the items of the course whose answers are checked, not judged."""
    try:
        items = resources.catalogue().course(course_id).items if course_id else {}
    except TutorError:
        return []
    return [f"{ITEM}{course_id}/{one}" for one, item in items.items() if item.answer.kind != "text"]


def _title(target: str) -> str:
    if target == SKIP:
        return "Leave this question out"
    if target.startswith(ITEM):
        item = find_item(resources.catalogue(), target.removeprefix(ITEM))
        return f"Item: {item.title}"
    return resources.catalogue().rubric(target).title


def _guess(question: str, known: list[str]) -> str:
    """Return the rubric that a question's name tells, or ""."""
    name = "-".join(question.lower().split())
    return name if name in known else ""

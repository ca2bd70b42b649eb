"""Suggestions for key elements, from what the instructor wrote and from the course."""

import streamlit as st

from tutor_app.courses.drafts import Place, lines_of, new_row, put, rubric_data, value_at
from tutor_app.courses.idea_suggestions import (
    Suggestion,
    criterion_words,
    suggest_from_passages,
    suggest_ideas,
)
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.session import current, put_back

_PASSAGES = 4


def show_suggestions(form: Form, at: Place) -> None:
    """Draw sentences that may be ideas of a criterion; one that is taken becomes an idea."""
    number = int(at[1])
    data = rubric_data(form.editing.draft)
    key = form.key(*at)
    found = suggest_ideas(data, number)
    course_id = current().course_id
    asked = f"{key}-course"
    with st.expander(f"Suggestions: {len(found)}", icon=":material/lightbulb:", key=f"{key}-hints"):
        st.caption(
            "Sentences of your reference answers and of the best level. Nothing is added unless "
            "you take it; change it as you like then."
        )
        for n, suggestion in enumerate(found):
            _offer(form, at, suggestion, f"{key}-take-{n}")
        if not found:
            st.caption("Nothing that you wrote so far is about this criterion alone.")
        # what else the course says takes a search, so it is asked for
        if course_id and st.toggle(
            f"Search {plain(resources.course_title(course_id))} too", key=asked
        ):
            for n, suggestion in enumerate(_of_course(data, number, course_id)):
                _offer(form, at, suggestion, f"{key}-take-course-{n}")


def show_reference_suggestions(form: Form) -> None:
    """Offer sentences of the course as a reference answer, where there is a question and none."""
    course_id = current().course_id
    question = " ".join(form.get("question").split())
    if not course_id or not question or form.get("reference_answers"):
        return
    title = plain(resources.course_title(course_id))
    if not st.toggle(f"Look for an answer in {title}", key=f"{form.key('reference_answers')}-ask"):
        return
    asked: dict[str, object] = {"criteria": [_asks(question)], "question": ""}
    found = _of_course(asked, 0, course_id)
    for n, suggestion in enumerate(found):
        key = f"{form.key('reference_answers')}-take-{n}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-slim"):
            st.markdown(f"{plain(suggestion.text)} :gray[· from the course]", width="stretch")
            st.button(
                "Take", key=key, type="tertiary", icon=":material/add:", on_click=_answer,
                args=(form, suggestion.text), help="Make it a reference answer",
            )  # fmt: skip


def _asks(question: str) -> dict[str, object]:
    """Return a criterion that looks for what a question asks."""
    return {"title": question, "levels": [], "key_elements": []}


def _answer(form: Form, text: str) -> None:
    answers = [*form.get("reference_answers"), text]
    put(form.editing.draft, ("reference_answers",), answers)
    put_back(form.key("reference_answers"), lines_of(answers, "\n\n"))


def _of_course(data: dict[str, object], number: int, course_id: str) -> list[Suggestion]:
    try:
        with st.spinner("Searching the course"):
            search = resources.tutor().search
            passages = search.search(course_id, criterion_words(data, number), top_k=_PASSAGES)
    except TutorError as error:
        show_failure(error)
        return []
    found = suggest_from_passages(data, number, [passage.text for passage in passages])
    if not found:
        st.caption("The course says nothing that is near to it.")
    return found


def _offer(form: Form, at: Place, suggestion: Suggestion, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-slim"):
        st.markdown(f"{plain(suggestion.text)} :gray[· from {suggestion.source}]", width="stretch")
        st.button(
            "Take", key=key, type="tertiary", icon=":material/add:", on_click=_take,
            args=(form, at, suggestion.text), help="Make it a key element",
        )  # fmt: skip


def _take(form: Form, at: Place, text: str) -> None:
    rows = value_at(form.editing.draft, (*at, "key_elements"))
    rows.append({**new_row("key_elements"), "text": text})

"""Try a rubric while it is written: three pasted answers, scored as the grader would."""

import streamlit as st

from tutor_app.courses.editing import Checked
from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Editing, held
from tutor_app.ui.words import percent

ANSWERS = 3
_EXAMPLES = (
    "A right answer, in a student's words",
    "An answer that is half right",
    "An answer with a usual mistake",
)


def show_try(editing: Editing, checked: Checked) -> None:
    """Draw three boxes for answers, and under each what the grader makes of it."""
    rubric = checked.content
    ready = isinstance(rubric, Rubric)
    st.markdown(
        "Paste three answers: the grader scores them with the rubric as it stands here, saved or "
        "not. It proposes; nothing is kept. How sure it is says how likely you would give the same "
        "points."
    )
    if not ready:
        st.caption(":material/edit: Fill in what is still needed, then answers can be scored.")
    for number in range(ANSWERS):
        with st.container(border=True, key=f"{editing.key}-try-{number}"):
            _answer(editing, number)
            text = editing.tried.get(number, "").strip()
            if text and isinstance(rubric, Rubric):
                _grade(rubric, text)


def _answer(editing: Editing, number: int) -> None:
    key = f"{editing.key}-answer-{number}"

    def take() -> None:
        editing.tried[number] = held(key) or ""

    st.text_area(
        f"Answer {number + 1}", editing.tried.get(number, ""), height=100, key=key,
        on_change=take, placeholder=_EXAMPLES[number],
    )  # fmt: skip


def _grade(rubric: Rubric, text: str) -> None:
    try:
        grader = resources.grader()
        with st.spinner("Reading the answer"):
            grade = grader.grade(Submission(id="tried", learner="tried", text=text), rubric)
    except TutorError as error:
        show_failure(error)
        return
    st.markdown(f"**{_total(rubric, grade)}**")
    for one in grade.criteria:
        st.markdown(criterion_line(rubric, one))
        if one.evidence:
            st.caption(" … ".join(f"“{plain(found.quote)}”" for found in one.evidence))
        elif one.auto_score is not None:
            st.caption("No quote: nothing in the answer was taken as evidence.")
    for flag in grade.flags:
        st.caption(f":material/flag: {plain(flag)}")


def _total(rubric: Rubric, grade: Grade) -> str:
    points = {name: value for name, value in grade.points.items() if value is not None}
    if len(points) < len(rubric.criteria):
        return "No score: a person has to look"
    return f"{rubric.total(points):g} of {rubric.max_points:g} points proposed"


def criterion_line(rubric: Rubric, one: CriterionGrade) -> str:
    """Return "Osmosis: Partly, 1 of 2 · 82 % sure" as Markdown."""
    criterion = rubric.criterion(one.criterion)
    level = f"{plain(one.level)}, " if one.level else ""
    number = "no score" if one.auto_score is None else f"{one.auto_score:g}"
    points = number if one.auto_score is None else f"{number} of {max(criterion.points, 0):g}"
    look = " · :material/visibility: would be looked at" if one.needs_review else ""
    return f"{plain(criterion.title)}: {level}{points} · {percent(one.confidence)} sure{look}"

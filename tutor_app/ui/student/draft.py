"""A draft beside the rubric: which criteria it meets and which not yet. It costs no attempt."""

import re

import streamlit as st

from tutor_app.domain.dialogue import Dialogue
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import TutorError
from tutor_app.tutoring.draft_check import DraftRow, check_draft
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session

MARKS = {
    "met": ":material/check_circle:",
    "partly met": ":material/contrast:",
    "not yet met": ":material/radio_button_unchecked:",
    "takes points off": ":material/remove_circle:",
    "cannot say": ":material/help:",
}
_ASKED = re.compile(
    r"\W*(?:(?:can|could|would) you )?(?:please )?(?:check|compare|look at) (?:my|this|the) "
    r"(?:draft|text)\b(?: (?:against|with|by) (?:the |your )?(?:rubric|criteria))?[\s:,.?!-]*",
    re.IGNORECASE,
)


def asked_for(text: str) -> str | None:
    """Return the draft in "check my draft: ...", "" where none follows, None for other words."""
    found = _ASKED.match(text)
    return text[found.end() :].strip() if found else None


def show_draft(tutor: Tutor, dialogue: Dialogue, session: Session) -> None:
    """Draw the draft that was asked about last in this dialogue."""
    held = session.checked_draft
    if held is None or held[0] != dialogue.id:
        return
    try:
        with st.spinner("Reading your draft"):
            rows = check_draft(tutor, dialogue, held[1], _grade)
    except TutorError as error:
        show_failure(error)
        return
    with st.container(border=True, key="draft-check"):
        st.markdown(f"**Your draft and the rubric** · {_count(rows)}")
        for row in rows:
            _row(row)
        st.caption("This counts as no attempt. The program can be wrong; Check gives you a hint.")


def _row(row: DraftRow) -> None:
    with st.container(gap=None):
        st.markdown(f"{MARKS[row.standing]} **{row.standing.capitalize()}** · {plain(row.name)}")
        if row.quote:
            st.caption(f"You wrote: “{plain(row.quote)}”")
        if row.advice:
            st.caption(plain(row.advice))


def _count(rows: tuple[DraftRow, ...]) -> str:
    parts = [row for row in rows if row.standing != "takes points off"]
    return f"{sum(row.standing == 'met' for row in parts)} of {len(parts)} parts met"


def _grade(text: str, rubric: Rubric) -> Grade:
    return resources.grader().grade(Submission(id="draft", learner="draft", text=text), rubric)

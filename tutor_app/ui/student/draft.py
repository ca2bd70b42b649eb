"""A draft beside the rubric: which criteria it meets and which not yet. It costs no attempt."""

import re

import streamlit as st

from tutor_app.domain.dialogue import Dialogue
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import TutorError
from tutor_app.grading.grader import BESIDE
from tutor_app.grading.language import other_language
from tutor_app.grading.unread import NOTHING_OWN
from tutor_app.grading.wavering import OF_ITSELF
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
SPEAKS = "Speaks to the grader"
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
            rows, note = _checked(tutor, dialogue, held[1])
    except TutorError as error:
        show_failure(error)
        return
    with st.container(border=True, key="draft-check"):
        st.markdown(f"**Your draft and the rubric** · {count(rows)}")
        if note:
            st.markdown(note)
        for row in rows:
            _row(row)
        st.caption("This counts as no attempt. The program can be wrong; Check gives you a hint.")


def _checked(tutor: Tutor, dialogue: Dialogue, text: str) -> tuple[tuple[DraftRow, ...], str]:
    """Return the rows, and what is to be said about the whole of the draft."""
    notes: list[str] = []

    def grade(text: str, rubric: Rubric) -> Grade:
        submission = Submission(id="draft", learner="draft", text=text)
        found = resources.grader().grade(submission, rubric)
        notes.append(about_all(found, text))
        return without_points(found) if notes[-1] else found

    return check_draft(tutor, dialogue, text, grade), "".join(notes)


def _row(row: DraftRow) -> None:
    with st.container(gap=None):
        st.markdown(f"{MARKS[row.standing]} **{row.standing.capitalize()}** · {plain(row.name)}")
        if row.quote:
            st.caption(f"You wrote: “{plain(row.quote)}”")
        if row.advice:
            st.caption(plain(row.advice))


def count(rows: tuple[DraftRow, ...]) -> str:
    """Say how many parts are met; one that could not be judged is not said to be missing."""
    parts = [row.standing for row in rows if row.standing != "takes points off"]
    unsure = parts.count("cannot say")
    if unsure == len(parts):
        return "I cannot judge it"
    told = f"{parts.count('met')} of {len(parts)} parts met"
    return f"{told}, {unsure} not judged" if unsure else told


def about_all(grade: Grade, text: str) -> str:
    """Return what a learner should know about a text that hardly is an answer, or ""."""
    reasons = {reason for one in grade.criteria for reason in one.reasons}
    if grade.pending and other_language(text, ""):
        return "It seems to be in another language than English, which is all that I can judge."
    if OF_ITSELF in reasons or any(flag.startswith(SPEAKS) for flag in grade.flags):
        return "It speaks to whoever grades it. Write only what answers the question."
    if NOTHING_OWN in grade.flags:
        return "It only repeats the question."
    if BESIDE in reasons:
        return "Hardly anything in it speaks of the question. Write it in a sentence."
    return ""


def without_points(grade: Grade) -> Grade:
    """Return the grade with nothing said where it gives points: what is no answer earns none."""
    unsaid = [
        one.model_copy(update={"auto_score": None}) if one.auto_score else one
        for one in grade.criteria
    ]
    return grade.model_copy(update={"criteria": tuple(unsaid)})

"""Answers graded elsewhere that are brought with a new batch, and what they teach."""

import streamlit as st

from tutor_app.errors import TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.grading.example_files import read_examples
from tutor_app.grading.start import NOTHING_BROUGHT, Assigned
from tutor_app.grading.teaching import Brought
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Source
from tutor_app.ui.words import counted


def show_brought(
    source: Source, found: SubmissionSet, chosen: dict[str, Assigned]
) -> Brought | None:
    """Say what graded answers teach; None where those that were brought cannot be used."""
    if source.examples is None:
        return NOTHING_BROUGHT
    try:
        brought = read_examples(
            source.examples, {question: one.rubric for question, one in chosen.items()}, found
        )
    except TutorError as error:
        show_failure(error)
        st.button("Go on without the graded answers", on_click=_without, args=(source,))
        return None
    with st.container(border=True, gap="xsmall"):
        examples = sum(map(len, brought.examples.values()))
        if examples:
            st.markdown(f"{counted(examples, 'graded answer')} will teach the grader.")
        if brought.marks:
            st.markdown(
                f"{counted(len(brought.marks), 'answer')} of this batch "
                f"{'has' if len(brought.marks) == 1 else 'have'} marks already; they stand, and "
                "teach the grader."
            )
        for remark in brought.remarks:
            st.caption(plain(remark))
    return brought


def _without(source: Source) -> None:
    source.examples = None

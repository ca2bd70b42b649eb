"""The words that a student reads about one criterion: edited once, for one or for a whole level."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.domain.rubric import Criterion
from tutor_app.errors import TutorError
from tutor_app.ui.inert import plain
from tutor_app.ui.session import typed

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet


def show_feedback(sheet: "Sheet", criterion: Criterion) -> None:
    """Draw the words, and the way to change them."""
    words = sheet.mark.words.get(criterion.id, "")
    level = sheet.mark.levels.get(criterion.id, "")
    if words:
        st.caption(f"The student reads: {plain(words)}")
    key = f"feedback-{sheet.row.id}-{criterion.id}-{hash((level, words))}"
    with st.popover("Change the words" if words else "Add words", type="tertiary"):
        st.text_area("Words for the student", words, key=key, height=110)
        st.button(
            "Save for this one", key=f"{key}-one", type="primary",
            on_click=_save, args=(sheet, criterion.id, key, ""),
        )  # fmt: skip
        if level:
            st.button(
                f"Save for everybody at “{plain(level)}”", key=f"{key}-all",
                on_click=_save, args=(sheet, criterion.id, key, level),
                help="Also for those who come to this level later.",
            )  # fmt: skip


def _save(sheet: "Sheet", criterion_id: str, key: str, level: str) -> None:
    words = typed(key).strip()
    try:
        if level:
            done = sheet.decisions.say_for_level(sheet.row.question, criterion_id, level, words)
            sheet.session.notice = (
                f"Everybody at “{level}” now reads these words; words for one alone stay."
            )
        else:
            done = sheet.decisions.say([sheet.row.id], words, criterion_id)
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.note(done.action, sheet.row.id)

"""Similar answers, side by side, graded alike with one click that can be taken back."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.instructor.grading.words import number
from tutor_app.ui.words import counted

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet

AT_ONCE = 50
"""Only what stands on the page is graded with one click: it was there to be read."""


def show_group(sheet: "Sheet") -> None:
    """Draw the answers that say the same as the one at hand, and the way to grade them alike."""
    others = sheet.reviewing.grouped[1 : AT_ONCE + 1]
    more = len(sheet.reviewing.grouped) - 1 - len(others)
    similar = resources.similar(sheet.batch.id, sheet.row.question)
    texts = dict(zip(similar.ids, similar.texts, strict=True))
    with st.container(border=True, key="similar"):
        st.markdown(
            f"**{counted(len(others), 'other answer says', 'other answers say')} the same**"
        )
        with st.container(height=220, border=False):
            for one in others:
                st.text(texts[one])
        if more:
            st.caption(f"{more} more say the same; they come after these.")
        points = {key: value for key, value in sheet.mark.points.items() if value is not None}
        whole = len(points) == len(sheet.rubric.criteria)
        total = "?" if sheet.mark.total is None else number(sheet.mark.total)
        st.button(
            f"Give all {len(others) + 1} these points: {total}",
            key="grade-group", icon=":material/done_all:", disabled=not whole,
            on_click=_give, args=(sheet, points),
        )  # fmt: skip
        st.caption(
            "One action: U takes it back whole. What was graded one by one is left out. An audit "
            "counts them as not read."
            if whole
            else "Choose a level for every criterion first."
        )


def _give(sheet: "Sheet", points: dict[str, float]) -> None:
    try:
        done = sheet.decisions.give(sheet.reviewing.grouped[: AT_ONCE + 1], points)
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.note(done.action, sheet.row.id)
    sheet.reviewing.grouped = ()
    sheet.session.notice = f"{counted(done.count, 'answer')} graded alike."

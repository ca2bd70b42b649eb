"""The words that a student reads about one criterion: edited once, for one or for a whole level."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.domain.batch import Marked
from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Criterion
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import option_of
from tutor_app.ui.session import typed

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet


def words_for(marked: Marked, criterion: Criterion, points: float | None) -> str:
    """Return what the student reads: the instructor's words, else those of the level."""
    own = [d for d in marked.decisions if d.kind == "feedback" and d.criterion == criterion.id]
    if own:
        return str(own[-1].value)
    option = option_of(criterion, points)
    return option.feedback if option else ""


def show_feedback(
    sheet: "Sheet", criterion: Criterion, chosen: float | None, proposal: CriterionGrade | None
) -> None:
    """Draw the words, and the way to change them."""
    points = chosen if chosen is not None else proposal.auto_score if proposal else None
    words = words_for(sheet.marked, criterion, points)
    if words:
        st.caption(f"The student reads: {plain(words)}")
    option = option_of(criterion, points)
    key = f"feedback-{sheet.row.id}-{criterion.id}-{hash(words)}"
    with st.popover("Change the words" if words else "Add words", type="tertiary"):
        st.text_area("Words for the student", words, key=key, height=110)
        st.button(
            "Save for this one", key=f"{key}-one", type="primary",
            on_click=_save, args=(sheet, criterion.id, key, None),
        )  # fmt: skip
        if option is not None:
            st.button(
                f"Save for all at “{plain(option.title)}”", key=f"{key}-all",
                on_click=_save, args=(sheet, criterion.id, key, points),
            )  # fmt: skip


def _save(sheet: "Sheet", criterion_id: str, key: str, level: float | None) -> None:
    """Write the words for the one at hand, or for every submission that has these points."""
    ids = [sheet.row.id]
    if level is not None:
        everyone = resources.store().grading.marked(sheet.batch.id)
        ids = [
            one.submission.id
            for one in everyone
            if one.submission.question == sheet.row.question
            and (points := one.score(criterion_id)) is not None
            and abs(points - level) < 1e-6
        ]
    try:
        action = sheet.reviewer.word(ids, criterion_id, typed(key).strip())
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.actions.append((action, sheet.row.id))
    if level is not None:
        sheet.session.notice = f"These words are now with {len(ids):,} submissions."

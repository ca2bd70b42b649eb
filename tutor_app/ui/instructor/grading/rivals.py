"""Several different answers of one student, side by side: the instructor says which one counts."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.instructor.grading.evidence_view import show_text
from tutor_app.ui.instructor.grading.queue_list import following_row
from tutor_app.ui.instructor.grading.running import is_running, run_in_background

if TYPE_CHECKING:
    from tutor_app.domain.batch import Marked
    from tutor_app.ui.instructor.grading.review import Sheet


def show_rivals(sheet: "Sheet") -> None:
    """Draw the answers of one student to one question, and the choice between them."""
    tables = resources.store().grading
    every = tables.marked_these(sheet.batch.id, tables.rivals(sheet.batch.id, sheet.row.id))
    st.subheader(
        f"{plain(sheet.title)}: {len(every)} different answers of one student", anchor=False
    )
    st.markdown("Which one counts? It is graded; the others are set aside, and can be put back.")
    asked = f"The question: {plain(sheet.question)}" if sheet.question else "The question"
    with st.expander(asked, key=f"question-{sheet.row.question}"):
        st.markdown(calm(sheet.rubric.question))
    for place, (column, one) in enumerate(zip(st.columns(len(every)), every, strict=True), 1):
        with column:
            _answer(sheet, one, place, of=len(every))


def offer_rivals(sheet: "Sheet") -> None:
    """Draw the way to the other answers of the student whose answer counts."""
    rivals = resources.store().grading.rivals(sheet.batch.id, sheet.row.id)
    others = [one for one in rivals if one != sheet.row.id]
    st.button(
        f"You chose this among {len(rivals)} answers of the student: compare them", type="tertiary",
        icon=":material/compare_arrows:", key="compare-rivals", on_click=sheet.reviewing.open,
        args=(others[0],), wrap=True,
    )  # fmt: skip


def _answer(sheet: "Sheet", one: "Marked", place: int, *, of: int) -> None:
    counts = one.chosen and not one.aside
    order = "first" if place == 1 else "last" if place == of else f"{place}."
    st.markdown(f"**The {order}**" + (" · counts now" if counts else ""))
    show_text(one.submission.text, f"The {order} of {of} answers")
    if sheet.reviewing.names:
        # a file is often named after who handed it in
        st.caption(plain(one.submission.source))
    if one.submission.problem and not one.submission.rival:
        st.caption(plain(one.submission.problem))
    if st.button(
        "This one counts", key=f"counts-{one.submission.id}", disabled=counts, width="stretch",
        shortcut=str(place) if place < 10 else None,
    ):  # fmt: skip
        _choose(sheet, one.submission.id)
        # the whole page: the bar of the grading is above this part of it
        st.rerun()


def _choose(sheet: "Sheet", submission_id: str) -> None:
    following = following_row(sheet.reviewing, resources.queue(sheet.batch.id), sheet.row)
    try:
        done = sheet.decisions.choose_answer(submission_id)
        sheet.reviewing.note(done.action, sheet.row.id)
        # its words are among those that are compared now
        resources.forget_queue(sheet.batch.id)
        if sheet.batch.state == "open" and not is_running(sheet.batch.id):
            run_in_background(sheet.batch)
    except TutorError as error:
        sheet.session.failure = str(error)
    sheet.reviewing.open(following.id if following else submission_id)

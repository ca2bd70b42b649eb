"""The criteria of the submission at hand: levels as keys, what was proposed and why."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Criterion
from tutor_app.errors import TutorError
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.evidence_view import TINTS, letter
from tutor_app.ui.instructor.grading.feedback import show_feedback
from tutor_app.ui.instructor.grading.words import (
    decided_words,
    option_of,
    options,
    points_words,
    standing_words,
    sure_words,
)

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet

MAX_KEYS = 9


def show_criteria(sheet: "Sheet") -> None:
    """Draw every criterion, the one at hand with its levels, the others on one line."""
    criteria = sheet.rubric.criteria
    proposals = sheet.proposals
    for place, criterion in enumerate(criteria):
        if criterion.id == sheet.at_hand:
            _at_hand(sheet, place, criterion, proposals.get(criterion.id))
        else:
            _folded(sheet, place, criterion, proposals.get(criterion.id))


def _folded(
    sheet: "Sheet", place: int, criterion: Criterion, proposal: CriterionGrade | None
) -> None:
    settled = criterion.id in sheet.done
    points = sheet.done.get(criterion.id, proposal.auto_score if proposal else None)
    words = standing_words(criterion, points)
    # without a score the words before have said so
    proposed = proposal is not None and proposal.auto_score is not None
    how = f"proposed, {sure_words(proposal)}" if proposal and proposed else "open"
    if settled:
        how = decided_words(sheet.together(criterion.id))
    with st.container(border=True, key=f"folded-{place}", gap=None):
        st.button(
            f"**{letter(place)}** {plain(criterion.title)}", key=f"turn-{criterion.id}",
            type="tertiary", wrap=True, width="stretch",
            icon=":material/check:" if settled else None,
            on_click=setattr, args=(sheet.reviewing, "criterion", criterion.id),
        )  # fmt: skip
        st.caption(f"{plain(words)} · {how}")


def _at_hand(
    sheet: "Sheet", place: int, criterion: Criterion, proposal: CriterionGrade | None
) -> None:
    chosen = sheet.done.get(criterion.id)
    with st.container(border=True, key="at-hand", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="at-hand-title"):
            badge = f'<span class="badge tint-{place % TINTS}">{letter(place)}</span>'
            st.html(badge, width="content")
            st.markdown(f"**{plain(criterion.title)}**")
        if proposal is not None:
            _why(criterion, proposal)
        with st.container(key="levels", gap="xsmall"):
            for key, option in enumerate(options(criterion), 1):
                is_chosen = chosen is not None and abs(chosen - option.points) < 1e-6
                proposed = (
                    proposal is not None
                    and proposal.auto_score is not None
                    and option_of(criterion, proposal.auto_score) == option
                )
                worth = points_words(option.points)
                st.button(
                    f"**{key}** {plain(option.title)} · {worth}",
                    key=f"level-{criterion.id}-{key}",
                    type="primary" if is_chosen else "secondary",
                    icon=":material/check:" if is_chosen else None,
                    shortcut=str(key) if key <= MAX_KEYS else None,
                    width="stretch", wrap=True, on_click=choose,
                    args=(sheet, criterion.id, option.points),
                )  # fmt: skip
                says = ("**Proposed.** " if proposed else "") + plain(option.description)
                if says:
                    st.caption(says)
        if criterion.grader_note:
            st.caption(f"For graders only: {plain(criterion.grader_note)}")
        show_feedback(sheet, criterion)


def _why(criterion: Criterion, proposal: CriterionGrade) -> None:
    if proposal.auto_score is None:
        says = "No score is proposed."
    else:
        words = standing_words(criterion, proposal.auto_score)
        says = f"Proposed: {plain(words)}, {sure_words(proposal)}."
    found = "" if proposal.evidence else " No evidence was found in the text."
    st.markdown(says + found)
    if proposal.reasons:
        st.caption("  \n".join(plain(reason) for reason in proposal.reasons[:3]))


def choose(sheet: "Sheet", criterion_id: str, points: float) -> None:
    """Give points to a criterion, and take the next open one in hand."""
    try:
        done = sheet.decisions.give([sheet.row.id], {criterion_id: points})
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.note(done.action, sheet.row.id)
    left = [
        one.id
        for one in sheet.rubric.criteria
        if one.id not in sheet.done and one.id != criterion_id
    ]
    sheet.reviewing.criterion = left[0] if left else criterion_id

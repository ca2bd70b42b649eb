"""Grade one answer with everything hidden: no proposal, no evidence, no name, no other grades."""

from collections.abc import Callable

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.instructor.grading.evidence_view import letter, show_text
from tutor_app.ui.instructor.grading.words import options, points_words
from tutor_app.ui.session import Session

Write = Callable[[str, dict[str, float]], None]


def grade_hidden(
    session: Session, batch: Batch, left: tuple[str, ...], total: int, write: Write
) -> None:
    """Draw the next answer of a sample; `write` is called with it when a person keeps its levels.

    Args:
        session: this tab.
        batch: the batch.
        left: what is still to grade, in order.
        total: how many the sample has.
        write: takes the submission and its points by criterion.
    """
    marked = resources.store().grading.marked_one(batch.id, left[0])
    rubric = resources.store().grading.rubrics(batch.id)[marked.submission.question].rubric
    reviewing = session.reviewing
    if reviewing.hidden_id != left[0]:
        reviewing.hidden_id, reviewing.hidden = left[0], {}
    done = total - len(left)
    st.progress(done / total, text=f"{done} of {total} graded")
    with st.container(key="hidden-grading"):
        with st.expander("The question"):
            st.markdown(calm(rubric.question))
            st.markdown(calm(rubric.reference_answers[0]))
        show_text(marked.submission.text, f"Answer {done + 1} of {total}")
        at_hand = next((one.id for one in rubric.criteria if one.id not in reviewing.hidden), "")
        for place in range(len(rubric.criteria)):
            _criterion(session, rubric, place, at_hand)
    with st.container(horizontal=True, vertical_alignment="center", key="hidden-keys"):
        # one slip of a finger would stand for good
        st.button(
            "Keep and go on", type="primary", shortcut="Enter", key="hidden-keep",
            disabled=bool(at_hand), on_click=_keep, args=(session, write),
        )  # fmt: skip
        st.button(
            "Choose again", type="tertiary", shortcut="U", icon=":material/undo:",
            key="hidden-again", disabled=not reviewing.hidden, on_click=reviewing.hidden.clear,
        )  # fmt: skip


def _criterion(session: Session, rubric: Rubric, place: int, at_hand: str) -> None:
    criterion = rubric.criteria[place]
    given = session.reviewing.hidden.get(criterion.id)
    keys = min(9, len(options(criterion)))
    here = f" · keys 1 to {keys}" if criterion.id == at_hand else ""
    st.markdown(f"**{letter(place)} {plain(criterion.title)}**{here}")
    with st.container(horizontal=True, key=f"hidden-levels-{place}"):
        for key, option in enumerate(options(criterion), 1):
            chosen = given is not None and abs(given - option.points) < 1e-6
            st.button(
                f"**{key}** {plain(option.title)} · {points_words(option.points)}",
                key=f"hidden-{criterion.id}-{key}",
                type="primary" if chosen else "secondary",
                icon=":material/check:" if chosen else None, wrap=True,
                shortcut=str(key) if criterion.id == at_hand and key < 10 else None,
                on_click=session.reviewing.hidden.update, args=({criterion.id: option.points},),
            )  # fmt: skip
    told = [(one.title, one.description) for one in options(criterion)]
    told.append(("For graders only", criterion.grader_note))
    said = [f"{plain(title)}: {plain(words)}" for title, words in told if words]
    if said:
        st.caption("  \n".join(said))


def _keep(session: Session, write: Write) -> None:
    reviewing = session.reviewing
    try:
        write(reviewing.hidden_id, dict(reviewing.hidden))
    except TutorError as error:
        session.failure = str(error)
        return
    reviewing.hidden_id, reviewing.hidden = "", {}

"""What an audit showed: its sentence, where the grades differ from the proposals, the numbers."""

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.grading.auditing import Difference
from tutor_app.grading.release import ReleaseVerdict
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.proof import differences_now
from tutor_app.ui.instructor.grading.queue_list import DIFFERED
from tutor_app.ui.instructor.grading.words import number
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent


def show_verdict(session: Session, batch: Batch, verdict: ReleaseVerdict) -> None:
    """Draw the verdict of the newest audit with what it rests on."""
    if verdict.outcome == "release":
        st.success(plain(verdict.sentence), icon=":material/verified:")
    else:
        st.warning(plain(verdict.sentence), icon=":material/balance:")
    found = differences_now(batch.id)
    if found:
        _differences(session, batch, found, opened=verdict.outcome != "release")
    if verdict.tests:
        _numbers(verdict)


def _differences(
    session: Session, batch: Batch, found: tuple[Difference, ...], *, opened: bool
) -> None:
    queue = resources.queue(batch.id)
    # two questions may call a criterion by one id
    titles = {
        (question, criterion.id): criterion.title
        for question, one in queue.rubrics.items()
        for criterion in one.rubric.criteria
    }
    rows = [(one, row) for one in found if (row := queue.row(one.submission))]
    answers = tuple(dict.fromkeys(one.submission for one in found))
    with st.expander(
        f"Where you and the proposals differ: {counted(len(answers), 'answer')}", expanded=opened
    ):
        st.dataframe(
            [
                {"Submission": row.number,
                 "Criterion": titles.get((row.question, one.criterion), one.criterion),
                 "Proposed": number(one.proposed), "You gave": number(one.given)}
                for one, row in rows
            ],
            hide_index=True,
        )  # fmt: skip
        st.button(
            "Look at them", icon=":material/rate_review:", key="look-differed",
            on_click=session.reviewing.pick, args=(DIFFERED, answers),
            help="If you change a mark there, the audit stays as it is: its first grade counts.",
        )  # fmt: skip


def _numbers(verdict: ReleaseVerdict) -> None:
    with st.expander("The numbers behind it"):
        st.dataframe(
            [
                {
                    "Confidence from": percent(one.threshold), "Marks": one.candidates,
                    "Audited": one.audited, "Differed": one.errors,
                    "At most that differ": percent(one.upper_bound),
                    "Outcome": "stands" if one.passed else
                               "does not stand" if one.tested else "not tested",
                }
                for one in verdict.tests
            ],
            hide_index=True,
        )  # fmt: skip
        if verdict.criteria:
            st.caption("By criterion, for orientation; the promise is about the total.")
            st.dataframe(
                [
                    {"Criterion": one.criterion, "Audited": one.audited, "Differed": one.errors,
                     "At most that differ": percent(one.upper_bound)}
                    for one in verdict.criteria
                ],
                hide_index=True,
            )  # fmt: skip

"""What a name, typos, filler or small letters did to the proposals of a sample of answers."""

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.grading.counterfactual_check import counterfactual_reports
from tutor_app.grading.counterfactuals import CounterfactualReport
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import number
from tutor_app.ui.words import counted


def show_counterfactuals(batch: Batch, question: str) -> None:
    """Draw how far changes that must not count moved the totals of one question."""
    st.subheader("Changes that must not count", anchor=False)
    found = counterfactual_reports(resources.store(), batch.id).get(question)
    if found is None:
        st.caption(
            "Answers in words are graded again with a name, typos or filler once the whole batch "
            "is graded. Numbers, formulas and programs are left out."
        )
        return
    report = found[1]
    st.markdown(plain(sentence(report)))
    st.dataframe(
        [
            {"Change": row.change, "n": row.n, "Totals moved": row.changed,
             "Mean change": _signed(row.mean), "Mean size": number(row.mean_size),
             "Largest change": _signed(row.largest), "No score": row.unscored}
            for row in report.rows
        ],
        hide_index=True,
    )  # fmt: skip
    st.caption(
        f"In points of {number(report.max_points)}. With so few answers a change that is small on "
        "average can be chance; a large one on a single answer is still one that happened."
    )


def sentence(report: CounterfactualReport) -> str:
    """Say in one sentence what moved most."""
    rows = [row for row in report.rows if row.n]
    if not rows:
        return "No answer of the sample had a score before and after, so nothing can be compared."
    n = max(row.n for row in rows)
    worst = max(rows, key=lambda row: (row.changed / row.n, row.mean_size))
    if not worst.changed:
        return f"None of the changes moved a total (n = {counted(n, 'answer')})."
    return (
        f"Most moved with {worst.change}: {worst.changed} of {counted(worst.n, 'total')}, on "
        f"average by {_signed(worst.mean)} points, at most by {_signed(worst.largest)}."
    )


def _signed(points: float) -> str:
    return f"+{number(points)}" if round(points, 2) > 0 else number(points)

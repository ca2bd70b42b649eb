"""Results: how the marks are spread, which criteria and elements are hard, what many get wrong."""

from collections import Counter

import altair as alt
import pandas as pd
import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.marks import Mark, marks
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.evidence_view import letter
from tutor_app.ui.instructor.grading.words import BAR, number, options
from tutor_app.ui.instructor.grading.wrong_ideas import show_wrong_ideas
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent

BINS = 10


def show_results(session: Session, batch: Batch) -> None:
    """Draw the results of each question as the marks stand now."""
    with st.container(key="batch-wide"):
        every = list(marks(resources.store(), batch.id))
        questions = list(dict.fromkeys(one.marked.submission.question for one in every))
        if len(questions) > 1:
            question = st.selectbox("Question", questions, key="results-question")
        else:
            question = questions[0] if questions else ""
        own = [one for one in every if one.marked.submission.question == question]
        done = [one for one in own if one.total is not None]
        if not done:
            st.markdown("The spread of the marks will be here once answers are graded.")
            return
        st.caption(
            f"{counted(len(done), 'mark')} as they stand now, released or not"
            + (f"; {len(own) - len(done)} have no score yet." if len(done) < len(own) else ".")
        )
        _distribution(done)
        rubric = done[-1].rubric.rubric
        _criteria(done, rubric)
        show_wrong_ideas(session, batch, question, rubric, done)


def _distribution(done: list[Mark]) -> None:
    totals = pd.Series([one.total for one in done], dtype=float)
    most = done[0].max_points
    mean = float(totals.mean())
    low, high = float(totals.quantile(0.25)), float(totals.quantile(0.75))
    st.subheader("Totals", anchor=False)
    st.markdown(
        f"On average {number(mean)} of {number(most)} points; the middle half has {number(low)} "
        f"to {number(high)} (n = {len(totals)})."
    )
    different = sorted(set(totals))
    data = pd.DataFrame({"Points": totals})
    if len(different) <= 2 * BINS:
        counts = Counter(totals)
        data = pd.DataFrame(
            {"Points": [number(one) for one in different], "Marks": [counts[d] for d in different]}
        )
        chart = alt.Chart(data).mark_bar(color=BAR).encode(
            x=alt.X("Points:N", sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("Marks:Q", axis=alt.Axis(tickMinStep=1)),
            tooltip=["Points", "Marks"],
        )  # fmt: skip
    else:
        chart = alt.Chart(data).mark_bar(color=BAR).encode(
            x=alt.X("Points:Q", bin=alt.Bin(maxbins=BINS)), y=alt.Y("count()", title="Marks")
        )  # fmt: skip
    st.altair_chart(chart.properties(height=200), width="stretch")


def _criteria(done: list[Mark], rubric: Rubric) -> None:
    st.subheader("Criteria", anchor=False)
    rows: list[list[dict[str, str | int | float]]] = []
    hardest = []
    for criterion in rubric.criteria:
        given = [p for one in done if (p := one.points.get(criterion.id)) is not None]
        best = max(criterion.possible_points)
        if given and best > 0:
            hardest.append((sum(given) / len(given) / best, criterion.title))
        rows.append([])
        for option in options(criterion):
            n = sum(abs(one - option.points) < 1e-6 for one in given)
            rows[-1].append(
                {"Criterion": criterion.title, "Level": option.title,
                 "Points": number(option.points), "Answers": n,
                 "Share": n / len(given) if given else 0.0}
            )  # fmt: skip
    if hardest:
        share, title = min(hardest)
        st.markdown(
            f"Hardest is **{plain(title)}**: on average {percent(share)} of its points "
            f"(n = {len(done)})."
        )
    for place, levels in enumerate(rows):
        st.markdown(f"**{letter(place)}** {plain(rubric.criteria[place].title)}")
        bars = (
            alt.Chart(pd.DataFrame(levels))
            .mark_bar(color=BAR)
            .encode(
                x=alt.X("Share:Q", title=None, axis=alt.Axis(format="%", tickCount=5),
                        scale=alt.Scale(domain=[0, 1])),
                y=alt.Y("Level:N", sort=None, title=None,
                        axis=alt.Axis(labelLimit=160, minExtent=120)),
                tooltip=["Level", "Points", "Answers", alt.Tooltip("Share:Q", format=".0%")],
            )
            .properties(height={"step": 22})
        )  # fmt: skip
        st.altair_chart(bars, width="stretch")
    table = pd.DataFrame([row for levels in rows for row in levels])
    table["Share"] = table["Share"].map(percent)
    with st.expander("As a table"):
        st.dataframe(table, hide_index=True)

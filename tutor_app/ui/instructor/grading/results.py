"""Results: how the marks are spread, which criteria and elements are hard, what many get wrong."""

import altair as alt
import pandas as pd
import streamlit as st

from tutor_app import factory
from tutor_app.domain.batch import Batch
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.marks import Mark, marks
from tutor_app.grading.pieces import take_apart
from tutor_app.grading.statistics import (
    BatchStatistics,
    ElementShare,
    batch_statistics,
    element_shares,
)
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.evidence_view import letter
from tutor_app.ui.instructor.grading.words import BAR, PERCENT, number, options
from tutor_app.ui.instructor.grading.wrong_ideas import show_wrong_ideas
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent

BINS = 10
QUARTERS = [0, 0.25, 0.5, 0.75, 1]
RAREST = 3


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
        left = len(own) - len(done)
        st.caption(
            f"{counted(len(done), 'mark')} as they stand now, released or not"
            + (f"; {left} {'has' if left == 1 else 'have'} no score yet." if left else ".")
        )
        rubric = done[-1].rubric.rubric
        points = [{k: p for k, p in one.points.items() if p is not None} for one in done]
        figures = batch_statistics(rubric, points)
        _distribution(figures, done[0].max_points)
        _criteria(figures, rubric)
        _elements(f"{batch.id}|{question}|{rubric.digest}|{len(done)}", rubric, done)
        show_wrong_ideas(session, batch, question, rubric, done)


def _distribution(figures: BatchStatistics, most: float) -> None:
    low, _, high = figures.quartiles
    st.subheader("Totals", anchor=False)
    st.markdown(
        f"On average {number(figures.mean)} of {number(most)} points; the middle half has "
        f"{number(low)} to {number(high)} (n = {figures.n})."
    )
    if len(figures.totals) <= 2 * BINS:
        data = pd.DataFrame([{"Points": number(p), "Marks": n} for p, n in figures.totals])
        chart = alt.Chart(data).mark_bar(color=BAR).encode(
            x=alt.X("Points:N", sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("Marks:Q", axis=alt.Axis(tickMinStep=1, labelFlush=False)),
            tooltip=["Points", "Marks"],
        )  # fmt: skip
    else:
        data = pd.DataFrame([{"Points": p, "Marks": n} for p, n in figures.totals])
        chart = alt.Chart(data).mark_bar(color=BAR).encode(
            x=alt.X("Points:Q", bin=alt.Bin(maxbins=BINS)), y=alt.Y("sum(Marks)", title="Marks")
        )  # fmt: skip
    st.altair_chart(chart.properties(height=200), width="stretch")


def _elements(key: str, rubric: Rubric, done: list[Mark]) -> None:
    """Offer to name the key elements that the fewest answers show; it reads every answer."""
    if not any(one.key_elements for one in rubric.criteria):
        return
    if not st.toggle("Count which key elements the answers show", key=f"elements-{key}"):
        return
    with st.spinner("Reading every answer", show_time=True):
        shares = _shares(key, rubric, done)[:RAREST]
    st.markdown("The fewest answers show:")
    words = {e.id: e.text for criterion in rubric.criteria for e in criterion.key_elements}
    st.markdown(
        "\n".join(
            f"- {plain(words[one.element].rstrip('.'))}: {percent(one.share)} (n = {one.n})"
            for one in shares
        )
    )
    st.caption("How many answers show it, as the grader hears it: an estimate, not a mark.")


@st.cache_resource(show_spinner=False, max_entries=10)
def _shares(key: str, _rubric: Rubric, _done: list[Mark]) -> list[ElementShare]:
    answers = [take_apart(one.marked.submission.text, _rubric.question).texts for one in _done]
    embed = factory.build_embedder(resources.settings()).embed_array
    return element_shares(_rubric, answers, embed)


def _criteria(figures: BatchStatistics, rubric: Rubric) -> None:
    st.subheader("Criteria", anchor=False)
    rows: list[list[dict[str, str | int | float]]] = []
    for criterion, found in zip(rubric.criteria, figures.criteria, strict=True):
        rows.append([])
        for option in options(criterion):
            n = sum(count for p, count in found.counts if abs(p - option.points) < 1e-6)
            rows[-1].append(
                {"Criterion": criterion.title, "Level": option.title,
                 "Points": number(option.points), "Answers": n, "Share": n / found.n}
            )  # fmt: skip
    hardest = next((one for one in figures.criteria if one.criterion == figures.hardest), None)
    if hardest is not None and hardest.share is not None:
        st.markdown(
            f"Hardest is **{plain(hardest.title)}**: on average {percent(hardest.share)} of its "
            f"points (n = {hardest.n})."
        )
    for place, levels in enumerate(rows):
        st.markdown(f"**{letter(place)}** {plain(rubric.criteria[place].title)}")
        bars = (
            alt.Chart(pd.DataFrame(levels))
            .mark_bar(color=BAR)
            .encode(
                x=alt.X("Share:Q", title=None, scale=alt.Scale(domain=[0, 1]),
                        axis=alt.Axis(labelExpr=PERCENT, values=QUARTERS)),
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

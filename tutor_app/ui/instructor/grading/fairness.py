"""Fairness: agreement with people, gaps between groups, answers of known score, likeness."""

import altair as alt
import pandas as pd
import streamlit as st

from tutor_app.domain.batch import Batch, Marked
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.agreement import Agreement, Rating, agreement
from tutor_app.grading.canary_check import canary_reports
from tutor_app.grading.fairness import FairnessReport, gaps, scored
from tutor_app.grading.likeness import near_duplicates
from tutor_app.grading.origins import GIVING
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.changed_answers import show_counterfactuals
from tutor_app.ui.instructor.grading.evidence_view import show_text
from tutor_app.ui.instructor.grading.words import (
    BAR,
    POINT,
    SIGNED_PERCENT,
    number,
    share_words,
)
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent

MODEL = "proposals"
PAIRS_SHOWN = 20
MEASURES = {
    "against your scores": "Proposals minus your scores, in shares of all points",
    "proposals": "Mean proposal, in shares of all points",
    "sent to review": "Share of answers that were sent to you",
}


def show_fairness(session: Session, batch: Batch) -> None:
    """Draw what speaks for and against the grader on one question of this batch."""
    with st.container(key="batch-wide"):
        rubrics = resources.store().grading.rubrics(batch.id)
        questions = list(rubrics)
        question = (
            st.selectbox("Question", questions, key="fairness-question")
            if len(questions) > 1 else questions[0]
        )  # fmt: skip
        rubric = rubrics[question].rubric
        own = [
            one
            for one in resources.store().grading.marked(batch.id)
            if one.submission.question == question
        ]
        if not any(one.grade for one in own):
            st.markdown("Agreement and gaps will be here once answers are graded.")
            return
        _agreement(own, rubric)
        _gaps(own, rubric)
        _canaries(batch, question, rubric)
        show_counterfactuals(batch, question)
        _alike(session, batch, own, rubric)


def _agreement(own: list[Marked], rubric: Rubric) -> None:
    st.subheader("Agreement with people", anchor=False)
    rows = agreement(
        _ratings(own), {one.id: one.possible_points for one in rubric.criteria},
        models=[MODEL], draws=500,
    )  # fmt: skip
    whole = [one for one in rows if one.criterion == "all" or len(rubric.criteria) == 1]
    models = [one for one in whole if not one.people]
    if not models:
        st.caption("Nothing is scored by a person yet, so there is nothing to compare with.")
        return
    lines = [_pair_words(one) for one in [*models, *(one for one in whole if one.people)]]
    st.markdown("The same points were given " + "; ".join(lines) + ".")
    if len(models) == len(whole):
        st.markdown("No answer was scored by two people, so there is no human figure beside it.")
    st.caption(
        "An accepted proposal counts as the same points, and whoever sees a proposal, or what "
        "somebody else gave, agrees more easily; what people look at is mostly doubtful. The "
        "audit, hidden and drawn at random, is the measure for the rest."
    )
    titles = {one.id: one.title for one in rubric.criteria} | {"all": "All criteria"}
    st.dataframe(
        [
            {"Criterion": titles[one.criterion],
             "Between": _between(one),
             "Decisions": one.decisions, "Same points": str(one.exact),
             "One step apart at most": str(one.adjacent), "Weighted kappa": str(one.qwk),
             "Kappa": str(one.kappa), "ICC": str(one.icc)}
            for one in rows
        ],
        hide_index=True,
    )  # fmt: skip


def _pair_words(one: Agreement) -> str:
    return (
        f"by {plain(_between(one))} in {share_words(one)} of {one.decisions} decisions "
        f"(n = {counted(one.submissions, 'answer')})"
    )


def _between(one: Agreement) -> str:
    """Name the two raters, the proposals first: with several people, each has figures."""
    named = sorted((one.first, one.second), key=lambda rater: rater != MODEL)
    return " and ".join(map(_rater, named))


def _rater(rater: str) -> str:
    if rater == MODEL:
        return "the proposals"
    account = resources.store().accounts.by_id(rater)
    return account.name if account else "somebody without an account"


def _ratings(own: list[Marked]) -> list[Rating]:
    found = []
    for one in own:
        name = one.submission.id
        deciders = {each.who for each in one.decisions if each.kind in GIVING}
        for decision in one.decisions:
            # a second rater's blind marks; one's own again are measured under Trust
            second = decision.kind == "blind" and decision.who not in deciders
            if (decision.kind in GIVING or second) and decision.criterion:
                found.append(
                    Rating(rater=decision.who, submission=name, criterion=decision.criterion,
                           points=float(decision.value))
                )  # fmt: skip
        for criterion, points in (one.grade.points if one.grade else {}).items():
            if points is not None:
                found.append(
                    Rating(rater=MODEL, submission=name, criterion=criterion, points=points)
                )
    return found


def _gaps(own: list[Marked], rubric: Rubric) -> None:
    st.subheader("Gaps between groups", anchor=False)
    report = gaps([row for one in own if (row := scored(one, rubric)) is not None], rubric)
    if not report.gaps:
        st.caption("No group has ten answers or more, with ten outside it, to compare.")
        return
    out = [one for one in report.gaps if one.stands_out]
    st.markdown(
        f"{counted(len(out), 'gap')} of {len(report.gaps)} stand out: their {percent(0.9)} "
        "interval leaves zero out. Of ten gaps that are none, one does so by chance."
    )
    measures = list(dict.fromkeys(one.measure for one in report.gaps))
    measure = st.segmented_control(
        "What is compared", measures, default=measures[0], required=True, key="gap-measure"
    )
    st.caption(f"{MEASURES[measure or measures[0]]}: each group less the others.")
    _gap_chart(report, measure or measures[0])


def _gap_chart(report: FairnessReport, measure: str) -> None:
    table = pd.DataFrame(
        [
            {"Group": f"{one.by}: {one.group} (n = {one.n})", "Gap": one.gap, "Low": one.low,
             "High": one.high, "Stands out": "yes" if one.stands_out else "no"}
            for one in report.gaps if one.measure == measure
        ]
    )  # fmt: skip
    names = alt.Axis(labelLimit=320, labelFlush=False)
    base = alt.Chart(table).encode(y=alt.Y("Group:N", sort=None, title=None, axis=names))
    scale = alt.Axis(labelExpr=SIGNED_PERCENT, labelFlush=False, tickCount=5)
    bars = base.mark_rule(strokeWidth=2, color=BAR).encode(
        x=alt.X("Low:Q", title="Gap", axis=scale), x2="High:Q"
    )
    points = base.mark_point(filled=True, size=90, color=POINT, opacity=1).encode(
        x="Gap:Q",
        shape=alt.Shape(
            "Stands out:N", legend=alt.Legend(orient="bottom"),
            scale=alt.Scale(domain=["no", "yes"], range=["circle", "diamond"]),
        ),
        tooltip=["Group", alt.Tooltip("Gap:Q", format="+.1%"), alt.Tooltip("Low:Q", format="+.1%"),
                 alt.Tooltip("High:Q", format="+.1%")],
    )  # fmt: skip
    zero = (
        alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(strokeDash=[4, 4], color=BAR).encode(x="x:Q")
    )
    st.altair_chart((zero + bars + points).properties(height={"step": 26}), width="stretch")
    with st.expander("As a table"):
        st.dataframe(table, hide_index=True)


def _canaries(batch: Batch, question: str, rubric: Rubric) -> None:
    st.subheader("Answers of known score", anchor=False)
    found = canary_reports(resources.store(), batch.id).get(question)
    if found is None:
        st.caption("They are graded with the batch.")
        return
    report, titles = found[1], {one.id: one.title for one in rubric.criteria}
    counts = report.counts
    words = ", ".join(f"{n} {outcome}" for outcome, n in counts.items() if n)
    (st.warning if report.alarm else st.markdown)(
        f"Reference answers, an empty one, copies and instructions to the grader were graded too "
        f"(n = {len(report.rows)} scores): {words}."
    )
    with st.expander("Each of them", expanded=report.alarm):
        st.dataframe(
            [
                {"Answer": row.kind, "Criterion": titles.get(row.criterion, row.criterion),
                 "Must get": number(row.expected),
                 "Got": "no score" if row.got is None else number(row.got), "Outcome": row.outcome}
                for row in report.rows
            ],
            hide_index=True,
        )  # fmt: skip


def _alike(session: Session, batch: Batch, own: list[Marked], rubric: Rubric) -> None:
    st.subheader("Answers that are alike", anchor=False)
    pairs = [p for p in near_duplicates((one.submission for one in own), rubric)
             if not p.same_learner]  # fmt: skip
    if not pairs:
        st.caption("No two longer answers share half of their wording.")
        return
    st.markdown(
        f"{counted(len(pairs), 'pair')} of longer answers share half of their wording or more. "
        "This says how alike they are, not why."
    )
    texts = {one.submission.id: one.submission.text for one in own}
    queue = resources.queue(batch.id)

    def name(submission_id: str) -> str:
        row = queue.row(submission_id)
        if row is None:
            return submission_id
        return row.learner if session.reviewing.names else f"Submission {row.number}"

    for pair in pairs[:PAIRS_SHOWN]:
        label = f"{name(pair.first)} and {name(pair.second)}: {percent(pair.share)} shared"
        with st.expander(plain(label)):
            left, right = st.columns(2)
            with left:
                show_text(texts[pair.first], name(pair.first))
            with right:
                show_text(texts[pair.second], name(pair.second))

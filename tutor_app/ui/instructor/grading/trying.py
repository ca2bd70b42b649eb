"""Five answers tried before a batch is begun: their grades, and how long the rest will take."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.domain.duration import duration
from tutor_app.domain.grade import Grade, GradedExample
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import find_item
from tutor_app.grading.batch import unnamed
from tutor_app.grading.counterfactuals import PAID_SAMPLE
from tutor_app.grading.pace import seconds_left, warm_up
from tutor_app.grading.start import Assigned
from tutor_app.grading.teaching import Brought
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import number, standing_words, sure_words
from tutor_app.ui.session import Source, Trial
from tutor_app.ui.words import counted

if TYPE_CHECKING:
    from tutor_app.grading.llm_call import Usage

TRIED = 5


def show_trial(
    source: Source, found: SubmissionSet, chosen: dict[str, Assigned], brought: Brought
) -> None:
    """Offer to try five answers, and draw what came of it."""
    stamp = "|".join(f"{q}={one.rubric.digest}" for q, one in sorted(chosen.items()))
    stamp += f"|{brought.digest}"
    if st.button(f"Try {TRIED} first", icon=":material/science:", key="try-first"):
        try:
            with st.spinner("Grading five answers", show_time=True):
                source.trial = _try(stamp, found, chosen, brought)
        except TutorError as error:
            show_failure(error)
            return
    trial = source.trial
    if trial is None or trial.stamp != stamp:
        return
    if not trial.tried:
        st.caption("None of the first answers can be graded.")
        return
    if trial.usage is None:
        questions = sum(not one.item for one in chosen.values())
        each_s = trial.seconds / len(trial.tried)
        left = seconds_left(each_s, trial.total, trial.in_words, questions)
        st.caption(
            f"{counted(len(trial.tried), 'answer')} in {trial.seconds:.1f} s: all "
            f"{trial.total:,} will take about {duration(left)} on this computer, with "
            "the checks that follow."
        )
    else:
        _costs(trial, trial.usage)
    for submission, grade in trial.tried:
        rubric = chosen[submission.question].rubric
        _tried(submission, grade, rubric)


def _costs(trial: Trial, used: "Usage") -> None:
    """Say what a chat model takes for the rest, in tokens, and in money where prices are given."""
    # what talks to chat models takes a second to load; the local grader has no need of it
    from tutor_app.grading.llm_cost import estimate

    if not used.asked:
        st.caption(
            "The model was asked about these answers before, or about none of them, so this trial "
            "does not tell what the rest will take."
        )
        return
    if used.counted and used.counted == used.calls:
        st.caption(
            f"A chat model grades these: {round(used.tokens_in / used.asked):,} tokens in and "
            f"{round(used.tokens_out / used.asked):,} out an answer "
            f"(n = {counted(used.asked, 'answer')} tried)."
        )
    with st.container(horizontal=True):
        # prices have three decimals: 0.075
        price_in = st.number_input(
            "Price of a million tokens in", value=None, min_value=0.0, step=0.1, format="%.3f",
            key="price-in",
        )  # fmt: skip
        price_out = st.number_input(
            "Price of a million tokens out", value=None, min_value=0.0, step=0.1, format="%.3f",
            key="price-out",
        )  # fmt: skip
    told = estimate(
        used, max(0, trial.in_words - used.asked), price_in=price_in, price_out=price_out,
        parallel=trial.parallel,
    )  # fmt: skip
    st.markdown(str(told))
    st.caption(
        "What checks the model comes on top: for each question a few answers of known score, and "
        f"{PAID_SAMPLE} of the answers with a name, typos or filler added."
    )


def _try(stamp: str, found: SubmissionSet, chosen: dict[str, Assigned], brought: Brought) -> Trial:
    from tutor_app.grading.llm_grader import LlmGrader

    total = in_words = 0
    submissions: list[Submission] = []
    for one in found:
        if one.question not in chosen or one.problem:
            continue
        total += 1
        in_words += not chosen[one.question].item and bool(one.text.strip())
        # an empty one takes no time and shows nothing
        if len(submissions) < TRIED and one.text.strip():
            submissions.append(one)
    grader = resources.grader()
    asks = grader if isinstance(grader, LlmGrader) else None
    before = asks.usage if asks else None
    if asks is None:
        for question in {one.question for one in submissions}:
            # a rubric is prepared once; the rest of the batch does not pay for it
            if not chosen[question].item:
                examples = brought.examples.get(question, ())
                warm_up(grader, chosen[question].rubric, examples)
    began = time.monotonic()
    # as the batch will see them: the writer's name goes to nobody
    graded = [
        grade
        for one in submissions
        for grade in _grade(
            grader, [unnamed(one)], chosen[one.question], brought.examples.get(one.question, ())
        )
    ]
    return Trial(
        stamp, list(zip(submissions, graded, strict=True)), time.monotonic() - began, total,
        in_words, asks.usage.since(before) if asks and before else None,
        asks.parallel if asks else 1,
    )  # fmt: skip


def _grade(
    grader: AnyGrader,
    submissions: list[Submission],
    used: Assigned,
    examples: Sequence[GradedExample],
) -> list[Grade]:
    item = find_item(resources.catalogue(), used.item) if used.item else None
    return list(grader.grade_batch(submissions, used.rubric, item=item, examples=examples))


def _tried(submission: Submission, grade: Grade, rubric: Rubric) -> None:
    points = {c: p for c, p in grade.points.items() if p is not None}
    whole = len(points) == len(rubric.criteria)
    with st.container(border=True, gap="xsmall"):
        st.text(submission.text[:400] or "Nothing was handed in.")
        total = number(rubric.total(points)) if whole else "?"
        lines = [f"**{total} of {number(rubric.max_points)}**"]
        for one in grade.criteria:
            criterion = rubric.criterion(one.criterion)
            lines.append(
                f"{plain(criterion.title)}: {plain(standing_words(criterion, one.auto_score))} "
                f"({sure_words(one)})"
            )
        st.markdown("  \n".join(lines))

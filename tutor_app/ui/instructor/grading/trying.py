"""Five answers tried before a batch is begun: their grades, and how long the rest will take."""

import time
from itertools import islice

import streamlit as st

from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import find_item
from tutor_app.grading.start import Assigned
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import number, standing_words, sure_words
from tutor_app.ui.session import Source
from tutor_app.ui.words import counted

TRIED = 5


def show_trial(source: Source, found: SubmissionSet, chosen: dict[str, Assigned]) -> None:
    """Offer to try five answers, and draw what came of it."""
    stamp = "|".join(f"{q}={one.rubric.digest}" for q, one in sorted(chosen.items()))
    if st.button(f"Try {TRIED} first", icon=":material/science:", key="try-first"):
        try:
            with st.spinner("Grading five answers", show_time=True):
                source.trial = (stamp, *_try(found, chosen))
        except TutorError as error:
            show_failure(error)
            return
    if source.trial is None or source.trial[0] != stamp:
        return
    _, tried, seconds = source.trial
    if not tried:
        st.caption("None of the first answers can be graded.")
        return
    left = seconds / len(tried) * len(found)
    st.caption(
        f"{counted(len(tried), 'answer')} in {seconds:.1f} s: all {len(found):,} will take about "
        f"{_duration(left)} on this computer, and cost nothing."
    )
    for submission, grade in tried:
        rubric = chosen[submission.question].rubric
        _tried(submission, grade, rubric)


def _try(
    found: SubmissionSet, chosen: dict[str, Assigned]
) -> tuple[list[tuple[Submission, Grade]], float]:
    some = (one for one in found if one.question in chosen and not one.problem)
    submissions = list(islice(some, TRIED))
    grader = resources.grader()
    for question in {one.question for one in submissions}:
        # a rubric is prepared once; the rest of the batch does not pay for it
        _grade(grader, submissions[:1], chosen[question])
    began = time.monotonic()
    graded = [grade for one in submissions for grade in _grade(grader, [one], chosen[one.question])]
    return list(zip(submissions, graded, strict=True)), time.monotonic() - began


def _grade(grader: AnyGrader, submissions: list[Submission], used: Assigned) -> list[Grade]:
    item = find_item(resources.catalogue(), used.item) if used.item else None
    return list(grader.grade_batch(submissions, used.rubric, item=item))


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


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"

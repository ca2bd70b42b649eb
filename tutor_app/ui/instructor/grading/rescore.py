"""A rubric or an item that was edited since: the way to grade again, and what that changed."""

from collections.abc import Mapping, Sequence

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch, BatchRubric
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import TutorError
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import renewed
from tutor_app.grading.queue import OPEN
from tutor_app.grading.rescoring import MovedLevel, Rescored, begin_rescore, give_moved
from tutor_app.grading.rubric_changes import rubric_changes
from tutor_app.grading.start import Assigned
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.running import job_name, run_in_background
from tutor_app.ui.instructor.grading.words import number
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

ROW_PX = 35
ROWS_SHOWN = 7
"""Longer tables scroll inside themselves."""


def show_rescore(session: Session, batch: Batch) -> None:
    """Draw what an edited rubric or item means for a batch, and what grading again changed."""
    job = resources.jobs().last(job_name(batch.id))
    if job is not None and job.state == "running":
        return
    known = resources.store().grading.rubrics(batch.id)
    edited = _edited(known)
    if edited:
        _offer(session, batch, known, edited)
    _outcome(session, batch)


def _edited(known: Mapping[str, BatchRubric]) -> dict[str, Assigned]:
    """Return the rubrics and items that are other than those of the batch, by question."""
    found: dict[str, Assigned] = {}
    for question, one in known.items():
        try:
            now = renewed({question: Assigned(one.rubric, one.item)}, resources.catalogue())
        except TutorError:
            # it is gone or broken; its own page says so, and the batch keeps its copy
            continue
        if now[question].rubric.digest != one.rubric.digest:
            found |= now
    return found


def _offer(
    session: Session,
    batch: Batch,
    known: Mapping[str, BatchRubric],
    edited: Mapping[str, Assigned],
) -> None:
    queue = resources.queue(batch.id)
    with st.container(border=True, key="rescore", gap="xsmall"):
        for question, now in edited.items():
            old = known[question].rubric
            # decided ones too: what a person gave stays, the proposal beside it is made anew
            states = (*OPEN, "decided")
            n = sum(row.state in states for row in queue.rows(question))
            st.markdown(_line(old, now, n))
            with st.expander("What is different"):
                for line in _changes(old, now) or ["Words that change no mark."]:
                    st.markdown(plain(line))
        st.button(
            "Grade again", icon=":material/refresh:",
            key="grade-again", on_click=_begin, args=(session, batch, edited),
            help="Scores that you gave by hand stay. Released marks stay as students see them "
            "until you release them again. An audit has to be made anew.",
        )  # fmt: skip


def _line(old: Rubric, now: Assigned, proposals: int) -> str:
    rest = counted(proposals, "proposal rests", "proposals rest")
    if now.item:
        return f"The item {plain(now.item)} was edited. {rest} on it as it was."
    rubric = now.rubric
    if rubric.version != old.version:
        return (
            f"The rubric {plain(rubric.id)} is now version {rubric.version}. {rest} on version "
            f"{old.version}."
        )
    return (
        f"The rubric {plain(rubric.id)} was edited; it is still called version {rubric.version}. "
        f"{rest} on it as it was."
    )


def _changes(old: Rubric, now: Assigned) -> list[str]:
    if not now.item:
        return rubric_changes(old, now.rubric)
    # the program writes the criterion of an item; its words are none that anybody has edited
    lines = rubric_changes(old, now.rubric.model_copy(update={"criteria": old.criteria}))
    if now.rubric.criteria[0].grader_note != old.criteria[0].grader_note:
        lines.append("It checks answers otherwise: other numbers, steps, tolerance or tests.")
    return lines


def _begin(session: Session, batch: Batch, edited: Mapping[str, Assigned]) -> None:
    who = session.person(Role.INSTRUCTOR).id
    spec = str(batch.settings.get("spec", ""))
    store = resources.store()

    def begin(grader: AnyGrader) -> None:
        begin_rescore(store, batch.id, edited, who=who, grader=grader.name, spec=spec)
        # its rows hold the old rubric
        resources.forget_rows(batch.id)

    try:
        run_in_background(batch, begin)
    except TutorError as error:
        session.failure = str(error)
        return
    session.reviewing.rescore_seen = ""


def _outcome(session: Session, batch: Batch) -> None:
    tables = resources.store().grading
    records = [one for one in tables.decisions(batch.id, "") if one.kind == "rescore"]
    if not records or tables.queue.waiting(batch.id):
        return
    action = records[-1].action
    if session.reviewing.rescore_seen == action:
        return
    try:
        found = resources.rescored(batch.id, action)
    except TutorError as error:
        show_failure(error)
        return
    with st.container(border=True, key="rescored", gap="xsmall"):
        answers = len({one.submission for one in found.changes})
        st.markdown(
            f"Graded again: {counted(len(found.changes), 'score')} of "
            f"{counted(answers, 'answer')} changed."
            if found.changes
            else "Graded again: no score changed."
        )
        st.caption(
            "To go back, edit the rubric back and grade again. Each proposal stays in the record."
        )
        _tables(session, batch, found)
        st.button(
            "Put this away", type="tertiary", key="rescore-seen",
            on_click=setattr, args=(session.reviewing, "rescore_seen", action),
        )  # fmt: skip


def _tables(session: Session, batch: Batch, found: Rescored) -> None:
    titles = {
        criterion.id: criterion.title
        for one in resources.store().grading.every_rubric(batch.id)
        for criterion in one.rubric.criteria
    }
    if found.changes:
        with st.expander(f"What changed (n = {len(found.changes)})"):
            _table(
                [
                    {"Submission": _place(batch, one.submission),
                     "Criterion": titles.get(one.criterion, one.criterion),
                     "Before": _said(one.before), "After": _said(one.after),
                     "Released": "as before" if one.released else ""}
                    for one in found.changes
                ]
            )  # fmt: skip
    if found.moved:
        _moved(session, batch, found.moved, titles)
    if found.lost:
        label = f"Scores by hand that count no more (n = {len(found.lost)})"
        with st.expander(label, expanded=True):
            _table(
                [
                    {"Submission": _place(batch, one.submission),
                     "Criterion": titles.get(one.criterion, one.criterion),
                     "Given": number(one.points),
                     "Why": "the criterion is gone" if one.gone else "it cannot give that now"}
                    for one in found.lost
                ]
            )  # fmt: skip
            st.caption("They stay in the record.")


def _moved(
    session: Session, batch: Batch, moved: Sequence[MovedLevel], titles: Mapping[str, str]
) -> None:
    label = f"Levels given by hand that are worth other points now (n = {len(moved)})"
    with st.expander(label, expanded=True):
        st.markdown(
            "What people gave stays as they gave it. So an answer that got one of these levels by "
            "hand has other points than one that gets the same level from the grader now."
        )
        _table(
            [
                {"Submission": _place(batch, one.submission),
                 "Criterion": titles.get(one.criterion, one.criterion), "Level": one.level,
                 "Given": number(one.points), "Counts": _said(one.counts),
                 "The level gives now": number(one.now)}
                for one in moved
            ]
        )  # fmt: skip
        st.button(
            f"Give {counted(len(moved), 'score')} what the level gives now",
            icon=":material/published_with_changes:", key="give-moved",
            on_click=_give_moved, args=(session, batch, moved),
            help="Undo, in the review, takes all of it back. Released marks stay as students see "
            "them until you release them again.",
        )  # fmt: skip


def _give_moved(session: Session, batch: Batch, moved: Sequence[MovedLevel]) -> None:
    who = session.person(Role.INSTRUCTOR).id
    try:
        done = give_moved(resources.store(), batch.id, who, moved)
    except TutorError as error:
        session.failure = str(error)
        return
    session.reviewing.note(done.action, moved[0].submission)
    resources.forget_rescored()
    session.notice = f"{counted(len(moved), 'score')} given anew. Undo takes them back."


def _place(batch: Batch, submission_id: str) -> int | None:
    row = resources.queue(batch.id).row(submission_id)
    return row.number if row else None


def _table(rows: list[dict[str, str | int | None]]) -> None:
    height = (min(len(rows), ROWS_SHOWN) + 1) * ROW_PX + 3
    st.dataframe(rows, hide_index=True, height=height)


def _said(points: float | None) -> str:
    return "none" if points is None else number(points)

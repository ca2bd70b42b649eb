"""Review: the submissions by uncertainty, the one at hand with its evidence, and its criteria."""

from dataclasses import dataclass

import streamlit as st

from tutor_app.access.roles import Role
from tutor_app.domain.batch import Batch, Marked
from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import NotFoundError, TutorError
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.marks import Mark, level_words, mark_of
from tutor_app.grading.origins import origin_of
from tutor_app.grading.queue import Queue, Row, settled
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.instructor.grading.course_passages import offer_passages
from tutor_app.ui.instructor.grading.criteria_panel import show_criteria
from tutor_app.ui.instructor.grading.evidence_view import show_submission
from tutor_app.ui.instructor.grading.group import show_group
from tutor_app.ui.instructor.grading.proof import audit_words
from tutor_app.ui.instructor.grading.queue_list import (
    PICKED,
    following_row,
    row_at_hand,
    show_list,
)
from tutor_app.ui.instructor.grading.regrade import show_regrade
from tutor_app.ui.instructor.grading.rivals import offer_rivals, show_rivals
from tutor_app.ui.instructor.grading.running import LOOK_EVERY_S, is_running
from tutor_app.ui.instructor.grading.words import number, question_words
from tutor_app.ui.session import Reviewing, Session


@dataclass(frozen=True)
class Sheet:
    """What the review page has in hand: one submission with its rubric, and who looks at it."""

    session: Session
    batch: Batch
    queue: Queue
    row: Row
    mark: Mark
    done: dict[str, float]

    @property
    def marked(self) -> Marked:
        """The submission with its proposal and what was decided."""
        return self.mark.marked

    @property
    def rubric(self) -> Rubric:
        """The rubric that counts now."""
        return self.mark.rubric.rubric

    @property
    def reviewing(self) -> Reviewing:
        """What this tab looks at."""
        return self.session.reviewing

    @property
    def decisions(self) -> Decisions:
        """What writes the decisions of the person who looks."""
        return decisions_of(self.session, self.batch.id)

    @property
    def proposals(self) -> dict[str, CriterionGrade]:
        """What was proposed, by criterion."""
        return (
            {one.criterion: one for one in self.marked.grade.criteria} if self.marked.grade else {}
        )

    def together(self, criterion_id: str) -> int:
        """Return how many answers got these points for a criterion with the same click."""
        points = {criterion_id: self.done.get(criterion_id)}
        return origin_of(self.marked.decisions, points, self.queue.group_sizes).together

    @property
    def at_hand(self) -> str:
        """The criterion that the keys are for: the chosen one, else the first that is doubtful."""
        every = [one.id for one in self.rubric.criteria]
        if self.reviewing.criterion in every:
            return self.reviewing.criterion
        waiting = [one for one in every if one not in self.done]
        doubtful = [
            one for one in waiting if (said := self.proposals.get(one)) and said.needs_review
        ]
        return next(iter(doubtful or waiting), every[0])

    @property
    def title(self) -> str:
        """Name the submission, with the learner's name where names are shown, or it was sought."""
        if self.reviewing.names:
            return self.row.learner
        number = f"Submission {self.row.number}"
        return f"{number}, {self.row.learner}" if self.reviewing.found == self.row.id else number

    @property
    def question(self) -> str:
        """Name the question, "" where the batch has only one."""
        return question_words(self.row.question) if len(self.queue.rubrics) > 1 else ""


def decisions_of(session: Session, batch_id: str) -> Decisions:
    """Return what writes the decisions of the person who is signed in."""
    return Decisions(resources.store(), batch_id, session.person(Role.INSTRUCTOR).id)


def show_review(session: Session, batch: Batch) -> None:
    """Draw the review of a batch; a click redraws this part of the page only."""
    with st.container(key="review"):
        _review(session, batch)


@st.fragment
def _review(session: Session, batch: Batch) -> None:
    try:
        _draw(session, batch)
    except NotFoundError as error:
        # a student has deleted what they handed in
        resources.forget_queue(batch.id)
        session.failure = str(error)
        session.reviewing.open("")
        st.rerun()
    except TutorError as error:
        show_failure(error)


def _draw(session: Session, batch: Batch) -> None:
    queue = resources.queue(batch.id)
    running = is_running(batch.id)
    if failure := session.take_failure():
        st.error(plain(failure), icon=":material/error:")
    look_again = LOOK_EVERY_S if running else None
    st.fragment(_bar, run_every=look_again)(batch, running=running)
    row = row_at_hand(session.reviewing, queue)
    side_by_side = row is not None and row.state in ("rivals", "aside")
    widths = [28, 77] if side_by_side else [28, 40, 37]
    listed, middle, *right = st.columns(widths, gap="medium")
    with listed:
        show_list(session.reviewing, queue, row)
    if row is None:
        with middle:
            st.fragment(_nothing_yet, run_every=look_again)(session.reviewing, batch.id)
        return
    session.reviewing.submission_id = row.id
    asked = queue.rubrics.get(row.question)
    if asked is None:
        with middle:
            st.error(f"The question {plain(row.question)!r} has no rubric.")
        return
    store = resources.store()
    marked = store.grading.marked_one(batch.id, row.id)
    mark = mark_of(marked, asked, level_words(store, batch.id))
    sheet = Sheet(session, batch, queue, row, mark, settled(marked))
    with middle, st.container(key="submission"):
        (show_rivals if side_by_side else _submission)(sheet)
    for column in right:
        with column, st.container(key="criteria"):
            show_criteria(sheet)
    _keys(sheet, graded=not side_by_side)


def _nothing_yet(reviewing: Reviewing, batch_id: str) -> None:
    """Wait for the first proposals, to begin with the least sure of them."""
    if row_at_hand(reviewing, resources.queue(batch_id)) is not None:
        st.rerun()
    st.markdown(
        "Nothing is graded yet. What the grader is least sure of will be here first; to grade "
        "without proposals, choose from **All**."
    )


def _bar(batch: Batch, *, running: bool) -> None:
    now = resources.queue(batch.id).standing()
    parts = [
        f"**{now.graded:,}** of {now.total:,} graded" + (" so far" if running else ""),
        f"**{now.decided:,}** decided by people"
        + (f", {now.in_groups:,} of them in groups" if now.in_groups else ""),
        f"**{now.in_queue:,}** in the queue",
        f"**{now.released:,}** released",
        f"**{now.asking:,}** for a second look" if now.asking else "",
        plain(audit_words(batch.id)),
    ]
    with st.container(key="review-bar", horizontal=True, gap="medium"):
        for part in filter(None, parts):
            st.markdown(part, width="content")


def _submission(sheet: Sheet) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(sheet.title), anchor=False, width="stretch")
        st.caption("Released" if sheet.row.released else "", width="content")
    asked = f"The question: {plain(sheet.question)}" if sheet.question else "The question"
    with st.expander(asked, key=f"question-{sheet.row.question}"):
        st.markdown(calm(sheet.rubric.question))
        st.caption("A right answer")
        for answer in sheet.rubric.reference_answers[:2]:
            st.markdown(calm(answer))
    show_submission(sheet.marked, sheet.rubric, sheet.title)
    proposal = sheet.proposals.get(sheet.at_hand)
    sections = proposal.passages if proposal else ()
    offer_passages(sheet, sections or tuple(sheet.rubric.course_sections))
    if sheet.marked.chosen:
        offer_rivals(sheet)
    if sheet.marked.regrade is not None:
        show_regrade(sheet)
    if sheet.reviewing.grouped:
        show_group(sheet)


def _keys(sheet: Sheet, *, graded: bool) -> None:
    """Draw what is done to the submission as a whole; each has a key."""
    proposed = sheet.marked.grade.points if sheet.marked.grade else {}
    total = "?" if sheet.mark.total is None else number(sheet.mark.total)
    open_ones = [one.id for one in sheet.rubric.criteria if one.id not in sheet.done]
    acceptable = [one for one in open_ones if proposed.get(one) is not None]
    with st.container(key="review-keys", horizontal=True, vertical_alignment="center"):
        # said here and not above: a line that comes and goes would move what one reads
        said = sheet.session.take_notice()
        st.markdown(
            plain(sheet.title)
            + (f": **{total}** of {number(sheet.mark.max_points)}" if graded else "")
            + (f" · {plain(said)}" if said else ""),
            width="stretch",
        )
        if graded:
            st.button(
                "Accept all" if acceptable else "Go on", type="primary", shortcut="Enter",
                key="accept", on_click=_accept, args=(sheet,),
                disabled=bool(open_ones) and not acceptable,
                help="Confirm what is proposed for the criteria you have not settled, and go on.",
            )  # fmt: skip
            st.button(
                "Similar", shortcut="G", key="group", on_click=_group, args=(sheet,),
                help="Show the answers that say the same, to grade them alike.",
            )  # fmt: skip
        st.button("Next", shortcut="N", key="next", on_click=go_on, args=(sheet,))
        st.button(
            "Undo", shortcut="U", key="undo", on_click=_undo, args=(sheet,),
            disabled=not sheet.reviewing.actions,
        )  # fmt: skip


def _group(sheet: Sheet) -> None:
    """Show the similar answers, or put them away again."""
    try:
        found = resources.similar(sheet.batch.id, sheet.row.question).like(sheet.row.id)
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    # what a person gave an answer on its own is no click's to change
    rows = {one.id: one for one in resources.queue(sheet.batch.id).rows(sheet.row.question)}
    others = tuple(one for one in found[1:] if one in rows and rows[one].together != 1)
    if not others:
        sheet.session.notice = (
            "Those that say the same were graded one by one, and keep their marks."
            if len(found) > 1 else "No other answer says the same."
        )  # fmt: skip
    sheet.reviewing.grouped = () if sheet.reviewing.grouped or not others else (found[0], *others)


def go_on(sheet: Sheet) -> None:
    """Put the next of the queue on the page."""
    following = following_row(sheet.reviewing, resources.queue(sheet.batch.id), sheet.row)
    if following is None:
        sheet.session.notice = (
            "That was the last of them."
            if sheet.reviewing.shown in PICKED else "Nothing is left in the queue."
        )  # fmt: skip
    else:
        sheet.reviewing.open(following.id)


def _accept(sheet: Sheet) -> None:
    try:
        done = sheet.decisions.accept([sheet.row.id])
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.note(done.action, sheet.row.id)
    go_on(sheet)


def _undo(sheet: Sheet) -> None:
    """Take back what was done last in this tab; a release has its own way back."""
    if not sheet.reviewing.actions:
        return
    action, submission_id = sheet.reviewing.actions.popitem()
    try:
        sheet.decisions.undo(action)
    except TutorError as error:
        sheet.session.failure = str(error)
        return
    sheet.reviewing.open(submission_id)

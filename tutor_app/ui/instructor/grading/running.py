"""A batch that is graded in the background: its progress, pause, going on, undo."""

from collections.abc import Callable

import streamlit as st

from tutor_app import factory
from tutor_app.domain.batch import Batch
from tutor_app.domain.duration import duration
from tutor_app.domain.item import Item
from tutor_app.errors import TutorError
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import find_item
from tutor_app.grading.batch import TELLING, run_batch
from tutor_app.grading.batch import Progress as Graded
from tutor_app.grading.canary_check import grade_canaries
from tutor_app.grading.counterfactual_check import grade_counterfactuals
from tutor_app.grading.counterfactuals import PAID_SAMPLE, SAMPLE
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.jobs import CancelledError, Job, Progress
from tutor_app.ui.words import counted

LOOK_EVERY_S = 1.0
CHECKING = "checking: a few answers are graded again with changes that must not count"


def run_in_background(
    batch: Batch, begin: Callable[[AnyGrader], object] = lambda grader: None
) -> None:
    """Begin, or go on, to grade a batch; raises ContentError where another job is running.

    Args:
        batch: the batch.
        begin: called in the job before anything is graded, with the grader that goes on.
    """

    def work(tell: Progress) -> object:
        tell("loading the grader", 0, 1)
        grader = _grader_of(batch)
        last = [0, 1]

        def find(reference: str) -> Item:
            return find_item(resources.catalogue(), reference)

        def stops() -> bool:
            try:
                tell("grading", last[0], last[1])
            except CancelledError:
                return True
            return False

        begin(grader)
        # known before the first answer is graded; what begins may have queued some again
        tables = resources.store().grading
        total = tables.gradable(batch.id)
        last[:] = [total - tables.queue.waiting(batch.id), total]
        grade_canaries(resources.store(), batch.id, grader, find)

        def note(progress: Graded) -> None:
            last[:] = [progress.done, progress.total]

        ran = run_batch(
            resources.store(), batch.id, grader, find,
            on_progress=note, should_stop=stops,
        )  # fmt: skip
        if not ran.stopped and not ran.waiting:
            tell(CHECKING, 0, 1)
            sample = PAID_SAMPLE if hasattr(grader, "usage") else SAMPLE
            grade_counterfactuals(resources.store(), batch.id, grader, sample=sample)
        return ran

    resources.jobs().start(f"Grading {batch.title}", job_name(batch.id), work)


def _grader_of(batch: Batch) -> AnyGrader:
    """Return the grader that a batch was begun with, also where it is not that of this server."""
    spec = str(batch.settings.get("spec", ""))
    settings = resources.settings()
    return (
        factory.build_grader(settings, spec)
        if spec and spec != settings.grader
        else resources.grader()
    )


def job_name(batch_id: str) -> str:
    """Return what the jobs of a batch are kept under."""
    return f"batch {batch_id}"


def is_running(batch_id: str) -> bool:
    """Say whether this server grades the batch now."""
    job = resources.jobs().last(job_name(batch_id))
    return job is not None and job.state == "running"


def show_run(batch: Batch) -> None:
    """Draw where the grading of a batch stands: progress, why it stopped, the way to go on."""
    jobs = resources.jobs()
    job = jobs.last(job_name(batch.id))
    if job is not None and job.state == "running":
        st.fragment(_watch, run_every=LOOK_EVERY_S)(batch.id, job)
        return
    if job is not None and job.state == "failed":
        st.error(plain(job.message), icon=":material/error:")
        st.caption("What was graded before is kept.")
    waiting = resources.store().grading.queue.waiting(batch.id)
    if not waiting or batch.state == "undone":
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="go-on"):
        how = "It is paused: " if batch.state == "paused" else ""
        st.markdown(f"{how}{counted(waiting, 'answer')} not graded yet.", width="stretch")
        if st.button("Go on", icon=":material/play_arrow:", key="go-on-grading"):
            try:
                run_in_background(batch)
            except TutorError as error:
                show_failure(error)
                return
            st.rerun()


def _watch(batch_id: str, job: Job) -> None:
    if job.state != "running":
        st.rerun()
    words = f"{job.step[:1].upper()}{job.step[1:]}"
    if job.step == "grading":
        words += f", {job.done:,} of {job.total:,}"
        left = job.seconds_left
        if left is not None and job.done - job.at_first >= TELLING:
            words += f", {job.rate:.1f} a second, about {duration(left)} left"
    with st.container(horizontal=True, vertical_alignment="center", key="run"):
        st.progress(job.share, text=words)
        if job.step != CHECKING:
            st.button(
                "Pause", icon=":material/pause:", on_click=pause, args=(batch_id, job),
                disabled=job.stopping, key="pause-grading",
            )  # fmt: skip
    st.caption("It goes on when you leave this page. You can review what is graded meanwhile.")


def pause(batch_id: str, job: Job) -> None:
    """Ask the job to stop after the answer at hand, and mark the batch."""
    job.stop()
    resources.store().grading.set_state(batch_id, "paused")

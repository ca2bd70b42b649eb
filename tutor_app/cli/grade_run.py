"""A batch on the command line: read, begun, graded, written; see grade.py for what is asked."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from tutor_app.access.audit import COMMAND_LINE
from tutor_app.domain.batch import Batch
from tutor_app.domain.duration import duration
from tutor_app.errors import GradingError, TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions
from tutor_app.exchange.submissions.report import Choices
from tutor_app.factory import build_catalogue, build_grader, build_store
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import Assignment, find_item, read_assignment
from tutor_app.grading.batch import FindItem, Progress, Ran, run_batch
from tutor_app.grading.canary_check import grade_canaries
from tutor_app.grading.counterfactual_check import grade_counterfactuals
from tutor_app.grading.counterfactuals import PAID_SAMPLE, SAMPLE
from tutor_app.grading.example_files import read_examples
from tutor_app.grading.exporting import NEEDS_OWN, export_batch, format_named
from tutor_app.grading.llm_call import Usage
from tutor_app.grading.llm_cost import estimate
from tutor_app.grading.llm_grader import LlmGrader
from tutor_app.grading.pace import seconds_left, warm_up
from tutor_app.grading.start import ANY_QUESTION, NOTHING_BROUGHT, start_batch
from tutor_app.grading.teaching import Brought, examples_of
from tutor_app.grading.written import REPORT, write_proposals, write_report
from tutor_app.settings import Settings
from tutor_app.storage.store import Store

FIRST = 5
"""Answers that are graded before the time for the rest is estimated."""
LISTED = 20
Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What the command line asks for; `prices` are per million tokens read and written."""

    submissions: Path
    rubrics: tuple[str, ...]
    out: Path
    course: str
    grader: str
    try_first: int
    formats: tuple[str, ...]
    title: str
    language: str
    roster: Path | None
    duplicates: Literal["ask", "first", "last"]
    student: str
    answers: tuple[str, ...]
    examples: Path | None
    prices: tuple[float | None, float | None]
    seed: int


def grade_batch(asked: Asked) -> None:
    """Do it, and say what was read, skipped, graded and left to a person."""
    _check_formats(asked.formats)
    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    if asked.course:
        catalogue.course(asked.course)
    assignment = read_assignment(asked.rubrics, catalogue)
    choices = Choices(student=asked.student, answers=asked.answers, duplicates=asked.duplicates)
    source = read_submissions(
        asked.submissions, choices=choices, roster=asked.roster, language=asked.language
    )
    told: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        told.append(line)

    _tell_reading(source, asked.submissions, say)
    with build_store(settings) as store:
        machine = build_grader(settings, asked.grader)
        started = start_batch(
            store,
            source,
            assignment.assigned,
            title=asked.title,
            who=COMMAND_LINE,
            grader=machine.name,
            course_id=asked.course,
            seed=asked.seed,
            spec=asked.grader or settings.grader,
            leave_out=assignment.left_out,
            brought=_brought(asked, assignment, source, say),
        )
        for question, count in started.left_out.items():
            say(f"Left out: {count} answers to {question!r}, as you asked.")
        batch = started.batch
        say(f"Batch {batch.id}: {batch.title}")
        if batch.state == "undone":
            say(
                "It was undone, so nothing was done. Take that back first: "
                f"tutor batch take-back {batch.id}"
            )
            return
        if not started.fresh and _is_complete(store, batch.id):
            say("The same submissions, rubrics and grader: all of it is graded. Nothing was done.")
        else:
            _run(store, batch, machine, partial(find_item, catalogue), asked, say)
        _write(store, batch, asked, say)
        write_report(asked.out / REPORT, told)


def _check_formats(formats: tuple[str, ...]) -> None:
    for one in formats:
        if format_named(one) in NEEDS_OWN:
            raise GradingError(
                f"--format {one}: it fills a file of your own. Grade first, then: "
                f"tutor batch export BATCH --format {one} --into FILE"
            )


def _brought(asked: Asked, assignment: Assignment, source: SubmissionSet, say: Say) -> Brought:
    if asked.examples is None:
        return NOTHING_BROUGHT
    rubrics = {question: one.rubric for question, one in assignment.assigned.items()}
    if list(rubrics) == [ANY_QUESTION] and len(source.questions) == 1:
        rubrics = {source.questions[0]: rubrics[ANY_QUESTION]}
    brought = read_examples(asked.examples, rubrics, source)
    for question, some in brought.examples.items():
        say(f"{asked.examples}: {len(some)} graded answers{f' to {question!r}' * bool(question)}.")
    if brought.marks:
        say(f"{asked.examples}: {len(brought.marks)} marks of answers in this batch; they stand.")
    for remark in brought.remarks:
        say(f"  {remark}")
    return brought


def _tell_reading(source: SubmissionSet, path: Path, say: Say) -> None:
    counts = source.report.counts
    say(f"{path}: read as {source.kind}. {source.reason}")
    say(f"{len(source)} submissions of {source.learners} students.")
    for one in source.asked:
        say(f"Please check: {one.question} Read as: {one.guess or 'nothing yet'}.")
        if not one.guess:
            say("  Say it with --answer HEADING (repeat), --student HEADING or --duplicates.")
    for kind in sorted(counts):
        notes = source.report.of(kind)
        say(f"{kind}: {counts[kind]}")
        for note in notes[:LISTED]:
            say(f"  {note.where}{f' ({note.learner})' if note.learner else ''}: {note.message}")
        if counts[kind] > LISTED:
            say(f"  ... and {counts[kind] - LISTED} more")


def _is_complete(store: Store, batch_id: str) -> bool:
    queue = store.grading.queue
    return not queue.waiting(batch_id) and not queue.failed(batch_id)


def _run(
    store: Store, batch: Batch, machine: AnyGrader, items: FindItem, asked: Asked, say: Say
) -> None:
    for question, report in grade_canaries(store, batch.id, machine, items).items():
        name = f" {question!r}" if question else ""
        counts = report.counts
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        say(f"Answers of known score{name}: {told}.")
        if report.alarm:
            say("  Some got wrong points without a doubt: read more of this question yourself.")
    with _stoppable() as stop:
        in_words = [q for q, one in store.grading.rubrics(batch.id).items() if not one.item]
        if not isinstance(machine, LlmGrader):
            for question in in_words:
                rubric = store.grading.rubrics(batch.id)[question].rubric
                warm_up(machine, rubric, examples_of(store, batch.id, question))
        before = machine.usage if isinstance(machine, LlmGrader) else Usage()
        first = _graded(store, batch, machine, items, stop, asked.try_first or FIRST)
        if first.graded and first.waiting:
            counted = (store.grading.gradable(batch.id), len(in_words))
            say(_estimated(machine, before, first, asked, counted))
        stopped = first.stopped
        if not asked.try_first and first.waiting and not stopped:
            stopped = _graded(store, batch, machine, items, stop, None, again=False).stopped
    waiting, held = store.grading.queue.waiting(batch.id), store.grading.queue.held(batch.id)
    if held:
        say(f"Another run is grading {held} of them. Its end is not waited for.")
    _tell_counterfactuals(store, batch, machine, stopped, say)
    if stopped:
        say(f"Paused; {waiting} wait. Go on with the same command.")
    elif asked.try_first and waiting:
        say(f"{waiting} wait. Go on with the same command, without --try.")


def _tell_counterfactuals(
    store: Store, batch: Batch, machine: AnyGrader, stopped: bool, say: Say
) -> None:
    if stopped or store.grading.queue.waiting(batch.id):
        return
    say("Grading a few answers again, with changes that must not count ...")
    sample = PAID_SAMPLE if isinstance(machine, LlmGrader) else SAMPLE
    for question, report in grade_counterfactuals(store, batch.id, machine, sample=sample).items():
        name = f" {question!r}" if question else ""
        moved = [f"{row.change} moved {row.changed} of {row.n}" for row in report.rows if row.n]
        if moved:
            say(f"What must not move a score{name}: {'; '.join(moved)}.")


def _estimated(
    machine: AnyGrader, before: Usage, first: Ran, asked: Asked, counted: tuple[int, int]
) -> str:
    said = f"Graded {first.graded} first, in {first.seconds:.1f} s."
    if isinstance(machine, LlmGrader):
        price_in, price_out = asked.prices
        used, parallel = machine.usage.since(before), machine.parallel
        found = estimate(
            used, first.waiting, price_in=price_in, price_out=price_out, parallel=parallel
        )
        return f"{said} {found}"
    seconds = seconds_left(first.seconds / first.graded, first.waiting, *counted)
    took = duration(seconds)
    return f"{said} The other {first.waiting}, and the checks after them, take about {took}."


def _graded(
    store: Store,
    batch: Batch,
    machine: AnyGrader,
    items: FindItem,
    should_stop: Callable[[], bool],
    limit: int | None,
    *,
    again: bool = True,
) -> Ran:
    shown = [0.0]

    def show(now: Progress) -> None:
        soon = time.monotonic() - shown[0] < (0.5 if sys.stderr.isatty() else 30)
        if soon and now.done < now.total:
            return
        shown[0] = time.monotonic()
        left = "" if now.left_s is None else f", about {duration(now.left_s)} left"
        line = f"{now.done} of {now.total} graded, {now.rate:.1f} a second{left}"
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{line:78}", end=end, file=sys.stderr, flush=True)

    ran = run_batch(
        store, batch.id, machine, items,
        on_progress=show, should_stop=should_stop, limit=limit, again=again,
    )  # fmt: skip
    if sys.stderr.isatty() and shown[0]:
        print(file=sys.stderr)
    return ran


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Yield a question that Ctrl-C answers; the second Ctrl-C ends the program."""
    pressed: list[int] = []

    def press(number: int, frame: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)
        print("\nPausing after this answer; Ctrl-C again ends at once.", file=sys.stderr)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _write(store: Store, batch: Batch, asked: Asked, say: Say) -> None:
    total, done, pending = store.grading.count(batch.id)
    proposals, queue = write_proposals(store, batch.id, asked.out)
    with queue.open(encoding="utf-8") as file:
        waiting = max(0, sum(1 for _ in file) - 1)
    say(f"{total} submissions: {done} graded; {waiting} to look at.")
    failed = store.grading.queue.failed(batch.id)
    if pending > failed:
        say(
            f"  {pending - failed} of them have no score or only a part of it: the grader cannot "
            "judge them. The queue says why; the points are yours to give."
        )
    if failed:
        say(
            f"  {failed} of them are pending: the model gave no answer that can be used. The same "
            "command asks again, only for these."
        )
    say(f"  {proposals}\n  {queue}")
    for kind in asked.formats:
        try:
            exported = export_batch(store, batch.id, kind, asked.out, unreleased=True)
        except TutorError as error:
            say(f"  --format {kind} was not written. {error}")
            continue
        say(f"  {exported.path}: {exported.written} marks, {len(exported.left_out)} left out")
        for remark in exported.remarks:
            say(f"    {remark}")
    released = sum(one.released for one in store.grading.marked(batch.id))
    if released:
        say(f"{released} marks are released already.")
        return
    say(
        "Nothing is released: these are proposals until you decide, on the page Grading or with "
        f"tutor batch release {batch.id}."
    )

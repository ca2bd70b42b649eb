"""`tutor grade SUBMISSIONS --rubrics MAP|ID --out DIR`: a batch, from files to proposals."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from tutor_app.access.audit import COMMAND_LINE
from tutor_app.domain.batch import Batch
from tutor_app.errors import GradingError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions
from tutor_app.exchange.submissions.report import Choices
from tutor_app.factory import build_catalogue, build_grader, build_store
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.assigning import find_item, read_assignment
from tutor_app.grading.batch import FindItem, Progress, Ran, run_batch
from tutor_app.grading.canary_check import grade_canaries
from tutor_app.grading.counterfactual_check import grade_counterfactuals
from tutor_app.grading.counterfactuals import PAID_SAMPLE, SAMPLE
from tutor_app.grading.exporting import FORMATS, export_batch
from tutor_app.grading.llm_call import Usage
from tutor_app.grading.llm_cost import estimate
from tutor_app.grading.llm_grader import LlmGrader
from tutor_app.grading.start import start_batch
from tutor_app.grading.written import REPORT, write_proposals, write_report
from tutor_app.settings import Settings
from tutor_app.storage.store import Store

FIRST = 5
"""Answers that are graded before the time for the rest is estimated."""
LISTED = 20
Say = Callable[[str], None]


def grade(
    submissions: Annotated[
        Path, typer.Argument(help="CSV, TSV, XLSX, a zip of files or a folder; LMS exports too.")
    ],
    rubrics: Annotated[
        list[str],
        typer.Option(
            help="A rubric's id; QUESTION=RUBRIC, QUESTION=item:COURSE/ITEM:POINTS or "
            "QUESTION=skip (repeat, or join by commas); or a YAML or CSV file of these."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for proposals, queue and report.")],
    course: Annotated[str, typer.Option(help="Course that the batch belongs to.")] = "",
    grader: Annotated[
        str, typer.Option(help="local, or openai:MODEL@URL; else what TUTOR_GRADER says.")
    ] = "",
    price_in: Annotated[
        float | None, typer.Option(help="What a million tokens read by the model cost you.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(help="What a million tokens written by it cost you.")
    ] = None,
    try_first: Annotated[
        int, typer.Option("--try", help="Grade only so many now, and estimate the rest.")
    ] = 0,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help=f"Also write a gradebook: {', '.join(FORMATS)}; repeat."),
    ] = None,
    title: Annotated[str, typer.Option(help="Name of the batch; the file's if left out.")] = "",
    language: Annotated[str, typer.Option(help="Two letters, where the source says none.")] = "",
    roster: Annotated[Path | None, typer.Option(help="Class list: who is missing?")] = None,
    duplicates: Annotated[
        Literal["ask", "first", "last"], typer.Option(help="Which of several answers counts.")
    ] = "ask",
    student: Annotated[str, typer.Option(help="Heading of the students' column.")] = "",
    answer: Annotated[
        list[str] | None, typer.Option(help="Heading of a column with answers; repeat.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the order in which answers are graded.")] = 0,
) -> None:
    """Grade a batch against rubrics: proposals for you to decide on, nothing is released.

    Ctrl-C pauses; the same command goes on, and does nothing when all is graded.
    """
    _check_formats(formats or [])
    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    if course:
        catalogue.course(course)
    assignment = read_assignment(rubrics, catalogue)
    choices = Choices(student=student, answers=tuple(answer or ()), duplicates=duplicates)
    source = read_submissions(submissions, choices=choices, roster=roster, language=language)
    told: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        told.append(line)

    _tell_reading(source, submissions, say)
    with build_store(settings) as store:
        machine = build_grader(settings, grader)
        started = start_batch(
            store,
            source,
            assignment.assigned,
            title=title or submissions.stem,
            who=COMMAND_LINE,
            grader=machine.name,
            course_id=course,
            seed=seed,
            spec=grader or settings.grader,
            leave_out=assignment.left_out,
        )
        for question, count in started.left_out.items():
            say(f"Left out: {count} answers to {question!r}, as you asked.")
        batch = started.batch
        say(f"Batch {batch.id}: {batch.title}")
        if not started.fresh and _is_complete(store, batch.id):
            say("The same submissions, rubrics and grader: all of it is graded. Nothing was done.")
        else:
            _run(
                store,
                batch,
                machine,
                lambda one: find_item(catalogue, one),
                try_first,
                say,
                (price_in, price_out),
            )
        _write(store, batch, out, formats or [], say)
        write_report(out / REPORT, told)


def _check_formats(formats: list[str]) -> None:
    strange = [one for one in formats if one not in FORMATS]
    if strange:
        raise GradingError(
            f"--format {strange[0]}: there is no such format. Known: {', '.join(FORMATS)}."
        )


def _tell_reading(source: SubmissionSet, path: Path, say: Say) -> None:
    counts = source.report.counts
    say(f"{path}: read as {source.kind}. {source.reason}")
    say(f"{len(source)} submissions of {source.learners} students.")
    for one in source.asked:
        say(f"Please check: {one.question} Read as: {one.guess or 'nothing yet'}.")
    for kind in sorted(counts):
        notes = source.report.of(kind)
        say(f"{kind}: {counts[kind]}")
        for note in notes[:LISTED]:
            say(f"  {note.where}{f' ({note.learner})' if note.learner else ''}: {note.message}")
        if counts[kind] > LISTED:
            say(f"  ... and {counts[kind] - LISTED} more")


def _is_complete(store: Store, batch_id: str) -> bool:
    return not store.grading.queue.waiting(batch_id) and not store.grading.count(batch_id)[2]


def _run(
    store: Store,
    batch: Batch,
    machine: AnyGrader,
    items: FindItem,
    try_first: int,
    say: Say,
    prices: tuple[float | None, float | None],
) -> None:
    for question, report in grade_canaries(store, batch.id, machine, items).items():
        name = f" {question!r}" if question else ""
        counts = report.counts
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        say(f"Answers of known score{name}: {told}.")
        if report.alarm:
            say("  Some got wrong points without a doubt: read more of this question yourself.")
    with _stoppable() as stop:
        before = machine.usage if isinstance(machine, LlmGrader) else Usage()
        first = _graded(store, batch, machine, items, stop, try_first or FIRST)
        if first.graded and first.waiting:
            seconds = first.seconds / first.graded * first.waiting
            say(
                f"Graded {first.graded} first, in {first.seconds:.1f} s. The other "
                f"{first.waiting} take about {_span(seconds)}, probably less."
            )
            if isinstance(machine, LlmGrader):
                _tell_cost(machine, before, first.waiting, prices, say)
        stopped = first.stopped
        if not try_first and first.waiting and not stopped:
            stopped = _graded(store, batch, machine, items, stop, None).stopped
    _tell_counterfactuals(store, batch, machine, stopped, say)
    waiting, held = store.grading.queue.waiting(batch.id), store.grading.queue.held(batch.id)
    if held:
        say(f"Another run is grading {held} of them.")
    if stopped:
        say(f"Paused; {waiting} wait. Go on with the same command.")
    elif try_first and waiting:
        say(f"{waiting} wait. Go on with the same command, without --try.")


def _tell_cost(
    machine: LlmGrader,
    before: Usage,
    left: int,
    prices: tuple[float | None, float | None],
    say: Say,
) -> None:
    used = machine.usage.since(before)
    price_in, price_out = prices
    say(
        str(estimate(used, left, price_in=price_in, price_out=price_out, parallel=machine.parallel))
    )


def _tell_counterfactuals(
    store: Store, batch: Batch, machine: AnyGrader, stopped: bool, say: Say
) -> None:
    if stopped or not _is_complete(store, batch.id):
        return
    sample = PAID_SAMPLE if isinstance(machine, LlmGrader) else SAMPLE
    for question, report in grade_counterfactuals(store, batch.id, machine, sample=sample).items():
        name = f" {question!r}" if question else ""
        moved = [f"{row.change} moved {row.changed} of {row.n}" for row in report.rows if row.n]
        if moved:
            say(f"What must not move a score{name}: {'; '.join(moved)}.")


def _graded(
    store: Store,
    batch: Batch,
    machine: AnyGrader,
    items: FindItem,
    should_stop: Callable[[], bool],
    limit: int | None,
) -> Ran:
    shown = [0.0]

    def show(now: Progress) -> None:
        if time.monotonic() - shown[0] < (0.5 if sys.stderr.isatty() else 30):
            return
        shown[0] = time.monotonic()
        left = "" if now.left_s is None else f", about {_span(now.left_s)} left"
        line = f"{now.done} of {now.total} graded, {now.rate:.1f} a second{left}"
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{line:78}", end=end, file=sys.stderr, flush=True)

    ran = run_batch(
        store, batch.id, machine, items, on_progress=show, should_stop=should_stop, limit=limit
    )
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


def _write(store: Store, batch: Batch, out: Path, formats: list[str], say: Say) -> None:
    total, done, pending = store.grading.count(batch.id)
    proposals, queue = write_proposals(store, batch.id, out)
    with queue.open(encoding="utf-8") as file:
        waiting = max(0, sum(1 for _ in file) - 1)
    say(f"{total} submissions: {done} graded, {pending} of them pending; {waiting} to look at.")
    say(f"  {proposals}\n  {queue}")
    for kind in formats:
        exported = export_batch(store, batch.id, kind, out, unreleased=True)
        say(f"  {exported.path}: {exported.written} marks, {len(exported.left_out)} left out")
        for remark in exported.remarks:
            say(f"    {remark}")
    say(
        "Nothing is released: these are proposals until you decide, on the page Grading or with "
        f"tutor batch release {batch.id}."
    )


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

"""A batch run to its end: page by page, resumable, by one grader or several at once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from tutor_app.domain.batch import Batch
from tutor_app.domain.grade import Grade
from tutor_app.domain.item import Item
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.claims import free_the_dead, holding
from tutor_app.grading.integrity import with_signs
from tutor_app.grading.teaching import examples_of
from tutor_app.storage.store import Store

PAGE = 192
"""Submissions that are claimed at once."""
SAVE_EVERY_S = 2.0
"""What a kill can cost at most; an answer of a paid model is not asked for twice in vain."""
TELLING = 20
"""From so many answers on a rate says how long the rest takes."""
LEASE_S = 120.0
"""How long a claim stands whose holder is on another machine and silent."""


FindItem = Callable[[str], Item]
"""Returns the item "course/item"; raises NotFoundError."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes:
        done: submissions that have a proposal, of `total` that can be graded.
        rate: submissions a second since the run began; 0 when none is done.
        left_s: seconds that the rest takes at that rate; None when nobody can say.
    """

    done: int
    total: int
    rate: float
    left_s: float | None


@dataclass(frozen=True)
class Ran:
    """What a run did.

    Attributes:
        graded: proposals written now.
        waiting: submissions that still wait; another run may hold some of them (`elsewhere`).
        pending: submissions for which the grader came to no score.
        seconds: how long it took.
        stopped: it was asked to stop, or the batch was paused or undone meanwhile.
    """

    graded: int
    waiting: int
    elsewhere: int
    pending: int
    seconds: float
    stopped: bool


def run_batch(
    store: Store,
    batch_id: str,
    grader: AnyGrader,
    find_item: FindItem,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
    limit: int | None = None,
    again: bool = True,
) -> Ran:
    """Grade what waits in a batch; call it again after any interruption to go on.

    Every answer gets one proposal, whatever is killed and however many runs share the batch. What
    has no score because a call failed is tried once more. Graders see no names: see `unnamed`.

    Args:
        store: the database.
        batch_id: the batch.
        grader: who proposes.
        find_item: reads the items of the batch's questions.
        on_progress: called after each save.
        should_stop: asked after each answer.
        limit: grade this many at most.
        again: ask once more where calls failed before.

    Raises:
        GradingError: the batch was undone, or was begun with another grader.
        NotFoundError: an item of the batch is gone; nothing was graded.
        StorageError: the disk is full or the database locked; what was saved stays.
    """
    tables = store.grading
    batch = _ready(store, batch_id, grader)
    seed = int(batch.settings.get("seed", 0))
    for one in tables.rubrics(batch_id).values():
        if one.item:
            find_item(one.item)
    free_the_dead(tables.queue, batch_id)
    if again:
        tables.queue.put_failed(batch_id, seed)
    began, at_first = time.monotonic(), tables.queue.waiting(batch_id)
    total = tables.gradable(batch_id)
    graded, stopped = 0, False

    def report() -> None:
        waiting = tables.queue.waiting(batch_id)
        gone = at_first - waiting
        rate = gone / max(time.monotonic() - began, 1e-9)
        told = gone >= TELLING or not waiting
        on_progress(Progress(total - waiting, total, rate, waiting / rate if told else None))

    with holding(tables.queue, batch_id) as worker:
        while not stopped and (limit is None or graded < limit):
            size = PAGE if limit is None else min(PAGE, limit - graded)
            page = tables.queue.claim(batch_id, worker, size, LEASE_S)
            if not page:
                if free_the_dead(tables.queue, batch_id):
                    continue
                break
            work = _Page(store, batch, worker, page, find_item, report)
            graded += work.run(grader, should_stop)
            stopped = work.stopped or should_stop() or tables.batch(batch_id).state != "open"
    return Ran(
        graded,
        tables.queue.waiting(batch_id),
        tables.queue.held(batch_id),
        tables.count(batch_id)[2],
        time.monotonic() - began,
        stopped,
    )


class _Page:
    """Claimed submissions to one question, graded and saved as they come."""

    def __init__(
        self,
        store: Store,
        batch: Batch,
        worker: str,
        page: Sequence[Submission],
        find_item: FindItem,
        report: Callable[[], None],
    ) -> None:
        question = page[0].question
        self._queue = store.grading.queue
        self._batch_id = batch.id
        self._worker = worker
        self._report = report
        self._rubric = store.grading.rubrics(batch.id)[question]
        self._item = find_item(self._rubric.item) if self._rubric.item else None
        self._examples = examples_of(store, batch.id, question)
        self._unnamed = {one.id: one for one in map(unnamed, page)}
        self._ids = dict(zip(self._unnamed, (one.id for one in page), strict=True))
        self._finished: list[Grade] = []
        self._written = 0
        self.stopped = False

    def run(self, grader: AnyGrader, should_stop: Callable[[], bool]) -> int:
        """Grade and save; returns how many proposals were written."""
        seen, saved = 0, time.monotonic()
        grades = grader.grade_batch(
            list(self._unnamed.values()),
            self._rubric.rubric,
            item=self._item,
            examples=self._examples,
        )
        try:
            for grade in grades:
                self._finished.append(self._signed(grade))
                seen += 1
                if should_stop():
                    self.stopped = True
                    break
                if time.monotonic() - saved > SAVE_EVERY_S:
                    self._save()
                    self._queue.renew(self._batch_id, self._worker, LEASE_S)
                    saved = time.monotonic()
        finally:
            # also when it is stopped by hand or fails: what is graded is paid for
            self._save()
        if seen < len(self._unnamed) and not self.stopped:
            raise GradingError(
                f"Batch {self._batch_id}: grader {grader.name} gave {seen} grades for "
                f"{len(self._unnamed)} answers. Report this as a mistake of the grader."
            )
        return self._written

    def _signed(self, grade: Grade) -> Grade:
        one = self._unnamed[grade.submission]
        own = grade.model_copy(update={"submission": self._ids[grade.submission]})
        return with_signs(own, one, self._rubric.rubric)

    def _save(self) -> None:
        finished, self._finished = self._finished, []
        if finished:
            self._written += self._queue.finish(self._batch_id, self._worker, finished)
            self._report()


def unnamed(submission: Submission) -> Submission:
    """Return what a grader may see: the answer, under an id that says nothing about its writer."""
    return Submission(
        id=blake2b(submission.id.encode(), digest_size=8).hexdigest(),
        learner="unnamed",
        question=submission.question,
        text=submission.text,
        language=submission.language,
        hidden=submission.hidden,
    )


def _ready(store: Store, batch_id: str, grader: AnyGrader) -> Batch:
    batch = store.grading.batch(batch_id)
    if batch.state == "undone":
        raise GradingError(
            f"Batch {batch_id}: it was undone. Take it back first: tutor batch take-back {batch_id}"
        )
    begun_with = batch.settings.get("grader", grader.name)
    if begun_with != grader.name:
        raise GradingError(
            f"Batch {batch_id}: it was begun with grader {begun_with}, this one is {grader.name}. "
            f"Grade all of it with this one: tutor batch rescore {batch_id}"
        )
    if batch.state == "paused":
        store.grading.set_state(batch_id, "open")
    return batch

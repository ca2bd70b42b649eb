"""An edited rubric, or another grader: what was graded is graded again, what people gave stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tutor_app.domain.batch import BatchRubric, Marked
from tutor_app.domain.grade import Grade
from tutor_app.errors import GradingError
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.marks import mark_of
from tutor_app.grading.start import Assigned
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class Change:
    """A criterion of one submission that counts for something else than before.

    Attributes:
        before: points, or None where there were none (a new criterion, or it was pending).
        after: points, or None where it is pending or the criterion is gone.
        released: the learner has been shown the mark before; it is shown as it was until the
            instructor releases it again.
    """

    submission: str
    criterion: str
    before: float | None
    after: float | None
    released: bool


@dataclass(frozen=True)
class LostScore:
    """A manual score that the edited rubric has no place for; it stays in the record.

    Attributes:
        gone: its criterion is gone; else the points are outside of what it can give now.
    """

    submission: str
    criterion: str
    points: float
    gone: bool


@dataclass(frozen=True)
class Rescored:
    """What the last re-scoring changed; `waiting` answers are still to be graded again."""

    changes: tuple[Change, ...]
    lost: tuple[LostScore, ...]
    waiting: int


def begin_rescore(
    store: Store,
    batch_id: str,
    rubrics: Mapping[str, Assigned],
    *,
    who: str,
    grader: str,
    spec: str = "",
) -> dict[str, int]:
    """Take in edited rubrics, or another grader, and queue what they concern.

    `run_batch` does the grading; `rescored` says what changed. Until an answer is graded again it
    has no proposal; manual scores count all the time.

    Args:
        store: the database.
        batch_id: the batch.
        rubrics: by question; those that are as they were are left alone.
        who: who asks for it.
        grader: name of the grader that goes on with the batch.
        spec: how that is built.

    Returns:
        How many submissions of which question are graded again; empty for no change.

    Raises:
        GradingError: a question that the batch does not have.
    """
    tables = store.grading
    batch, known = tables.batch(batch_id), tables.rubrics(batch_id)
    strange = ", ".join(sorted(rubrics.keys() - known.keys()))
    if strange:
        raise GradingError(f"Batch {batch_id}: it has no question {strange}.")
    edited = {
        question: one
        for question, one in rubrics.items()
        if (one.rubric.digest, one.item) != (known[question].rubric.digest, known[question].item)
    }
    other_grader = batch.settings.get("grader", grader) != grader
    concerned = set(known) if other_grader else set(edited)
    if not concerned:
        return {}
    seed, now = int(batch.settings.get("seed", 0)), datetime.now(UTC)
    with store.transaction():
        last = tables.last_proposal()
        Decisions(store, batch_id, who).note("rescore", str(last))
        for question, one in edited.items():
            rubric = BatchRubric(question=question, rubric=one.rubric, item=one.item, at=now)
            tables.add_rubric(batch_id, rubric)
        tables.set_grader(batch_id, grader, spec)
        return {one: tables.queue.put_question(batch_id, seed, one) for one in sorted(concerned)}


def rescored(store: Store, batch_id: str) -> Rescored:
    """Return what the last re-scoring changed, however often it was interrupted."""
    tables = store.grading
    records = [one for one in tables.decisions(batch_id, "") if one.kind == "rescore"]
    if not records:
        return Rescored((), (), 0)
    last = int(records[-1].value)
    now = tables.rubrics(batch_id)
    changes: list[Change] = []
    lost: list[LostScore] = []
    for one in tables.marked(batch_id):
        earlier = tables.proposals(batch_id, one.submission.id, before=last)
        rubric = now[one.submission.question]
        lost += _lost(one, rubric)
        if earlier and one.grade:
            changes += _changes(one, earlier[-1], rubric)
    return Rescored(tuple(changes), tuple(lost), tables.queue.waiting(batch_id))


def _changes(one: Marked, earlier: Grade, rubric: BatchRubric) -> list[Change]:
    after = mark_of(one, rubric).points
    before = {
        key: points if one.manual(key) is None else one.manual(key)
        for key, points in earlier.points.items()
    }
    return [
        Change(one.submission.id, key, before.get(key), after.get(key), one.released)
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]


def _lost(one: Marked, rubric: BatchRubric) -> list[LostScore]:
    possible = {each.id: each.possible_points for each in rubric.rubric.criteria}
    given = {each.criterion: each.value for each in one.decisions if each.kind == "score"}
    found = []
    for criterion, value in given.items():
        points = float(value)
        span = possible.get(criterion)
        if span is None or not min(span) <= points <= max(span):
            found.append(LostScore(one.submission.id, criterion, points, span is None))
    return found

"""An edited rubric, or another grader: what was graded is graded again, what people gave stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tutor_app.domain.batch import BatchRubric, Decision, Marked, standing_decisions
from tutor_app.domain.grade import Grade
from tutor_app.errors import GradingError
from tutor_app.grading.deciding import Decisions, Done
from tutor_app.grading.levels import title_of, worth_now
from tutor_app.grading.marks import mark_of
from tutor_app.grading.start import Assigned
from tutor_app.storage.store import Store

_ROUNDED = 1e-9


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
class MovedLevel:
    """A level that a person gave and that is worth other points now; the points given stay.

    Attributes:
        level: its title.
        points: given by hand.
        now: what the level gives in the edited rubric.
        counts: what counts until somebody decides: the points by hand, else (where the criterion
            cannot give them any more) the proposal's, or None.
    """

    submission: str
    criterion: str
    level: str
    points: float
    now: float
    counts: float | None


@dataclass(frozen=True)
class Rescored:
    """What the last re-scoring changed; `waiting` answers are still to be graded again."""

    changes: tuple[Change, ...]
    lost: tuple[LostScore, ...]
    waiting: int
    moved: tuple[MovedLevel, ...] = ()


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
    every = tables.every_rubric(batch_id)
    now = {one.question: one for one in every}
    given = _given(store, batch_id)
    changes: list[Change] = []
    lost: list[LostScore] = []
    moved: list[MovedLevel] = []
    for one in tables.marked(batch_id):
        earlier = tables.proposals(batch_id, one.submission.id, before=last)
        rubric = now[one.submission.question]
        for decision in given.get(one.submission.id, {}).values():
            found = _by_hand(one, decision, every)
            if isinstance(found, MovedLevel):
                moved.append(found)
            elif found is not None:
                lost.append(found)
        if earlier and one.grade:
            changes += _changes(one, earlier[-1], rubric)
    return Rescored(tuple(changes), tuple(lost), tables.queue.waiting(batch_id), tuple(moved))


def give_moved(store: Store, batch_id: str, who: str, moved: Iterable[MovedLevel]) -> Done:
    """Give those who were given a level what it is worth now, in one act that undo takes back."""
    points: dict[str, dict[str, float]] = {}
    for one in moved:
        points.setdefault(one.submission, {})[one.criterion] = one.now
    return Decisions(store, batch_id, who).give_each(points)


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


def _given(store: Store, batch_id: str) -> dict[str, dict[str, Decision]]:
    """Return the decision that gave points by hand last, by submission and criterion."""
    found: dict[str, dict[str, Decision]] = {}
    for one in standing_decisions(store.grading.decisions(batch_id)):
        if one.kind in ("score", "audit"):
            found.setdefault(one.submission, {})[one.criterion] = one
    return found


def _by_hand(
    one: Marked, given: Decision, every: Sequence[BatchRubric]
) -> MovedLevel | LostScore | None:
    """Return what an edit did to points that a person gave; None where they mean what they did."""
    own = [each for each in every if each.question == one.submission.question]
    then = [each for each in own if each.at <= given.at] or own
    points, key = float(given.value), given.criterion
    before, now = (
        {each.id: each for each in rubric.rubric.criteria}.get(key)
        for rubric in (then[-1], own[-1])
    )
    if now is None:
        return LostScore(one.submission.id, key, points, gone=True)
    worth = worth_now(points, before, now) if before is not None else points
    if before is not None and worth is not None and abs(worth - points) > _ROUNDED:
        level = title_of(before, points)
        return MovedLevel(one.submission.id, key, level, points, worth, one.score(key))
    if not now.can_give(points):
        return LostScore(one.submission.id, key, points, gone=False)
    return None

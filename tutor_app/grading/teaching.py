"""Manual scores that teach the grader: never those of an audit or of a blind second reading."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from tutor_app.domain.batch import Marked, standing_decisions
from tutor_app.domain.grade import GradedExample
from tutor_app.errors import GradingError
from tutor_app.grading.deciding import Decisions
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class Brought:
    """What people graded elsewhere.

    Attributes:
        examples: answers of others, by question.
        marks: points by criterion for answers of the batch itself, by their ids.
        remarks: what was passed over, whole sentences.
    """

    examples: Mapping[str, Sequence[GradedExample]] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return a digest of all that teaches; "" for nothing."""
        if not self.examples and not self.marks:
            return ""
        examples = {q: [one.model_dump() for one in some] for q, some in self.examples.items()}
        told = json.dumps([examples, {k: dict(v) for k, v in self.marks.items()}], sort_keys=True)
        return sha256(told.encode()).hexdigest()


APART = frozenset({"audit", "blind"})


def improve(store: Store, batch_id: str, who: str) -> dict[str, int]:
    """Queue what no person has settled, to be graded anew with what people graded as examples.

    Manual scores stay; proposals are appended. What was drawn for an audit before says nothing
    about the new proposals.

    Returns:
        How many examples each question has now; questions without any are not graded anew.

    Raises:
        GradingError: nobody has graded anything yet.
    """
    tables, decisions = store.grading, Decisions(store, batch_id, who)
    taught, open_ones = _parted(store, batch_id)
    if not taught:
        raise GradingError(
            f"Batch {batch_id}: there is nothing to learn from yet. Grade a few answers by hand."
        )
    seed = int(tables.batch(batch_id).settings.get("seed", 0))
    with store.transaction():
        for question, examples in taught.items():
            decisions.note("improve", json.dumps(examples), question)
            tables.queue.put_submissions(batch_id, seed, open_ones.get(question, ()))
    return {question: len(examples) for question, examples in taught.items()}


def count_teaching(store: Store, batch_id: str) -> int:
    """Return how many answers `improve` would teach with now."""
    return sum(map(len, _parted(store, batch_id)[0].values()))


def examples_of(store: Store, batch_id: str, question: str) -> list[GradedExample]:
    """Return what was brought with the batch, then what `improve` chose last, as it was then.

    Every answer that is graded after it is graded with the same examples, whoever goes on with
    the batch and whatever is decided meanwhile.
    """
    own = [
        one
        for one in standing_decisions(store.grading.decisions(batch_id, ""))
        if one.question == question
    ]
    taught = [str(one.value) for one in own if one.kind == "improve"][-1:]
    examples = [one for said in own if said.kind == "examples" for one in _read(str(said.value))]
    if not taught and not examples:
        return []
    points: dict[str, dict[str, float]] = json.loads(taught[0]) if taught else {}
    for one in store.grading.marked_these(batch_id, points):
        given = points[one.submission.id]
        examples.append(GradedExample(text=one.submission.text, points=given))
    # a rubric may have been edited since
    known = {one.id for one in store.grading.rubrics(batch_id)[question].rubric.criteria}
    kept = [(one, {k: v for k, v in one.points.items() if k in known}) for one in examples]
    return [one.model_copy(update={"points": points}) for one, points in kept if points]


def bring(store: Store, batch_id: str, who: str, brought: Brought) -> None:
    """Write what people graded elsewhere into the record of a batch, once.

    Args:
        store: the database.
        batch_id: the batch.
        who: who brings it; the marks are theirs from now on, and can be changed and undone.
        brought: its marks by the batch's own ids.
    """
    decisions = Decisions(store, batch_id, who)
    with store.transaction():
        done = store.grading.decisions(batch_id, "")
        if any(one.kind in ("examples", "improve") for one in done):
            return
        for question, some in brought.examples.items():
            value = json.dumps([one.model_dump() for one in some])
            decisions.note("examples", value, question)
        taught: dict[str, dict[str, dict[str, float]]] = {}
        for one in store.grading.marked_these(batch_id, brought.marks):
            name = one.submission.id
            # one by one: what is given to many at once counts as unread
            decisions.give([name], brought.marks[name])
            taught.setdefault(one.submission.question, {})[name] = dict(brought.marks[name])
        for question, marks in taught.items():
            decisions.note("improve", json.dumps(marks), question)


def _read(value: str) -> list[GradedExample]:
    return [GradedExample.model_validate(one) for one in json.loads(value)]


def _parted(
    store: Store, batch_id: str
) -> tuple[dict[str, dict[str, dict[str, float]]], dict[str, list[str]]]:
    """Return the points that teach, by question and submission, and what is not settled."""
    taught: dict[str, dict[str, dict[str, float]]] = {}
    open_ones: dict[str, list[str]] = {}
    rubrics = store.grading.rubrics(batch_id)
    for one in store.grading.marked(batch_id):
        question = one.submission.question
        criteria = [each.id for each in rubrics[question].rubric.criteria]
        if points := _taught(one, criteria):
            taught.setdefault(question, {})[one.submission.id] = points
        if not all(map(one.decided, criteria)):
            open_ones.setdefault(question, []).append(one.submission.id)
    return taught, open_ones


def _taught(one: Marked, criteria: list[str]) -> dict[str, float]:
    """Return the points that people settled, none where the answer is kept apart."""
    if any(each.kind in APART for each in one.decisions) or one.submission.problem:
        return {}
    settled = {each: one.score(each) for each in criteria if one.decided(each)}
    return {each: points for each, points in settled.items() if points is not None}

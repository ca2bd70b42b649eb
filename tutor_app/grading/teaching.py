"""Manual scores that teach the grader: never those of an audit or of a blind second reading."""

import json

from tutor_app.domain.batch import Marked, standing_decisions
from tutor_app.domain.grade import GradedExample
from tutor_app.errors import GradingError
from tutor_app.grading.deciding import Decisions
from tutor_app.storage.store import Store

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
    taught: dict[str, dict[str, dict[str, float]]] = {}
    open_ones: dict[str, list[str]] = {}
    rubrics = tables.rubrics(batch_id)
    for one in tables.marked(batch_id):
        question = one.submission.question
        criteria = [each.id for each in rubrics[question].rubric.criteria]
        if points := _taught(one, criteria):
            taught.setdefault(question, {})[one.submission.id] = points
        if not all(map(one.decided, criteria)):
            open_ones.setdefault(question, []).append(one.submission.id)
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


def examples_of(store: Store, batch_id: str, question: str) -> list[GradedExample]:
    """Return what `improve` chose last for a question, as it was then.

    Every answer that is graded after it is graded with the same examples, whoever goes on with
    the batch and whatever is decided meanwhile.
    """
    chosen = [
        one
        for one in standing_decisions(store.grading.decisions(batch_id, ""))
        if one.kind == "improve" and one.question == question
    ]
    if not chosen:
        return []
    rubric = store.grading.rubrics(batch_id)[question].rubric
    known = {one.id for one in rubric.criteria}
    examples = []
    points: dict[str, dict[str, float]] = json.loads(str(chosen[-1].value))
    for one in store.grading.marked_these(batch_id, points):
        given = points[one.submission.id]
        # a rubric may have been edited since
        kept = {criterion: value for criterion, value in given.items() if criterion in known}
        if kept:
            examples.append(GradedExample(text=one.submission.text, points=kept))
    return examples


def _taught(one: Marked, criteria: list[str]) -> dict[str, float]:
    """Return the points that people settled, none where the answer is kept apart."""
    if any(each.kind in APART for each in one.decisions) or one.submission.problem:
        return {}
    settled = {each: one.score(each) for each in criteria if one.decided(each)}
    return {each: points for each, points in settled.items() if points is not None}

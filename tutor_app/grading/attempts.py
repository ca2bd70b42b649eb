"""How many audits the answers of a batch have been through, in whichever batch they stood.

The same file imported again is a new batch, but no new evidence: its audits share one error rate.
Two batches share it where one learner gave the same words under the same rubric in both; a plan
too many makes the next audit larger and never wrong.

What this cannot see: the same answers under a rubric of another id, or with other names of the
learners. Whoever does that takes a new promise each time, and the Trust page says so.
"""

from collections.abc import Iterator

from tutor_app.domain.batch import Decision, standing_decisions
from tutor_app.grading.release_plan import ReleasePlan
from tutor_app.storage.store import Store


def plans_of(store: Store, batch_id: str) -> list[Decision]:
    """Return the records of the plans of one batch, oldest first."""
    of_batch = standing_decisions(store.grading.decisions(batch_id, ""))
    return [one for one in of_batch if one.kind == "plan"]


def next_attempt(store: Store, batch_id: str) -> int:
    """Return the number that the next plan over these answers has, from 1."""
    made = list(_attempts(store, batch_id))
    return max([len(made), *made]) + 1


def _attempts(store: Store, batch_id: str) -> Iterator[int]:
    yield from _numbers(plans_of(store, batch_id))
    rubrics = _rubric_ids(store, batch_id)
    here: set[tuple[str, str, str]] | None = None
    for other in store.grading.batches():
        if other.id == batch_id or not rubrics & _rubric_ids(store, other.id):
            continue
        if plans := plans_of(store, other.id):
            if here is None:
                here = set(_answers(store, batch_id))
            if any(one in here for one in _answers(store, other.id)):
                yield from _numbers(plans)


def _numbers(plans: list[Decision]) -> list[int]:
    return [ReleasePlan.model_validate_json(str(one.value)).attempt for one in plans]


def _rubric_ids(store: Store, batch_id: str) -> set[str]:
    return {one.rubric.id for one in store.grading.every_rubric(batch_id)}


def _answers(store: Store, batch_id: str) -> Iterator[tuple[str, str, str]]:
    """Yield (rubric id, learner, words) of all that is not empty."""
    asked: dict[str, set[str]] = {}
    for one in store.grading.every_rubric(batch_id):
        asked.setdefault(one.question, set()).add(one.rubric.id)
    for marked in store.grading.marked(batch_id):
        answer = marked.submission
        words = " ".join(answer.text.split())
        if words:
            for rubric in asked.get(answer.question, ()):
                yield rubric, answer.learner, words

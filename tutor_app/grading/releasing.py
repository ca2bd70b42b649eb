"""The audit of a batch in its record: the plan first, then the grades, then the verdict.

The plan, whom it drew and the verdict are written where nobody can change or undo them. What is
drawn and what is tested is release.py's; this keeps the order.
"""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tutor_app.domain.batch import Decision
from tutor_app.errors import GradingError
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.group_clicks import graded_by_click
from tutor_app.grading.release import (
    Candidate,
    ReleasePlan,
    ReleaseVerdict,
    candidates,
    decide_release,
    draw_audit,
    make_plan,
    suggest,
)
from tutor_app.grading.release_plan import Differs
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class Audit:
    """Where the newest audit of a batch stands.

    Attributes:
        drawn: submissions to grade with the proposal hidden, in the order they were drawn.
        graded: those of them that are.
        verdict: None until `close_audit`.
    """

    plan: ReleasePlan
    drawn: tuple[str, ...]
    graded: frozenset[str]
    verdict: ReleaseVerdict | None

    @property
    def left(self) -> tuple[str, ...]:
        """What is still to be graded."""
        return tuple(one for one in self.drawn if one not in self.graded)


def open_audit(
    store: Store,
    batch_id: str,
    who: str,
    *,
    target: float = 0.05,
    confidence: float = 0.9,
    thresholds: Sequence[float] | None = None,
    audit_size: int | None = None,
    differs: Differs = "total",
    tolerance: float = 0.0,
    questions: Collection[str] | None = None,
) -> Audit:
    """Freeze a plan, draw its audit and write both down, before any audit grade is seen.

    Args:
        store: the database.
        batch_id: the batch.
        who: the instructor.
        target: share of the marks released unread that may differ.
        confidence: of all attempts on this batch together.
        thresholds: on the confidence; suggested if left out.
        audit_size: suggested if left out.
        differs: what counts as a difference.
        tolerance: points by which a mark may differ and still count as the same.
        questions: only these, pooled; None is all.

    Raises:
        GradingError: an audit is open already, answers wait to be graded, or see `make_plan`.
    """
    if waiting := store.grading.queue.waiting(batch_id):
        raise GradingError(f"Batch {batch_id}: {waiting} answers wait. Grade all of it first.")
    before = _plans(store, batch_id)
    current = find_audit(store, batch_id)
    if current and current.verdict is None and _holds(store, batch_id):
        raise GradingError(
            f"Batch {batch_id}: an audit is open, {len(current.left)} answers are left. Finish it."
        )
    found = _candidates(store, batch_id, questions)
    attempt = len(before) + 1
    cuts, size = suggest(found, target=target, confidence=confidence, attempt=attempt)
    plan = make_plan(
        found,
        target=target,
        thresholds=cuts if thresholds is None else thresholds,
        audit_size=size if audit_size is None else audit_size,
        seed=secrets.randbits(63),
        confidence=confidence,
        attempt=attempt,
        differs=differs,
        tolerance=tolerance,
    )
    drawn = draw_audit(plan, found)
    asked = None if questions is None else sorted(questions)
    value = {"plan": plan.model_dump(mode="json"), "drawn": drawn, "questions": asked}
    Decisions(store, batch_id, who).note("plan", json.dumps(value))
    return Audit(plan, drawn, frozenset(), None)


def find_audit(store: Store, batch_id: str) -> Audit | None:
    """Return the newest audit, or None."""
    plans = _plans(store, batch_id)
    if not plans:
        return None
    value = json.loads(str(plans[-1].value))
    plan, drawn = ReleasePlan.model_validate(value["plan"]), tuple(value["drawn"])
    graded = {
        one.submission.id
        for one in store.grading.marked_these(batch_id, drawn)
        if any(each.kind == "audit" for each in one.decisions)
    }
    verdicts = [
        ReleaseVerdict.model_validate_json(str(one.value))
        for one in store.grading.decisions(batch_id, "")
        if one.kind == "verdict"
    ]
    verdict = next((one for one in verdicts if one.plan == plan.digest), None)
    return Audit(plan, drawn, frozenset(graded), verdict)


def close_audit(store: Store, batch_id: str, who: str) -> ReleaseVerdict:
    """Test the plan against its audit and write the verdict down; nothing is released by it.

    The instructor releases `verdict.released` with `Decisions.release`, or does not.

    Raises:
        GradingError: there is no audit, it is not finished, or the proposals changed since.
    """
    audit = find_audit(store, batch_id)
    if audit is None:
        raise GradingError(f"Batch {batch_id}: there is no audit. Draw one first.")
    if audit.verdict is not None:
        return audit.verdict
    found = _frozen(store, batch_id)
    audited = {
        one.submission.id: {
            str(each.criterion): float(each.value) for each in one.decisions if each.kind == "audit"
        }
        for one in store.grading.marked_these(batch_id, audit.drawn)
    }
    given = {name: points for name, points in audited.items() if points}
    verdict = decide_release(audit.plan, found, given)
    Decisions(store, batch_id, who).note("verdict", verdict.model_dump_json())
    return verdict


def _plans(store: Store, batch_id: str) -> list[Decision]:
    return [one for one in store.grading.decisions(batch_id, "") if one.kind == "plan"]


def _holds(store: Store, batch_id: str) -> bool:
    """Tell whether the proposals are still those of the newest plan."""
    audit = find_audit(store, batch_id)
    if audit is None:
        return False
    try:
        draw_audit(audit.plan, _frozen(store, batch_id))
    except GradingError:
        return False
    return True


def _candidates(store: Store, batch_id: str, questions: Collection[str] | None) -> list[Candidate]:
    rubrics = {key: one.rubric for key, one in store.grading.rubrics(batch_id).items()}
    clicked = graded_by_click(store.grading.decisions(batch_id))
    return candidates(store.grading.marked(batch_id), rubrics, unread=clicked, questions=questions)


def _frozen(store: Store, batch_id: str) -> list[Candidate]:
    """Return the candidates of the newest plan: what people did since changes none of them."""
    plan = _plans(store, batch_id)[-1]
    questions = json.loads(str(plan.value))["questions"]
    rubrics = {key: one.rubric for key, one in store.grading.rubrics(batch_id).items()}
    then = (
        one.model_copy(update={"decisions": tuple(d for d in one.decisions if d.at < plan.at)})
        for one in store.grading.marked(batch_id)
    )
    clicked = graded_by_click(store.grading.decisions(batch_id), plan.at)
    return candidates(then, rubrics, unread=clicked, questions=questions)

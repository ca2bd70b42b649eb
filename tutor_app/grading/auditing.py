"""The audit of one batch: its plan, who is left to grade, and the verdict, all from the record."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tutor_app.domain.batch import Decision, Marked, standing_decisions
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
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class Proposal:
    """A plan that could be made now: nothing of it is fixed yet.

    Attributes:
        found: who could be released unread.
        thresholds: confidences from the strictest on; `sizes` how many marks each would release.
        audit_size: how many are graded with the proposal hidden.
    """

    found: list[Candidate]
    thresholds: tuple[float, ...]
    sizes: tuple[int, ...]
    audit_size: int
    target: float
    attempt: int


@dataclass(frozen=True)
class AuditState:
    """Where the newest audit of a batch stands.

    Attributes:
        sample: submissions to grade with the proposal hidden, in random order.
        left: those of them without a grade.
        verdict: None until the last one is graded.
        attempts: plans made so far.
    """

    plan: ReleasePlan | None = None
    sample: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    verdict: ReleaseVerdict | None = None
    attempts: int = 0


def propose_plan(store: Store, batch_id: str, target: float) -> Proposal:
    """Return the plan that the confidences suggest; raises GradingError where none makes sense."""
    attempt = len(_plans(store, batch_id)) + 1
    found = _candidates(store, batch_id, None)
    thresholds, size = suggest(found, target=target, attempt=attempt)
    sizes = tuple(sum(one.confidence >= cut for one in found) for cut in thresholds)
    return Proposal(found, thresholds, sizes, size, target, attempt)


def begin_audit(store: Store, batch_id: str, who: str, proposal: Proposal) -> ReleasePlan:
    """Fix a plan in the record, before any grade of its audit is seen; raises GradingError."""
    plan = make_plan(
        proposal.found, target=proposal.target, thresholds=proposal.thresholds,
        audit_size=proposal.audit_size, seed=secrets.randbits(63), attempt=proposal.attempt,
    )  # fmt: skip
    Decisions(store, batch_id, who).note("plan", plan.model_dump_json())
    return plan


def audit_sample(store: Store, batch_id: str) -> tuple[str, ...]:
    """Return the sample of the newest plan; raises GradingError where its proposals changed."""
    made = _plans(store, batch_id)[-1]
    plan = ReleasePlan.model_validate_json(str(made.value))
    return draw_audit(plan, _candidates(store, batch_id, made.at))


def audit_state(
    store: Store,
    batch_id: str,
    sample_of: Callable[[ReleasePlan], tuple[str, ...]] | None = None,
) -> AuditState:
    """Return where the newest audit stands.

    Args:
        store: the database.
        batch_id: the batch.
        sample_of: returns a sample that was drawn before, so that it is not drawn at every click.

    Raises:
        GradingError: the proposals changed since the plan was made.
    """
    plans = _plans(store, batch_id)
    if not plans:
        return AuditState()
    plan = ReleasePlan.model_validate_json(str(plans[-1].value))
    verdict = _verdict(store, batch_id, plan)
    if verdict is not None:
        return AuditState(plan=plan, verdict=verdict, attempts=len(plans))
    sample = sample_of(plan) if sample_of else audit_sample(store, batch_id)
    graded = _audited(store, batch_id, plans[-1].at)
    left = tuple(one for one in sample if one not in graded)
    return AuditState(plan, sample, left, None, len(plans))


def conclude(store: Store, batch_id: str, who: str) -> ReleaseVerdict:
    """Write the verdict once every answer of the sample is graded; raises GradingError before."""
    made = _plans(store, batch_id)[-1]
    plan = ReleasePlan.model_validate_json(str(made.value))
    found = _candidates(store, batch_id, made.at)
    verdict = decide_release(plan, found, _audited(store, batch_id, made.at))
    Decisions(store, batch_id, who).note("verdict", verdict.model_dump_json())
    return verdict


def _plans(store: Store, batch_id: str) -> list[Decision]:
    of_batch = standing_decisions(store.grading.decisions(batch_id, ""))
    return [one for one in of_batch if one.kind == "plan"]


def _verdict(store: Store, batch_id: str, plan: ReleasePlan) -> ReleaseVerdict | None:
    of_batch = standing_decisions(store.grading.decisions(batch_id, ""))
    said = [one for one in of_batch if one.kind == "verdict"]
    fitting = [one for one in said if json.loads(str(one.value))["plan"] == plan.digest]
    return ReleaseVerdict.model_validate_json(str(fitting[-1].value)) if fitting else None


def _candidates(store: Store, batch_id: str, before: datetime | None) -> list[Candidate]:
    """Return who could be released unread, now or as it was when a plan was made."""
    rubrics = {q: one.rubric for q, one in store.grading.rubrics(batch_id).items()}
    marked = store.grading.marked(batch_id)
    clicked = graded_by_click(store.grading.decisions(batch_id), before)
    return candidates((_as_of(one, before) for one in marked), rubrics, unread=clicked)


def _as_of(marked: Marked, before: datetime | None) -> Marked:
    if before is None:
        return marked
    earlier = tuple(one for one in marked.decisions if one.at < before)
    return marked.model_copy(update={"decisions": earlier})


def _audited(store: Store, batch_id: str, since: datetime) -> dict[str, dict[str, float]]:
    """Return the points that an audit gave since a time, by submission."""
    found: dict[str, dict[str, float]] = {}
    for one in standing_decisions(store.grading.decisions(batch_id)):
        if one.kind == "audit" and one.at >= since:
            found.setdefault(one.submission, {})[one.criterion] = float(one.value)
    return found

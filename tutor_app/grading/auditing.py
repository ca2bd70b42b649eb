"""The audit of one batch: its plan, who is left to grade, and the verdict, all from the record.

A plan is about the proposals that it was made over, before its verdict and after: when they change,
by a new grader, an edited rubric or a learner who takes an answer back, it is void, and what it
showed is said of nothing any more. The first audit grade of an answer counts.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tutor_app.domain.batch import Marked, standing_decisions
from tutor_app.errors import GradingError
from tutor_app.grading.attempts import next_attempt, plans_of
from tutor_app.grading.deciding import Decisions, Done
from tutor_app.grading.origins import graded_by_click
from tutor_app.grading.release import (
    Candidate,
    ReleasePlan,
    ReleaseVerdict,
    candidates,
    decide_release,
    draw_audit,
    give_up_release,
    make_plan,
    suggest,
)
from tutor_app.grading.release_plan import rule_of
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
class Drawn:
    """What a plan is about.

    Attributes:
        sample: submissions to grade with the proposal hidden, in random order.
        candidates: what each submission was to get.
    """

    sample: tuple[str, ...]
    candidates: dict[str, Candidate]


DrawnOf = Callable[[ReleasePlan], Drawn]


@dataclass(frozen=True)
class Difference:
    """A criterion of an audited answer to which a person gave other points than were proposed."""

    submission: str
    criterion: str
    proposed: float
    given: float


@dataclass(frozen=True)
class AuditState:
    """Where the newest audit of a batch stands.

    Attributes:
        sample: submissions to grade with the proposal hidden, in random order.
        left: those of them without a grade.
        verdict: None until the last one is graded.
        attempts: plans of this batch so far.
    """

    plan: ReleasePlan | None = None
    sample: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    verdict: ReleaseVerdict | None = None
    attempts: int = 0


def propose_plan(store: Store, batch_id: str, target: float) -> Proposal:
    """Return the plan that the confidences suggest; raises GradingError where none makes sense."""
    attempt = next_attempt(store, batch_id)
    found = _candidates(store, batch_id, None)
    thresholds, size = suggest(found, target=target, attempt=attempt)
    sizes = tuple(sum(one.confidence >= cut for one in found) for cut in thresholds)
    return Proposal(found, thresholds, sizes, size, target, attempt)


def begin_audit(store: Store, batch_id: str, who: str, proposal: Proposal) -> ReleasePlan:
    """Fix a plan in the record, before any grade of its audit is seen.

    Raises:
        GradingError: an audit is open, or the record changed since the proposal was made.
    """
    with store.transaction():
        if _is_open(store, batch_id):
            raise GradingError(
                f"Batch {batch_id}: an audit is open. Grade what is left of it first."
            )
        attempt = next_attempt(store, batch_id)
        found = _candidates(store, batch_id, None)
        if attempt != proposal.attempt or found != proposal.found:
            raise GradingError(
                f"Batch {batch_id}: marks or audits changed since this audit was proposed. "
                "Look at the plan again, then start it."
            )
        plan = make_plan(
            found, target=proposal.target, thresholds=proposal.thresholds,
            audit_size=proposal.audit_size, seed=secrets.randbits(63), attempt=attempt,
        )  # fmt: skip
        Decisions(store, batch_id, who).note("plan", plan.model_dump_json())
    return plan


def draw(store: Store, batch_id: str) -> Drawn:
    """Return what the newest plan is about; raises GradingError where its proposals changed."""
    made = plans_of(store, batch_id)[-1]
    plan = ReleasePlan.model_validate_json(str(made.value))
    found = _candidates(store, batch_id, made.at)
    return Drawn(draw_audit(plan, found), {one.submission: one for one in found})


def audit_state(store: Store, batch_id: str, drawn_of: DrawnOf | None = None) -> AuditState:
    """Return where the newest audit stands.

    Args:
        store: the database.
        batch_id: the batch.
        drawn_of: returns what `draw` did, as long as the proposals are the same, so that it is not
            drawn at every click.

    Raises:
        GradingError: the proposals changed since the plan was made.
    """
    newest = _newest(store, batch_id, drawn_of)
    if newest is None:
        return AuditState()
    if newest.verdict is not None:
        return AuditState(plan=newest.plan, verdict=newest.verdict, attempts=newest.attempts)
    sample = newest.drawn.sample
    graded = _audited(store, batch_id, newest.at)
    left = tuple(one for one in sample if one not in graded)
    return AuditState(newest.plan, sample, left, None, newest.attempts)


def covered(store: Store, batch_id: str, drawn_of: DrawnOf | None = None) -> tuple[str, ...]:
    """Return the submissions whose mark the newest audit let out, as that mark stands now.

    A mark of which a person changed a part is no longer the one that was audited.

    Raises:
        GradingError: the proposals changed since the plan was made.
    """
    newest = _newest(store, batch_id, drawn_of)
    if newest is None or newest.verdict is None:
        return ()
    candidates = newest.drawn.candidates
    return tuple(
        one.submission.id
        for one in store.grading.marked_these(batch_id, newest.verdict.released)
        if all(one.score(key) == was for key, was in candidates[one.submission.id].points.items())
    )


def release_marks(
    store: Store,
    batch_id: str,
    who: str,
    *,
    decided: Iterable[str],
    unread: Iterable[str],
    by_rule: Iterable[str] = (),
) -> Done:
    """Release marks that a person decided, unread ones that the audit covers, and those by rule.

    Raises:
        GradingError: the audit does not cover one of them any more, or no rule decides one;
            nothing is released.
    """
    unread, by_rule = list(unread), list(by_rule)
    with store.transaction():
        if unread and (lost := set(unread).difference(covered(store, batch_id))):
            raise GradingError(
                f"Batch {batch_id}: {len(lost)} of {len(unread)} marks changed since the audit. "
                "Nothing was released. Look at what is ready, then release it."
            )
        still = store.grading.marked_these(batch_id, by_rule)
        if changed := [one for one in still if not rule_of(one)]:
            raise GradingError(
                f"Batch {batch_id}: {len(changed)} of {len(by_rule)} marks are not decided by rule "
                "any more. Nothing was released. Look at what is ready, then release it."
            )
        return Decisions(store, batch_id, who).release([*decided, *unread, *by_rule])


def conclude(store: Store, batch_id: str, who: str) -> ReleaseVerdict:
    """Write the verdict, once, when the whole sample is graded; raises GradingError before."""
    with store.transaction():
        made = plans_of(store, batch_id)[-1]
        plan = ReleasePlan.model_validate_json(str(made.value))
        found = _candidates(store, batch_id, made.at)
        verdict = decide_release(plan, found, _audited(store, batch_id, made.at))
        if known := _verdict(store, batch_id, plan):
            return known
        Decisions(store, batch_id, who).note("verdict", verdict.model_dump_json())
    return verdict


def give_up(store: Store, batch_id: str, who: str) -> ReleaseVerdict:
    """End an open audit before its end: it shows nothing, and its attempt is spent.

    Raises:
        GradingError: none is open, or its proposals changed.
    """
    with store.transaction():
        state = audit_state(store, batch_id)
        if state.plan is None or state.verdict is not None:
            raise GradingError(f"Batch {batch_id}: no audit is open.")
        verdict = give_up_release(state.plan, len(state.sample) - len(state.left))
        Decisions(store, batch_id, who).note("verdict", verdict.model_dump_json())
    return verdict


def differences(
    store: Store, batch_id: str, drawn_of: DrawnOf | None = None
) -> tuple[Difference, ...]:
    """Return where marks of the newest audit differ from those proposed; none before its verdict.

    A mark whose total came out the same is none that differs, as the plan counts it.

    Raises:
        GradingError: the proposals changed since the plan was made.
    """
    newest = _newest(store, batch_id, drawn_of)
    if newest is None or newest.verdict is None:
        return ()
    plan, candidates = newest.plan, newest.drawn.candidates
    audited = _audited(store, batch_id, newest.at)
    return tuple(
        Difference(name, criterion, proposed, audited[name][criterion])
        for name in newest.drawn.sample
        if name in audited and plan.differ(candidates[name], audited[name])
        for criterion, proposed in candidates[name].points.items()
        if abs(audited[name][criterion] - proposed) > plan.tolerance + 1e-6
    )


@dataclass(frozen=True)
class _Newest:
    """The newest plan of a batch, when it was made, what was drawn for it, and its verdict."""

    plan: ReleasePlan
    at: datetime
    drawn: Drawn
    verdict: ReleaseVerdict | None
    attempts: int


def _newest(store: Store, batch_id: str, drawn_of: DrawnOf | None) -> _Newest | None:
    plans = plans_of(store, batch_id)
    if not plans:
        return None
    plan = ReleasePlan.model_validate_json(str(plans[-1].value))
    drawn = drawn_of(plan) if drawn_of else draw(store, batch_id)
    return _Newest(plan, plans[-1].at, drawn, _verdict(store, batch_id, plan), len(plans))


def _is_open(store: Store, batch_id: str) -> bool:
    """Tell whether an audit waits for its grades; a void one does not."""
    try:
        state = audit_state(store, batch_id)
    except GradingError:
        return False
    return state.plan is not None and state.verdict is None


def _verdict(store: Store, batch_id: str, plan: ReleasePlan) -> ReleaseVerdict | None:
    of_batch = standing_decisions(store.grading.decisions(batch_id, ""))
    said = [one for one in of_batch if one.kind == "verdict"]
    fitting = [one for one in said if json.loads(str(one.value))["plan"] == plan.digest]
    return ReleaseVerdict.model_validate_json(str(fitting[0].value)) if fitting else None


def _candidates(store: Store, batch_id: str, before: datetime | None) -> list[Candidate]:
    """Return who could be released unread, now or as it was when a plan was made."""
    rubrics = {q: one.rubric for q, one in store.grading.rubrics(batch_id).items()}
    marked = store.grading.marked(batch_id)
    clicked = graded_by_click(store.grading.decisions(batch_id, kind="score"), before)
    return candidates((_as_of(one, before) for one in marked), rubrics, unread=clicked)


def _as_of(marked: Marked, before: datetime | None) -> Marked:
    if before is None:
        return marked
    earlier = tuple(one for one in marked.decisions if one.at < before)
    return marked.model_copy(update={"decisions": earlier})


def _audited(store: Store, batch_id: str, since: datetime) -> dict[str, dict[str, float]]:
    """Return the points that an audit gave first since a time, by submission."""
    found: dict[str, dict[str, float]] = {}
    for one in standing_decisions(store.grading.decisions(batch_id, kind="audit")):
        if one.at >= since:
            found.setdefault(one.submission, {}).setdefault(one.criterion, float(one.value))
    return found

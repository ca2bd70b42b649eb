"""Where the audit of a batch stands, in one sentence for the bar above the review."""

from tutor_app.errors import GradingError
from tutor_app.grading.auditing import (
    AuditState,
    Difference,
    audit_state,
    covered,
    differences,
)
from tutor_app.ui import resources
from tutor_app.ui.words import percent


def standing_of(batch_id: str) -> AuditState:
    """Return where the audit stands; raises GradingError where the proposals changed since."""
    return audit_state(
        resources.store(), batch_id, lambda plan: resources.audit_drawn(batch_id, plan.digest)
    )


def covered_now(batch_id: str) -> tuple[str, ...]:
    """Return the unread marks that the audit covers; raises GradingError where it is void."""
    return covered(
        resources.store(), batch_id, lambda plan: resources.audit_drawn(batch_id, plan.digest)
    )


def differences_now(batch_id: str) -> tuple[Difference, ...]:
    """Return where the audit and the proposals differ; raises GradingError where it is void."""
    return differences(
        resources.store(), batch_id, lambda plan: resources.audit_drawn(batch_id, plan.digest)
    )


def audit_words(batch_id: str) -> str:
    """Say what is left of the audit, or what it showed; "" before there is one."""
    try:
        state = standing_of(batch_id)
    except GradingError:
        return "The proposals changed since the audit was planned"
    if state.verdict is None:
        return f"{len(state.left):,} of {len(state.sample):,} to audit" if state.plan else ""
    if state.verdict.outcome == "release":
        return f"at most {percent(state.verdict.target)} of the unread differ, {percent(0.9)} sure"
    if state.verdict.outcome == "given up":
        return "the audit was given up"
    return "the audit lets no mark go out unread"

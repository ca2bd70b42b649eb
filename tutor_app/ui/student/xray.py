"""The X-ray of a turn: what was diagnosed, what was planned, what was rejected and why."""

import streamlit as st

from tutor_app.domain.dialogue import Candidate, Turn
from tutor_app.ui.inert import plain


def show_xray(turn: Turn) -> None:
    """Draw the inside of one turn, folded."""
    with st.expander("X-ray of this reply", type="compact"):
        st.markdown(f"**Diagnosis** {plain(_diagnosis(turn))}")
        st.markdown(f"**Plan** {plain(_move(turn))}")
        st.markdown(f"**Said** by the {turn.source}, {turn.cpu_ms:.0f} ms of computing")
        rejected = [c for c in turn.candidates if not c.passed]
        if not rejected:
            st.caption("No wording was rejected before this one.")
        for candidate in rejected:
            st.markdown(f"**Rejected** ({candidate.source}) {plain(_why_not(candidate))}")
            st.text(candidate.text)


def _diagnosis(turn: Turn) -> str:
    diagnosis = turn.diagnosis
    parts = [diagnosis.state.value]
    if diagnosis.misconception:
        parts.append(f"misconception {diagnosis.misconception}")
    if diagnosis.step:
        parts.append(f"open step {diagnosis.step}")
    if diagnosis.steps_shown:
        parts.append(f"shown {', '.join(diagnosis.steps_shown)}")
    if diagnosis.check:
        parts.append(f"check: {diagnosis.check.verdict.value}")
    parts.append("counted as an attempt" if diagnosis.counted else "no attempt used")
    reason = f" ({diagnosis.reason})" if diagnosis.reason else ""
    return "; ".join(parts) + reason


def _move(turn: Turn) -> str:
    move = turn.move
    step = f" on step {move.step}" if move.step else ""
    return (
        f"{move.kind}, {move.situation}{step}; strategy: {move.strategy}; "
        f"intention: {move.intention}; up to the rung {move.level.value}"
    )


def _why_not(candidate: Candidate) -> str:
    return "; ".join(f"{c.name}: {c.reason or 'failed'}" for c in candidate.checks if not c.passed)

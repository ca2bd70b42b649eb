"""The plan for a problem without authored hints: finding and history -> one TutorMove."""

from collections.abc import Sequence

from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import MoveKind, State, TutorMove
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.plan import QUESTIONS_PER_STEP

_STATES = {
    Act.ASKS: State.ASKS_WHY,
    Act.STUCK: State.STUCK,
    Act.WANTS_ANSWER: State.ASKS_ANSWER,
    Act.SOCIAL: State.SOCIAL,
    Act.AGREES: State.NO_ATTEMPT,
    Act.SAYS: State.NO_ATTEMPT,
}
_ERRORS = {
    Kind.SLIP: "careless",
    Kind.TRANSFORMED: "careless",
    Kind.OPERATION: "misconception",
    Kind.QUANTITY: "misread",
    Kind.MISSING: "misread",
    Kind.EXTRA: "misread",
    Kind.TWICE: "misread",
    Kind.SKIPPED: "imprecise",
    Kind.EARLY: "nearly right",
    Kind.UNIT: "nearly right",
    Kind.UNEXPLAINED: "guessed",
}
_REASONS = {
    Kind.SLIP: "The plan of this line holds, but it does not come out.",
    Kind.OPERATION: "The numbers are the right ones, but they are joined in another way.",
    Kind.QUANTITY: "One number in this line is not the one that belongs there.",
    Kind.MISSING: "This line leaves a quantity of the problem out.",
    Kind.EXTRA: "This line uses a quantity that does not belong there.",
    Kind.TWICE: "One quantity is counted twice.",
    Kind.SKIPPED: "A step before this line is missing.",
    Kind.EARLY: "The number is right, but the question asks for more.",
    Kind.BEYOND: "This line goes on where nothing more is asked for.",
    Kind.EQUATION: "This is the first equation that does not fit the problem.",
    Kind.TRANSFORMED: "The equation was right before this change.",
    Kind.PLAN: "This line does not lead to what is asked.",
    Kind.UNEXPLAINED: "This number does not fit and comes without working.",
}


def state_of(finding: Finding) -> State:
    """Return the learner's state in the terms of the domain."""
    if finding.kind is Kind.RIGHT:
        return State.RIGHT
    if finding.act is not Act.WORKS:
        return _STATES[finding.act]
    if finding.kind in (Kind.STEP_RIGHT, Kind.EXAMPLE):
        return State.STEP_RIGHT
    if finding.kind is Kind.UNIT:
        return State.NEAR
    return State.NO_ATTEMPT if finding.kind in (Kind.GIVEN, Kind.NOTHING) else State.WRONG


def error_of(finding: Finding) -> str:
    """Return Bridge's error category, or ""."""
    return _ERRORS.get(finding.kind, "other" if finding.is_departure else "")


def plan_outside(finding: Finding, asked: int) -> TutorMove:
    """Choose the move.

    Args:
        finding: what the latest work shows.
        asked: tutor questions since the learner last reached a new step.
    """
    step = finding.step.id if finding.step else ""
    reason = _REASONS.get(finding.kind, "This is the next open step.")
    if finding.kind is Kind.RIGHT:
        return _move("generic", "right", "affirm", "signal right", "", HintLevel.NUDGE,
                     "The answer is right, so I say what made it right.", closes=True)  # fmt: skip
    if finding.kind is Kind.UNIT:
        return _move("probe", "unit", "minor correction", "hint at the mistake", step,
                     HintLevel.NUDGE, "The amount is right, in another unit.")  # fmt: skip
    if finding.kind in (Kind.STEP_RIGHT, Kind.GIVEN, Kind.EXAMPLE) and finding.act is Act.WORKS:
        return _move("focus", "step right", "affirm", "support thinking", step, HintLevel.NUDGE,
                     "That step holds, so we go on to the next one.")  # fmt: skip
    if finding.act is Act.SOCIAL and finding.kind in (Kind.WORDS, Kind.NOTHING):
        return _move("generic", "social", "encourage", "motivate", step, HintLevel.NUDGE,
                     "A short word, then one thought to take along.")  # fmt: skip
    if finding.is_departure and asked >= QUESTIONS_PER_STEP and finding.kind is not Kind.SLIP:
        return _move("tell", "teach", "explain", "teach the topic", step, HintLevel.CONCEPT,
                     "Enough questions: one small thing told.")  # fmt: skip
    algebra = finding.kind in (Kind.EQUATION, Kind.TRANSFORMED)
    level = HintLevel.QUESTION if asked or finding.repeated or algebra else HintLevel.NUDGE
    match finding.kind:
        case Kind.SLIP | Kind.TRANSFORMED:
            return _move("probe", "near", "minor correction", "hint at the mistake", step, level,
                         reason)  # fmt: skip
        case Kind.UNEXPLAINED:
            return _move("probe", "show working", "ask", "diagnose", step, level, reason)
        case Kind.NOTHING | Kind.WORDS | Kind.STEP_RIGHT | Kind.GIVEN | Kind.EXAMPLE:
            return _move("focus", "ladder", "simplify", "support thinking", step, level,
                         "Nothing to build on yet, so the step gets smaller.")  # fmt: skip
        case Kind.EARLY | Kind.BEYOND | Kind.PLAN | Kind.SKIPPED:
            return _move("focus", "ladder", "hint", "support thinking", step, level, reason)
    return _move("probe", "misconception", "ask", "hint at the mistake", step, level, reason)


def questions_asked(history: Sequence[tuple[str, str]], progress: Sequence[bool]) -> int:
    """Count the tutor's questions since the learner last reached something new.

    Args:
        history: (role, text) of every utterance, oldest first.
        progress: for each learner utterance, whether it showed a new step.
    """
    asked, learner = 0, 0
    for role, text in history:
        if role == "tutor":
            asked += "?" in text
        else:
            asked = 0 if progress[learner] else asked
            learner += 1
    return asked


def _move(
    kind: MoveKind,
    situation: str,
    strategy: str,
    intention: str,
    step: str,
    level: HintLevel,
    reason: str,
    *,
    closes: bool = False,
) -> TutorMove:
    return TutorMove(
        kind=kind,
        situation=situation,
        strategy=strategy,
        intention=intention,
        step=step,
        level=level,
        reason=reason,
        closes=closes,
    )

"""Diagnosis of a program: its tests decide; plain words in the editor are heard as words."""

import re

from tutor_app.answers.code.judge import (
    behaves_like,
    check_program,
    first_failing,
    steps_reached,
)
from tutor_app.answers.code.parsing import parsed
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.dialogue import Channel, Diagnosis, State
from tutor_app.domain.item import CodeAnswer, Item
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.steps import open_step, with_implied

_FENCE = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
_CODE_LINE = re.compile(
    r"^\s*(?:def \w+\(|for \w+ in .+:|while .+:|if .+:|else:|return\b|import \w|from \w+ import|"
    r"print\(|pass$|break$|continue$|\w+(?:\[.+\])?\s*(?:[-+*/%]|//|\*\*)?=(?!=)|#|\w+(?:\.\w+)*\(.*\)\s*$)"
)
PRINTED = "printed"
"""The error of a program that prints its result instead of returning it."""
_MANY_LINES = 2


def looks_like_code(text: str) -> bool:
    """Say whether most lines of a text are lines of a program."""
    lines = [line for line in text.splitlines() if line.strip()]
    code = sum(bool(_CODE_LINE.match(line)) for line in lines)
    return bool(lines) and code * 2 > len(lines)


def has_code(text: str) -> bool:
    """Say whether any line of a text is one of a program."""
    return any(_CODE_LINE.match(line) for line in text.splitlines())


def program_in(text: str) -> str:
    """Return the program that a chat message holds: in a fence, or as most of its lines."""
    if fenced := _FENCE.search(text):
        return fenced[1].strip("\n")
    lines = [line for line in text.splitlines() if line.strip()]
    return text if len(lines) >= _MANY_LINES and looks_like_code(text) else ""


def diagnose_program(
    channel: Channel, text: str, item: Item, state: DialogueState
) -> Diagnosis | None:
    """Say what a program shows; None when the text is rather words than a program."""
    program = text if channel == "answer" else program_in(text)
    if not program or not isinstance(item.answer, CodeAnswer):
        return None
    check = check_program(program, item.answer)
    step = open_step(item, state.shown)
    if check.verdict is Verdict.CANNOT_TELL:
        if parsed(program) is None and not has_code(program):
            return None
        return Diagnosis(state=State.CANNOT_TELL, step=step, check=check, reason=check.reason)
    if check.verdict is Verdict.RIGHT:
        shown = tuple(s.id for s in item.steps)
        return Diagnosis(state=State.RIGHT, steps_shown=shown, check=check, reason=check.reason)
    return _wrong(program, item, state, check, same_as_starter(program, item.answer))


def _wrong(
    program: str, item: Item, state: DialogueState, check: Check, unchanged: bool
) -> Diagnosis:
    """Say what a program that fails shows; running the starter as it is costs no attempt."""
    # a later step may hold in its tests while an earlier one fails in its own
    broken_steps = {outcome.step for outcome in check.outcomes if not outcome.passed}
    reached = with_implied(item, steps_reached(check.outcomes, item))
    steps = tuple(step for step in reached if step not in broken_steps)
    shown = frozenset(state.shown | set(steps))
    step = open_step(item, shown)
    failing = first_failing(check.outcomes)
    if failing is not None and failing.step and failing.step not in shown:
        step = failing.step
    matched = behaves_like(program, item)
    new = tuple(s for s in steps if s not in state.shown)
    if matched:
        broken = next(m for m in item.misconceptions if m.id == matched).step
        return Diagnosis(
            state=State.WRONG,
            step=broken if broken and broken not in state.shown else step,
            steps_shown=new,
            misconception=matched,
            check=check,
            error="misconception",
            counted=not unchanged,
            reason=check.reason,
        )
    if unchanged:
        reason = "the starter is unchanged"
        return Diagnosis(state=State.NO_ATTEMPT, step=step, check=check, reason=reason)
    if failing is not None and failing.printed:
        return Diagnosis(
            state=State.WRONG, step=step, steps_shown=new, check=check, error=PRINTED,
            counted=True, reason=check.reason,
        )  # fmt: skip
    return Diagnosis(
        state=State.STEP_RIGHT if new else State.WRONG,
        step=step,
        steps_shown=new,
        check=check,
        error="imprecise" if new else "other",
        counted=not new,
        reason=f"the tests of {', '.join(new)} pass" if new else check.reason,
    )


def same_as_starter(program: str, answer: CodeAnswer) -> bool:
    """Say whether nothing was added to what the editor held at the start."""
    ours, theirs = (
        [line.strip() for line in text.splitlines() if line.strip()]
        for text in (program, answer.starter)
    )
    return ours == theirs

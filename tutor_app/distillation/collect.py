"""Collect: every teaching situation of a course, planned by the tutor's own plan."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.course import HintLevel, Policy
from tutor_app.domain.demonstration import HeldOut, Situation
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.item import Item
from tutor_app.tutoring.memory import HALF_RIGHT
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.state import DialogueState

HELD_OUT_ITEMS = 6
"""One item in this many is held out, per kind of answer."""
HELD_OUT_SITUATIONS = 0.1

_NEAR = (Verdict.UNIT, Verdict.SIGN, Verdict.ROUNDING)


@dataclass(frozen=True)
class _Shown:
    """What a learner showed, before the plan looks at it."""

    state: State
    step: str = ""
    misconception: str = ""
    error: str = ""
    new_steps: tuple[str, ...] = ()
    verdict: Verdict | None = None
    before: DialogueState = field(default_factory=DialogueState)
    again: bool = False


def collect(loaded: LoadedCourse) -> list[Situation]:
    """Return the situations of a course, item by item; the same list in every run.

    Programs have none yet: what a learner's program gives cannot be left open as a number can.
    """
    held_out = _held_out_items(loaded.items.values())
    found = []
    for item in loaded.items.values():
        if item.answer.kind == "code":
            continue
        for shown in _shown(item):
            situation = _situation(loaded, item, shown)
            if item.id in held_out:
                kept: HeldOut = "item"
            else:
                kept = "situation" if _fraction(situation.id) < HELD_OUT_SITUATIONS else ""
            found.append(situation.model_copy(update={"held_out": kept}))
    return list({s.id: s for s in found}.values())


def _shown(item: Item) -> Iterator[_Shown]:
    steps = [step.id for step in item.steps]
    for number, step in enumerate(steps):
        earlier = DialogueState(shown=frozenset(steps[:number]))
        nudged = DialogueState(shown=earlier.shown, rungs={step: HintLevel.NUDGE})
        asked = DialogueState(shown=earlier.shown, rungs={step: HintLevel.QUESTION})
        yield _Shown(State.STUCK, step, before=earlier)
        yield _Shown(State.STUCK, step, before=nudged, again=True)
        yield _Shown(State.STUCK, step, before=asked, again=True)
        yield _Shown(State.ASKS_ANSWER, step, before=earlier)
        yield _Shown(State.ASKS_WHY, step, before=earlier)
        if _has_unexplained_errors(item):
            yield _Shown(State.WRONG, step, error="other", before=earlier)
            yield _Shown(State.WRONG, step, error="other", before=nudged, again=True)
        if number and (item.answer.kind == "text" or item.steps[number - 1].value):
            before = DialogueState(shown=frozenset(steps[: number - 1]))
            new = (steps[number - 1],)
            yield _Shown(State.STEP_RIGHT, step, error="imprecise", new_steps=new, before=before)
    yield _Shown(State.NO_ATTEMPT, steps[0])
    yield _Shown(State.ASKS_TERM, steps[0])
    yield _Shown(State.DISPUTES, steps[0], verdict=Verdict.WRONG)
    yield _Shown(State.RIGHT, new_steps=tuple(steps), verdict=Verdict.RIGHT)
    yield from _nearly(item)
    yield from _misconceived(item)


def _has_unexplained_errors(item: Item) -> bool:
    """Say whether an answer can be wrong without fitting a misconception."""
    if item.answer.kind != "choice":
        return True
    explained = {m.option for m in item.misconceptions} | {item.answer.correct}
    return any(option.id not in explained for option in item.answer.options)


def _nearly(item: Item) -> Iterator[_Shown]:
    if item.answer.kind != "numeric":
        return
    answer = solve(item).answer
    for verdict in _NEAR:
        if verdict is Verdict.UNIT and not item.answer.unit:
            continue
        if verdict is Verdict.SIGN and (answer is None or not answer.value):
            continue
        step = item.steps[-1].id
        shown = frozenset(s.id for s in item.steps[:-1])
        yield _Shown(
            State.NEAR, step, error="nearly right", verdict=verdict,
            before=DialogueState(shown=shown),
        )  # fmt: skip


def _misconceived(item: Item) -> Iterator[_Shown]:
    steps = [step.id for step in item.steps]
    for misconception in item.misconceptions:
        step = misconception.step or steps[0]
        shown = frozenset(steps[: steps.index(step)])
        once = DialogueState(shown=shown)
        twice = DialogueState(shown=shown, misconceptions=(misconception.id,))
        for before, again in ((once, False), (twice, True)):
            yield _Shown(
                State.WRONG, step, misconception.id, "misconception", before=before, again=again
            )
        others = tuple(s for s in steps if s != step)[:1]
        if item.answer.kind == "text" and others:
            # right for the wrong reason: one idea of the rubric is there, beside a wrong one
            yield _Shown(
                State.WRONG, step, misconception.id, HALF_RIGHT, others,
                before=DialogueState(),
            )  # fmt: skip


def _situation(loaded: LoadedCourse, item: Item, shown: _Shown) -> Situation:
    check = None
    if shown.verdict:
        check = Check(verdict=shown.verdict, reading=Reading(echo="the value", unit="other"))
    diagnosis = Diagnosis(
        state=shown.state,
        step=shown.step,
        steps_shown=shown.new_steps,
        misconception=shown.misconception,
        error=shown.error,
        check=check,
    )
    known = shown.before.shown | set(shown.new_steps)
    move = plan(PlanInput(diagnosis, shown.before, Policy(checks_per_item=50), item))
    values = {
        "course_id": loaded.course.id,
        "item_id": item.id,
        "step": shown.step,
        "state": shown.state,
        "row": move.situation,
        "kind": move.kind,
        "strategy": move.strategy,
        "intention": move.intention,
        "level": move.level,
        "error": shown.error,
        "misconception": shown.misconception,
        "shown": tuple(s.id for s in item.steps if s.id in known),
        "again": shown.again,
    }
    digest = sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return Situation.model_validate({**values, "id": digest[:12]})


def _held_out_items(items: Iterable[Item]) -> frozenset[str]:
    """Choose one item in six of each kind of answer, by the hash of its id."""
    by_kind: dict[str, list[str]] = {}
    for item in items:
        by_kind.setdefault(item.answer.kind, []).append(item.id)
    chosen: list[str] = []
    for ids in by_kind.values():
        ids.sort(key=_fraction)
        chosen += ids[: max(1, round(len(ids) / HELD_OUT_ITEMS))]
    return frozenset(chosen)


def _fraction(text: str) -> float:
    """Return a number in [0, 1) that depends on the text alone."""
    return int(sha256(text.encode()).hexdigest()[:8], 16) / 2**32

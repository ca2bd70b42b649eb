"""Where a dialogue stands: a fold over its turns, so nothing is stored twice."""

from dataclasses import dataclass, field, replace

from tutor_app.domain.answer import Verdict
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Dialogue, State, Turn
from tutor_app.domain.item import Hint, Item
from tutor_app.tutoring.steps import open_step

UNWORKED_WORDS = 3
_ATTEMPTS = (State.RIGHT, State.NEAR, State.WRONG, State.STEP_RIGHT)


@dataclass(frozen=True)
class DialogueState:
    """What the planner needs to know of the turns so far.

    Attributes:
        attempts: answers that were counted against the policy's checks.
        counted_texts: what the learner wrote in those; a reply may repeat it.
        shown: steps the learner has shown (or was given at the start).
        rungs: highest ladder level opened on each step.
        told: steps on which a hint told something; their nudges and questions are behind them.
        questions: tutor questions that help with each step since something was last taught there;
            a question back at a greeting uses up nothing.
        tutor_turns: replies so far.
        aided: a hint, a worked step or a tutor question came before the answer was right.
        asked_answer: how often the learner asked for the answer.
        misconceptions: misconceptions matched so far, in order.
        example: a solved item of the same kind stands on the page, from the start or as a hint.
        clicks: hints opened in a row without a word of the learner's own.
        unworked: bare answers in a row, without working.
        at_step: the step that the tutor spoke of last, or "".
    """

    attempts: int = 0
    counted_texts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    rungs: dict[str, HintLevel] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    tutor_turns: int = 0
    aided: bool = False
    solved: bool = False
    closed: bool = False
    disputed: bool = False
    asked_answer: int = 0
    misconceptions: tuple[str, ...] = ()
    example: bool = False
    clicks: int = 0
    unworked: int = 0
    situations: tuple[str, ...] = ()
    at_step: str = ""

    @property
    def last_situation(self) -> str:
        """Plan row of the last reply, or ""."""
        return self.situations[-1] if self.situations else ""


def step_to_help(item: Item, state: DialogueState) -> str:
    """Return the step whose next rung Help opens.

    The one that the tutor spoke of last, while its ladder has rungs left; else the first open one.
    """
    at = state.at_step
    if at and at not in state.shown and not item.hints_in_order:
        reached = state.rungs.get(at)
        ladder = [h.level.rank for h in item.hints_for(at) if h.level is not HintLevel.ANSWER]
        if any(rank > (-1 if reached is None else reached.rank) for rank in ladder):
            return at
    return open_step(item, state.shown)


def hints_left(item: Item, step_id: str, state: DialogueState) -> list[Hint]:
    """Return the hints behind the last one said, for an item whose hints are one path.

    A hint that the checks would not let through was passed over and does not come again.
    """
    path = [h for h in item.hints_for(step_id) if h.level.rank <= HintLevel.CONCEPT.rank]
    said = [n for n, hint in enumerate(path) if is_said(hint, state)]
    return path[said[-1] + 1 :] if said else path


def is_said(hint: Hint, state: DialogueState) -> bool:
    """Say whether an earlier reply held this hint."""
    return any(hint.text in reply for reply in state.replies)


def hint_asked(item: Item, state: DialogueState) -> Hint | None:
    """Return the hint whose question stands open: the last one said, where it has an answer."""
    said = [hint for hint in item.hints if item.hints_in_order and is_said(hint, state)]
    return said[-1] if said and said[-1].answer else None


def fold(dialogue: Dialogue, given: frozenset[str] = frozenset()) -> DialogueState:
    """Return the state after all turns; `given` are the steps worked out at the start."""
    state = DialogueState(
        shown=given,
        aided=dialogue.support != "open",
        example=dialogue.support == "worked",
    )
    for turn in dialogue.turns:
        state = after(state, turn)
    return state


def after(state: DialogueState, turn: Turn) -> DialogueState:
    """Return the state after one more turn."""
    diagnosis, move = turn.diagnosis, turn.move
    right = diagnosis.state is State.RIGHT
    questions, rungs, told = dict(state.questions), dict(state.rungs), state.told
    if move.step:
        asked = questions.get(move.step, 0)
        if move.kind == "tell":
            questions[move.step] = 0
            # a reason or a definition is told beside the ladder: its hints are still there
            if move.situation in LADDER_SITUATIONS:
                told = told | {move.step}
        elif move.situation not in UNAIDED_SITUATIONS:
            questions[move.step] = asked + ("?" in turn.reply)
        # what holds is followed by the first hint of the next step, where that could be said
        named = move.situation == "step right" and turn.source == "hint"
        if move.situation in LADDER_SITUATIONS or named:
            before = rungs.get(move.step)
            if before is None or before.rank < move.level.rank:
                rungs[move.step] = move.level
    attempt = diagnosis.state in _ATTEMPTS
    return replace(
        state,
        attempts=state.attempts + diagnosis.counted,
        counted_texts=state.counted_texts + ((turn.text,) if diagnosis.counted or attempt else ()),
        texts=(*state.texts, turn.text),
        replies=(*state.replies, turn.reply),
        shown=state.shown | set(diagnosis.steps_shown),
        rungs=rungs,
        questions=questions,
        told=told,
        tutor_turns=state.tutor_turns + 1,
        aided=state.aided or (not right and move.situation not in UNAIDED_SITUATIONS),
        solved=state.solved or right,
        closed=state.closed or move.closes,
        disputed=state.disputed or diagnosis.state is State.DISPUTES,
        asked_answer=state.asked_answer + (diagnosis.state is State.ASKS_ANSWER),
        misconceptions=state.misconceptions
        + ((diagnosis.misconception,) if diagnosis.misconception else ()),
        example=state.example or move.situation == "similar example",
        clicks=state.clicks + 1 if turn.channel == "help" else 0,
        unworked=_unworked(state.unworked, turn, attempt),
        situations=(*state.situations, move.situation),
        at_step=move.step or state.at_step,
    )


def _unworked(before: int, turn: Turn, attempt: bool) -> int:
    if not attempt:
        return before
    check = turn.diagnosis.check
    nearly = check is not None and check.verdict is not Verdict.WRONG
    if check is not None and check.outcomes:
        # a program is its own working
        return 0
    bare = len(turn.text.split()) <= UNWORKED_WORDS and not nearly
    return before + 1 if bare else 0


LADDER_SITUATIONS = frozenset({"nudge", "question", "teach", "similar example", "answer"})
UNAIDED_SITUATIONS = frozenset(
    {
        "cannot tell",
        "social",
        "thanks",
        "off-topic",
        "unsafe",
        "done",
        "skip",
        "unit",
        "unit missing",
        "sign",
        "rounding",
    }
)

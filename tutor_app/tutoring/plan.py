"""The plan: (diagnosis, state, mastery, policy) -> one TutorMove. Pure, and read top to bottom.

Moves are MathDial's four (Macina et al. 2023); strategy and intention are Bridge's (Wang et al.
2024); teaching after three questions follows TreeInstruct (Kargupta et al. 2024).
"""

from dataclasses import dataclass

from tutor_app.answers.code.judge import first_failing
from tutor_app.answers.code.plain_words import ENDLESS
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.course import HintLevel, Policy
from tutor_app.domain.dialogue import Diagnosis, MoveKind, State, Support, TutorMove
from tutor_app.domain.item import Item
from tutor_app.tutoring.code_diagnosis import PRINTED
from tutor_app.tutoring.state import DialogueState, hints_left

MAX_TUTOR_TURNS = 10
QUESTIONS_PER_STEP = 3
QUESTIONS_FOR_BEGINNERS = 2
BARE_ANSWERS = 3
CLICKS_IN_A_ROW = 3
EXAMPLE_WORDS = 200
IN_FULL = ("text", "code")
"""Kinds of answer that are their own working."""


@dataclass(frozen=True)
class Row:
    """One row of the table: what a situation asks of the tutor, and why, in plain words."""

    kind: MoveKind
    strategy: str
    intention: str
    reason: str
    level: HintLevel = HintLevel.NUDGE
    words: int = 45
    questions: int = 1
    closes: bool = False
    on_step: bool = True


TABLE = {
    "right": Row(
        "generic", "affirm", "signal right", "Your answer is right; I say what made it right.",
        questions=0, closes=True,
    ),
    "skip": Row(
        "generic", "affirm", "motivate", "You skipped this one. It will come back later.",
        questions=0, closes=True,
    ),
    "closed": Row(
        "generic", "affirm", "motivate", "This item is closed; it comes back another day.",
        questions=0, closes=True,
    ),
    "unsafe": Row(
        "generic", "affirm", "motivate", "This is more important than the exercise.",
        words=80, questions=0,
    ),
    "dispute": Row(
        "generic", "affirm", "clear a misunderstanding",
        "You think the check was wrong, so I show how I read it.", words=80,
    ),
    "cannot tell": Row(
        "generic", "ask", "diagnose", "I could not read an answer there; it cost no attempt."
    ),
    "social": Row("generic", "encourage", "motivate", "A short word, then back to the item."),
    "thanks": Row(
        "generic", "encourage", "motivate", "You said thanks or goodbye; the item stays open.",
        questions=0,
    ),
    "frustrated": Row(
        "generic", "encourage", "motivate", "You sound fed up, so the step gets smaller.", words=60,
    ),
    "off-topic": Row("generic", "ask", "motivate", "Back to the item."),
    "done": Row("generic", "ask", "diagnose", "There is no right answer in the box yet."),
    "term": Row(
        "tell", "explain", "clear a misunderstanding",
        "You asked what something means, so I tell you, with its place.",
        level=HintLevel.CONCEPT, on_step=False,
    ),
    "course question": Row(
        "tell", "explain", "teach the topic",
        "A question about the course is answered from the course.",
        level=HintLevel.CONCEPT, words=70, on_step=False,
    ),
    "why": Row(
        "tell", "explain", "explain the mistake",
        "You asked for the reason behind this step.", words=60,
    ),
    "unit": Row(
        "probe", "minor correction", "hint at the mistake", "Everything is right but the unit."
    ),
    "unit missing": Row(
        "probe", "minor correction", "hint at the mistake", "Everything is there but the unit."
    ),
    "sign": Row(
        "probe", "minor correction", "hint at the mistake", "Everything is right but the sign."
    ),
    "rounding": Row(
        "probe", "minor correction", "hint at the mistake", "Everything is right but the rounding."
    ),
    "step right": Row(
        "focus", "affirm", "support thinking", "That step holds, so we go on to the next one."
    ),
    "misconception": Row(
        "probe", "ask", "hint at the mistake",
        "Your answer fits a common idea; this question tests that idea.", level=HintLevel.QUESTION,
    ),
    "printed": Row(
        "probe", "ask", "hint at the mistake",
        "What a program prints and what a call gives back are two things; this tells them apart.",
        on_step=False,
    ),
    "show working": Row(
        "probe", "ask", "get elaboration",
        "Several bare answers in a row: your working tells me more than a result.",
    ),
    "endless": Row(
        "probe", "ask", "hint at the mistake",
        "Your program does not come to an end, so I ask where it repeats.",
    ),
    "try first": Row(
        "probe", "ask", "get elaboration",
        "You opened several hints in a row; a try of your own helps more now.",
    ),
    "answered": Row(
        "focus", "ask", "support thinking", "You answered my question; now put it to use."
    ),
    "no rung": Row(
        "generic", "ask", "get elaboration", "The hints for this step are said already."
    ),
    "nudge": Row("focus", "hint", "support thinking", ""),
    "question": Row("probe", "ask", "support thinking", "", level=HintLevel.QUESTION),
    "teach": Row("tell", "explain", "teach the topic", "", level=HintLevel.CONCEPT),
    "similar example": Row(
        "tell", "worked example", "teach the topic",
        "A solved item of the same kind shows the way.",
        level=HintLevel.EXAMPLE, words=EXAMPLE_WORDS, questions=2,
    ),
    "put aside": Row(
        "tell", "similar problem", "motivate", "No dead end: the item comes back another day.",
        level=HintLevel.EXAMPLE, words=EXAMPLE_WORDS, questions=2, closes=True,
    ),
    "answer": Row(
        "tell", "worked example", "explain the mistake",
        "The course allows the solution after this many tries.",
        level=HintLevel.ANSWER, words=EXAMPLE_WORDS, closes=True,
    ),
}  # fmt: skip

SIMPLE = {
    State.RIGHT: "right",
    State.SKIP: "skip",
    State.UNSAFE: "unsafe",
    State.DISPUTES: "dispute",
    State.ASKS_TERM: "term",
    State.ASKS_COURSE: "course question",
    State.ASKS_WHY: "why",
    State.CANNOT_TELL: "cannot tell",
    State.SOCIAL: "social",
    State.THANKS: "thanks",
    State.OFF_TOPIC: "off-topic",
    State.HOSTILE: "off-topic",
    State.DONE: "done",
    State.STEP_RIGHT: "step right",
}
ALWAYS = (
    State.RIGHT, State.SKIP, State.UNSAFE, State.DISPUTES, State.ASKS_TERM, State.ASKS_COURSE,
    State.ASKS_WHY,
)  # fmt: skip

REASONS = {
    State.STUCK: "You said you are stuck, so the step gets smaller.",
    State.NO_ATTEMPT: "Nothing is tried yet, so we start small.",
    State.ASKS_ANSWER: "I do not hand over the answer; I make the first step smaller.",
    State.ANSWERS: "You answered my question, so the next one builds on it.",
    State.WRONG: "The answer does not fit yet; this is the first step it does not show.",
}


@dataclass(frozen=True)
class PlanInput:
    """Everything the plan looks at."""

    diagnosis: Diagnosis
    state: DialogueState
    policy: Policy
    item: Item
    support: Support = "open"


def choose_support(mastery: float, unaided_successes: int) -> Support:
    """Return how much is given at the start, by mastery in [0, 1]."""
    if mastery < 0.35 and unaided_successes == 0:
        return "worked"
    return "faded" if mastery < 0.6 and unaided_successes == 0 else "open"


def checks_allowed(item: Item, policy: Policy) -> int:
    """Return how many wrong answers may be checked; too few to find a choice by elimination."""
    if item.answer.kind == "choice":
        return max(1, min(policy.checks_per_item, len(item.answer.options) - 2))
    return policy.checks_per_item


def checks_left(item: Item, state: DialogueState, policy: Policy) -> int:
    """Return how many wrong answers the item takes until it closes; with 1, the next one does."""
    if state.tutor_turns + 1 >= MAX_TUTOR_TURNS:
        return 1
    return max(1, checks_allowed(item, policy) - state.attempts)


def next_rung(item: Item, step_id: str, state: DialogueState, policy: Policy) -> HintLevel | None:
    """Return the rung the Help button opens next on a step; None when the ladder is used up.

    Opened hints stand in for attempts, except for the answer itself: a learner who keeps opening
    rungs gets further than one who has not tried.
    """
    reached = state.rungs.get(step_id)
    floor = -1 if reached is None else reached.rank
    there = {hint.level for hint in item.hints_for(step_id)} - {HintLevel.ANSWER}
    if item.parallel and not state.example:
        there.add(HintLevel.EXAMPLE)
    # the finished program is never shown, whatever the policy
    if policy.show_answer and item.answer.kind != "code":
        there.add(HintLevel.ANSWER)
    tried = state.attempts + len(state.rungs) + state.clicks
    if item.hints_in_order:
        following = hints_left(item, step_id, state)
        if following and tried >= policy.attempts_for(following[0].level):
            return following[0].level
        there -= {HintLevel.NUDGE, HintLevel.QUESTION, HintLevel.CONCEPT}
    for level in HintLevel:
        have = state.attempts if level is HintLevel.ANSWER else tried
        if level.rank > floor and level in there and have >= policy.attempts_for(level):
            return level
    return None


def plan(situation: PlanInput) -> TutorMove:
    """Choose the one move of this turn."""
    diagnosis, state = situation.diagnosis, situation.state
    if diagnosis.state in ALWAYS:
        return _move(SIMPLE[diagnosis.state], diagnosis)
    if state.closed:
        return _move("closed", diagnosis)
    allowed = checks_allowed(situation.item, situation.policy)
    if diagnosis.counted and state.attempts + 1 >= allowed:
        return _move("put aside", diagnosis, "Your checks for this item are used up.")
    tired = diagnosis.counted and state.tutor_turns + 1 >= MAX_TUTOR_TURNS
    # talk closes nothing: who asks or thinks aloud has not had a try of their own yet
    if tired and diagnosis.state is not State.NEAR:
        return _move("put aside", diagnosis, "Ten turns are enough for today; a fresh look helps.")
    if diagnosis.state in SIMPLE:
        return _move(SIMPLE[diagnosis.state], diagnosis)
    if diagnosis.state is State.NEAR and diagnosis.check is not None:
        return _move(_nearly(diagnosis.check), diagnosis)
    if diagnosis.state is State.HELP:
        return _open_rung(situation)
    if diagnosis.state is State.FRUSTRATED and "frustrated" not in state.situations:
        return _move("frustrated", diagnosis)
    if diagnosis.misconception:
        return _against_misconception(situation)
    return _on_the_step(situation)


def _nearly(check: Check) -> str:
    """Return the row for an answer that is right but for one thing."""
    if check.verdict is Verdict.UNIT and not check.reading.unit:
        return "unit missing"
    return check.verdict.value.removeprefix("right but ")


def _open_rung(situation: PlanInput) -> TutorMove:
    state, diagnosis = situation.state, situation.diagnosis
    if state.clicks + 1 >= CLICKS_IN_A_ROW and state.last_situation != "try first":
        return _move("try first", diagnosis)
    level = next_rung(situation.item, diagnosis.step, state, situation.policy)
    if level is None:
        return _move("no rung", diagnosis)
    if level is HintLevel.ANSWER:
        return _move("answer", diagnosis).model_copy(update={"answer_allowed": True})
    row = "teach" if level is HintLevel.CONCEPT else level.value
    return _move(row, diagnosis, "You asked for the next hint.")


def _against_misconception(situation: PlanInput) -> TutorMove:
    times = situation.state.misconceptions.count(situation.diagnosis.misconception)
    if times == 0:
        return _move("misconception", situation.diagnosis)
    if times == 1:
        return _move("teach", situation.diagnosis, "The same idea came back, so I say more.")
    return _example_or_floor(situation, "The same idea came back again.")


def _on_the_step(situation: PlanInput) -> TutorMove:
    """Wrong for no known reason, stuck, no attempt, or asking for the answer."""
    diagnosis, state = situation.diagnosis, situation.state
    if diagnosis.error == PRINTED and state.last_situation != "printed":
        return _move("printed", diagnosis)
    if _endless(diagnosis) and state.last_situation != "endless":
        return _move("endless", diagnosis)
    short = situation.item.answer.kind not in IN_FULL and state.unworked + 1 >= BARE_ANSWERS
    if short and diagnosis.state is State.WRONG and state.last_situation != "show working":
        return _move("show working", diagnosis)
    if situation.item.hints_in_order:
        return _along_the_path(situation)
    reached = state.rungs.get(diagnosis.step)
    told = diagnosis.step in state.told or reached is HintLevel.CONCEPT
    if told and diagnosis.state is State.ANSWERS:
        return _move("answered", diagnosis)
    budget = QUESTIONS_FOR_BEGINNERS if situation.support == "worked" else QUESTIONS_PER_STEP
    if state.questions.get(diagnosis.step, 0) >= budget or state.asked_answer >= 2:
        if told:
            return _example_or_floor(situation, "We tried this step in several ways.")
        return _move("teach", diagnosis, "Enough questions: one small thing told.")
    if told:
        return _example_or_floor(situation, "The hints for this step are used up.")
    row = {None: "nudge", HintLevel.NUDGE: "question"}.get(reached, "teach")
    return _move(row, diagnosis, REASONS.get(diagnosis.state, "This is the next open step."))


def _endless(diagnosis: Diagnosis) -> bool:
    """Say whether the first failing test of a program was stopped for its time."""
    failing = first_failing(diagnosis.check.outcomes) if diagnosis.check else None
    return failing is not None and failing.trouble == ENDLESS


def _along_the_path(situation: PlanInput) -> TutorMove:
    """Say the next hint of a path that is opened as it is written."""
    diagnosis = situation.diagnosis
    following = hints_left(situation.item, diagnosis.step, situation.state)
    if not following:
        return _example_or_floor(situation, "The hints are used up.")
    level = following[0].level
    row = "teach" if level is HintLevel.CONCEPT else level.value
    return _move(row, diagnosis, REASONS.get(diagnosis.state, "This is the next hint."))


def _example_or_floor(situation: PlanInput, reason: str) -> TutorMove:
    """Show the solved example once; after it the item stays open for the learner's own try."""
    diagnosis, state = situation.diagnosis, situation.state
    if situation.item.parallel and not state.example:
        row = "similar example"
    elif (
        diagnosis.state is State.WRONG
        and situation.item.answer.kind != "text"
        and state.last_situation != "show working"
    ):
        row = "show working"
    else:
        row = "no rung"
    return _move(row, diagnosis, f"{reason} {TABLE[row].reason}")


def _move(name: str, diagnosis: Diagnosis, reason: str = "") -> TutorMove:
    row = TABLE[name]
    return TutorMove(
        kind=row.kind,
        situation=name,
        strategy=row.strategy,
        intention=row.intention,
        step=diagnosis.step if row.on_step else "",
        level=row.level,
        reason=reason or row.reason,
        max_words=row.words,
        max_questions=row.questions,
        closes=row.closes,
    )

"""A dialogue on one item: turns, and what the tutor decided in each."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from tutor_app.domain.answer import Check
from tutor_app.domain.base import Strict
from tutor_app.domain.course import HintLevel
from tutor_app.domain.passage import Passage

Channel = Literal["answer", "chat", "help", "skip", "dispute"]
Support = Literal["worked", "faded", "open"]


class State(StrEnum):
    """What the learner showed in this turn."""

    RIGHT = "right"
    NEAR = "near"
    STEP_RIGHT = "step right"
    WRONG = "wrong"
    CANNOT_TELL = "cannot tell"
    ANSWERS = "answers the tutor's question"
    STUCK = "stuck"
    NO_ATTEMPT = "no attempt"
    ASKS_ANSWER = "asks for the answer"
    ASKS_TERM = "asks what it means"
    ASKS_WHY = "asks why"
    ASKS_COURSE = "asks about the course"
    DISPUTES = "disputes"
    DONE = "done"
    SOCIAL = "social"
    THANKS = "thanks or goodbye"
    FRUSTRATED = "frustrated"
    OFF_TOPIC = "off-topic"
    UNSAFE = "unsafe"
    HOSTILE = "hostile to the rules"
    HELP = "opened a hint"
    SKIP = "skipped"


class Diagnosis(Strict):
    """What the learner showed. `error` is Bridge's category where there is an error.

    Attributes:
        step: id of the first step that is not shown yet; "" when all are.
        steps_shown: ids of steps whose value or idea the learner has shown so far.
        quoted: the learner's words or work that a reply may start from.
        counted: this turn used up one of the checks that policy allows.
    """

    state: State
    step: str = ""
    steps_shown: tuple[str, ...] = ()
    misconception: str = ""
    error: str = ""
    check: Check | None = None
    quoted: str = ""
    counted: bool = False
    confidence: float = 1.0
    reason: str = ""


MoveKind = Literal["focus", "probe", "tell", "generic"]


class TutorMove(Strict):
    """One planned move (MathDial's four kinds; Bridge's strategy and intention).

    Attributes:
        situation: row of the plan table, e.g. "misconception"; names the wording to use.
        level: ladder level that the wording may reach.
        reason: plain words for "why this hint".
        answer_allowed: policy lets this turn state the answer.
        closes: the dialogue ends with this turn.
    """

    kind: MoveKind
    situation: str
    strategy: str
    intention: str
    step: str = ""
    level: HintLevel = HintLevel.NUDGE
    reason: str = ""
    max_words: int = 45
    max_questions: int = 1
    answer_allowed: bool = False
    closes: bool = False


class CheckResult(Strict):
    """One verification of one candidate: name, whether it passed, and why not."""

    name: str
    passed: bool
    reason: str = ""


Source = Literal["model", "memory", "hint", "template"]


class Candidate(Strict):
    """One wording of the move, with its checks once verified."""

    text: str
    source: Source
    passages: tuple[Passage, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    @property
    def passed(self) -> bool:
        """Every check passed; False before verification."""
        return bool(self.checks) and all(check.passed for check in self.checks)


class Turn(Strict):
    """One utterance of the learner and the tutor's reply to it; `id` is made by the page."""

    id: str
    dialogue_id: str
    number: int
    channel: Channel
    text: str
    diagnosis: Diagnosis
    move: TutorMove
    reply: str
    source: Source
    passages: tuple[Passage, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    created_at: datetime
    cpu_ms: float = 0.0


class Dialogue(Strict):
    """A learner's work on one item.

    Attributes:
        support: how much was given at the start.
        draft: what stands in the answer box and was not checked.
    """

    id: str
    learner_id: str
    course_id: str
    item_id: str
    support: Support = "open"
    started_at: datetime
    draft: str = ""
    turns: tuple[Turn, ...] = ()


class Evidence(Strict):
    """One observation of one skill: right or wrong, with or without help."""

    learner_id: str
    course_id: str
    skill_id: str
    item_id: str
    dialogue_id: str
    correct: bool
    aided: bool
    created_at: datetime


class Reply(Strict):
    """What Tutor.respond returns: the recorded turn, and whether it had been recorded before."""

    turn: Turn
    repeated: bool = False

"""A dialogue from outside the courses, and the reply to it."""

from typing import Literal

from pydantic import Field

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.dialogue import CheckResult, Source, TutorMove


class Utterance(Strict):
    """One line of the history."""

    role: Literal["learner", "tutor"]
    text: str


class OutsideContext(Strict):
    """A problem, its reference solution and what was said so far, the learner last.

    `reference_solution` may be empty or "Not Available": the tutor then goes by the problem and by
    the last question that was asked.
    """

    id: Text
    problem: str = ""
    reference_solution: str = ""
    history: list[Utterance] = Field(min_length=1)


class OutsideReply(Strict):
    """What one context gets. `latency_ms` is CPU time of this thread."""

    id: str
    reply: str
    move: TutorMove
    source: Source
    verdicts: tuple[CheckResult, ...]
    latency_ms: float

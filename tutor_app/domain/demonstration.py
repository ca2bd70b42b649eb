"""A demonstration: how a teacher model worded one planned move in one teaching situation."""

from hashlib import sha256
from typing import Literal

from pydantic import Field

from tutor_app.domain.base import Slug, Strict, Text
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import MoveKind, State

HeldOut = Literal["", "item", "situation"]


class Situation(Strict):
    """What a learner showed on one step of one item, and the move that the plan makes of it.

    Attributes:
        id: hash of all else; the same situation has the same id in every run.
        step: the step the move is about; "" for moves on the whole item.
        row: row of the plan table.
        error: Bridge's category of the error, or "".
        misconception: id of the misconception, or "".
        shown: ids of the steps that the learner has shown before or in this turn.
        again: the same misconception or rung came up in the turn before.
        held_out: kept from training and memory while they are measured: the whole item, this
            situation, or neither.
    """

    id: str = Field(pattern=r"^[0-9a-f]{12}$")
    course_id: Slug
    item_id: Slug
    step: str
    state: State
    row: str
    kind: MoveKind
    strategy: str
    intention: str
    level: HintLevel
    error: str = ""
    misconception: str = ""
    shown: tuple[str, ...] = ()
    again: bool = False
    held_out: HeldOut = ""


class Demonstration(Strict):
    """A learner's line and the tutor's reply to it, as a teacher model wrote them.

    Quantities stand as `[[name]]`, the learner's value as `[[yours]]`, the learner's words as
    `[[quoted]]`; code fills them.

    Attributes:
        any_learner: the reply suits every learner in this situation, not only one with these words.
        persona: who the teacher was asked to let speak.
        teacher: the teacher model, as its output file names it.
        request: custom_id of the request that was answered.
        prompt: hash of the prompt files the request was rendered from, 12 hex digits.
    """

    situation: Situation
    learner: str
    reply: Text
    any_learner: bool
    persona: str
    teacher: str
    request: str
    prompt: str

    @property
    def id(self) -> str:
        """Hash of the situation and the words, 12 hex digits: the same turn has the same id."""
        said = "\n".join((self.situation.id, self.learner, self.reply))
        return sha256(said.encode()).hexdigest()[:12]

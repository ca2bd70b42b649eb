"""What the store keeps beside the domain types: summaries, questions, accounts, audit."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.dialogue import Turn


class DialogueSummary(Strict):
    """One line in a list of dialogues.

    Attributes:
        last_at: time of the last turn, or of the start when there is none.
        turns: number of turns.
        closed: the last turn ended the dialogue.
    """

    id: str
    course_id: str
    item_id: str
    started_at: datetime
    last_at: datetime
    turns: int
    closed: bool


class OpenQuestion(Strict):
    """A question the course does not answer, kept for the instructor."""

    turn_id: str
    learner_id: str
    course_id: str
    item_id: str
    text: str
    created_at: datetime


class Dispute(Strict):
    """A turn in which the learner said that the verdict was wrong."""

    learner_id: str
    course_id: str
    item_id: str
    turn: Turn


class InstructorReply(Strict):
    """An instructor's answer to a turn that a learner passed on or disputed.

    Attributes:
        verdict: "right" where the learner was right after all, "stands" where the check was, ""
            for a question.
        who: account id of the instructor.
    """

    turn_id: str
    text: str = ""
    verdict: Literal["", "right", "stands"] = ""
    who: str
    at: datetime


class Replied(Strict):
    """A reply with what it answers, for the learner: `asked` are the learner's own words."""

    reply: InstructorReply
    course_id: str
    item_id: str
    asked: str


class AccountRow(Strict):
    """An account as stored. `id` is random and is the learner_id everywhere else.

    Attributes:
        password_hash: argon2 in PHC form; "" for an account that cannot sign in.
        demo: signs in only while the server listens on loopback.
        simulated: not a person; `Store.delete_simulated` removes it.
    """

    id: str
    name: Text
    role: str
    password_hash: str
    demo: bool = False
    simulated: bool = False
    created_at: datetime


class AuditRow(Strict):
    """Who did what to whom. Ids only, no names: the trail outlives a deleted person."""

    at: datetime
    who: str
    what: str
    subject: str = ""
    details: dict[str, str | int | float | bool] = {}


class Promotion(Strict):
    """One change of the tutor model that speaks.

    Attributes:
        who: account id, or "command line".
        kind: forward, or back to a model that spoke before.
        digest: of the model's manifest when it was promoted; "" for "none".
        instead_of: the model that spoke until then.
        reason: in the admin's words.
    """

    at: datetime
    who: str
    kind: Literal["promote", "rollback"]
    model_id: str
    digest: str
    instead_of: str
    reason: Text


class StorageHealth(Strict):
    """State of the database; sizes in bytes, `problems` empty when it is sound."""

    path: Path
    database_bytes: int
    free_bytes: int
    problems: tuple[str, ...]
    copies: tuple[Path, ...]

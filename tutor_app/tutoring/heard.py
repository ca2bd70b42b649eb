"""Parts of every diagnosis: what it listens with, the open step, the learner's words as quoted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.grade import Judgement
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.intents import Intent

MAX_QUOTED_WORDS, MAX_EQUATION_WORDS = 14, 30
# values of Diagnosis.error that wordings and checks look at
EQUATION = "equation"
IN_PLACE = "in place"

Judge = Callable[[str, Rubric], Sequence[Judgement]]
ClassifyIntent = Callable[[str], Intent]
MatchSaying = Callable[[str, Item], str]

_STATE_OF_INTENT = {
    "asks_answer": State.ASKS_ANSWER,
    "no_attempt": State.NO_ATTEMPT,
    "stuck": State.STUCK,
    "asks_term": State.ASKS_TERM,
    "asks_why": State.ASKS_WHY,
    "asks_course": State.ASKS_COURSE,
    "disputes": State.DISPUTES,
    "done": State.DONE,
    "social": State.SOCIAL,
    "thanks": State.THANKS,
    "frustrated": State.FRUSTRATED,
    "off_topic": State.OFF_TOPIC,
    "unsafe": State.UNSAFE,
    "hostile": State.HOSTILE,
}


@dataclass(frozen=True)
class Ears:
    """What diagnosis listens with: plain callables, so that tests can replace none of the code.

    Attributes:
        intent: classifies plain words.
        judge: rubric verdicts for text answers; None where the item has no rubric.
        saying: id of the text misconception that a sentence voices, or "".
    """

    intent: ClassifyIntent
    judge: Judge
    saying: MatchSaying


def from_intent(intent: Intent, text: str, step: str) -> Diagnosis:
    """Return what plain words show where no work stands in them."""
    kind = _STATE_OF_INTENT.get(intent.name, State.CANNOT_TELL)
    if intent.name == "attempt":
        # words about the item without a value: a thought to build on
        kind = State.NO_ATTEMPT
    return Diagnosis(
        state=kind,
        step=step,
        # "idk" is nothing to build on
        quoted="" if intent.name == "no_attempt" else quote(text),
        confidence=intent.confidence,
        reason=f"read as {intent.name.replace('_', ' ')} ({intent.confidence:.2f})",
    )


def quote(text: str, most: int = MAX_QUOTED_WORDS) -> str:
    """Return the learner's words on one line, at most that many; a cut is marked."""
    words = text.split()
    if len(words) > most:
        return " ".join(words[:most]) + "…"
    # a full stop would stand before the quotation mark and again behind it
    return " ".join(words).rstrip(".")

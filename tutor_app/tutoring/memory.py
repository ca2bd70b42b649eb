"""Reply memory: a teacher's wordings of this very situation, filled with this learner's values."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from rapidfuzz import fuzz

from tutor_app.answers.solution import fill
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.dialogue import Candidate, Diagnosis, State
from tutor_app.errors import ContentError
from tutor_app.tutoring.candidates import Material, mark
from tutor_app.tutoring.slots import slot_values
from tutor_app.tutoring.verification.grounding import THRESHOLD, cited_claims, support

MAX_RECALLED = 4
SAME_WORDS = 0.75
"""Cosine from which a reply to another learner's words fits these words too."""
_SAID_ALREADY = 85.0
# whose replies to any learner fit as well: a pressed button says no more than "I am stuck"
_LIKE: dict[State, tuple[State, ...]] = {
    State.HELP: (State.STUCK,),
    State.STUCK: (State.NO_ATTEMPT,),
    State.ASKS_ANSWER: (State.STUCK,),
    State.NO_ATTEMPT: (State.STUCK,),
    State.WRONG: (State.STUCK,),
}
_ON_THE_ITEM = frozenset({"right", "unit", "sign", "rounding", "term", "dispute"})
"""Rows whose wording does not depend on the step."""

Embed = Callable[[Sequence[str]], np.ndarray]
HALF_RIGHT = "right idea, wrong reason"
_Key = tuple[str, str, str, str, State]


class ReplyMemory:
    """Recalls demonstrations by situation, then by likeness to the learner's words."""

    def __init__(self, demonstrations: Iterable[Demonstration], embed: Embed) -> None:
        """Index the demonstrations.

        Args:
            demonstrations: those that passed the filters.
            embed: texts to unit vectors, (n, dim) float32.
        """
        self._embed = embed
        self._known: dict[_Key, list[Demonstration]] = {}
        for one in demonstrations:
            at = one.situation
            step = "" if at.row in _ON_THE_ITEM else at.step
            key = (at.item_id, at.row, step, at.misconception, at.state)
            self._known.setdefault(key, []).append(one)

    def __len__(self) -> int:
        """Return how many demonstrations are known."""
        return sum(len(group) for group in self._known.values())

    def recall(self, material: Material) -> Iterator[Candidate]:
        """Yield filled wordings for this turn, the most fitting first; at most four."""
        diagnosis = material.diagnosis
        values = slot_values(
            material.item, material.solution, diagnosis, material.marked_definition
        )
        yield from islice(
            (
                _cited(text, material)
                for one in self._ordered(material)
                if (text := _filled(one.reply, values)) and not _said(text, material.state.replies)
            ),
            MAX_RECALLED,
        )

    def _ordered(self, material: Material) -> list[Demonstration]:
        own = self._in_state(material, material.diagnosis.state)
        diagnosis = material.diagnosis
        particular = [one for one in own if not one.any_learner]
        fitting = []
        if diagnosis.quoted and particular:
            vectors = self._embed([diagnosis.quoted, *(one.learner for one in particular)])
            likeness = vectors[1:] @ vectors[0]
            fitting = [particular[n] for n in np.argsort(-likeness) if likeness[n] >= SAME_WORDS]
        general = _turned([one for one in own if one.any_learner], material.seed)
        if diagnosis.misconception:
            return [*fitting, *general]
        near = [
            one
            for state in _LIKE.get(diagnosis.state, ())
            for one in _turned(self._in_state(material, state), material.seed)
            if one.any_learner
        ]
        return [*fitting, *general, *near]

    def _in_state(self, material: Material, state: State) -> list[Demonstration]:
        diagnosis, move = material.diagnosis, material.move
        step = "" if move.situation in _ON_THE_ITEM else move.step or diagnosis.step
        key = (material.item.id, move.situation, step, diagnosis.misconception, state)
        known = self._known.get(key, [])
        # a reply that credits a right half is for learners who showed one
        return [one for one in known if one.situation.error != HALF_RIGHT or diagnosis.steps_shown]


def _credits_what_was_shown(one: Demonstration, diagnosis: Diagnosis) -> bool:
    """A reply that credits a step or a right half is for learners who showed just that."""
    situation = one.situation
    if situation.error == HALF_RIGHT:
        return bool(diagnosis.steps_shown)
    if situation.state is State.STEP_RIGHT:
        return diagnosis.steps_shown[-1:] == situation.shown[-1:]
    return True


def _turned(some: list[Demonstration], seed: str) -> list[Demonstration]:
    """Return the demonstrations from a place that the turn decides, so that wordings vary."""
    start = int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16) % max(1, len(some))
    return [*some[start:], *some[:start]]


def _cited(text: str, material: Material) -> Candidate:
    """Add the section that this rung of the ladder rests on.

    It is marked [1] where it carries a sentence of the reply; else it is only there to read.
    """
    if material.definition:
        passages = tuple(material.passages[:1])
        return Candidate(text=text, source="memory", passages=passages)
    move = material.move
    hints = material.item.hints_for(move.step) if move.step else []
    rungs = [h for h in hints if h.cite in material.cited and h.level.rank <= move.level.rank]
    if not rungs:
        return Candidate(text=text, source="memory")
    passage = material.cited[rungs[-1].cite]
    marked = mark(text, passage)
    claims = cited_claims(marked)
    grounded = claims and support(claims[0][0], passage.text) >= THRESHOLD
    return Candidate(text=marked if grounded else text, source="memory", passages=(passage,))


def _filled(reply: str, values: dict[str, str]) -> str:
    try:
        return fill(reply, values)
    except ContentError:
        # a slot that this turn has nothing for
        return ""


def _said(text: str, replies: Sequence[str]) -> bool:
    return any(fuzz.ratio(text, reply) >= _SAID_ALREADY for reply in replies)

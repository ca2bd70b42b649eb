"""Who words a move: model, reply memory and hints, in the order that won the comparison."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz import fuzz

from tutor_app.answers.solution import fill
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Candidate, Source, State
from tutor_app.tutoring.candidates import Material, candidates, unverified_last_resort
from tutor_app.tutoring.ranking import Critic
from tutor_app.tutoring.reply_features import dialogue_context

MAX_TRIED = 24
MAX_COMPARED = 3

Speak = Callable[[Material], Iterable[Candidate]]
Verify = Callable[[Candidate], Candidate]
Rank = Callable[[Material, Sequence[Candidate]], Sequence[Candidate]]

_JUDGED = frozenset({State.WRONG, State.NEAR, State.STUCK, State.NO_ATTEMPT, State.HELP})

# Who won the blind comparison (`tutor evaluate preference`): the course's hints on these rows,
# memory where a step is taught or explained. The other rows have no hint, only a fixed sentence.
_HINT_FIRST = frozenset({"nudge", "question", "misconception", "step right"})
_SAID_ALREADY = 88.0


def usual_order(row: str) -> tuple[Source, ...]:
    """Return who words a row of the plan when no model has won it."""
    return ("hint", "memory") if row in _HINT_FIRST else ("memory", "hint")


def nobody(material: Material) -> Iterable[Candidate]:
    """Say nothing: there is no such speaker."""
    return ()


def as_they_come(material: Material, passed: Sequence[Candidate]) -> Sequence[Candidate]:
    """Leave the wordings in the order in which they came."""
    return passed


@dataclass(frozen=True)
class Speakers:
    """Everything that can word a move.

    Attributes:
        model: the tutor model's samples, asked for one by one.
        memory: a teacher's wordings of the same situation.
        rank: orders the wordings of one speaker that passed every check, best first.
        order: who is asked first, by row of the plan; for the others a model, if there is one,
            and then the `usual_order`.
    """

    model: Speak = nobody
    memory: Speak = nobody
    rank: Rank = as_they_come
    order: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    def choose(
        self, material: Material, verify: Verify
    ) -> tuple[Candidate, list[Candidate], list[Candidate]]:
        """Return the best wording that passes, other passing ones, and those rejected before it."""
        rejected: list[Candidate] = []
        for said in self._by_speaker(material):
            passed: list[Candidate] = []
            for candidate in islice(said, MAX_TRIED):
                checked = verify(candidate)
                (passed if checked.passed else rejected).append(checked)
                if len(passed) == (MAX_COMPARED if candidate.source in ("model", "memory") else 1):
                    break
            if passed:
                best, *others = self.rank(material, passed) if len(passed) > 1 else passed
                return best, others, rejected
        return unverified_last_resort(material), [], rejected

    def _by_speaker(self, material: Material) -> Iterator[Iterable[Candidate]]:
        """Yield each speaker's wordings; all hints, with the floor below them, come last."""
        move = material.move
        row = move.situation
        if move.level is not HintLevel.ANSWER:
            usual = self.order.get(row, ("model", *usual_order(row)))
            # no demonstration answers what this learner answered
            answers = material.diagnosis.state is State.ANSWERS
            for source in ("hint",) if answers else usual:
                if source == "memory":
                    yield self.memory(material)
                elif source == "model" and move.kind != "generic":
                    yield self.model(material)
                elif source == "hint":
                    yield _new_hints(material)
        yield candidates(material)


def _new_hints(material: Material) -> Iterator[Candidate]:
    """Yield the hints that were not said in this dialogue yet."""
    for candidate in candidates(material):
        said = (fuzz.partial_ratio(candidate.text, old) for old in material.state.replies)
        if candidate.source == "hint" and not any(ratio >= _SAID_ALREADY for ratio in said):
            yield candidate


def by_critic(critic: Critic) -> Rank:
    """Return the ranking by a critic, which reads the problem, the dialogue and the wording.

    It was trained on replies to mistakes, so it is asked about nothing else.
    """

    def rank(material: Material, passed: Sequence[Candidate]) -> Sequence[Candidate]:
        if material.diagnosis.state not in _JUDGED:
            return passed
        state = material.state
        spoken = zip(state.texts, state.replies, strict=True)
        turns = [turn for said, reply in spoken for turn in (("Learner", said), ("Tutor", reply))]
        turns.append(("Learner", material.diagnosis.quoted))
        problem = fill(material.item.prompt, material.solution.names)
        return critic.rank(dialogue_context(problem, turns), passed)

    return rank

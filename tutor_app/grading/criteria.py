"""How likely is each score of a criterion, given an answer? No model of language generates here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Embed, Idea, Vectors
from tutor_app.documents.rubric_ideas import rubric_ideas
from tutor_app.domain.rubric import Criterion, Rubric

WrongIdeas = Callable[[str], Sequence[str]]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class PreparedRubric:
    """A rubric with everything that follows from it alone."""

    rubric: Rubric
    ideas: dict[str, list[Idea]]


@dataclass(frozen=True)
class Scored:
    """One criterion of one answer.

    Attributes:
        probabilities: one per `Criterion.possible_points`, best first; they sum to one.
        best: the piece that comes nearest to what the criterion asks for; -1 without pieces.
    """

    probabilities: Array
    best: int


def prepare(rubric: Rubric, embed: Embed, wrong_ideas: Sequence[str] = ()) -> PreparedRubric:
    """Make once what every answer to this rubric's question is compared with."""
    return PreparedRubric(rubric, rubric_ideas(rubric, embed, wrong_ideas))


class CriterionScorer:
    """Scores criteria from how clearly the clauses of an answer say the ideas of a criterion."""

    name = "ideas"

    def score(
        self, texts: Sequence[str], vectors: Vectors, prepared: PreparedRubric
    ) -> list[Scored]:
        """Return one Scored per criterion, in the rubric's order.

        Args:
            texts: the pieces of the answer; at least one.
            vectors: their unit vectors, shape (pieces, dimensions).
            prepared: the rubric.
        """
        return [
            _score(criterion, prepared.ideas[criterion.id], texts, vectors)
            for criterion in prepared.rubric.criteria
        ]


def _score(
    criterion: Criterion, ideas: Sequence[Idea], texts: Sequence[str], vectors: Vectors
) -> Scored:
    steps = len(criterion.possible_points)
    if not ideas:
        flat = np.full(steps, 1 / steps)
        return Scored(flat, -1)
    said = np.stack([idea.scores(texts, vectors) for idea in ideas])
    chance = 1 / (1 + np.exp(-said.max(axis=1)))
    best = int(said.max(axis=0).argmax())
    if criterion.type == "checklist":
        return Scored(_count(chance)[::-1], best)
    full, some = float(chance.min()), float(chance.max()) ** 0.5
    at_least = np.linspace(full, max(full, some), steps - 1)
    return Scored(np.diff(np.array([0.0, *at_least, 1.0])), best)


def _count(chances: Array) -> Array:
    """Return the distribution of how many of independent things hold, none first."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found

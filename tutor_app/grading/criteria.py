"""How likely is each score of a criterion, given an answer?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Vectors
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.criterion_measures import Measured, measure
from tutor_app.grading.criterion_model import CriterionModel, distribution
from tutor_app.grading.prepared import PreparedRubric

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """One criterion of one answer.

    Attributes:
        probabilities: one per `Criterion.possible_points`, best first; they sum to one.
        best: the piece that comes nearest to what the criterion asks for.
    """

    probabilities: Array
    best: int


class CriterionScorer:
    """Scores every criterion of an answer with one model for all rubrics."""

    def __init__(self, model: CriterionModel):
        """Take the trained model."""
        self.name = model.name
        self._model = model

    def score(
        self, texts: Sequence[str], vectors: Vectors, prepared: PreparedRubric
    ) -> list[Scored]:
        """Return one Scored per criterion, in the rubric's order.

        Args:
            texts: the pieces of the answer; at least one.
            vectors: their unit vectors, shape (pieces, dimensions).
            prepared: the rubric.
        """
        measured = measure(texts, vectors, prepared)
        every = [one for some in measured.values() for one in some]
        log_odds = iter(self._model.log_odds(np.stack([one.values for one in every])))
        return [
            scored(one, measured[one.id], [next(log_odds) for _ in measured[one.id]])
            for one in prepared.rubric.criteria
        ]


def scored(criterion: Criterion, measured: Sequence[Measured], log_odds: Sequence[Array]) -> Scored:
    """Put the targets of one criterion together.

    Args:
        criterion: what is judged.
        measured: its targets.
        log_odds: of each target, see `CriterionModel.log_odds`.
    """
    clearest = measured[int(np.argmax([odds[1] for odds in log_odds]))].best
    if criterion.type == "checklist":
        chances = [1 / (1 + np.exp(-odds[1])) for odds in log_odds]
        return Scored(_count(chances)[::-1], clearest)
    if criterion.type == "penalty":
        return Scored(distribution(log_odds[0], (1.0, 0.0))[::-1], clearest)
    points = criterion.possible_points
    width = points[0] - points[-1]
    if not width:
        return Scored(np.ones(1), clearest)
    return Scored(
        distribution(log_odds[0], [(one - points[-1]) / width for one in points]), clearest
    )


def _count(chances: Sequence[float]) -> Array:
    """Return the distribution of how many of independent things hold, none first."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found

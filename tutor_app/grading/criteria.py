"""How likely is each score of a criterion, given an answer?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Vectors
from tutor_app.domain.grade import GradedExample
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.adaptation import FEWEST, Adaptation, Known
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
        self,
        text: str,
        texts: Sequence[str],
        vectors: Vectors,
        prepared: PreparedRubric,
        adaptations: Mapping[str, Adaptation] = MappingProxyType({}),
    ) -> list[Scored]:
        """Return one Scored per criterion, in the rubric's order.

        Args:
            text: the answer.
            texts: its pieces; at least one.
            vectors: their unit vectors, shape (pieces, dimensions).
            prepared: the rubric.
            adaptations: what graded answers say, by criterion.
        """
        measured = measure(texts, vectors, prepared)
        log_odds = self._log_odds(measured)
        middle = vectors.mean(axis=0)
        for criterion, adaptation in adaptations.items():
            log_odds[criterion] = [
                adaptation.adapt(text, middle, one) for one in log_odds[criterion]
            ]
        return [scored(one, measured[one.id], log_odds[one.id]) for one in prepared.rubric.criteria]

    def learn(
        self,
        examples: Sequence[tuple[GradedExample, Sequence[str], Vectors]],
        prepared: PreparedRubric,
    ) -> dict[str, Adaptation]:
        """Return what graded answers say of the model's errors, by criterion.

        Criteria with fewer than five of them have none, nor have checklists of several elements,
        whose points do not tell which element was missed.

        Args:
            examples: graded answers with their pieces and the vectors of these.
            prepared: the rubric.
        """
        known: dict[str, list[Known]] = {}
        for example, texts, vectors in examples:
            if not len(texts):
                continue
            log_odds = self._log_odds(measure(texts, vectors, prepared))
            for criterion in prepared.rubric.criteria:
                given = example.points.get(criterion.id)
                width = criterion.possible_points[0] - criterion.possible_points[-1]
                if given is None or not width or len(log_odds[criterion.id]) > 1:
                    continue
                share = (given - criterion.possible_points[-1]) / width
                share = 1 - share if criterion.type == "penalty" else share
                known.setdefault(criterion.id, []).append(
                    Known(example.text, vectors.mean(axis=0), log_odds[criterion.id][0], share)
                )
        return {
            criterion: Adaptation(some, prepared.centre)
            for criterion, some in known.items()
            if len(some) >= FEWEST
        }

    def _log_odds(self, measured: Mapping[str, Sequence[Measured]]) -> dict[str, list[Array]]:
        every = [one.values for some in measured.values() for one in some]
        made = iter(self._model.log_odds(np.stack(every)))
        return {criterion: [next(made) for _ in some] for criterion, some in measured.items()}


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

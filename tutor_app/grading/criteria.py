"""How likely is each score of a criterion, given an answer?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Encoder, Vectors
from tutor_app.documents.wording import sentences_of
from tutor_app.domain.grade import GradedExample
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.adaptation import FEWEST, Adaptation, Known
from tutor_app.grading.criterion_measures import Measured, measure, relevant
from tutor_app.grading.criterion_model import CriterionModel, distribution
from tutor_app.grading.criterion_pairs import Asked, ReadPairs, measure_pairs
from tutor_app.grading.prepared import PreparedRubric, unit

Array = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True)
class Scored:
    """One criterion of one answer.

    Attributes:
        probabilities: one per `Criterion.possible_points`, best first; they sum to one.
        best: the piece that comes nearest to what the criterion asks for.
    """

    probabilities: Array
    best: int


@dataclass(frozen=True)
class Read:
    """An answer, misspelt words put right: its text, its pieces (one at least), unit vectors."""

    text: str
    texts: Sequence[str]
    vectors: Vectors


def read(
    answers: Sequence[tuple[str, Sequence[str]]], prepared: PreparedRubric, encoder: Encoder
) -> list[Read]:
    """Read answers for comparison; each sentence is encoded once, its clauses are parts of it.

    Args:
        answers: text and pieces of each, as they were written; at least one piece each.
        prepared: the rubric of their question.
        encoder: what gives vectors.
    """
    spelt = [
        (prepared.respelt(text), [prepared.respelt(one) for one in pieces])
        for text, pieces in answers
    ]
    placed = []
    for text, some in spelt:
        sentences = sentences_of(text)
        placed.append([_placed(piece, sentences) for piece in some])
    wanted: dict[str, dict[Span, int]] = {}
    for sentence, span in (place for some in placed for places in some for place in places):
        spans = wanted.setdefault(sentence, {})
        spans.setdefault(span, len(spans))
    vectors = dict(
        zip(wanted, encoder.embed_spans([(s, list(w)) for s, w in wanted.items()]), strict=True)
    )

    def vector(places: Sequence[tuple[str, Span]]) -> Vectors:
        rows: list[Vectors] = [vectors[one][wanted[one][span]] for one, span in places]
        if len(rows) == 1:
            return rows[0]
        words = np.array([len(sentence.split()) for sentence, _ in places], dtype=np.float32)
        mean: Vectors = words @ np.stack(rows)
        return unit(mean)

    return [
        Read(text, some, np.stack([vector(places) for places in each]))
        for (text, some), each in zip(spelt, placed, strict=True)
    ]


def _placed(piece: str, sentences: Sequence[str]) -> list[tuple[str, Span]]:
    """Return where a piece stands: within one sentence, or all of several."""
    for sentence in sentences:
        start = sentence.find(piece)
        if start >= 0:
            return [(sentence, (start, start + len(piece)))]
    over = [(sentence, (0, len(sentence))) for sentence in sentences if sentence in piece]
    return over or [(piece, (0, len(piece)))]


class CriterionScorer:
    """Scores every criterion of answers with one model for all rubrics."""

    def __init__(self, model: CriterionModel, pairs: ReadPairs | None = None):
        """Take the trained model, and the cross-encoder beside it."""
        self.name = f"{model.name}|{pairs.name}" if pairs is not None else model.name
        self._model = model
        self._pairs = pairs

    def score(
        self,
        answers: Sequence[Read],
        prepared: PreparedRubric,
        adaptations: Mapping[str, Adaptation] = MappingProxyType({}),
    ) -> list[list[Scored]]:
        """Return for each answer one Scored per criterion, in the rubric's order.

        Args:
            answers: to one question.
            prepared: its rubric.
            adaptations: what graded answers say, by criterion.
        """
        asked = [ask(one, prepared) for one in answers]
        every = self._log_odds([one for one, _ in asked], prepared)
        made = []
        for answer, (one, kept), log_odds in zip(answers, asked, every, strict=True):
            middle = one.vectors.mean(axis=0)
            for criterion, adaptation in adaptations.items():
                log_odds[criterion] = [
                    adaptation.adapt(answer.text, middle, odds) for odds in log_odds[criterion]
                ]
            found = [
                scored(each, one.measured[each.id], log_odds[each.id])
                for each in prepared.rubric.criteria
            ]
            made.append([replace(each, best=int(kept[each.best])) for each in found])
        return made

    def learn(
        self, examples: Sequence[tuple[GradedExample, Read]], prepared: PreparedRubric
    ) -> dict[str, Adaptation]:
        """Return what graded answers say of the model's errors, by criterion.

        Criteria with fewer than five of them have none, nor have checklists of several elements,
        whose points do not tell which element was missed.

        Args:
            examples: graded answers, taken apart.
            prepared: the rubric.
        """
        known: dict[str, list[Known]] = {}
        told = [(example, read) for example, read in examples if len(read.texts)]
        asked = [ask(read, prepared)[0] for _, read in told]
        every = self._log_odds(asked, prepared)
        for (example, _), one, log_odds in zip(told, asked, every, strict=True):
            for criterion in prepared.rubric.criteria:
                given = example.points.get(criterion.id)
                width = criterion.possible_points[0] - criterion.possible_points[-1]
                if given is None or not width or len(log_odds[criterion.id]) > 1:
                    continue
                share = (given - criterion.possible_points[-1]) / width
                share = 1 - share if criterion.type == "penalty" else share
                known.setdefault(criterion.id, []).append(
                    Known(example.text, one.vectors.mean(axis=0), log_odds[criterion.id][0], share)
                )
        return {
            criterion: Adaptation(some, prepared.centre)
            for criterion, some in known.items()
            if len(some) >= FEWEST
        }

    def _log_odds(
        self, answers: Sequence[Asked], prepared: PreparedRubric
    ) -> list[dict[str, list[Array]]]:
        if not answers:
            return []
        values = np.stack(
            [one.values for answer in answers for some in answer.measured.values() for one in some]
        )
        pairs = None
        if self._pairs is not None:
            said = measure_pairs(self._pairs, answers, prepared)
            pairs = np.stack([row for one in said for some in one.values() for row in some])
        made = iter(self._model.log_odds(values, pairs))
        return [
            {criterion: [next(made) for _ in some] for criterion, some in one.measured.items()}
            for one in answers
        ]


def ask(one: Read, prepared: PreparedRubric) -> tuple[Asked, NDArray[np.intp]]:
    """Measure an answer; also returns the places of the pieces that speak of the question."""
    texts, vectors, kept = relevant(one.texts, one.vectors, prepared)
    return Asked(one.text, texts, vectors, measure(texts, vectors, prepared)), kept


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

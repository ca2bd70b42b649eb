"""What the cross-encoder says of an answer beside the right wordings of each criterion.

The measures see words and meanings apart; the cross-encoder reads wording and answer together, so
it hears that a relation is turned round, or said of another thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Vectors
from tutor_app.grading.criterion_measures import Measured
from tutor_app.grading.judged import CONTRADICTORY, CORRECT
from tutor_app.grading.prepared import PreparedRubric

Array = NDArray[np.float64]
PAIR_MEASURES = (
    "shown, weakest element",
    "shown, mean of elements",
    "shown, clearest element",
    "against an element",
    "right as a whole",
    "against the reference answer",
)
LONGEST = 70
"""Words; of a longer answer the cross-encoder reads the pieces around the best one only."""


class ReadPairs(Protocol):
    """The cross-encoder: (wording, answer) pairs to log-odds (pairs, 3), and vectors.

    Attributes:
        name: tells its weights from others.
    """

    name: str

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> tuple[Array, Array]:
        """Read pairs."""
        ...


@dataclass(frozen=True)
class Asked:
    """An answer that was measured.

    Attributes:
        text: all of it.
        pieces: those that were compared.
        vectors: theirs, (pieces, dimensions).
        measured: by criterion, its targets.
    """

    text: str
    pieces: Sequence[str]
    vectors: Vectors
    measured: Mapping[str, Sequence[Measured]]


def measure_pairs(
    read: ReadPairs, answers: Sequence[Asked], prepared: PreparedRubric
) -> list[dict[str, list[Array]]]:
    """Return, by answer and criterion, the pair measures of each target; NaN for a penalty.

    Args:
        read: the cross-encoder.
        answers: to one question.
        prepared: its rubric.
    """
    pairs: dict[tuple[str, str], int] = {}

    def place(wording: str, text: str) -> int:
        return pairs.setdefault((wording, text), len(pairs))

    wanted = []
    for one in answers:
        reference = _nearest_reference(one, prepared)
        whole = place(reference, one.text) if reference else None
        wanted.append(
            {
                criterion: [
                    (whole, [place(wording, _part(one, target)) for wording in target.wordings])
                    for target in targets
                ]
                for criterion, targets in one.measured.items()
            }
        )
    said, _ = read(list(pairs))
    return [
        {
            criterion: [
                _of_target(said, whole, elements)
                if elements
                else np.full(len(PAIR_MEASURES), np.nan)
                for whole, elements in targets
            ]
            for criterion, targets in one.items()
        }
        for one in wanted
    ]


def _of_target(said: Array, whole: int | None, elements: Sequence[int]) -> Array:
    shown = said[elements, CORRECT] - _others(said[elements], CORRECT)
    against = said[elements, CONTRADICTORY] - _others(said[elements], CONTRADICTORY)
    overall = (0.0, 0.0)
    if whole is not None:
        row = said[[whole]]
        overall = (
            float(row[0, CORRECT] - _others(row, CORRECT)[0]),
            float(row[0, CONTRADICTORY] - _others(row, CONTRADICTORY)[0]),
        )
    return np.array([shown.min(), shown.mean(), shown.max(), against.max(), *overall])


def _others(rows: Array, but: int) -> Array:
    """Return the log of the summed odds of the other classes, (rows,)."""
    made: Array = np.logaddexp.reduce(np.delete(rows, but, axis=1), axis=1)
    return made


def _nearest_reference(one: Asked, prepared: PreparedRubric) -> str:
    references = prepared.rubric.reference_answers
    if not references:
        return ""
    near = (one.vectors @ prepared.plain[prepared.references].T).mean(axis=0)
    return references[int(near.argmax())]


def _part(one: Asked, target: Measured) -> str:
    """Return what the cross-encoder reads of an answer: all of it, or the pieces that matter."""
    if len(one.text.split()) <= LONGEST:
        return one.text
    first = max(0, target.best - 1)
    return " ".join(dict.fromkeys(one.pieces[first : target.best + 2]))

"""Short answers that a person has judged against right answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = ("correct", "contradictory", "incorrect")
CORRECT, CONTRADICTORY, INCORRECT = range(3)


@dataclass(frozen=True)
class JudgedAnswer:
    """One answer with the class that people gave it.

    Attributes:
        question_id: which question; answers of one question share it.
        question: its text; may be empty.
        references: right answers; may be empty.
        answer_id: unique within the question.
        text: the answer; may be empty.
        label: place in CLASSES.
    """

    question_id: str
    question: str
    references: tuple[str, ...]
    answer_id: str
    text: str
    label: int


@dataclass(frozen=True)
class Example:
    """An answer to the same question, with its worth.

    Attributes:
        text: the answer.
        label: place in CLASSES, or None where only the share is known.
        share: how much of the full score it got, in [0, 1]; for a class 1 or 0.
    """

    text: str
    share: float
    label: int | None = None

    @classmethod
    def of_class(cls, text: str, label: int) -> "Example":
        """Make an example from a class."""
        return cls(text, float(label == CORRECT), label)


def targets(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return what the classes of the examples are, rows that sum to 1, shape (examples, 3)."""
    made = np.zeros((len(examples), len(CLASSES)))
    for row, one in enumerate(examples):
        if one.label is None:
            made[row, CORRECT] = min(1.0, max(0.0, one.share))
            made[row, INCORRECT] = 1 - made[row, CORRECT]
        else:
            made[row, one.label] = 1.0
    return made

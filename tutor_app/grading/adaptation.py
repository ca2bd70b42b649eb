"""What graded answers to the same question teach: where the model is off, and for which answers.

Kernel ridge regression of the model's errors on how alike answers are, so that an answer like one
that was scored too high is lowered too; used from the fifth graded answer on. An answer in the
very words of a graded one gets that one's points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Vectors
from tutor_app.documents.wording import fold
from tutor_app.grading.criterion_model import SHARES
from tutor_app.grading.prepared import unit

Array = NDArray[np.float64]
FEWEST = 5
MOST = 200
GAIN = 3.0
"""Log-odds for an error of one. The gold answers, where no two are alike, cannot tell it from 0."""
RIDGE = 0.5
SHARPNESS = 4.0
TWIN = 4.0
"""Log-odds for and against, for an answer in the words of a graded one."""


@dataclass(frozen=True)
class Known:
    """A graded answer beside one criterion.

    Attributes:
        text: the answer.
        middle: mean of the vectors of its pieces, (dimensions,).
        log_odds: what the model says of it, (2,).
        share: of the criterion's points (of a penalty, of its cost), as a person gave them.
    """

    text: str
    middle: Vectors
    log_odds: Array
    share: float


class Adaptation:
    """The errors on graded answers, for one criterion."""

    def __init__(self, known: Sequence[Known], centre: Vectors):
        """Fit; of many the last 200 count.

        Args:
            known: graded answers; five or more.
            centre: what all texts about the question have in common, (dimensions,).
        """
        known = known[-MOST:]
        self._centre = centre
        self._middles = unit(np.stack([one.middle for one in known]) - centre)
        self._shares = {_key(one.text): one.share for one in known}
        log_odds = np.stack([one.log_odds for one in known])
        reached = np.array([[one.share > share for share in SHARES] for one in known])
        errors = reached - 1 / (1 + np.exp(-log_odds))
        alike = _alike(self._middles, self._middles) + RIDGE * np.eye(len(known))
        self._weights = np.asarray(np.linalg.solve(alike, errors), dtype=np.float64)

    def adapt(self, text: str, middle: Vectors, log_odds: Array) -> Array:
        """Return the log-odds of an answer with what the graded answers say, (2,)."""
        twin = self._shares.get(_key(text))
        if twin is not None:
            return np.array([TWIN if twin > share else -TWIN for share in SHARES])
        here = unit((middle - self._centre)[None])
        some, full = log_odds + GAIN * (_alike(here, self._middles) @ self._weights)[0]
        return np.array([max(some, full), full])


def _alike(some: Vectors, others: Vectors) -> Array:
    made: Array = np.exp(SHARPNESS * ((some @ others.T).astype(np.float64) - 1))
    return made


def _key(text: str) -> str:
    return " ".join(fold(text).split())

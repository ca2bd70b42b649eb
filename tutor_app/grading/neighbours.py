"""What graded answers of the same question say about a new one.

Kernel ridge regression of the classes (equal to the mean of a Gaussian process; Rasmussen and
Williams, 2006, chapter 2) over meaning and letters, once around the class means of the examples
and once around what the first stage said of them; and the nearest few by themselves.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tutor_app.grading.features import Said, Words
from tutor_app.grading.judged import CLASSES

# "From the fifth graded answer on": fewer say less than they mislead.
FEWEST = 5
LOCAL = 16
PAIR_LOCAL = 3

_REACH = 0.25
_RIDGE = 0.3
_NEAREST = 5
_BINS = 1024
_PRIOR = np.array([0.4, 0.15, 0.45])
_PRIOR_WEIGHT = 2.0

Numbers = NDArray[np.float64]


def letter_vectors(words: Sequence[Words]) -> NDArray[np.float32]:
    """Return hashed counts of letter runs as unit vectors, shape (texts, 1024); empty is zero."""
    made = np.zeros((len(words), _BINS), dtype=np.float32)
    for row, one in enumerate(words):
        for piece, count in one.letters.items():
            made[row, crc32(piece.encode()) % _BINS] += count
    norms = np.linalg.norm(made, axis=1, keepdims=True)
    vectors: NDArray[np.float32] = made / np.maximum(norms, 1e-9)
    return vectors


def local_measures(
    said: Said, first: Numbers, known: Said, known_first: Numbers, classes: Numbers
) -> Numbers:
    """Return what the examples say of each answer, shape (answers, LOCAL).

    Args:
        said: the answers.
        first: the first stage's probabilities for them, (answers, 3).
        known: the examples.
        known_first: the first stage's probabilities for those, (examples, 3).
        classes: what people said of the examples, rows that sum to 1, (examples, 3).
    """
    near = said.vectors.astype(np.float64) @ known.vectors.T
    among = known.vectors.astype(np.float64) @ known.vectors.T
    letters, known_letters = letter_vectors(said.words), letter_vectors(known.words)
    cross = 0.5 * _kernel(near) + 0.5 * (letters @ known_letters.T)
    inner = 0.5 * _kernel(among) + 0.5 * (known_letters @ known_letters.T)
    mean = (classes.sum(axis=0) + _PRIOR_WEIGHT * _PRIOR) / (len(classes) + _PRIOR_WEIGHT)
    solved = np.linalg.solve(
        inner + _RIDGE * np.eye(len(classes)), np.hstack([classes - mean, classes - known_first])
    )
    moved = cross @ solved
    columns = len(CLASSES)
    closest = [
        np.where(classes[:, k] > 0.5, cross, 0.0).max(axis=1, initial=0.0) for k in range(columns)
    ]
    return np.column_stack(
        [
            mean + moved[:, :columns],
            first + moved[:, columns:],
            _few(cross, classes, mean),
            *closest,
            np.tile(mean, (len(said), 1)),
            np.full(len(said), np.log(len(classes))),
        ]
    )


def pair_measures(vectors: Numbers, known_vectors: Numbers, classes: Numbers) -> Numbers:
    """Return the same regression in the cross-encoder's own space, shape (answers, 3)."""
    one, other = _unit(vectors), _unit(known_vectors)
    mean = (classes.sum(axis=0) + _PRIOR_WEIGHT * _PRIOR) / (len(classes) + _PRIOR_WEIGHT)
    inner = _kernel(other @ other.T) + _RIDGE * np.eye(len(classes))
    made: Numbers = mean + _kernel(one @ other.T) @ np.linalg.solve(inner, classes - mean)
    return made


def _few(cross: Numbers, classes: Numbers, mean: Numbers) -> Numbers:
    count = min(_NEAREST, len(classes))
    nearest = np.argpartition(-cross, count - 1, axis=1)[:, :count]
    weights = np.take_along_axis(cross, nearest, axis=1) ** 2
    made: Numbers = (np.einsum("ak,akc->ac", weights, classes[nearest]) + 0.2 * mean) / (
        weights.sum(axis=1, keepdims=True) + 0.2
    )
    return made


def _kernel(cosines: Numbers) -> Numbers:
    made: Numbers = np.exp((np.minimum(cosines, 1.0) - 1) / _REACH)
    return made


def _unit(vectors: Numbers) -> Numbers:
    made: Numbers = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return made

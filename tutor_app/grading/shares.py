"""From the probability of "correct" to the share of the points, on one question's own scale."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tutor_app.grading.judged import CORRECT, Example

# Fewer examples say too little about how a person grades.
FEWEST_FOR_SCALE = 10
_PARTS = 5
_PULL = 2.0

Numbers = NDArray[np.float64]
Judge = Callable[[Sequence[str], Sequence[Example]], Numbers]


def expected_shares(
    judge: Judge, answers: Sequence[str], examples: Sequence[Example]
) -> tuple[Numbers, Numbers]:
    """Return the expected share of the points, (answers,), and the class probabilities.

    Without examples the share is the probability of "correct". With ten or more, a straight line
    is fitted to what the examples got against what they would have been given, each fifth judged
    by the others; a ridge pulls it to the identity while examples are few.

    Args:
        judge: answers and examples to class probabilities, (answers, 3).
        answers: to be judged.
        examples: graded answers of the same question.
    """
    probabilities = judge(answers, examples)
    shares = probabilities[:, CORRECT]
    if len(examples) < FEWEST_FOR_SCALE:
        return shares, probabilities
    held = np.arange(len(examples)) % _PARTS
    expected = np.zeros(len(examples))
    for part in range(_PARTS):
        mine = np.flatnonzero(held == part)
        others = [one for one, where in zip(examples, held, strict=True) if where != part]
        expected[mine] = judge([examples[int(i)].text for i in mine], others)[:, CORRECT]
    slope, start = _line(expected, np.array([one.share for one in examples]))
    return np.clip(start + slope * shares, 0.0, 1.0), probabilities


def _line(found: Numbers, true: Numbers) -> tuple[float, float]:
    """Fit true = start + slope * found by ridge regression towards slope 1, start 0."""
    inputs = np.column_stack([found, np.ones_like(found)])
    solved = np.linalg.solve(inputs.T @ inputs + _PULL * np.eye(2), inputs.T @ (true - found))
    return float(1 + solved[0]), float(solved[1])

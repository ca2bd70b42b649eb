"""Agreement and calibration, in numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int_]

_STEPS = (1.0, 0.5, 0.25, 0.2, 0.125, 0.1, 0.05, 0.025, 0.01)


def f1_scores(true: Whole, found: Whole, classes: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Return F1 per class (0 where it is neither there nor said), and the classes' shares."""
    scores, shares = [], []
    for one in classes:
        hits = int(((true == one) & (found == one)).sum())
        said, there = int((found == one).sum()), int((true == one).sum())
        scores.append(2 * hits / (said + there) if said + there else 0.0)
        shares.append(there / max(1, len(true)))
    return np.array(scores), np.array(shares)


def calibration_error(sure: Numbers, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error in equal bins (Naeini et al., 2015)."""
    places = np.minimum((sure * bins).astype(int), bins - 1)
    error = 0.0
    for place in np.unique(places):
        there = places == place
        error += there.mean() * abs(float(sure[there].mean()) - float(right[there].mean()))
    return float(error)


def quadratic_kappa(true: Whole, found: Whole) -> float | None:
    """Return Cohen's kappa with quadratic weights; None where nothing varies."""
    apart = float(((true - found) ** 2).mean())
    # the mean squared difference of all pairs, by their moments
    by_chance = float((true**2).mean() + (found**2).mean() - 2 * true.mean() * found.mean())
    return 1 - apart / by_chance if by_chance > 0 else None


def pearson(true: Numbers, found: Numbers) -> float | None:
    """Return the correlation; None where one of them does not vary."""
    if len(true) < 2 or true.std() < 1e-12 or found.std() < 1e-12:
        return None
    return float(np.corrcoef(true, found)[0, 1])


def grid_step(scores: Numbers) -> float:
    """Return the widest usual step whose multiples all scores are, else 0.01."""
    for step in _STEPS:
        parts = scores / step
        if np.allclose(parts, np.rint(parts), atol=1e-6):
            return step
    return _STEPS[-1]

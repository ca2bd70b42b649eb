"""Measures of a ranking, and intervals around their means. Pure."""

import math
from collections.abc import Collection, Sequence

import numpy as np


def ndcg(ranked: Sequence[bool], relevant: int, k: int = 10) -> float:
    """Return the normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), 0 to 1.

    Args:
        ranked: whether the result at each rank is relevant, best first.
        relevant: how many relevant results there are to find.
        k: how many ranks count.
    """
    if not relevant:
        return 0.0
    gain = sum(1 / math.log2(rank + 2) for rank, hit in enumerate(ranked[:k]) if hit)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(relevant, k)))


def recall(ranked: Sequence[str], relevant: Collection[str], k: int = 5) -> float:
    """Return the share of the relevant ids that are among the first k, 0 to 1."""
    wanted = set(relevant)
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranked: Sequence[bool]) -> float:
    """Return 1 / rank of the first relevant result, 0 when there is none; its mean is the MRR."""
    return next((1 / (rank + 1) for rank, hit in enumerate(ranked) if hit), 0.0)


def bootstrap_interval(
    values: Sequence[float], level: float = 0.95, resamples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean (Efron 1979).

    Args:
        values: one value per query; empty gives (nan, nan).
        level: share of the resampled means inside the interval.
        resamples: how often the queries are drawn anew.
        seed: the same seed gives the same interval.
    """
    if not values:
        return math.nan, math.nan
    data = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(data), size=(resamples, len(data)))
    low, high = np.quantile(data[draws].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)

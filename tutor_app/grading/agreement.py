"""How far raters agree, with intervals; the human-human number stands beside the model's.

How to use it::

    rows = agreement(ratings, scales, models={"grader-0.2:ab12"})   # per criterion, per pair
    again = choose_repeats(totals, size=10, seed=7)                 # come back blind
    own, model = consistency(first, second, proposed, scale)        # the instructor's own beside it

`ratings` are `Rating(rater, submission, criterion, points)`; whoever did not rate something has
no entry for it, and a pair is compared on what both rated. Points are divided by what the
criterion is worth, so that criteria can be taken together (criterion "all").

Intervals are percentiles of a bootstrap that draws submissions, so the criteria of one answer stay
together (Efron 1979). Where no draw differs, as when all decisions are the same, a share gets the
exact bound of so many answers, and the other figures none. A figure that cannot be had (nothing
varies) is None, with "nothing varies" on the page rather than a 0 or a 1; where both raters give
everything the same points kappa is 1.

Quadratic weighted kappa: Cohen 1968, Psychol. Bull. 70:213. ICC(2,1): Shrout & Fleiss 1979,
Psychol. Bull. 86:420, one rating, raters a random sample, absolute agreement.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from tutor_app.domain.base import Strict
from tutor_app.grading.bounds import clopper_pearson

Floats = NDArray[np.float64]
DRAWS = 1_000
_CELLS = 4_000_000
_SAME = 0.006
_NO_SPREAD = 1e-9
SHARES = ("exact", "adjacent")
MEASURES = ("exact", "adjacent", "qwk", "kappa", "icc", "pearson", "rmse")


class Rating(Strict):
    """Points that one rater gave to one criterion of one submission."""

    rater: str
    submission: str
    criterion: str
    points: float


class Estimate(Strict):
    """A figure with its 95 % interval; None where it cannot be had."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "nothing varies"
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


class Agreement(Strict):
    """Two raters on one criterion, or on all.

    Attributes:
        people: both are people, not one of them a model.
        submissions, decisions: what both rated.
        exact: share with equal points; adjacent: at most one step apart on the criterion's scale.
        rmse: in shares of what the criterion is worth.
    """

    criterion: str
    first: str
    second: str
    people: bool
    submissions: int
    decisions: int
    exact: Estimate
    adjacent: Estimate
    qwk: Estimate
    kappa: Estimate
    icc: Estimate
    pearson: Estimate
    rmse: Estimate


def agreement(
    ratings: Iterable[Rating],
    scales: Mapping[str, Sequence[float]],
    *,
    models: Collection[str] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> list[Agreement]:
    """Compare every pair of raters on every criterion and on all; human pairs first.

    Args:
        ratings: the last one counts where a rater rated twice.
        scales: every score that a criterion can give (`Criterion.possible_points`).
        models: the raters that are no people.
        draws: bootstrap samples; 0 for no intervals.
        seed: of the bootstrap.
    """
    given: dict[str, dict[tuple[str, str], float]] = {}
    for one in ratings:
        given.setdefault(one.rater, {})[one.submission, one.criterion] = one.points
    rows = []
    pairs = sorted(combinations(sorted(given), 2), key=lambda p: sum(r in models for r in p))
    for first, second in pairs:
        both = sorted(given[first].keys() & given[second].keys())
        for criterion in [*scales, "all"] if len(scales) > 1 else list(scales):
            keys = [k for k in both if criterion in ("all", k[1])]
            if keys:
                people = first not in models and second not in models
                a, b = ([given[r][k] for k in keys] for r in (first, second))
                measured = compare(a, b, [scales[k[1]] for k in keys], [k[0] for k in keys],
                                   draws=draws, seed=seed)  # fmt: skip
                rows.append(
                    Agreement(
                        criterion=criterion, first=first, second=second, people=people,
                        submissions=len({k[0] for k in keys}), decisions=len(keys), **measured,
                    )
                )  # fmt: skip
    return rows


def compare(
    first: Sequence[float],
    second: Sequence[float],
    scales: Sequence[Sequence[float]],
    submissions: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Return every one of `MEASURES` for paired decisions.

    Args:
        first: points by one rater, one per decision.
        second: points by the other.
        scales: the scores that each decision's criterion can give.
        submissions: whose answer each decision is about; these are what the bootstrap draws.
        draws: bootstrap samples; 0 for no intervals.
        seed: of the bootstrap.
    """
    sums = _sums(first, second, scales, submissions)
    values = _measures(sums.sum(axis=0)[None])
    spread = _bootstrap(sums, draws, seed) if draws and len(sums) > 1 else None
    found = {}
    for at, name in enumerate(MEASURES):
        value = float(values[0, at])
        low = high = None
        if spread is not None and np.isfinite(value):
            drawn = spread[np.isfinite(spread[:, at]), at]
            if drawn.size > len(spread) / 2:
                low, high = (float(q) for q in np.quantile(drawn, [0.025, 0.975]))
                if high - low < _NO_SPREAD:
                    low, high = _exact(value, len(sums)) if name in SHARES else (None, None)
        found[name] = Estimate(value=value if np.isfinite(value) else None, low=low, high=high)
    return found


def _exact(share: float, answers: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a share that is 0 or 1 in all of so many answers, else none."""
    width = clopper_pearson(0, answers, 0.975)
    if share > 1 - _NO_SPREAD:
        return 1 - width, 1.0
    return (0.0, width) if share < _NO_SPREAD else (None, None)


def weighted_kappa(first: Sequence[float] | Floats, second: Sequence[float] | Floats) -> float:
    """Return Cohen's kappa with quadratic weights; 1 where nothing varies and all agree."""
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    by_chance = float((a**2).mean() + (b**2).mean() - 2 * a.mean() * b.mean())
    if by_chance <= 1e-12:
        return 1.0
    return 1 - float(((a - b) ** 2).mean()) / by_chance


def icc2_1(ratings: Floats) -> float:
    """Return ICC(2,1) of complete ratings, shape (targets, raters); nan where nothing varies."""
    n, k = ratings.shape
    if n < 2 or k < 2:
        return float("nan")
    grand = ratings.mean()
    rows = k * ((ratings.mean(axis=1) - grand) ** 2).sum()
    columns = n * ((ratings.mean(axis=0) - grand) ** 2).sum()
    rest = ((ratings - grand) ** 2).sum() - rows - columns
    between, raters, error = rows / (n - 1), columns / (k - 1), rest / ((n - 1) * (k - 1))
    below = between + (k - 1) * error + k * (raters - error) / n
    return float((between - error) / below) if below > 1e-12 else float("nan")


def choose_repeats(totals: Mapping[str, float], *, size: int = 10, seed: int) -> list[str]:
    """Choose graded answers that come back blind, spread over the scores, in random order.

    Sorted by score (ties at random) they are cut into `size` runs; one of each is drawn.
    """

    def shuffled(name: str) -> bytes:
        return sha256(f"{seed}\n{name}".encode()).digest()

    order = sorted(totals, key=lambda name: (totals[name], shuffled(name)))
    cuts = np.linspace(0, len(order), min(size, len(order)) + 1).astype(int)
    runs = [order[a:b] for a, b in pairwise(cuts)]
    return sorted((min(run, key=shuffled) for run in runs), key=shuffled)


def consistency(
    first: Iterable[Rating], again: Iterable[Rating], proposed: Iterable[Rating],
    scales: Mapping[str, Sequence[float]], *, draws: int = DRAWS,
) -> tuple[list[Agreement], list[Agreement]]:  # fmt: skip
    """Return the instructor with themself, and the proposals with the instructor, on repeats.

    Both on the answers that came back, so that they can stand side by side; the proposals are
    compared with the first marks. With ten answers the intervals are wide, and shown.
    """
    once = {(r.submission, r.criterion): r for r in again}

    def named(ratings: Iterable[Rating], rater: str) -> list[Rating]:
        return [
            r.model_copy(update={"rater": rater})
            for r in ratings
            if (r.submission, r.criterion) in once
        ]

    mine = named(first, "first time")
    own = agreement([*mine, *named(once.values(), "second time")], scales, draws=draws)
    beside = agreement(
        [*mine, *named(proposed, "proposal")], scales, models={"proposal"}, draws=draws
    )
    return own, beside


def _sums(
    first: Sequence[float], second: Sequence[float],
    scales: Sequence[Sequence[float]], submissions: Sequence[str],
) -> Floats:  # fmt: skip
    """Return sums from which all measures follow, shape (submissions, 8 + 2 x categories)."""
    worth = np.array([max(abs(p) for p in scale) or 1.0 for scale in scales])
    a, b = np.asarray(first, dtype=float) / worth, np.asarray(second, dtype=float) / worth
    steps = np.array([_step(scale) for scale in scales]) / worth
    apart = np.abs(a - b)
    columns = [
        np.ones_like(a), a, b, a * a, b * b, a * b,
        apart < _SAME / worth, apart <= steps + _SAME / worth,
    ]  # fmt: skip
    levels = np.unique(np.round(np.concatenate([a, b]), 6))
    columns += [np.isclose(a, one, atol=2e-6) for one in levels]
    columns += [np.isclose(b, one, atol=2e-6) for one in levels]
    names, at = np.unique(np.asarray(submissions), return_inverse=True)
    summed = [np.bincount(at, weights=one, minlength=names.size) for one in columns]
    return np.stack(summed, axis=1)


def _step(scale: Sequence[float]) -> float:
    """Return the widest gap between neighbouring scores."""
    levels = np.unique(scale)
    return float(np.diff(levels).max()) if levels.size > 1 else 0.0


def _measures(sums: Floats) -> Floats:
    """Return all measures, shape (draws, measures), from summed columns of `_sums`."""
    n = sums[:, 0]
    ea, eb, aa, bb, ab, same, near = (sums[:, i] / n for i in range(1, 8))
    gap = np.maximum(aa + bb - 2 * ab, 0)
    va, vb = np.maximum(aa - ea**2, 0), np.maximum(bb - eb**2, 0)
    levels = (sums.shape[1] - 8) // 2
    chance = (sums[:, 8 : 8 + levels] * sums[:, 8 + levels :]).sum(axis=1) / n**2
    by_chance = aa + bb - 2 * ea * eb
    cov = ab - ea * eb
    # Two raters: the sums of squares of the two-way table are moments of a and b.
    between = n * (va + vb + 2 * cov) / (2 * np.maximum(n - 1, 1))
    raters = n * (ea - eb) ** 2 / 2
    error = np.maximum(n * (va + vb - 2 * cov), 0) / (2 * np.maximum(n - 1, 1))
    below = between + error + 2 * (raters - error) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack(
            [
                same,
                near,
                np.where(by_chance > 1e-9, 1 - gap / by_chance, 1.0),
                np.where(1 - chance > 1e-9, (same - chance) / (1 - chance), 1.0),
                np.where((below > 1e-9) & (n > 1), (between - error) / below, np.nan),
                np.where(va * vb > 1e-12, cov / np.sqrt(va * vb), np.nan),
                np.sqrt(gap),
            ],
            axis=1,
        )


def _bootstrap(sums: Floats, draws: int, seed: int) -> Floats:
    """Return the measures of `draws` samples of submissions, a bounded block at a time."""
    rng = np.random.default_rng(seed)
    n = len(sums)
    block = max(1, _CELLS // n)
    found = []
    for start in range(0, draws, block):
        some = min(block, draws - start)
        times = rng.multinomial(n, np.full(n, 1 / n), size=some)
        found.append(_measures(times @ sums))
    return np.concatenate(found)

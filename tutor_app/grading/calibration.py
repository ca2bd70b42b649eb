"""Calibrated confidence: of the proposals called 0.8 sure, eight in ten are what people would give.

How to use it::

    report = fit_calibration(raw, right, questions)      # many answers: the shipped calibration
    shipped = report.calibration
    local = refine(shipped, raw, right)                  # 5-60 teaching answers of this batch
    confidence = local.apply(raw)
    bins = reliability(confidence, right)                # the chart, with counts and intervals

`raw` are confidences of single decisions in [0, 1], `right` whether the instructor gave those
points. Audit answers must never be among them.

Methods, all maps of the log-odds or of the rank: temperature and Platt scaling (Guo et al. 2017,
arXiv:1706.04599; Platt 1999) and isotonic regression (Zadrozny & Elkan 2002). Which one is chosen
by log-loss in folds that leave whole questions out. A few local answers cannot carry a map of
their own: `refine` fits slope and offset on top of the shipped one, as the most probable under a
normal prior, log(slope) ~ N(0, 0.25^2), offset ~ N(0, 0.5^2). Five answers move it by little,
sixty by about half of the way, thousands all the way.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit
from scipy.stats import beta

from tutor_app.domain.base import Strict
from tutor_app.domain.grade import Grade

Floats = NDArray[np.float64]
Method = Literal["as it is", "temperature", "platt", "isotonic"]
_TINY = 1e-4
_SLOPE_SD, _OFFSET_SD = 0.25, 0.5
# A slope or offset that many answers choose alone still has to stay finite.
_WIDE = 3.0


class Calibration(Strict):
    """confidence = sigmoid(slope * logit(curve(raw)) + offset); the curve is linear in between.

    Without knots the curve is the identity. JSON holds all of it.
    """

    method: Method = "as it is"
    slope: float = 1.0
    offset: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()
    answers: int = 0

    def apply(self, raw: ArrayLike) -> Floats:
        """Return calibrated confidences of the same shape."""
        return np.asarray(expit(self.slope * self._log_odds(raw) + self.offset))

    def _log_odds(self, raw: ArrayLike) -> Floats:
        given = np.asarray(raw, dtype=float)
        if self.knots:
            at, height = np.array(self.knots).T
            given = np.interp(given, at, height)
        given = np.clip(given, _TINY, 1 - _TINY)
        return np.asarray(np.log(given) - np.log1p(-given))


class ReliabilityBin(Strict):
    """Proposals of similar confidence; the interval is an exact 95 % one of the share right."""

    answers: int
    confidence: float
    right: float
    low: float
    high: float


class CalibrationReport(Strict):
    """What was chosen, and figures from folds that had not seen the question.

    Attributes:
        ece_before, ece: expected calibration error of the raw and the calibrated confidences.
        log_losses: by method, out of fold.
        folds: 0 where there was one question only, and answers were left out instead.
    """

    calibration: Calibration
    answers: int
    questions: int
    folds: int
    ece_before: float
    ece: float
    log_losses: dict[str, float]
    bins: tuple[ReliabilityBin, ...]


def fit_calibration(
    raw: ArrayLike, right: ArrayLike, questions: Sequence[str], *, folds: int = 5, seed: int = 0
) -> CalibrationReport:
    """Choose and fit a calibration.

    Args:
        raw: confidences in [0, 1], shape (n,).
        right: whether each proposal was what a person gave, shape (n,).
        questions: whose question each is; a fold never parts one.
        folds: at most one per question; with one question, answers are parted instead.
        seed: of the folds.
    """
    x, y = np.asarray(raw, dtype=float), np.asarray(right, dtype=float)
    names, at = np.unique(np.asarray(questions, dtype=str), return_inverse=True)
    rng = np.random.default_rng(seed)
    grouped = names.size > 1
    folds = min(folds, names.size if grouped else x.size)
    place = rng.permutation(names.size)[at] if grouped else rng.permutation(x.size)
    fold = place % max(folds, 1)
    unseen = {method: np.full(x.size, np.nan) for method in _FITS}
    for method, fit in _FITS.items():
        for one in range(folds):
            known = fold != one
            chosen = fit(x[known], y[known]) if known.any() else Calibration()
            unseen[method][~known] = chosen.apply(x[~known])
    losses = {method: _log_loss(p, y) for method, p in unseen.items()}
    best = min(losses, key=lambda method: round(losses[method], 4))
    return CalibrationReport(
        calibration=_FITS[best](x, y),
        answers=x.size,
        questions=names.size,
        folds=folds if grouped else 0,
        ece_before=expected_calibration_error(x, y),
        ece=expected_calibration_error(unseen[best], y),
        log_losses=dict(losses),
        bins=reliability(unseen[best], y),
    )


def refine(shipped: Calibration, raw: ArrayLike, right: ArrayLike) -> Calibration:
    """Bend a shipped calibration towards a few graded answers, by as much as they can carry."""
    x, y = np.asarray(raw, dtype=float), np.asarray(right, dtype=float)
    if x.size == 0:
        return shipped
    before = shipped.slope * shipped._log_odds(x) + shipped.offset
    slope, offset = _scaled(before, y, _SLOPE_SD, _OFFSET_SD)
    return shipped.model_copy(
        update={
            "slope": slope * shipped.slope,
            "offset": slope * shipped.offset + offset,
            "answers": shipped.answers + x.size,
        }
    )


def calibrated(grade: Grade, calibration: Calibration) -> Grade:
    """Return a grade with each criterion's confidence calibrated."""
    if not grade.criteria:
        return grade
    sure = calibration.apply([one.confidence for one in grade.criteria])
    criteria = tuple(
        one.model_copy(update={"confidence": float(p)})
        for one, p in zip(grade.criteria, sure, strict=True)
    )
    return grade.model_copy(update={"criteria": criteria})


def reliability(
    confidence: ArrayLike, right: ArrayLike, *, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Return bins of nearly equal numbers of answers; equal confidences stay together."""
    p, y = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    found = []
    for inside in _equal_mass(p, bins):
        n, k = int(inside.size), int(y[inside].sum())
        found.append(
            ReliabilityBin(
                answers=n, confidence=float(p[inside].mean()), right=k / n,
                low=float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0,
                high=float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0,
            )
        )  # fmt: skip
    return tuple(found)


def expected_calibration_error(confidence: ArrayLike, right: ArrayLike, *, bins: int = 10) -> float:
    """Return the mean gap between confidence and share right, weighted by answers (Guo 2017).

    Bins of equal mass (Nguyen & O'Connor 2015), so that no bin hangs on one answer. Chance alone
    gives about 0.3 / sqrt(n / bins), also to perfect confidences: say n with it.
    """
    found = reliability(confidence, right, bins=bins)
    n = sum(one.answers for one in found)
    return sum(one.answers * abs(one.confidence - one.right) for one in found) / n if n else 0.0


def _equal_mass(p: Floats, bins: int) -> list[NDArray[np.int64]]:
    order = np.argsort(p, kind="stable")
    ends = np.linspace(0, p.size, min(bins, p.size) + 1).astype(int)[1:]
    found, start = [], 0
    for end in ends:
        while 0 < end < p.size and p[order[end]] == p[order[end - 1]]:
            end += 1
        if end > start:
            found.append(order[start:end])
            start = end
    return found


def _log_loss(p: Floats, y: Floats) -> float:
    kept = np.clip(p, _TINY, 1 - _TINY)
    return float(-np.mean(y * np.log(kept) + (1 - y) * np.log1p(-kept))) if y.size else 0.0


def _scaled(log_odds: Floats, y: Floats, slope_sd: float, offset_sd: float) -> tuple[float, float]:
    """Return the most probable slope and offset; an offset_sd of 0 leaves the offset at 0."""

    def loss(v: Floats) -> float:
        z = np.exp(v[0]) * log_odds + v[1]
        prior = (v[0] / slope_sd) ** 2 / 2
        if offset_sd:
            prior += (v[1] / offset_sd) ** 2 / 2
        return float(np.logaddexp(0, z).sum() - (y * z).sum() + prior)

    span = [(-4.0, 3.0), (-6.0, 6.0) if offset_sd else (0.0, 0.0)]
    found = minimize(loss, np.zeros(2), bounds=span, method="L-BFGS-B").x
    return float(np.exp(found[0])), float(found[1])


def _temperature(x: Floats, y: Floats) -> Calibration:
    slope, _ = _scaled(Calibration()._log_odds(x), y, _WIDE, 0.0)
    return Calibration(method="temperature", slope=slope, answers=x.size)


def _platt(x: Floats, y: Floats) -> Calibration:
    slope, offset = _scaled(Calibration()._log_odds(x), y, _WIDE, _WIDE)
    return Calibration(method="platt", slope=slope, offset=offset, answers=x.size)


def _isotonic(x: Floats, y: Floats) -> Calibration:
    at, where, times = np.unique(x, return_inverse=True, return_counts=True)
    mean = np.bincount(where, weights=y) / times
    fitted = isotonic_regression(mean, weights=times)
    # A block of n answers that are all right is not sure: one more of each kind (Laplace).
    knots = []
    for a, b in zip(fitted.blocks[:-1], fitted.blocks[1:], strict=True):
        n = int(times[a:b].sum())
        height = (float(fitted.x[a]) * n + 1) / (n + 2)
        knots += [(float(at[a]), height)] + ([(float(at[b - 1]), height)] if b - a > 1 else [])
    return Calibration(method="isotonic", knots=tuple(knots), answers=x.size)


# Simplest first: it wins a tie.
_FITS: dict[Method, Callable[[Floats, Floats], Calibration]] = {
    "as it is": lambda x, y: Calibration(answers=x.size),
    "temperature": _temperature,
    "platt": _platt,
    "isotonic": _isotonic,
}

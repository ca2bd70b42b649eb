"""Train the criterion model; folds always leave whole rubrics out.

Needs scikit-learn (the [refresh] extra).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tutor_app.grading.criterion_model import SHARES, STEPS, CriterionModel, Step
from tutor_app.grading.trees import Trees

Array = NDArray[np.float64]
INNER_FOLDS = 3


@dataclass(frozen=True)
class Taught:
    """Judged criteria: one row each.

    Attributes:
        values: measures, (rows, measures).
        shares: share of the points that was given, in [0, 1], (rows,).
        rubrics: whose rubric it is, (rows,).
        pairs: pair measures, (rows, len(PAIR_MEASURES)), by a cross-encoder that has not seen the
            rubric; NaN where it has, or where there are none.
        weights: how much a row counts where the heads are put together, (rows,).
    """

    values: Array
    shares: Array
    rubrics: NDArray[np.str_]
    pairs: Array
    weights: Array

    def and_(self, other: "Taught") -> "Taught":
        """Return the rows of both."""
        return Taught(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.shares, other.shares]),
            np.concatenate([self.rubrics, other.rubrics]),
            np.concatenate([self.pairs, other.pairs]),
            np.concatenate([self.weights, other.weights]),
        )


def train(taught: Taught, seed: int = 0) -> CriterionModel:
    """Fit both steps; the blend on what inner folds say of rubrics they have not seen."""
    steps = {}
    for name, least in zip(STEPS, SHARES, strict=True):
        labels = taught.shares > least
        inner = np.zeros((len(labels), 2))
        for held in folds(taught.rubrics, INNER_FOLDS, seed):
            part = _fit(taught.values[~held], labels[~held], seed)
            inner[held] = part.parts(taught.values[held])
        fitted = _fit(taught.values, labels, seed)
        blend = _blend(inner, labels, taught.weights)
        alone = inner @ blend[:2] + blend[2]
        steps[name] = replace(fitted, blend=blend, second=_second(alone, taught, labels))
    return CriterionModel(steps)


def folds(groups: NDArray[np.str_], number: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Yield which rows to hold out: whole groups, dealt out at random, each held out once."""
    names = np.unique(groups)
    place = np.random.default_rng(seed).permutation(len(names)) % number
    for fold in range(min(number, len(names))):
        yield np.isin(groups, names[place == fold])


def _fit(values: Array, labels: NDArray[np.bool_], seed: int) -> Step:
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    centre = values.mean(axis=0)
    scale = np.maximum(values.std(axis=0), 1e-6)
    linear = LogisticRegression(C=0.03, max_iter=2000).fit((values - centre) / scale, labels)
    trees = GradientBoostingClassifier(
        n_estimators=250, max_depth=3, learning_rate=0.08, subsample=0.25, max_features=0.3,
        min_samples_leaf=20, random_state=seed,
    ).fit(values.astype(np.float32), labels)  # fmt: skip
    return Step(
        centre, scale, linear.coef_[0], float(linear.intercept_[0]), Trees.of(trees),
        blend=np.array([0.5, 0.5, 0.0]), second=np.zeros(0),
    )  # fmt: skip


def _blend(parts: Array, labels: NDArray[np.bool_], weights: Array) -> Array:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1.0).fit(parts, labels, sample_weight=weights)
    made: Array = np.array([*fitted.coef_[0], fitted.intercept_[0]])
    return made


def _second(alone: Array, taught: Taught, labels: NDArray[np.bool_]) -> Array:
    from sklearn.linear_model import LogisticRegression

    told = np.isfinite(taught.pairs[:, 0])
    if not told.any():
        return np.zeros(0)
    inputs = np.column_stack([alone, taught.pairs])[told]
    fitted = LogisticRegression(C=0.1, max_iter=2000).fit(
        inputs, labels[told], sample_weight=taught.weights[told]
    )
    made: Array = np.array([*fitted.coef_[0], fitted.intercept_[0]])
    return made

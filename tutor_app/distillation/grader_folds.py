"""What each stage says of answers it was not trained on, and how the stages are put together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from tutor_app.distillation.grader_data import FOLDS, Measured, Rows, Split, split
from tutor_app.evaluation.grading_measures import f1_scores
from tutor_app.grading.features import MEASURES
from tutor_app.grading.heads import Head, softmax
from tutor_app.grading.judged import CLASSES
from tutor_app.grading.neighbours import FEWEST, pair_measures
from tutor_app.grading.scoring import UNSURE, examples_and_pairs, named, with_examples, with_pairs

# Of 0.003 to 0.3 by question-grouped folds; flat around it. All 768 comparisons without a
# reduction were better on Beetle (one subject) and worse on SciEntsBank (many).
FIRST_STRENGTH = 0.02
DIRECTIONS = 64
STACK_STRENGTH = 0.03
_STACK_FOLDS = 5
_LEAST_SPREAD = 1e-3
_LEANS = np.arange(0.0, 1.25, 0.1)

Numbers = NDArray[np.float64]
# log-odds (answers, 3) and comparison vectors (answers, 384) of a cross-encoder that did not see
# the fold; None where none was trained
ReadPairs = Callable[[Split, int], tuple[Numbers, Numbers] | None]


@dataclass(frozen=True)
class Stage:
    """One head's inputs, from models that had not seen the answers.

    Attributes:
        rows: which answers.
        inputs: (rows, inputs).
    """

    rows: Rows
    inputs: Numbers


def fit_head(inputs: NDArray[np.floating], labels: Rows, strength: float) -> Head:
    """Fit a multinomial logistic regression; mean and spread go into the weights.

    Every class must be there; a class that is not gets log-odds of -30.
    """
    scaler = StandardScaler().fit(inputs.astype(np.float64))
    # what hardly varied in training would weigh beyond measure where it does vary
    scale = np.maximum(scaler.scale_, _LEAST_SPREAD)
    seen = np.unique(labels)
    weight, bias = np.zeros((len(CLASSES), inputs.shape[1])), np.full(len(CLASSES), -30.0)
    if len(seen) == 1:
        bias[seen] = 0.0
        return Head(weight, bias)
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-6)
    model.fit((inputs - scaler.mean_) / scale, labels)
    rows, starts = model.coef_, model.intercept_
    if len(seen) == 2:
        # one row stands for two classes: the log-odds of the second against the first
        rows, starts = np.vstack([-rows / 2, rows / 2]), np.hstack([-starts / 2, starts / 2])
    weight[seen] = rows / scale
    bias[seen] = starts - weight[seen] @ scaler.mean_
    return Head(weight, bias)


def fit_first(inputs: NDArray[np.floating], labels: Rows) -> Head:
    """Fit the first stage: the measures as they are, the comparisons along 64 directions.

    Args:
        inputs: `Measured.measures`.
        labels: their classes.
    """
    plain, compared = inputs[:, : len(MEASURES)], inputs[:, len(MEASURES) :]
    count = min(DIRECTIONS, *compared.shape)
    reduced = PCA(count, random_state=0).fit(compared)
    head = fit_head(np.hstack([plain, reduced.transform(compared)]), labels, FIRST_STRENGTH)
    # the projection is linear, so it goes into the weights
    kept, moved = head.weight[:, : len(MEASURES)], head.weight[:, len(MEASURES) :]
    weight = np.hstack([kept, moved @ reduced.components_])
    return Head(weight, head.bias - moved @ reduced.components_ @ reduced.mean_)


def first_out_of_fold(measured: Measured, fold: Rows) -> dict[int, Numbers]:
    """Return for each fold the log-odds of all answers by a first stage that did not see it."""
    made = {}
    for part in range(FOLDS):
        rest = fold != part
        head = fit_first(measured.measures[rest], measured.labels[rest])
        made[part] = head.log_odds(measured.measures)
    return made


def alone_stages(measured: Measured, read_pairs: ReadPairs) -> dict[str, Stage]:
    """Return the inputs of "alone" and "pairs" for answers to questions nobody saw."""
    fold = split(measured, "questions")
    first = first_out_of_fold(measured, fold)
    found: dict[str, list[tuple[Rows, Numbers]]] = {"alone": [], "pairs": []}
    for part in range(FOLDS):
        rows = np.flatnonzero(fold == part)
        found["alone"].append((rows, first[part][rows]))
        pairs = read_pairs("questions", part)
        if pairs is not None:
            both = with_pairs(first[part][rows], pairs[0][rows], measured.measures[rows])
            found["pairs"].append((rows, both))
    return _joined(found)


def example_stages(
    measured: Measured, read_pairs: ReadPairs, by: Split = "answers", most: int = 0
) -> dict[str, Stage]:
    """Return the inputs of "examples" and "examples and pairs".

    Args:
        measured: all answers.
        read_pairs: the cross-encoder of a fold.
        by: "answers": the examples are the answers of the other folds. "questions": nothing that
            was trained has seen the question; half of its answers are examples of the others.
        most: at most so many examples; 0 for all.
    """
    fold = split(measured, by)
    halves = split(measured, "answers", seed=11) == 0
    first = first_out_of_fold(measured, fold)
    classes = np.eye(len(CLASSES))[measured.labels]
    draw = np.random.default_rng(3)
    found: dict[str, list[tuple[Rows, Numbers]]] = {"examples": [], "examples and pairs": []}
    for part in range(FOLDS):
        pairs = read_pairs(by, part)
        held = fold == part if by == "answers" else (fold == part) & halves
        for question in np.unique(measured.questions[held]):
            there = measured.questions == question
            rows = np.flatnonzero(there & held)
            known = np.flatnonzero(there & ~held)
            if most and len(known) > most:
                known = draw.choice(known, most, replace=False)
            if len(known) < FEWEST:
                continue
            z = first[part]
            inputs = with_examples(
                measured.said[rows], z[rows], measured.said[known], z[known], classes[known]
            )
            found["examples"].append((rows, inputs))
            if pairs is not None:
                near = pair_measures(pairs[1][rows], pairs[1][known], classes[known])
                both = examples_and_pairs(inputs, pairs[0][rows], near)
                found["examples and pairs"].append((rows, both))
    return _joined(found)


def cross_fitted(stages: Sequence[Stage], measured: Measured) -> list[Numbers]:
    """Return each stage's probabilities, (rows, 3), by one head fitted on other questions of all.

    Args:
        stages: the same inputs in several regimes.
        measured: all answers.
    """
    made = [np.zeros((len(stage.rows), len(CLASSES))) for stage in stages]
    folds = [measured.questions[stage.rows] % _STACK_FOLDS for stage in stages]
    for part in range(_STACK_FOLDS):
        rest = [
            Stage(s.rows[f != part], s.inputs[f != part])
            for s, f in zip(stages, folds, strict=True)
        ]
        if not any((fold == part).any() for fold in folds):
            continue
        head = fit_stages(rest, measured)
        for found, stage, fold in zip(made, stages, folds, strict=True):
            held = fold == part
            found[held] = softmax(head.log_odds(stage.inputs[held]))
    return made


def fit_stages(stages: Sequence[Stage], measured: Measured) -> Head:
    """Fit one head on all regimes together."""
    rows = np.concatenate([stage.rows for stage in stages])
    inputs = np.concatenate([stage.inputs for stage in stages])
    return fit_head(inputs, measured.labels[rows], STACK_STRENGTH)


def cascade(
    sure_rows: Rows, sure: Numbers, other_rows: Rows, other: Numbers
) -> tuple[Rows, Numbers]:
    """Return what the cascade says: the second stage where the first is unsure.

    Only answers that both stages read are kept.
    """
    place = {int(row): n for n, row in enumerate(sure_rows)}
    rows = np.array([row for row in other_rows if int(row) in place], dtype=np.intp)
    mine = sure[[place[int(row)] for row in rows]]
    second = {int(row): n for n, row in enumerate(other_rows)}
    theirs = other[[second[int(row)] for row in rows]]
    unsure = mine.max(axis=1) < UNSURE
    return rows, np.where(unsure[:, None], theirs, mine)


def choose_lean(found: Mapping[str, tuple[Rows, Numbers]], measured: Measured) -> float:
    """Return what is added to the log-probability of contradictory before a class is named.

    Chosen for the mean macro-F1 over corpora and what was found, regime by regime.
    """

    def score(lean: float) -> float:
        values = []
        for rows, chances in found.values():
            for corpus in np.unique(measured.corpora):
                mine = measured.corpora[rows] == corpus
                if mine.any():
                    values.append(macro_f1(chances[mine], measured.labels[rows][mine], lean))
        return float(np.mean(values))

    return float(max(_LEANS, key=score))


def macro_f1(chances: Numbers, labels: Rows, lean: float) -> float:
    """Return the mean F1 of the three classes, as `scoring.named` names them."""
    each, _ = f1_scores(labels, named(chances, lean), range(len(CLASSES)))
    return float(each.mean())


def _joined(found: Mapping[str, list[tuple[Rows, Numbers]]]) -> dict[str, Stage]:
    return {
        name: Stage(np.concatenate([r for r, _ in parts]), np.concatenate([i for _, i in parts]))
        for name, parts in found.items()
        if parts
    }

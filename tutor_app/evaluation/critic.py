"""How well the critic agrees with people who judged tutor replies (MRBench, the open part).

Replies to one problem never stand in both training and test folds. Published figures of the BEA
2025 shared task are for the same three classes, but on a test set that is held back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tutor_app.errors import ContentError
from tutor_app.evaluation.judged_replies import JudgedReply
from tutor_app.tutoring.ranking import CLASSES, DIMENSIONS, combined

FOLDS = 5
WRITER_FOLDS = 3
RESAMPLES = 1000
# A reply longer than this never reaches the critic in the tutor.
MAX_WORDS = 45
# Best team per dimension (Kochmar et al., 2025, arXiv 2507.10579), macro-F1.
PUBLISHED = (0.72, 0.60, 0.58, 0.71)

Labels = NDArray[np.int64]
Inputs = NDArray[np.float32]
Array = NDArray[np.float64]
Predict = Callable[[Inputs], Array]
Fit = Callable[[Inputs, Labels], Predict]


@dataclass(frozen=True)
class Estimate:
    """A share in [0, 1] with its 95 % interval, by bootstrap over problems."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write it with two decimals."""
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Agreement:
    """Macro-F1 of one dimension, beside that of always saying the commonest class.

    `new_writer` is the macro-F1 when the writer of a reply was not trained on either.
    """

    dimension: str
    macro_f1: Estimate
    majority: float
    new_writer: float


@dataclass(frozen=True)
class Preference:
    """How often the reply that people marked higher has the higher score, within a dialogue.

    `new_writer`, `longer` and `asking` are the same share for a critic that knows neither writer,
    for preferring more words, and for preferring a question.
    """

    pairs: str
    total: int
    accuracy: Estimate
    new_writer: Estimate
    longer: float
    asking: float


@dataclass(frozen=True)
class CriticScoreboard:
    """One row per dimension, and the preferences."""

    replies: int
    problems: int
    dimensions: tuple[Agreement, ...]
    preferences: tuple[Preference, ...]

    def __str__(self) -> str:
        """Draw two Markdown tables."""
        published = [f"{figure:.2f}" for figure in PUBLISHED]
        published += ["-"] * (len(self.dimensions) - len(published))
        lines = [
            f"{self.replies} replies, {self.problems} problems, {FOLDS} folds grouped by problem.",
            "",
            "| dimension | macro-F1 (95 %) | majority | new writers | best published, other set |",
            "|---|---|---|---|---|",
        ]
        for row, best in zip(self.dimensions, published, strict=True):
            lines.append(
                f"| {row.dimension} | {row.macro_f1} | {row.majority:.2f} "
                f"| {row.new_writer:.2f} | {best} |"
            )
        lines += [
            "",
            "| pairs of one dialogue | n | preferred as people do (95 %) "
            "| new writers (95 %) | longer first | question first |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {p.pairs} | {p.total} | {p.accuracy} | {p.new_writer} "
            f"| {p.longer:.2f} | {p.asking:.2f} |"
            for p in self.preferences
        ]
        return "\n".join(lines)


def evaluate_critic(replies: Sequence[JudgedReply], inputs: Inputs, fit: Fit) -> CriticScoreboard:
    """Train on four fifths of the problems, predict the rest, five times.

    Args:
        replies: at least five problems.
        inputs: what the heads see of each reply, (replies, inputs).
        fit: trains on inputs and labels (replies, 8), returns a function from inputs to class
            shares (replies, 8, 3).

    Raises:
        ContentError: there are fewer than five problems.
    """
    labels = np.array([reply.labels for reply in replies])
    names, problems = np.unique([reply.problem for reply in replies], return_inverse=True)
    if len(names) < FOLDS:
        raise ContentError(f"critic: {len(names)} problems are too few. Give at least {FOLDS}.")
    folds = problem_folds(problems)
    shares = _held_out(inputs, labels, fit, folds)
    writers = np.unique([reply.writer for reply in replies], return_inverse=True)[1] % WRITER_FOLDS
    strangers = _held_out(inputs, labels, fit, folds, writers)
    draws = np.random.default_rng(0).integers(len(names), size=(RESAMPLES, len(names)))
    dimensions = []
    for place, dimension in enumerate(DIMENSIONS):
        true, said = labels[:, place], shares[:, place].argmax(axis=1)
        dimensions.append(
            Agreement(
                dimension,
                _agreement(_tables(true, said, problems), draws),
                macro_f1(_tables(true, np.full_like(true, np.bincount(true).argmax()))[0]),
                macro_f1(_tables(true, strangers[:, place].argmax(axis=1))[0]),
            )
        )
    judged = combined(np.eye(CLASSES)[labels])
    scores = {
        "critic": combined(shares),
        "new writer": combined(strangers),
        "longer": np.array([float(len(reply.text.split())) for reply in replies]),
        "asking": np.array([float("?" in reply.text) for reply in replies]),
    }
    fit_for_tutor = np.array([_could_pass(reply) for reply in replies])
    preferences = [
        _preference(name, replies, kept, judged, scores, problems, draws)
        for name, kept in (
            ("all", np.ones(len(replies), dtype=bool)),
            (f"neither reveals, at most {MAX_WORDS} words", fit_for_tutor),
        )
    ]
    return CriticScoreboard(len(replies), len(names), tuple(dimensions), tuple(preferences))


def problem_folds(problems: Labels) -> Labels:
    """Return the fold of each reply; all replies to one problem share theirs."""
    order = np.random.default_rng(0).permutation(problems.max() + 1)
    return np.asarray(order[problems] % FOLDS)


def macro_f1(table: NDArray[np.int64]) -> float:
    """Return the mean F1 of the classes that occur; `table[true, said]` counts replies."""
    hits = np.diagonal(table)
    both = table.sum(axis=0) + table.sum(axis=1)
    there = both > 0
    return float((2 * hits[there] / both[there]).mean())


def _could_pass(reply: JudgedReply) -> bool:
    reveals = DIMENSIONS.index("not revealing the answer")
    return reply.labels[reveals] == CLASSES - 1 and len(reply.text.split()) <= MAX_WORDS


def _held_out(
    inputs: Inputs, labels: Labels, fit: Fit, folds: Labels, writers: Labels | None = None
) -> Array:
    """Return class shares of each reply from heads that saw neither its problem nor its writer.

    `folds` and `writers` hold a group per reply; without writers, only problems are held out.
    """
    shares = np.empty((len(labels), len(DIMENSIONS), CLASSES))
    for fold in np.unique(folds):
        there, away = folds == fold, folds != fold
        splits = [(there, away)]
        if writers is not None:
            splits = [
                (there & (writers == group), away & (writers != group))
                for group in np.unique(writers[there])
            ]
        for test, train in splits:
            shares[test] = fit(inputs[train], labels[train])(inputs[test])
    return shares


def _tables(true: Labels, said: Labels, problems: Labels | None = None) -> NDArray[np.int64]:
    """Return counts (problems, true, said); one problem when none are given."""
    where = np.zeros_like(true) if problems is None else problems
    tables = np.zeros((where.max() + 1, CLASSES, CLASSES), dtype=np.int64)
    np.add.at(tables, (where, true, said), 1)
    return tables


def _agreement(tables: NDArray[np.int64], draws: Labels) -> Estimate:
    """Return macro-F1; `draws` (resamples, problems) are problems drawn with replacement."""
    figures = [macro_f1(tables[draw].sum(axis=0)) for draw in draws]
    return _estimate(macro_f1(tables.sum(axis=0)), figures)


def _estimate(value: float, resampled: Sequence[float] | Array) -> Estimate:
    low, high = np.quantile(np.asarray(resampled), [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def _preference(
    name: str,
    replies: Sequence[JudgedReply],
    kept: NDArray[np.bool_],
    judged: Array,
    scores: dict[str, Array],
    problems: Labels,
    draws: Labels,
) -> Preference:
    dialogues: dict[int, list[int]] = {}
    for place, reply in enumerate(replies):
        if kept[place]:
            dialogues.setdefault(reply.dialogue, []).append(place)
    pairs = np.array(
        [
            (a, b)
            for places in dialogues.values()
            for a, b in combinations(places, 2)
            # means of the same marks in another order differ by rounding only
            if abs(judged[a] - judged[b]) > 1e-9
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    first, second = pairs.T
    wanted = np.sign(judged[first] - judged[second])
    # one for the better reply first, a half for a tie
    right = {
        of: (1 + wanted * np.sign(score[first] - score[second])) / 2 for of, score in scores.items()
    }
    means = {of: float(marks.mean()) if len(marks) else 0.0 for of, marks in right.items()}
    counts = np.bincount(problems[first], minlength=problems.max() + 1)
    intervals = {}
    for of in ("critic", "new writer"):
        hits = np.bincount(problems[first], weights=right[of], minlength=problems.max() + 1)
        drawn = hits[draws].sum(axis=1) / np.maximum(counts[draws].sum(axis=1), 1)
        intervals[of] = _estimate(means[of], drawn)
    return Preference(
        name,
        len(pairs),
        intervals["critic"],
        intervals["new writer"],
        means["longer"],
        means["asking"],
    )

"""The grading model by folds: two regimes, with and without the cross-encoder, per corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor_app.distillation.grader_data import Measured, Rows
from tutor_app.distillation.grader_folds import (
    Numbers,
    ReadPairs,
    Stage,
    alone_stages,
    cascade,
    choose_lean,
    cross_fitted,
    example_stages,
    macro_f1,
)
from tutor_app.evaluation.grading_measures import calibration_error
from tutor_app.grading.judged import CORRECT
from tutor_app.grading.scoring import named

# How many graded examples of a new question are tried.
FEW = (5, 10, 20)
# Contradictory is rare: intervals come from resampling questions.
RESAMPLES = 500

Found = tuple[Rows, Numbers]


@dataclass(frozen=True)
class FoldRow:
    """One regime, one corpus; all on answers that nothing trained had seen."""

    regime: str
    corpus: str
    answers: int
    accuracy: float
    macro_f1: float
    interval: tuple[float, float]
    two_way: float
    half: float
    error: float
    two_error: float

    def __str__(self) -> str:
        """Write a row of a Markdown table."""
        low, high = self.interval
        return (
            f"| {self.regime} | {self.corpus} | {self.answers} | {self.accuracy:.3f} | "
            f"{self.macro_f1:.3f} [{low:.3f}, {high:.3f}] | {self.two_way:.3f} | {self.half:.3f} | "
            f"{self.error:.3f} / {self.two_error:.3f} |"
        )


@dataclass(frozen=True)
class FoldBoard:
    """All regimes."""

    rows: tuple[FoldRow, ...]

    def __str__(self) -> str:
        """Draw a Markdown table."""
        return "\n".join(
            [
                "| regime | corpus | answers | 3-way accuracy | macro-F1 (95 %) | 2-way accuracy | "
                "2-way, surest half | ECE 3-way / 2-way |",
                "|---|---|--:|--:|--:|--:|--:|--:|",
                *map(str, self.rows),
            ]
        )


@dataclass(frozen=True)
class Fitted:
    """What the shipped heads are fitted on, by name, and what a rare class is given."""

    stages: Mapping[str, Sequence[Stage]]
    lean: float
    lean_with_examples: float


def by_folds(measured: Measured, read_pairs: ReadPairs) -> tuple[FoldBoard, Fitted]:
    """Return the figures, and what the shipped heads are fitted on.

    Heads that combine stages, and with them the calibration, are fitted on four fifths of the
    questions and shown on the last. What a rare class is given (`lean`) is chosen on all: one
    number.
    """
    alone = alone_stages(measured, read_pairs)
    regimes = {"graded questions": example_stages(measured, read_pairs)}
    for count in FEW:
        name = f"new questions, {count} graded examples"
        regimes[name] = example_stages(measured, read_pairs, "questions", count)
    stages = {name: [stage] for name, stage in alone.items()}
    for head in ("examples", "examples and pairs"):
        there = [regime[head] for regime in regimes.values() if head in regime]
        if there:
            stages[head] = there
    found = {name: cross_fitted(some, measured) for name, some in stages.items()}
    shown: dict[str, Found] = {
        "new questions, first stage": (alone["alone"].rows, found["alone"][0])
    }
    if "pairs" in found:
        second = (alone["pairs"].rows, found["pairs"][0])
        shown["new questions, cascade"] = cascade(*shown["new questions, first stage"], *second)
    lean = choose_lean(shown, measured)
    known: dict[str, Found] = {}
    both = iter(found.get("examples and pairs", ()))
    for (name, regime), first in zip(regimes.items(), found["examples"], strict=True):
        known[f"{name}, first stage"] = regime["examples"].rows, first
        if "examples and pairs" in regime:
            known[f"{name}, cascade"] = cascade(
                regime["examples"].rows, first, regime["examples and pairs"].rows, next(both)
            )
    lean_known = choose_lean(known, measured)
    rows = [
        row
        for some, tilt in ((shown, lean), (known, lean_known))
        for regime_name, (places, chances) in some.items()
        for row in _rows(regime_name, places, chances, measured, tilt)
    ]
    return FoldBoard(tuple(rows)), Fitted(stages, lean, lean_known)


def _rows(
    regime: str, places: Rows, chances: Numbers, measured: Measured, lean: float
) -> list[FoldRow]:
    made = []
    for corpus in np.unique(measured.corpora):
        mine = measured.corpora[places] == corpus
        if not mine.any():
            continue
        here, labels = chances[mine], measured.labels[places][mine]
        questions = measured.questions[places][mine]
        said = named(here, lean)
        right = said == labels
        sure = np.maximum(here[:, CORRECT], 1 - here[:, CORRECT])
        two_right = (here[:, CORRECT] > 0.5) == (labels == CORRECT)
        surest = np.argsort(-sure, kind="stable")[: len(sure) // 2]
        made.append(
            FoldRow(
                regime,
                str(corpus),
                len(labels),
                float(right.mean()),
                macro_f1(here, labels, lean),
                _interval(here, labels, questions, lean),
                float(two_right.mean()),
                float(two_right[surest].mean()),
                calibration_error(here[np.arange(len(said)), said], right),
                calibration_error(sure, two_right),
            )
        )
    return made


def _interval(chances: Numbers, labels: Rows, questions: Rows, lean: float) -> tuple[float, float]:
    draw = np.random.default_rng(0)
    ids = np.unique(questions)
    rows_of = {one: np.flatnonzero(questions == one) for one in ids}
    values = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rows_of[one] for one in draw.choice(ids, len(ids))])
        values.append(macro_f1(chances[rows], labels[rows], lean))
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)

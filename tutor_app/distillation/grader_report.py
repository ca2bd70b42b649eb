"""The grading model by folds: two regimes, with and without the cross-encoder, per corpus."""

from collections.abc import Mapping
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
    """Inputs of every head by name, and what is added before a class is named."""

    stages: Mapping[str, Stage]
    lean: float
    lean_with_examples: float


def by_folds(measured: Measured, read_pairs: ReadPairs) -> tuple[FoldBoard, Fitted]:
    """Return the figures, and what the shipped heads are fitted on.

    Heads that combine stages, and their calibration, are fitted on four fifths of the questions
    and shown on the last. What a rare class is given (`lean`) is chosen on all: one number.
    """
    alone, shown = alone_stages(measured, read_pairs), example_stages(measured, read_pairs)
    found = {
        name: (stage.rows, cross_fitted(stage, measured))
        for name, stage in {**alone, **shown}.items()
    }
    regimes = {"new questions, first stage": found["alone"]}
    known = {"graded questions, first stage and examples": found["examples"]}
    if "pairs" in found:
        regimes["new questions, cascade"] = cascade(*found["alone"], *found["pairs"])
    if "examples and pairs" in found:
        known["graded questions, cascade"] = cascade(
            *found["examples"], *found["examples and pairs"]
        )
    lean, lean_known = choose_lean(regimes, measured), choose_lean(known, measured)
    for count in FEW:
        stage = example_stages(measured, read_pairs, "questions", count)["examples"]
        known[f"new questions, {count} graded examples, no cross-encoder"] = (
            stage.rows,
            cross_fitted(stage, measured),
        )
    rows = [
        row
        for some, tilt in ((regimes, lean), (known, lean_known))
        for regime, (places, chances) in some.items()
        for row in _rows(regime, places, chances, measured, tilt)
    ]
    return FoldBoard(tuple(rows)), Fitted({**alone, **shown}, lean, lean_known)


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

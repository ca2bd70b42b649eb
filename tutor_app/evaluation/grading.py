"""How well short answers are graded: agreement with people, calibration, coverage, speed."""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor_app.errors import ContentError
from tutor_app.evaluation.graded_answers import GradedAnswer
from tutor_app.evaluation.grading_measures import (
    calibration_error,
    f1_scores,
    grid_step,
    pearson,
    quadratic_kappa,
)
from tutor_app.grading.judged import CLASSES, CONTRADICTORY, CORRECT, INCORRECT, Example
from tutor_app.grading.neighbours import FEWEST
from tutor_app.grading.scoring import AnswerScorer
from tutor_app.grading.shares import expected_shares

TASKS = ("2way", "3way")
# Of the answers that the model is surest of.
COVERAGES = (0.25, 0.5, 0.75, 1.0)
# More levels than this are a scale, not classes.
_MOST_LEVELS = 12

Numbers = NDArray[np.float64]
OnProgress = Callable[[int], None]


@dataclass(frozen=True)
class Predicted:
    """What the model said of one row.

    Attributes:
        label: place in CLASSES.
        probabilities: over CLASSES.
        share: expected part of the full score.
        score: the expected score, or None where the row has no scale.
    """

    row: GradedAnswer
    label: int
    probabilities: tuple[float, float, float]
    share: float
    score: float | None

    @property
    def confidence(self) -> float:
        """Probability of the label."""
        return self.probabilities[self.label]


@dataclass(frozen=True)
class GradingScoreboard:
    """Figures by name, None where they cannot be had, with the reason in `reasons`."""

    figures: Mapping[str, Any]
    reasons: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {**self.figures, "reasons": dict(self.reasons)}

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| measure | value |", "|---|---|"]
        for name, value in self.figures.items():
            if isinstance(value, Mapping):
                text = ", ".join(f"{one} {_short(part)}" for one, part in value.items())
            else:
                text = _short(value) if value is not None else f"- ({self.reasons.get(name, '')})"
            lines.append(f"| {name} | {text} |")
        return "\n".join(lines)


def predict(
    scorer: AnswerScorer,
    answers: Sequence[GradedAnswer],
    examples: Sequence[GradedAnswer] = (),
    task: str = "",
    on_progress: OnProgress = lambda done: None,
) -> list[Predicted]:
    """Judge every row, question by question.

    Args:
        scorer: the model.
        answers: rows of `read_graded`.
        examples: graded rows; those of the same question_id are shown to the model.
        task: "2way" adds contradictory to incorrect, before and after.
        on_progress: told how many rows were done since the last time.
    """
    known: dict[str, list[Example]] = {}
    for one in examples:
        if one.example is not None:
            known.setdefault(one.question_id, []).append(one.example)
    groups: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}
    for place, one in enumerate(answers):
        groups.setdefault((one.question_id, one.question, one.references), []).append(place)
    made: dict[int, Predicted] = {}
    for (question_id, question, references), places in groups.items():
        scored = any(answers[place].score is not None for place in places)
        texts = [answers[place].answer for place in places]
        there = known.get(question_id, [])

        def judge(
            some: Sequence[str],
            given: Sequence[Example],
            question: str = question,
            references: tuple[str, ...] = references,
        ) -> Numbers:
            return scorer.probabilities(question, references, some, given)

        if scored:
            shares, chances = expected_shares(judge, texts, there)
        else:
            chances = judge(texts, there)
            shares = chances[:, CORRECT]
        if task == "2way":
            chances = _two(chances)
            labels = np.where(chances[:, CORRECT] > 0.5, CORRECT, INCORRECT)
        else:
            labels = scorer.decide(chances, with_examples=len(there) >= FEWEST)
        for place, label, row, share in zip(places, labels, chances, shares, strict=True):
            one = answers[place]
            score = None if one.score is None else float(share * one.max_score)
            right, contradicts, wrong = map(float, row)
            made[place] = Predicted(
                one, int(label), (right, contradicts, wrong), float(share), score
            )
        on_progress(len(places))
    return [made[place] for place in range(len(answers))]


def evaluate_grading(
    scorer: AnswerScorer,
    answers: Sequence[GradedAnswer],
    examples: Sequence[GradedAnswer] = (),
    task: str = "",
    on_progress: OnProgress = lambda done: None,
) -> tuple[GradingScoreboard, list[Predicted]]:
    """Judge a table and compare with what people said.

    Args:
        scorer: the model.
        answers: the table.
        examples: graded answers of the same questions.
        task: "2way" or "3way"; "" is three-way where the labels have contradictory ones.
        on_progress: told how many rows were done since the last time.

    Raises:
        ContentError: a task is named, and the table has scores and no labels.
    """
    labelled = [one.label for one in answers if one.label is not None]
    if task and not labelled:
        raise ContentError(
            f"The table: task {task} needs labels, and there are only scores. Leave the task out, "
            "or fill the column label."
        )
    task = task or ("3way" if not labelled or CONTRADICTORY in labelled else "2way")
    scorer.probabilities("warm up", ["the weights"], ["are loaded here"])
    started, wall = time.process_time(), time.perf_counter()
    predicted = predict(scorer, answers, examples, task, on_progress)
    cpu, wall = time.process_time() - started, time.perf_counter() - wall
    speed: dict[str, Any] = {
        "answers_per_second": len(answers) / max(wall, 1e-9),
        "answers_per_cpu_second": len(answers) / max(cpu, 1e-9),
    }
    board = _of_labels(predicted, task) if labelled else _of_scores(predicted)
    scored = [one for one in predicted if one.row.score is not None]
    if labelled and len(scored) > 1:
        extra = _of_scores(scored)
        board = GradingScoreboard(
            {**board.figures, **{k: extra.figures[k] for k in ("qwk", "pearson", "rmse")}},
            {k: v for k, v in board.reasons.items() if k not in ("qwk", "pearson", "rmse")},
        )
    about = {"answers": len(answers), "questions": len({a.question_id for a in answers})}
    shown = len({e.row for e in examples if e.example is not None})
    return (
        GradingScoreboard(
            {**about, "examples": shown, "model": scorer.name, **board.figures, **speed},
            board.reasons,
        ),
        predicted,
    )


def save_predictions(path: Path, predicted: Sequence[Predicted], task: str = "") -> None:
    """Write one row per answer: what people said, what the model says, how sure it is.

    Raises:
        ContentError: the file cannot be written.
    """
    heading = ["question_id", "answer_id", "label", "score", "predicted_label", "predicted_score"]
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*heading, "confidence", *(f"p_{name}" for name in CLASSES)])
            for one in predicted:
                row = one.row
                label = "" if row.label is None else CLASSES[row.label]
                if task == "2way" and row.label == CONTRADICTORY:
                    label = CLASSES[INCORRECT]
                writer.writerow(
                    [
                        *(row.question_id, row.answer_id, label),
                        "" if row.score is None else f"{row.score:g}",
                        CLASSES[one.label],
                        "" if one.score is None else f"{one.score:.4f}",
                        f"{one.confidence:.4f}",
                        *(f"{chance:.4f}" for chance in one.probabilities),
                    ]
                )
    except OSError as error:
        raise ContentError(
            f"{path}: cannot be written ({error.strerror}). Name another."
        ) from error


def _of_labels(predicted: Sequence[Predicted], task: str) -> GradingScoreboard:
    rows = [one for one in predicted if one.row.label is not None]
    true = np.array([one.row.label for one in rows])
    if task == "2way":
        true = np.where(true == CONTRADICTORY, INCORRECT, true)
    found = np.array([one.label for one in rows])
    chances = np.array([one.probabilities for one in rows])
    classes = (CORRECT, INCORRECT) if task == "2way" else (CORRECT, CONTRADICTORY, INCORRECT)
    each, weights = f1_scores(true, found, classes)
    two_true = true == CORRECT
    two_sure = np.maximum(chances[:, CORRECT], 1 - chances[:, CORRECT])
    two_right = (chances[:, CORRECT] > 0.5) == two_true
    right = true == found
    sure = chances[np.arange(len(found)), found]
    covered = _covered(two_right, two_sure)
    no_scale = "labels have no score scale; give score and max_score"
    return GradingScoreboard(
        {
            "task": task,
            "accuracy": float(right.mean()),
            "macro_f1": float(each.mean()),
            "weighted_f1": float((each * weights).sum()),
            "f1": {CLASSES[k]: float(value) for k, value in zip(classes, each, strict=True)},
            "accuracy_2way": float(two_right.mean()),
            "qwk": None,
            "pearson": None,
            "rmse": None,
            "ece": calibration_error(sure, right),
            "ece_2way": calibration_error(two_sure, two_right),
            "coverage": covered,
            "accuracy_at_half_coverage": covered["0.5"],
        },
        dict.fromkeys(("qwk", "pearson", "rmse"), no_scale),
    )


def _of_scores(predicted: Sequence[Predicted]) -> GradingScoreboard:
    rows = [one for one in predicted if one.row.score is not None and one.score is not None]
    true = np.array([one.row.score for one in rows], dtype=float)
    most = np.array([one.row.max_score for one in rows])
    found = np.array([one.score for one in rows], dtype=float)
    step = grid_step(true)
    true_level, level = np.rint(true / step).astype(int), np.rint(found / step).astype(int)
    right = true_level == level
    reasons = {"ece": "scores have no class whose probability could be checked"}
    levels = sorted(set(true_level.tolist()))
    macro = weighted = None
    if len(levels) <= _MOST_LEVELS:
        each, weights = f1_scores(true_level, level, levels)
        macro, weighted = float(each.mean()), float((each * weights).sum())
    else:
        reason = f"{len(levels)} different scores are a scale, not classes"
        reasons |= {"macro_f1": reason, "weighted_f1": reason}
    correlation = pearson(true, found)
    if correlation is None:
        reasons["pearson"] = "all scores are the same"
    kappa = quadratic_kappa(true_level, level)
    if kappa is None:
        reasons["qwk"] = "all scores are the same"
    # surest where the expected score is nearest to a score that can be given
    covered = _covered(right, -np.abs(found / step - level))
    shares = true / most
    return GradingScoreboard(
        {
            "task": "score",
            "accuracy": float(right.mean()),
            "macro_f1": macro,
            "weighted_f1": weighted,
            "qwk": kappa,
            "pearson": correlation,
            "rmse": float(np.sqrt(np.mean((true - found) ** 2))),
            "rmse_share": float(np.sqrt(np.mean((shares - found / most) ** 2))),
            "score_step": step,
            "ece": None,
            "coverage": covered,
            "accuracy_at_half_coverage": covered["0.5"],
        },
        reasons,
    )


def _covered(right: NDArray[np.bool_], sure: Numbers) -> dict[str, float]:
    """Return the accuracy among the surest part, by part."""
    ordered = right[np.argsort(-sure, kind="stable")]
    return {
        f"{part:g}": float(ordered[: max(1, round(part * len(ordered)))].mean())
        for part in COVERAGES
    }


def _two(chances: Numbers) -> Numbers:
    made = chances.copy()
    made[:, INCORRECT] += made[:, CONTRADICTORY]
    made[:, CONTRADICTORY] = 0.0
    return made


def _short(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)

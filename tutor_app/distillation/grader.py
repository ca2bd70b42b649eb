"""Train the grading model: folds first, then everything on all answers, then its card.

The cross-encoder takes most of the time, so each fold's is kept in a work folder: what is there is
not trained again, and training goes on where it was stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tutor_app.distillation.grader_data import (
    Measured,
    Rows,
    Split,
    load_training,
    measure_training,
    split,
)
from tutor_app.distillation.grader_folds import Numbers, fit_first, fit_stages
from tutor_app.distillation.grader_pairs import PairPlan, new_pair_model, read_pairs, train_pairs
from tutor_app.distillation.grader_report import FoldBoard, by_folds
from tutor_app.distillation.grader_rows import judged_rows
from tutor_app.documents.ideas import Embed
from tutor_app.grading.heads import save_heads
from tutor_app.grading.scoring import HEADS, PAIRS, write_manifest

NAME = "grader-0.2"
FINAL = "all.safetensors"
# Splits whose cross-encoders are trained: question folds, and one part of the answers.
PAIR_FOLDS: tuple[tuple[Split, int], ...] = (
    ("questions", 0),
    ("questions", 1),
    ("questions", 2),
    ("answers", 0),
)

Said = Callable[[str], None]


@dataclass(frozen=True)
class GraderPlan:
    """What is trained.

    Attributes:
        pairs: how the cross-encoder is trained; None leaves it out.
        folds: which of its folds are.
    """

    pairs: PairPlan | None = field(default_factory=PairPlan)
    folds: tuple[tuple[Split, int], ...] = PAIR_FOLDS


def measure_grader(
    data: Path, embed: Embed, work: Path, plan: GraderPlan, say: Said = lambda line: None
) -> FoldBoard:
    """Measure by folds, training the cross-encoders that the work folder lacks.

    Args:
        data: folder with the SemEval-2013 training files.
        embed: the bundled MiniLM.
        work: folder for what takes long.
        plan: what is trained.
        say: told a line now and then.

    Raises:
        ContentError: the data are missing or of another form.
    """
    measured = _measured(data, embed, say)
    return by_folds(measured, _reader(measured, work, plan, say))[0]


def train_grader(
    data: Path,
    embed: Embed,
    work: Path,
    folder: Path,
    plan: GraderPlan,
    say: Said = lambda line: None,
) -> FoldBoard:
    """Measure by folds, train on everything, write weights, manifest and card.

    Args:
        data: folder with the SemEval-2013 training files.
        embed: the bundled MiniLM.
        work: folder for what takes long.
        folder: the model's folder, made where it is missing.
        plan: what is trained.
        say: told a line now and then.

    Raises:
        ContentError: the data are missing or of another form.
    """
    from tutor_app.distillation.grader_card import write_card

    measured = _measured(data, embed, say)
    board, fitted = by_folds(measured, _reader(measured, work, plan, say))
    heads = {name: fit_stages(stages, measured) for name, stages in fitted.stages.items()}
    heads["first"] = fit_first(measured.measures, measured.labels)
    extra = {
        "lean": np.array([fitted.lean]),
        "lean with examples": np.array([fitted.lean_with_examples]),
    }
    save_heads(heads, extra, folder / HEADS)
    if plan.pairs is not None:
        _export(measured, work, folder, plan.pairs, say)
    write_manifest(folder, {"name": folder.name, "answers": len(measured.answers)})
    write_card(folder, board, measured)
    return board


def _measured(data: Path, embed: Embed, say: Said) -> Measured:
    answers, corpora = load_training(data)
    say(f"{len(answers)} answers to {len({a.question_id for a in answers})} questions")
    return measure_training(embed, answers, corpora)


def _reader(
    measured: Measured, work: Path, plan: GraderPlan, say: Said
) -> Callable[[Split, int], tuple[Numbers, Numbers] | None]:
    def read(by: Split, part: int) -> tuple[Numbers, Numbers] | None:
        path = work / f"pairs-{by}-{part}.npz"
        if not path.exists():
            if plan.pairs is None or (by, part) not in plan.folds:
                return None
            _train_fold(
                measured, np.flatnonzero(split(measured, by) != part), path, plan.pairs, say
            )
        with np.load(path) as kept:
            return kept["log_odds"].astype(np.float64), kept["vectors"].astype(np.float64)

    return read


def _train_fold(measured: Measured, rows: Rows, path: Path, plan: PairPlan, say: Said) -> None:
    say(f"cross-encoder for {path.stem}: {len(rows)} answers, {plan.epochs} epochs")
    model, tokenizer = new_pair_model(plan.seed)
    train_pairs(model, tokenizer, judged_rows(measured, rows), plan, say)
    every = [(near, one.text) for near, one in zip(measured.nearest, measured.answers, strict=True)]
    log_odds, vectors = read_pairs(model, tokenizer, every)
    path.parent.mkdir(parents=True, exist_ok=True)
    # written whole or not at all, so that a stopped run trains this fold again
    half = path.with_suffix(".half.npz")
    np.savez(half, log_odds=log_odds, vectors=vectors.astype(np.float16))
    half.replace(path)


def _export(measured: Measured, work: Path, folder: Path, plan: PairPlan, say: Said) -> None:
    from safetensors.torch import load_model, save_model

    from tutor_app.distillation.grader_export import export_pairs

    model, tokenizer = new_pair_model(plan.seed)
    if (work / FINAL).exists():
        load_model(model, work / FINAL)
    else:
        say("cross-encoder on all answers")
        everything = np.arange(len(measured.answers))
        train_pairs(model, tokenizer, judged_rows(measured, everything), plan, say)
        work.mkdir(parents=True, exist_ok=True)
        save_model(model, str(work / FINAL))
    export_pairs(model, folder / PAIRS)

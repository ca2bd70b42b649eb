"""Train what judges the criteria of rubrics: a cross-encoder on practice, then the heads.

The cross-encoder takes most of the time; it is kept in a work folder and not trained again. The
heads learn from all practice rubrics and from the gold answers. How far to trust the cross-encoder
they learn only where it has not learnt itself: from the unpractised rubrics and the gold answers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from safetensors.torch import load_model, save_model

from tutor_app.distillation.grader_export import export_pairs
from tutor_app.distillation.grader_pairs import PairPlan, new_pair_model, train_pairs
from tutor_app.distillation.grader_rows import practice_rows
from tutor_app.documents.ideas import Embed
from tutor_app.evaluation.practice import Practice
from tutor_app.grading.scoring import PAIRS

PRACTISED = "practice.safetensors"
PLAN = PairPlan(epochs=3, most=40_000, rewritten=0.25)


def train_network(
    practice: Sequence[Practice],
    embed: Embed,
    work: Path,
    folder: Path,
    plan: PairPlan = PLAN,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Train the cross-encoder on practice rubrics, and write it as ONNX.

    Args:
        practice: what it learns from.
        embed: the bundled MiniLM, which orders the wordings by nearness.
        work: folder for the float32 weights; what is there is taken.
        folder: where the ONNX file goes.
        plan: how.
        say: told a line now and then.
    """
    model, tokenizer = new_pair_model(plan.seed)
    if (work / PRACTISED).exists():
        load_model(model, work / PRACTISED)
    else:
        rows = practice_rows(practice, embed)
        say(f"cross-encoder: {len(rows):,} pairs")
        train_pairs(model, tokenizer, rows, plan, say)
        work.mkdir(parents=True, exist_ok=True)
        save_model(model, str(work / PRACTISED))
    export_pairs(model, folder / PAIRS)

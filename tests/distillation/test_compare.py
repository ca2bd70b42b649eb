"""The equal-budget comparison, for real and small."""

from pathlib import Path

import numpy as np
import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.distillation.compare import compare, table
from tutor_app.distillation.handover import load_demonstrations
from tutor_app.distillation.intake import rubrics_of
from tutor_app.distillation.tokenizer import train_tokenizer
from tutor_app.distillation.training_plan import Size
from tutor_app.evaluation.rehearsal import Stage

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_arm_is_trained_for_the_same_time_and_measured(tmp_path: Path) -> None:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    stage = Stage(catalogue.course("mechanics"), rubrics_of(catalogue, "mechanics"))
    dialogues = CHECKOUT / "datasets/dialogues/mechanics"
    known = load_demonstrations(dialogues / "constant-kart-speed.jsonl")[:24]
    held_out = load_demonstrations(dialogues / "momentum-baseball.jsonl")[:8]
    assert all(one.situation.held_out for one in held_out)
    train_tokenizer([d.reply for d in known], 400).save_pretrained(tmp_path / "tokenizer")
    words = (["the", "what", "##s"], np.random.default_rng(0).normal(size=(3, 96)))
    heard: list[str] = []
    figures = compare(
        [*known, *held_out], stage, tmp_path / "tokenizer", words, tmp_path / "arms", 1.0,
        Size(hidden=96, layers=2, heads=2, intermediate=128, positions=512), heard.append,
    )  # fmt: skip
    assert [one.name for one in figures] == heard
    assert all(one.tokens > 0 and 0 < one.bits < 20 for one in figures)
    assert len(table(figures).splitlines()) == len(figures) + 2

"""The equal-budget comparison, for real and small."""

import json
from pathlib import Path

import numpy as np
import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.distillation.compare import ARMS, compare, table
from tutor_app.distillation.handover import load_demonstrations
from tutor_app.distillation.intake import rubrics_of
from tutor_app.distillation.tokenizer import train_tokenizer
from tutor_app.distillation.training_plan import Size
from tutor_app.errors import NotFoundError
from tutor_app.evaluation.rehearsal import Stage

CHECKOUT = Path(__file__).parents[2]
DIALOGUES = CHECKOUT / "datasets/dialogues/mechanics"


@pytest.fixture(scope="module")
def mechanics() -> Stage:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    return Stage(catalogue.course("mechanics"), rubrics_of(catalogue, "mechanics"))


def test_an_unknown_arm_is_refused_before_anything_is_trained(
    tmp_path: Path, mechanics: Stage
) -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'shuffled'"):
        compare([], mechanics, tmp_path, ([], None), tmp_path / "arms", 1.0, only=["shufled"])


@pytest.mark.slow
def test_an_arm_can_go_on_from_a_trained_model(
    tmp_path: Path, mechanics: Stage, tiny_model: Path
) -> None:
    known = load_demonstrations(DIALOGUES / "constant-kart-speed.jsonl")[:12]
    held_out = load_demonstrations(DIALOGUES / "momentum-baseball.jsonl")[:4]
    words = (["the"], np.zeros((1, 48)))
    (figures,) = compare(
        [*known, *held_out], mechanics, tiny_model, words, tmp_path, 0.5,
        Size(hidden=48, layers=2, heads=2, intermediate=64, positions=512),
        only=["shuffled"], go_on_from=tiny_model,
    )  # fmt: skip
    assert figures.name == ARMS["shuffled"]
    shapes = {
        part: json.loads((tmp_path / "shuffled" / part / "config.json").read_text())["hidden_size"]
        for part in ("start", "model")
    }
    assert shapes == {"start": 48, "model": 96}


@pytest.mark.slow
def test_every_arm_is_trained_for_the_same_time_and_measured(
    tmp_path: Path, mechanics: Stage
) -> None:
    known = load_demonstrations(DIALOGUES / "constant-kart-speed.jsonl")[:24]
    held_out = load_demonstrations(DIALOGUES / "momentum-baseball.jsonl")[:8]
    assert all(one.situation.held_out for one in held_out)
    train_tokenizer([d.reply for d in known], 400).save_pretrained(tmp_path / "tokenizer")
    words = (["the", "what", "##s"], np.random.default_rng(0).normal(size=(3, 96)))
    heard: list[str] = []
    figures = compare(
        [*known, *held_out], mechanics, tmp_path / "tokenizer", words, tmp_path / "arms", 1.0,
        Size(hidden=96, layers=2, heads=2, intermediate=128, positions=512), heard.append,
    )  # fmt: skip
    assert [one.name for one in figures] == heard
    assert all(one.tokens > 0 and 0 < one.bits < 20 for one in figures)
    assert len(table(figures).splitlines()) == len(figures) + 2

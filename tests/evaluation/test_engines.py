from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from langchain_core.messages import BaseMessage
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from tutor_app.evaluation import engines
from tutor_app.evaluation.engines import (
    Contender,
    compare_engines,
    evaluate_engines,
)

WORDS = ["<unk>", "<s>", "</s>", "what", "is", "given", "the", "height", "at", "rest"]
PROMPTS = ["what is given", "the height", "at rest what is the height", "given at rest"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    inner = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    inner.add_special_tokens([AddedToken(token) for token in WORDS[:3]])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        chat_template="{{ bos_token }}{% for m in messages %} {{ m.content }}{% endfor %}",
    )
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=128,
        bos_token_id=1,
        eos_token_id=2,
    )
    torch.manual_seed(3)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


class Scripted:
    """Says 1, 2, 3, ... but `wrong` at the given place; every token is as likely as `sure`."""

    def __init__(self, sure: float, wrong_at: int | None = None):
        self.sure, self.wrong_at = sure, wrong_at

    def prompt(self, messages: Sequence[BaseMessage]) -> list[int]:
        return [len(str(messages[0].text))]

    def continue_greedily(self, prompt: Sequence[int], most: int, least: int = 0) -> list[int]:
        return [0 if n == self.wrong_at and prompt[0] > 10 else n for n in range(most)]

    def log_probabilities(self, prompt: Sequence[int], reply: Sequence[int]) -> NDArray[np.float64]:
        return np.full(len(reply), np.log(self.sure))

    def generate(self, messages: list[list[BaseMessage]], *, n: int) -> Any:
        return None


def test_where_an_engine_parts_from_the_reference_and_how_far_is_counted() -> None:
    reference, other = Scripted(0.5), Scripted(0.25, wrong_at=7)
    compared = compare_engines(
        [Contender("a", reference, 2_000_000), Contender("b", other, 1_000_000)], PROMPTS
    )
    first, second = compared.figures
    assert (first.same, first.parts_at, first.gap) == (1.0, None, 0.0)
    assert second.same == 0.25  # three of the four prompts are longer than ten letters
    assert second.parts_at == 7
    assert second.gap == pytest.approx(np.log(2))


def test_the_engines_are_compared_on_a_real_model(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TIMED_PROMPTS", 1)
    compared = evaluate_engines(model, PROMPTS, runs=1)
    names = [figures.name for figures in compared.figures]
    assert names == ["transformers float32", "CTranslate2 float32", "CTranslate2 int8"]
    assert [figures.same for figures in compared.figures[:2]] == [1.0, 1.0]
    assert compared.figures[1].gap < 1e-4
    assert compared.figures[2].size < compared.figures[1].size
    assert all(figures.reply_ms > 0 for figures in compared.figures)
    assert str(compared).count("| CTranslate2") == 2
    assert not (model / "ct2").exists()


def test_an_engine_that_is_not_installed_is_left_out_and_named(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    compared = evaluate_engines(model, PROMPTS[:1], runs=1)
    assert [figures.name for figures in compared.figures] == ["transformers float32"]
    assert "not installed: CTranslate2" in str(compared)

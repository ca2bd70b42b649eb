from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

WORDS = "what is given be brief find Which height? again done the".split()
CONTROL = ["<|pad|>", "<|bos|>", "<|unk|>", "<|user|>", "<|assistant|>", "<|end|>"]
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' %}{% generation %} "
    "{{ m.content }}<|end|>{% endgeneration %}{% else %} {{ m.content }} <|end|>{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
VOCABULARY = {word: number for number, word in enumerate([*CONTROL, *WORDS])}
VOCABULARY |= {"{q1}": len(VOCABULARY), "{q2}": len(VOCABULARY) + 1}

Chain = dict[str, dict[str, float]]


def save_tokenizer(folder: Path) -> None:
    inner = Tokenizer(models.WordLevel(VOCABULARY, unk_token="<|unk|>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    inner.add_special_tokens([AddedToken(token) for token in [*CONTROL, "{q1}"]])
    inner.add_tokens([AddedToken("{q2}", normalized=False)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<|unk|>",
        bos_token="<|bos|>",
        eos_token="<|end|>",
        pad_token="<|pad|>",
        chat_template=TEMPLATE,
    )
    tokenizer.save_pretrained(folder)


def config(**sizes: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(VOCABULARY),
        max_position_embeddings=64,
        num_attention_heads=2,
        bos_token_id=VOCABULARY["<|bos|>"],
        eos_token_id=VOCABULARY["<|end|>"],
        pad_token_id=VOCABULARY["<|pad|>"],
        tie_word_embeddings=False,
        **sizes,
    )


@pytest.fixture
def random_model(tmp_path: Path) -> Path:
    """A folder with a model of random weights: it says anything."""
    torch.manual_seed(5)
    model = LlamaForCausalLM(config(hidden_size=32, intermediate_size=64, num_hidden_layers=2))
    for weights in model.parameters():
        weights.data.mul_(4)
    model.save_pretrained(tmp_path / "random")
    save_tokenizer(tmp_path / "random")
    return tmp_path / "random"


@pytest.fixture
def chain_model(tmp_path: Path) -> Callable[[Chain], Path]:
    """Make a folder whose model only looks at the last word: {word: {next word: logit}}."""

    def make(chain: Chain) -> Path:
        size = 32
        model = LlamaForCausalLM(config(hidden_size=size, intermediate_size=8, num_hidden_layers=1))
        for name, weights in model.named_parameters():
            if "norm" not in name:
                weights.data.zero_()
        model.model.embed_tokens.weight.data[:, : len(VOCABULARY)] = torch.eye(len(VOCABULARY))
        for word, following in chain.items():
            for after, logit in following.items():
                row, column = VOCABULARY[after], VOCABULARY[word]
                model.lm_head.weight.data[row, column] = logit / size**0.5
        model.save_pretrained(tmp_path / "chain")
        save_tokenizer(tmp_path / "chain")
        return tmp_path / "chain"

    return make

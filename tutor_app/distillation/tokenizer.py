"""The tutor model's byte-level tokenizer: whole placeholders, single digits, a chat template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

PAD, BOS, USER, ASSISTANT, END, UNKNOWN = (
    "<|pad|>",
    "<|bos|>",
    "<|user|>",
    "<|assistant|>",
    "<|end|>",
    "<|unk|>",
)
SPECIAL = (PAD, BOS, USER, ASSISTANT, END, UNKNOWN)
QUANTITIES = tuple(f"{{q{number}}}" for number in range(1, 10))
PLACEHOLDERS = (*QUANTITIES, "{yours}", "{quoted}", "{goal}")

# The end token stands inside the generation block, so that whoever masks by it learns to stop.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "<|assistant|>{% generation %}{{ message['content'] | trim }}<|end|>{% endgeneration %}"
    "{% else %}<|user|>{{ message['content'] | trim }}{{ '\\n' }}<|end|>{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt and reply as token ids; the reply and its end token begin at `reply_start`."""

    ids: list[int]
    reply_start: int
    reply_bytes: int


def train_tokenizer(texts: Iterable[str], size: int = 5000) -> PreTrainedTokenizerFast:
    """Train byte-pair merges on the texts; returns a tokenizer with its chat template.

    Args:
        texts: any number of texts; nothing is normalised, every byte can be written.
        size: entries in all, special tokens and placeholders included; at least 300.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    # One digit, one token: a number the tutor quotes is then spelled, never remembered.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in SPECIAL])
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in PLACEHOLDERS])
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(PLACEHOLDERS),
        min_frequency=2,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=END,
        unk_token=UNKNOWN,
        additional_special_tokens=[USER, ASSISTANT],
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        model_max_length=512,
    )


def encode(tokenizer: Any, prompt: str, reply: str) -> Example:
    """Encode one row exactly as the chat template renders it; the reply carries the end token."""
    head = tokenizer.encode(f"{USER}{prompt.strip()}\n{END}{ASSISTANT}", add_special_tokens=False)
    tail = tokenizer.encode(f"{reply.strip()}{END}", add_special_tokens=False)
    return Example([*head, *tail], len(head), len(reply.strip().encode()))

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from tutor_app.distillation.tokenizer import PLACEHOLDERS, encode, train_tokenizer

TEXTS = [
    "A crate of {q1} is pulled along the floor by a rope, and friction holds it back.",
    "Which forces act along the floor, and which way does each of them point?",
    "You wrote {yours}. Draw the arrow of every force before you add any of them up.",
] * 3
PROMPT = "problem: A crate of {q1}\nhint: Which forces act?\nlearner: i got {yours}"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(TEXTS, 400)


def test_each_placeholder_is_one_token(tokenizer: Any) -> None:
    for mark in PLACEHOLDERS:
        assert tokenizer.encode(f"x{mark}y", add_special_tokens=False)[1:-1] == [
            tokenizer.convert_tokens_to_ids(mark)
        ]


def test_a_number_is_spelled_digit_by_digit(tokenizer: Any) -> None:
    assert tokenizer.tokenize("2048") == ["2", "0", "4", "8"]


def test_any_text_survives_a_round_trip(tokenizer: Any) -> None:
    text = "Größe: {q1}, so {yours}.  3,5 m/s² → \n“ok”"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_placeholders_survive_when_special_tokens_are_dropped(tokenizer: Any) -> None:
    ids = tokenizer.encode("You wrote {yours}.<|end|>", add_special_tokens=False)
    assert tokenizer.decode(ids, skip_special_tokens=True) == "You wrote {yours}."


def test_the_vocabulary_has_the_asked_size_at_most(tokenizer: Any) -> None:
    assert 256 + len(PLACEHOLDERS) < len(tokenizer) <= 400


def test_pad_bos_end_and_unknown_are_four_different_tokens(tokenizer: Any) -> None:
    ids = {
        tokenizer.pad_token_id,
        tokenizer.bos_token_id,
        tokenizer.eos_token_id,
        tokenizer.unk_token_id,
    }
    assert len(ids) == 4
    assert tokenizer.eos_token == "<|end|>"


def test_the_chat_template_and_the_training_rows_give_the_same_tokens_and_mask(
    tokenizer: Any, tmp_path: Path
) -> None:
    tokenizer.save_pretrained(tmp_path)
    saved = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    reply = "You wrote {yours}. Which forces act?"
    chat = [{"role": "user", "content": PROMPT}, {"role": "assistant", "content": reply}]

    rendered = saved.apply_chat_template(chat, return_dict=True, return_assistant_tokens_mask=True)

    example = encode(tokenizer, PROMPT, reply)
    assert example.ids == rendered["input_ids"]
    assert rendered["assistant_masks"].index(1) == example.reply_start
    assert sum(rendered["assistant_masks"]) == len(example.ids) - example.reply_start
    assert example.ids[-1] == saved.eos_token_id


def test_the_prompt_for_generation_is_the_head_of_the_training_row(tokenizer: Any) -> None:
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": PROMPT}], add_generation_prompt=True, return_dict=True
    )["input_ids"]
    example = encode(tokenizer, PROMPT, "Which forces act?")
    assert prompt == example.ids[: example.reply_start]


def test_a_line_break_at_the_end_of_a_prompt_changes_nothing(tokenizer: Any) -> None:
    assert encode(tokenizer, PROMPT + "\n", "Yes.") == encode(tokenizer, PROMPT, "Yes.")

"""Run a training plan in its own process: `python -m tutor_app.distillation.train --plan FILE`.

The process stops cleanly when a file `cancel` appears in the plan's out folder, and the same
command goes on from the last checkpoint.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ConfigDict, ValidationError
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from tutor_app.distillation.batches import Batches, Mixture
from tutor_app.distillation.checkpoints import Position, last_checkpoint, load_position
from tutor_app.distillation.first_weights import ROPE_BASE, write_first_weights
from tutor_app.distillation.tokenizer import Example, encode
from tutor_app.distillation.train_loop import HeldOut, TrainingRun, make_optimizer
from tutor_app.distillation.training_plan import Size, TrainingPlan, load_plan
from tutor_app.domain.base import Strict, Text
from tutor_app.errors import ContentError, ModelError, TutorError

# Enough for two digits of bits per byte, and a second or two of the training time.
_HELD_OUT_ROWS = 64
_HELD_OUT_WINDOWS = 40
_WINDOW = 128


class _Row(Strict):
    """One line of training data; other keys are lineage and are not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    prompt: Text
    reply: Text


def new_model(size: Size, tokenizer: Any, seed: int, copying: bool = True) -> Any:
    """Return a Llama model of that size with tied embeddings and new weights.

    Args:
        size: its shape.
        tokenizer: gives the vocabulary and the ids of the special tokens.
        seed: of the weights.
        copying: build the circuit for copying in; without it the weights are purely random.
    """
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=size.hidden,
        intermediate_size=size.intermediate,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=size.positions,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": ROPE_BASE},
        attention_dropout=0.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    if copying:
        write_first_weights(model, seed)
    return model


def load_folder(folder: Path) -> tuple[Any, Any]:
    """Load (model, tokenizer) in float32; raises ModelError."""
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, use_safetensors=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: cannot be loaded: {error}") from error
    return model, tokenizer


def read_rows(path: Path | None, tokenizer: Any) -> list[Example]:
    """Read and encode JSONL rows; no path gives none. Raises ContentError for a broken line."""
    if path is None:
        return []
    examples = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: cannot be read ({error}). Give JSONL rows.") from error
    for number, line in enumerate(lines, start=1):
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            raise ContentError(
                f"{path}:{number}: is no training row ({error.errors()[0]['msg']}). "
                'Write {"prompt": ..., "reply": ...}.'
            ) from error
        examples.append(encode(tokenizer, row.prompt, row.reply))
    return examples


def _read_text(path: Path | None) -> NDArray[np.uint16]:
    if path is None:
        return np.zeros(0, dtype=np.uint16)
    try:
        return np.asarray(np.load(path, mmap_mode="r"), dtype=np.uint16)
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}: is no stream of token ids ({error}).") from error


def _held_out(plan: TrainingPlan, tokenizer: Any) -> HeldOut:
    rows = read_rows(plan.held_out_rows, tokenizer)
    rows = [row for row in rows if len(row.ids) <= plan.size.positions]
    stride = max(len(rows) // _HELD_OUT_ROWS, 1)
    text = _read_text(plan.held_out_text).astype(np.int64)
    windows = text[: len(text) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    windows = windows[:: max(len(windows) // _HELD_OUT_WINDOWS, 1)][:_HELD_OUT_WINDOWS]
    size = sum(len(tokenizer.decode(row[1:]).encode()) for row in windows)
    return HeldOut(rows[::stride][:_HELD_OUT_ROWS], windows, size)


def train(plan: TrainingPlan) -> Position:
    """Train by the plan, from its last checkpoint if there is one; returns how far it came.

    Raises:
        ContentError: rows or text are missing or wrong.
        ModelError: the model to start from or a checkpoint cannot be loaded.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    plan.out.mkdir(parents=True, exist_ok=True)
    checkpoint = last_checkpoint(plan.out / "checkpoints")
    source = checkpoint or plan.start
    if source is not None:
        model, tokenizer = load_folder(source)
    else:
        tokenizer = AutoTokenizer.from_pretrained(plan.tokenizer, local_files_only=True)
        model = new_model(plan.size, tokenizer, plan.seed, plan.copying_start)
    model.generation_config.do_sample = False
    optimizer = make_optimizer(model, plan)
    position = Position(seed=plan.seed)
    if checkpoint is not None:
        position = load_position(checkpoint, model, optimizer)
    mixture = Mixture(plan.tokens, plan.text_share, plan.text_weight, plan.prompt_weight)
    batches = Batches(
        read_rows(plan.rows, tokenizer),
        _read_text(plan.text),
        mixture,
        pad=tokenizer.pad_token_id,
        seed=plan.seed,
        longest=int(model.config.max_position_embeddings),
    )
    model.train()
    held_out = _held_out(plan, tokenizer)
    return TrainingRun(plan, model, tokenizer, optimizer, batches, held_out, position).run()


def main(arguments: list[str] | None = None) -> int:
    """Run a plan file; returns 0, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(description="Train the tutor model by a plan file.")
    parser.add_argument("--plan", type=Path, required=True)
    try:
        train(load_plan(parser.parse_args(arguments).plan))
    except TutorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

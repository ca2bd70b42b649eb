"""Checkpoints of a training run: a loadable model folder each, with the optimizer beside it."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from tutor_app.errors import ModelError

_KEPT = 2
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


@dataclass
class Position:
    """How far a run has come.

    Attributes:
        step: optimizer steps done.
        tokens: tokens seen, padding included.
        seconds: time in training, over all resumptions.
        seed: the seed of the run.
        loss: the smoothed training loss, nats a token.
        best: the lowest bits per byte of the held-out replies so far.
    """

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    seed: int = 0
    loss: float | None = None
    best: float | None = None


def write_folder(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write a loadable model folder in one move; an older one of that name is replaced."""
    new, old = (folder.with_name(f"{folder.name}.{kind}") for kind in ("new", "old"))
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    model.save_pretrained(new)
    tokenizer.save_pretrained(new)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(new, folder)
    shutil.rmtree(old, ignore_errors=True)


def save_checkpoint(
    root: Path, model: Any, tokenizer: Any, optimizer: torch.optim.Optimizer, position: Position
) -> Path:
    """Write root/step-N, visible only when complete, and drop all but the newest two."""
    folder = root / f"step-{position.step:07d}"
    new = root / f"new-{position.step:07d}"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    model.save_pretrained(new)
    tokenizer.save_pretrained(new)
    moments = {}
    for name, parameter in model.named_parameters():
        for moment, value in optimizer.state.get(parameter, {}).items():
            moments[f"{moment}:{name}"] = value
    save_file(moments, new / "optimizer.safetensors")
    (new / "position.json").write_text(json.dumps(asdict(position)), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(new, folder)
    for old in sorted(root.glob("step-*"))[:-_KEPT]:
        shutil.rmtree(old)
    return folder


def last_checkpoint(root: Path) -> Path | None:
    """Return the newest complete checkpoint, if there is one."""
    return max(root.glob("step-*"), default=None)


def load_position(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> Position:
    """Restore the optimizer in place and return the position; the model is loaded already.

    Raises:
        ModelError: the checkpoint is damaged.
    """
    try:
        moments = load_file(folder / "optimizer.safetensors")
        for name, parameter in model.named_parameters():
            state = {m: moments[f"{m}:{name}"] for m in _MOMENTS if f"{m}:{name}" in moments}
            if state:
                optimizer.state[parameter] = state
        text = (folder / "position.json").read_text(encoding="utf-8")
        return Position(**json.loads(text))
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise ModelError(
            f"{folder}: is a damaged checkpoint ({error}). Delete it to go on from the one before."
        ) from error

"""The training loop: one for both stages, on the CPU in float32, stoppable and resumable."""

import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from tutor_app.distillation.batches import Batch, Batches
from tutor_app.distillation.checkpoints import Position, save_checkpoint, write_folder
from tutor_app.distillation.tokenizer import Example
from tutor_app.distillation.training_plan import TrainingPlan


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is never trained on: rows of prompts and replies, and windows of open text."""

    rows: Sequence[Example]
    text: NDArray[np.int64]
    text_bytes: int


def learning_rate(plan: TrainingPlan, done: float) -> float:
    """Return the rate when a part `done` (0 to 1) of the run is over: a rise, then a cosine."""
    if done < plan.warm_up:
        return plan.peak * (done + 1e-3) / (plan.warm_up + 1e-3)
    place = min((done - plan.warm_up) / (1 - plan.warm_up), 1.0)
    return plan.peak * (plan.floor + (1 - plan.floor) * (1 + math.cos(math.pi * place)) / 2)


def make_optimizer(model: Any, plan: TrainingPlan) -> torch.optim.Optimizer:
    """AdamW that decays matrices but not norms."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": plan.weight_decay},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=plan.peak, betas=(0.9, 0.95), fused=True)


def token_losses(model: Any, ids: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the negative log-likelihoods (nats) of the wanted tokens, in row order.

    Args:
        model: a causal language model of transformers.
        ids: token ids, shape (rows, length), padded on the right.
        wanted: which tokens count as targets, bool of the same shape; the first column is ignored.
    """
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    picked = wanted[:, 1:]
    # The output layer is a fifth of the work: it runs only where a target counts.
    return cross_entropy(model.lm_head(hidden[picked]), ids[:, 1:][picked], reduction="none")


def batch_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Return the weighted mean loss of a batch, in nats a token."""
    wanted = batch.weights > 0
    weights = batch.weights[:, 1:][wanted[:, 1:]]
    return (token_losses(model, batch.ids, wanted) * weights).sum() / weights.sum()


@torch.inference_mode()
def held_out_bits(model: Any, held_out: HeldOut) -> tuple[float | None, float | None]:
    """Return bits per byte of (open text, replies); None where there is nothing to measure.

    The end token counts in the bits of a reply and not in its bytes.
    """
    text_bits, reply_bits = None, None
    if len(held_out.text):
        nats = 0.0
        for window in torch.from_numpy(held_out.text):
            wanted = torch.ones(1, len(window), dtype=torch.bool)
            nats += float(token_losses(model, window[None], wanted).sum())
        text_bits = nats / math.log(2) / held_out.text_bytes
    if held_out.rows:
        nats = 0.0
        for example in held_out.rows:
            ids = torch.tensor([example.ids])
            wanted = torch.arange(ids.shape[1])[None] >= example.reply_start
            nats += float(token_losses(model, ids, wanted).sum())
        reply_bits = nats / math.log(2) / sum(example.reply_bytes for example in held_out.rows)
    return text_bits, reply_bits


class TrainingRun:
    """Trains a model by a plan, from a position on, until the plan ends or someone cancels."""

    def __init__(
        self,
        plan: TrainingPlan,
        model: Any,
        tokenizer: Any,
        optimizer: torch.optim.Optimizer,
        batches: Batches,
        held_out: HeldOut,
        position: Position,
    ):
        """Take over what `train` has loaded."""
        self._plan, self._model, self._tokenizer = plan, model, tokenizer
        self._optimizer, self._batches, self._held_out = optimizer, batches, held_out
        self._at = position
        self._bits: tuple[float | None, float | None] = (None, None)

    def run(self) -> Position:
        """Train to the end of the plan, or until a file `cancel` appears in the out folder.

        Checkpoints lie in out/checkpoints, the state in out/progress.json, and at the end the
        finished model in out/model. A cancelled run leaves a checkpoint and no model.
        """
        plan, at = self._plan, self._at
        cancel, saved = plan.out / "cancel", time.monotonic()
        started, first, tokens_then = time.monotonic() - at.seconds, at.step, at.tokens
        seconds_then = at.seconds
        while self._done() < 1:
            if cancel.exists():
                cancel.unlink()
                self._save("cancelled", 0.0)
                return at
            at.loss = self._step(self._batches.batch(at.step))
            at.seconds = time.monotonic() - started
            rate = (at.tokens - tokens_then) / max(at.seconds - seconds_then, 1e-9)
            if at.step % plan.evaluate_steps == 0:
                self._evaluate()
            if at.step % plan.report_steps == 0 or at.step == first + 1:
                self._report("running", rate)
            if time.monotonic() - saved > plan.checkpoint_seconds:
                self._save("running", rate)
                saved = time.monotonic()
        self._evaluate()
        if plan.keep == "last":
            write_folder(self._model, self._tokenizer, plan.out / "model")
        self._save("finished", 0.0)
        return at

    def _done(self) -> float:
        """The part of the run that is over: by steps or by time, whichever is further."""
        plan, parts = self._plan, [0.0]
        if plan.steps:
            parts.append(self._at.step / plan.steps)
        if plan.seconds:
            parts.append(self._at.seconds / plan.seconds)
        return max(parts)

    def _step(self, batch: Batch) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._plan, self._done())
        loss = batch_loss(self._model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._plan.clip)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._at.step += 1
        self._at.tokens += int(batch.ids.numel())
        value, before = float(loss.detach()), self._at.loss
        return value if before is None else 0.95 * before + 0.05 * value

    def _evaluate(self) -> None:
        self._model.eval()
        self._bits = held_out_bits(self._model, self._held_out)
        self._model.train()
        reply = self._bits[1]
        better = reply is not None and (self._at.best is None or reply < self._at.best)
        if better:
            self._at.best = reply
        if self._plan.keep == "best" and better:
            write_folder(self._model, self._tokenizer, self._plan.out / "model")

    def _save(self, state: str, rate: float) -> None:
        root = self._plan.out / "checkpoints"
        save_checkpoint(root, self._model, self._tokenizer, self._optimizer, self._at)
        self._report(state, rate)

    def _report(self, state: str, rate: float) -> None:
        """Write progress.json, whole or not at all, and add a line to history.jsonl."""
        text, reply = self._bits
        report = {
            "stage": self._plan.stage,
            "state": state,
            "step": self._at.step,
            "steps": self._plan.steps,
            "done": round(self._done(), 4),
            "seconds": round(self._at.seconds, 1),
            "tokens": self._at.tokens,
            "loss": self._at.loss,
            "held_out_bits_per_byte": text if text is not None else reply,
            "held_out_reply_bits_per_byte": reply,
            "tokens_per_s": round(rate, 1),
            "seed": self._plan.seed,
            "updated": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        new = self._plan.out / "progress.json.new"
        new.write_text(json.dumps(report, indent=1), encoding="utf-8")
        os.replace(new, self._plan.out / "progress.json")
        if self._at.step % self._plan.evaluate_steps == 0 or state != "running":
            with (self._plan.out / "history.jsonl").open("a", encoding="utf-8") as history:
                history.write(json.dumps(report) + "\n")

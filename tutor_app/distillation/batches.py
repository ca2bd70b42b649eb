"""Batches of examples of like length, with windows of open text mixed in, repeatable at any step.

Rows are padded on the right and never joined, so that under causal attention no example sees
another and no attention mask is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tutor_app.distillation.tokenizer import Example
from tutor_app.errors import ContentError

# Examples sorted by length within such a window pad little and still come in random order.
_SORTED_WINDOW = 512


@dataclass(frozen=True, slots=True)
class Mixture:
    """How a batch is made up and which of its tokens count.

    Attributes:
        tokens: tokens in a batch, padding included.
        text_share: the part of the tokens that is open text, from 0 to 1.
        text_weight: the weight of a token of open text in the loss.
        prompt_weight: the weight of a prompt's token; a reply's token weighs 1.
    """

    tokens: int = 1024
    text_share: float = 0.0
    text_weight: float = 1.0
    prompt_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids and the weight each has as a target; both of shape (rows, length)."""

    ids: torch.Tensor
    weights: torch.Tensor


class Batches:
    """An endless row of batches; `batch(step)` depends on the seed and the step alone."""

    def __init__(
        self,
        examples: Sequence[Example],
        text: NDArray[np.uint16],
        mixture: Mixture,
        pad: int,
        seed: int,
        longest: int = 512,
    ):
        """Keep the examples that fit.

        Args:
            examples: the rows; those longer than `longest` tokens are left out.
            text: open text as one stream of token ids, shape (tokens,); may be empty.
            mixture: sizes, shares and weights.
            pad: the id of the padding token.
            seed: fixes order and text windows.
            longest: positions of the model.

        Raises:
            ContentError: there is nothing to train on.
        """
        self._examples = [example for example in examples if len(example.ids) <= longest]
        self._text, self._mixture, self._pad = text, mixture, pad
        self._seed, self._longest = seed, longest
        if mixture.text_share > 0 and len(text) <= longest:
            raise ContentError(
                f"open text: {len(text)} tokens are less than one row of {longest}. Give more."
            )
        if not self._examples and mixture.text_share <= 0:
            raise ContentError(
                f"training rows: none of {len(examples)} fits into {longest} tokens, and no text "
                "is mixed in. Give shorter rows."
            )
        self._epoch, self._first = 0, 0
        self._plan = self._cut(0)

    def __len__(self) -> int:
        """Batches in the current pass over the rows."""
        return len(self._plan)

    def batch(self, step: int) -> Batch:
        """Return the batch of this step, counted from 0."""
        if not self._examples:
            return self._tensors([], min(256, self._longest), step)
        if step < self._first:
            self._epoch, self._first, self._plan = 0, 0, self._cut(0)
        while step >= self._first + len(self._plan):
            self._epoch, self._first = self._epoch + 1, self._first + len(self._plan)
            self._plan = self._cut(self._epoch)
        rows = [self._examples[number] for number in self._plan[step - self._first]]
        return self._tensors(rows, max(len(row.ids) for row in rows), step)

    def _cut(self, epoch: int) -> list[list[int]]:
        """Cut one pass into batches of row numbers, in random order."""
        random = np.random.default_rng([self._seed, 1, epoch])
        order = random.permutation(len(self._examples))
        room = self._mixture.tokens * (1 - self._mixture.text_share)
        batches: list[list[int]] = []
        for start in range(0, len(order), _SORTED_WINDOW):
            window = sorted(
                order[start : start + _SORTED_WINDOW], key=lambda row: len(self._examples[row].ids)
            )
            batch: list[int] = []
            for row in window:
                if batch and (len(batch) + 1) * len(self._examples[row].ids) > room:
                    batches.append(batch)
                    batch = []
                batch.append(int(row))
            batches.extend([batch] if batch else [])
        return [batches[place] for place in random.permutation(len(batches))]

    def _tensors(self, rows: Sequence[Example], length: int, step: int) -> Batch:
        mixture = self._mixture
        windows = round(mixture.text_share * mixture.tokens / length) if len(self._text) else 0
        ids = np.full((len(rows) + windows, length), self._pad, dtype=np.int64)
        weights = np.zeros((len(rows) + windows, length), dtype=np.float32)
        for place, row in enumerate(rows):
            ids[place, : len(row.ids)] = row.ids
            weights[place, : row.reply_start] = mixture.prompt_weight
            weights[place, row.reply_start : len(row.ids)] = 1.0
        random = np.random.default_rng([self._seed, 2, step])
        for place in range(len(rows), len(rows) + windows):
            start = int(random.integers(0, len(self._text) - length + 1))
            ids[place] = self._text[start : start + length]
            weights[place] = mixture.text_weight
        # Nothing comes before the first token, so nothing can predict it.
        weights[:, 0] = 0.0
        return Batch(torch.from_numpy(ids), torch.from_numpy(weights))

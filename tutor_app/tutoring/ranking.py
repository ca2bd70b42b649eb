"""The critic: which of several verified replies a human tutor would rather say.

It orders what has passed verification and passes nothing itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from tutor_app.domain.dialogue import Candidate
from tutor_app.errors import ModelError
from tutor_app.tutoring.intents import features as surface
from tutor_app.tutoring.reply_features import read_context, scalars

# The eight dimensions of MRBench (Maurya et al., 2025, arXiv 2412.09416).
DIMENSIONS = (
    "mistake identification",
    "mistake location",
    "providing guidance",
    "actionability",
    "not revealing the answer",
    "coherence",
    "tone",
    "humanlikeness",
)
CLASSES = 3
# What each class is worth: no, to some extent, yes. An answer revealed is worth nothing, be it a
# wrong one (class 0) or the right one (class 1); tone is neutral or offensive (0), encouraging (2).
VALUES = np.array([[0, 0.5, 1]] * 4 + [[0, 0, 1]] + [[0, 0.5, 1]] * 3)
# Tone and humanlikeness are predicted but not counted: praise is no aim of its own (MRBench's
# experts are rated encouraging less often than its novices).
COUNTED = 6
# How much the vector and the surface weigh beside the standardised measures.
_VECTOR_SCALE, _SURFACE_SCALE = 4.0, 5.0

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Heads:
    """One linear head per dimension: `weight` (8, 3, inputs) and `bias` (8, 3)."""

    weight: NDArray[np.floating]
    bias: NDArray[np.floating]

    def probabilities(self, inputs: NDArray[np.floating]) -> Array:
        """Return the probability of each class, (replies, 8, 3), for inputs (replies, inputs)."""
        logits = np.einsum("ni,dci->ndc", inputs, self.weight, optimize=True) + self.bias
        weights = np.exp(logits - logits.max(axis=2, keepdims=True))
        shares: Array = weights / weights.sum(axis=2, keepdims=True)
        return shares


class Critic:
    """Scores replies; about 0.3 MB of weights over the sentence encoder."""

    def __init__(self, embed: Embed, path: Path):
        """Load the heads; raises ModelError for a file that is cut or of another shape.

        Args:
            embed: texts to unit vectors, shape (texts, dimensions).
            path: the safetensors file.
        """
        self._embed = embed
        try:
            with safe_open(path, framework="numpy") as file:
                self._heads = Heads(file.get_tensor("weight"), file.get_tensor("bias"))
        except (OSError, SafetensorError) as error:
            raise ModelError(
                f"critic: {path} cannot be loaded ({error}). Train it with `tutor refresh critic`."
            ) from None
        shape, wanted = self._heads.weight.shape, (len(DIMENSIONS), CLASSES)
        if len(shape) != 3 or shape[:2] != wanted or self._heads.bias.shape != wanted:
            raise ModelError(
                f"critic: {path} has weights of shape {shape}, not (8, 3, inputs). "
                "Train it with `tutor refresh critic`."
            )

    def scores(self, context: str, replies: Sequence[str]) -> Array:
        """Return one score per reply in [0, 1], shape (replies,); higher is better.

        The score is the mean expected value of the first six dimensions, all with the same weight.

        Args:
            context: what was said before, as `dialogue_context` writes it.
            replies: the wordings to compare. English; other languages are scored by chance.

        Raises:
            ModelError: the embedder has other dimensions than the one in training.
        """
        if not replies:
            return np.zeros(0)
        inputs = critic_inputs(self._embed, context, replies)
        wanted = self._heads.weight.shape[2]
        if inputs.shape[1] != wanted:
            raise ModelError(
                f"critic: there are {inputs.shape[1]} inputs, the heads want {wanted}. "
                "Train it for this embedder with `tutor refresh critic`."
            )
        return combined(self._heads.probabilities(inputs))

    def rank(self, context: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates that passed verification, the best first; the others are left out.

        Equal scores keep their order.
        """
        passed = [candidate for candidate in candidates if candidate.passed]
        if len(passed) < 2:
            return passed
        scores = self.scores(context, [candidate.text for candidate in passed])
        return [passed[place] for place in np.argsort(-scores, kind="stable")]


def combined(shares: Array) -> Array:
    """Return the score of each reply, (replies,), from class shares (replies, 8, 3)."""
    values = (shares * VALUES).sum(axis=2)
    return np.asarray(values[:, :COUNTED].mean(axis=1))


def critic_inputs(embed: Embed, context: str, replies: Sequence[str]) -> NDArray[np.float32]:
    """Return the heads' inputs, (replies, inputs): measures, vector, hashed surface.

    Everything is embedded in one call: the learner's last words, the problem, the replies.
    """
    said = read_context(context)
    vectors = embed([*said.texts, *replies])
    before, own = list(vectors[:2]), vectors[2:]
    rows = [
        np.concatenate(
            [
                scalars(reply, said, vector, before),
                _VECTOR_SCALE * vector,
                _SURFACE_SCALE * surface(reply, np.zeros(0, dtype=np.float32)),
            ]
        )
        for reply, vector in zip(replies, own, strict=True)
    ]
    stacked: NDArray[np.float32] = np.stack(rows)
    return stacked

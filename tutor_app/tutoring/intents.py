"""The intent of plain words: a linear head over the sentence embedding and character n-grams."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from tutor_app.errors import ModelError

INTENTS = (
    "attempt",
    "asks_answer",
    "no_attempt",
    "stuck",
    "asks_term",
    "asks_why",
    "asks_course",
    "disputes",
    "done",
    "social",
    "off_topic",
    "unsafe",
    "hostile",
)
BUCKETS = 4096
LENGTHS = range(1, 6)
EMBEDDING_WEIGHT = 1.0
MAX_CHARACTERS = 400
CUES = Path(__file__).with_name("intent_cues.toml")
_WORDS = re.compile(r"\S+")

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Intent:
    """One of INTENTS with its probability."""

    name: str
    confidence: float


def features(text: str, embedding: Vector) -> Vector:
    """Return the embedding next to hashed character n-grams of the words, float32.

    The n-grams (1 to 5 characters, with the word's edges) are counted into 4,096 buckets, damped
    by 1 + log and scaled to length one; they carry spelling and other languages, where the
    English encoder is weak.
    """
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for word in _WORDS.findall(text[:MAX_CHARACTERS].lower()):
        edged = f" {word} "
        for length in LENGTHS:
            for start in range(len(edged) - length + 1):
                counts[crc32(edged[start : start + length].encode()) % BUCKETS] += 1
    seen = counts > 0
    counts[seen] = 1 + np.log(counts[seen])
    norm = float(np.linalg.norm(counts)) or 1.0
    return np.concatenate([embedding * EMBEDDING_WEIGHT, counts / norm]).astype(np.float32)


class IntentClassifier:
    """Cues that are never a matter of degree first, then softmax over `weight @ features + bias`.

    `weight` is (classes, dimensions), float32.
    """

    def __init__(self, embed: Callable[[str], Vector], head: Path):
        self._embed = embed
        self._cues = [
            (name, re.compile("|".join(patterns), re.IGNORECASE))
            for name, patterns in tomllib.loads(CUES.read_text(encoding="utf-8")).items()
        ]
        try:
            with safe_open(head, framework="numpy") as file:
                self._labels = tuple((file.metadata() or {})["labels"].split(","))
                self._weight = file.get_tensor("weight")
                self._bias = file.get_tensor("bias")
        except (OSError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"intent classifier: {head} cannot be loaded ({error}). "
                "Train it with `tutor evaluate intents --train`."
            ) from None

    def __call__(self, text: str) -> Intent:
        """Classify one utterance."""
        for name, pattern in self._cues:
            if pattern.search(text):
                return Intent(name, 1.0)
        logits = self._weight @ features(text, self._embed(text)) + self._bias
        weights = np.exp(logits - logits.max())
        best = int(logits.argmax())
        return Intent(self._labels[best], float(weights[best] / weights.sum()))

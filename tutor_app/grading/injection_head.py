"""Sentences that speak to whoever grades, told by meaning, where patterns know no words.

How to use: `InjectionHead(embed, path).find(text)` returns the sentence or "". It stands beside
`injection.find_injections` where a chat model grades: only that can be talked into something.
A finding sends the answer to a person and changes no score.

Logistic regression over sentence vectors; trained by distillation/injections.py.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from tutor_app.documents.ideas import Embed
from tutor_app.errors import ModelError

_SENTENCE = re.compile(r"[^.!?。！？।\n]+[.!?。！？।]*")
_READ = 64
"""Sentences of an answer that are looked at: the first and the last half of so many."""
_SHOWN = 200


class InjectionHead:
    """Weights over the vectors of the bundled encoder, with a threshold."""

    def __init__(self, embed: Embed, head: Path):
        """Load the head.

        Args:
            embed: texts to unit vectors, shape (texts, dimensions).
            head: safetensors file with `weights` (dimensions,), `bias` (1,), `threshold` (1,).

        Raises:
            ModelError: the file is missing or broken.
        """
        try:
            arrays = load_file(head)
            self._weights = arrays["weights"]
            self._bias = float(arrays["bias"][0])
            self._threshold = float(arrays["threshold"][0])
        except (OSError, SafetensorError, KeyError) as error:
            raise ModelError(
                f"{head}: the head cannot be loaded ({error}). "
                "Train it: tutor evaluate injections --train."
            ) from error
        self._embed = embed

    def find(self, text: str) -> str:
        """Return the sentence that most seems to speak to a grader, "" where none does."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[str]:
        """Do the same for many texts, encoded together."""
        parts = [sentences(text) for text in texts]
        every = [one for some in parts for one in some]
        scores = self._embed(every) @ self._weights + self._bias if every else np.empty(0)
        found, start = [], 0
        for some in parts:
            own = scores[start : start + len(some)]
            start += len(some)
            best = int(own.argmax()) if some else -1
            over = bool(some) and own[best] > self._threshold
            found.append(some[best][:_SHOWN] if over else "")
        return found


def sentences(text: str) -> list[str]:
    """Return the sentences that are looked at, of a long text those at both ends."""
    found = [one for match in _SENTENCE.finditer(text) if (one := match[0].strip())]
    return found if len(found) <= _READ else found[: _READ // 2] + found[-_READ // 2 :]

"""How clearly does a clause say one idea? Its telling words and its meaning, put together.

A sentence encoder alone cannot do it: a clause and its denial lie closer together than two right
wordings do. So the words that tell an idea's wordings from those that say something else are
weighed too (naive Bayes over stems, negated words apart), and an opposite word counts against it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.wording import marked_words, opposites

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]


class Encoder(Protocol):
    """A sentence encoder: texts, or parts of texts, to unit vectors.

    Attributes:
        name: which weights these are.
    """

    name: str

    def embed_array(self, texts: list[str], /) -> Vectors:
        """Return one unit vector per text, shape (texts, dimensions)."""
        ...

    def embed_spans(
        self, texts: Sequence[tuple[str, Sequence[tuple[int, int]]]], /
    ) -> list[Vectors]:
        """Return for each text the unit vectors of its spans, shape (spans, dimensions)."""
        ...


# Fitted by logistic regression on the short answers of datasets/evaluation, then rounded.
WORDS_WEIGHT = 0.45
MEANING_WEIGHT = 4.0
WRONG_WEIGHT = 0.3
BIAS = -2.5
_PRIOR = 0.3
_TELLING = 0.5


class Idea:
    """One idea with its right wordings, set apart from wordings that do not say it."""

    def __init__(
        self,
        right: Sequence[str],
        wrong: Sequence[str],
        elsewhere: Sequence[str],
        embed: Embed,
        centre: Vectors,
    ):
        """Learn the words and the direction of the idea.

        Args:
            right: wordings of the idea.
            wrong: wordings that miss it or deny it; may be empty.
            elsewhere: other sentences about the same thing (other ideas, the question).
            embed: texts to unit vectors, shape (texts, dimensions).
            centre: mean vector of all texts about this thing, shape (dimensions,): what they
                have in common tells nothing.
        """
        self._centre = centre
        self._right = self._direction(vectors_of(embed, tuple(right)))
        self._wrong = self._direction(vectors_of(embed, tuple(wrong))) if wrong else None
        said = [frozenset(marked_words(text)) for text in right]
        other = [frozenset(marked_words(text)) for text in (*wrong, *elsewhere)]
        self._odds = {
            word: log(_share(word, said) / _share(word, other))
            for word in frozenset().union(*said, *other)
        }

    def scores(self, parts: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        """Return one score per clause, log-odds that it says the idea, shape (parts,).

        Args:
            parts: clauses.
            vectors: their unit vectors, shape (parts, dimensions).
        """
        words = self.said_in([frozenset(marked_words(part)) for part in parts])
        return WORDS_WEIGHT * words + MEANING_WEIGHT * self.meant_by(vectors) + BIAS

    def said_in(self, stems: Sequence[frozenset[str]]) -> NDArray[np.float64]:
        """Return the log-odds of the words alone, shape (parts,), for `marked_words` of parts."""
        return np.array([sum(self._word(word) for word in some) for some in stems])

    def meant_by(self, vectors: Vectors) -> NDArray[np.float64]:
        """Return how near the parts' vectors lie to the idea, less to its denials, (parts,)."""
        meaning = _unit(vectors - self._centre)
        near = meaning @ self._right
        if self._wrong is not None:
            near = near - WRONG_WEIGHT * (meaning @ self._wrong)
        made: NDArray[np.float64] = near.astype(np.float64)
        return made

    def _word(self, word: str) -> float:
        """Return the log-odds of one word; a denied or opposite telling word counts against."""
        odds = self._odds.get(word)
        turned = word[1:] if word.startswith("¬") else f"¬{word}"
        if odds is None:
            odds = min(0.0, -self._odds.get(turned, 0.0))
        against = max((self._odds.get(o, 0.0) for o in opposites(word)), default=0.0)
        return -against if against > _TELLING >= odds else odds

    def _direction(self, vectors: Vectors) -> Vectors:
        direction: Vectors = _unit((vectors - self._centre).mean(axis=0, keepdims=True))[0]
        return direction


@lru_cache(maxsize=256)
def vectors_of(embed: Embed, texts: tuple[str, ...]) -> Vectors:
    """Return unit vectors, shape (texts, dimensions); the last few calls are remembered."""
    return embed(list(texts))


def _share(word: str, documents: Sequence[frozenset[str]]) -> float:
    seen = sum(word in document for document in documents)
    return (seen + _PRIOR) / (len(documents) + 2 * _PRIOR)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit

"""Which known wrong idea does a sentence voice? For text items, whose mal-rules are sentences."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.clauses import clauses, contradicts
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]

VOICED = 0.72
MARGIN = 0.02
MAX_CHARACTERS = 3_000


class SayingMatcher:
    """Matches clauses against the `says` of an item's misconceptions; vectors are made once."""

    def __init__(self, embed: Embed, rubric: Callable[[str], Rubric]):
        """Take the encoder and the way to an item's rubric, whose right wordings weigh against."""
        self._embed = embed
        self._rubric = rubric
        self._items: dict[str, tuple[list[tuple[str, str]], Vectors, Vectors]] = {}

    def __call__(self, text: str, item: Item) -> str:
        """Return the id of the misconception that the text voices most clearly, or "".

        A clause that comes nearer to one of the rubric's right wordings voices none.
        """
        sayings = [(m.id, said) for m in item.misconceptions for said in m.says]
        if not sayings or not text.strip() or item.answer.kind != "text":
            return ""
        if item.id not in self._items:
            criteria = self._rubric(item.answer.rubric).criteria
            right = [w for c in criteria for e in c.key_elements for w in (e.text, *e.variants)]
            texts = [said for _, said in sayings]
            self._items[item.id] = (sayings, self._embed(texts), self._embed(right))
        known, vectors, right_vectors = self._items[item.id]
        parts = clauses(text[:MAX_CHARACTERS])
        said_vectors = self._embed(parts)
        near = said_vectors @ vectors.T
        near -= np.where(
            (said_vectors @ right_vectors.T).max(axis=1) + MARGIN > near.max(axis=1), 1, 0
        )[:, None]
        for place, part in enumerate(parts):
            for column, (_, said) in enumerate(known):
                if contradicts(part, said):
                    near[place, column] = 0.0
        best = int(near.max(axis=0).argmax())
        return known[best][0] if near[:, best].max() >= VOICED else ""

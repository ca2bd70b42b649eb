"""Similar answers of a batch: what one click may grade alike, and which answers to grade first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tutor_app.domain.batch import Marked
from tutor_app.grading.grouping import Groups, Vectors, choose_teaching, group_answers, normalised
from tutor_app.storage.store import Store

Embed = Callable[[list[str]], Vectors]
MOST = 3_000
"""Answers that are encoded for grouping; of larger batches only equal answers are grouped."""
TEACHING = 20


@dataclass(frozen=True)
class Similar:
    """The answers to one question in their groups.

    Attributes:
        ids: submissions, in the source's order.
        vectors: of their texts, shape (answers, dimensions).
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    groups: Groups
    vectors: Vectors

    def like(self, submission_id: str) -> tuple[str, ...]:
        """Return the submissions that say the same as one, itself first."""
        if submission_id not in self.ids:
            return (submission_id,)
        others = self.groups.members(self.ids.index(submission_id))
        found = [self.ids[one] for one in others]
        return (submission_id, *(one for one in found if one != submission_id))

    def teaching(
        self, confidences: dict[str, float], done: set[str], size: int = TEACHING
    ) -> tuple[str, ...]:
        """Return the answers whose grades teach most, the most telling first."""
        chosen = choose_teaching(
            self.groups, self.vectors, [confidences.get(one, 0.0) for one in self.ids],
            size=size, done=[n for n, one in enumerate(self.ids) if one in done],
        )  # fmt: skip
        return tuple(self.ids[one] for one in chosen)


def find_similar(store: Store, batch_id: str, question: str, embed: Embed) -> Similar:
    """Group the answers to one question of a batch.

    Args:
        store: the database.
        batch_id: the batch.
        question: its name in the source.
        embed: texts to unit vectors.
    """
    answers = [one for one in store.grading.marked(batch_id) if _counts(one, question)]
    texts = [one.submission.text for one in answers]
    keys = [normalised(text) for text in texts]
    different = list(dict.fromkeys(keys))
    rows = {key: row for row, key in enumerate(different)}
    if 0 < len(different) <= MOST:
        own = embed([texts[keys.index(key)] for key in different])
    else:
        # directions by chance are far apart, so that only equal answers come together
        own = np.random.default_rng(0).standard_normal((len(different), 64)).astype(np.float32)
        own /= np.linalg.norm(own, axis=1, keepdims=True)
    vectors = own[[rows[key] for key in keys]]
    groups = group_answers(texts, vectors)
    return Similar(tuple(one.submission.id for one in answers), tuple(texts), groups, vectors)


def _counts(one: Marked, question: str) -> bool:
    submission = one.submission
    return submission.question == question and not submission.problem and bool(submission.text)

"""Which known wrong idea does a sentence voice? For text items, whose mal-rules are sentences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tutor_app.documents.ideas import Embed, Idea, vectors_of
from tutor_app.documents.wording import clauses, is_reported, repeats
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric

# Chosen on halves of datasets/evaluation/short_text; see evaluation/short_text.py.
VOICED = 0.92
RIGHT_WEIGHT = 0.2
MAX_CHARACTERS = 3_000


@dataclass(frozen=True)
class _Voice:
    """A misconception, and the right idea that it stands against."""

    id: str
    wrong: Idea
    right: Idea


class SayingMatcher:
    """Matches clauses against the `says` of an item's misconceptions, prepared once an item."""

    def __init__(self, embed: Embed, rubric: Callable[[str], Rubric]):
        """Take the encoder and the way to an item's rubric, whose right wordings weigh against."""
        self._embed = embed
        self._rubric = rubric
        self._voices: dict[str, tuple[Item, list[_Voice]]] = {}

    def __call__(self, text: str, item: Item) -> str:
        """Return the id of the misconception that the text voices most clearly, or ""."""
        likely, score = self.likeliest(text, item)
        return likely if score >= VOICED else ""

    def likeliest(self, text: str, item: Item) -> tuple[str, float]:
        """Return the likeliest misconception with its score in [0, 1]; ("", 0) without any.

        A clause that reports what others think, or what would be if, voices nothing. What the
        rest of the text gets right weighs against.
        """
        if item.answer.kind != "text":
            return "", 0.0
        rubric = self._rubric(item.answer.rubric)
        parts = [p for p in clauses(text[:MAX_CHARACTERS]) if not repeats(p, rubric.question)]
        own = np.array([not (is_reported(part) or _is_key(part, rubric)) for part in parts])
        if not own.any():
            return "", 0.0
        vectors = vectors_of(self._embed, tuple(parts))
        found = [("", -np.inf)]
        for voice in self._prepare(item, rubric):
            wrong = voice.wrong.scores(parts, vectors)[own].max()
            right = voice.right.scores(parts, vectors).max()
            found.append((voice.id, wrong - RIGHT_WEIGHT * right))
        name, score = max(found, key=lambda pair: pair[1])
        return name, float(1 / (1 + np.exp(-score)))

    def _prepare(self, item: Item, rubric: Rubric) -> list[_Voice]:
        # the catalogue gives the same object until its files are read anew
        known = self._voices.get(item.id)
        if known is None or known[0] is not item:
            known = self._voices[item.id] = item, _voices(item, rubric, self._embed)
        return known[1]


def _is_key(part: str, rubric: Rubric) -> bool:
    """Say whether a clause is taken from the answer key, word for word."""
    return any(repeats(part, answer) for answer in rubric.reference_answers)


def _voices(item: Item, rubric: Rubric, embed: Embed) -> list[_Voice]:
    voiced = [m for m in item.misconceptions if m.says]
    right = {
        c.id: [wording for e in c.key_elements for wording in (e.text, *e.variants)]
        for c in rubric.criteria
    }
    all_right = [wording for wordings in right.values() for wording in wordings]
    if not all_right:
        all_right = list(rubric.reference_answers)
    all_says = [said for m in voiced for said in m.says]
    question = clauses(rubric.question)
    centre = vectors_of(embed, (*all_right, *all_says, *question)).mean(axis=0)
    made = []
    for m in voiced:
        against = right.get(item.step(m.step).criterion) or all_right
        others = [said for other in voiced if other is not m for said in other.says]
        made.append(
            _Voice(
                m.id,
                Idea(m.says, against, [*all_right, *others, *question], embed, centre),
                Idea(against, m.says, question, embed, centre),
            )
        )
    return made

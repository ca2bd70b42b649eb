"""What the grading model measures of a short answer beside its question and right answers.

    target = read_target(embed, question, references)      # once per question or criterion
    said = read_answers(embed, texts)                      # once per batch, for all criteria
    measures = measure(target, said)                       # (answers, len(MEASURES)), float32
    compared = compare(target, said)                       # (answers, 2 x dimensions), float32

A criterion without references has cosines of 0 and coverage 0. Words are compared by stem
(`documents.wording`), a misspelt one by its letters. The measures follow what is known to carry
over to new questions (Sultan, Salazar and Sumner, "Fast and easy short answer grading", 2016:
similarity and coverage without the question's own words); the negation, opposite, number and unit
measures are there for answers that say the reverse with nearly the same words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from tutor_app.documents.ideas import Embed
from tutor_app.documents.wording import fold, marked_words, opposites, repeats
from tutor_app.grading.quantities import Quantities, read_quantities

Vectors = NDArray[np.float32]

MEASURES = (
    "cosine, nearest reference",
    "cosine, mean of references",
    "cosine, question",
    "cosine, nearest less question",
    "best sentence to a reference",
    "reference's parts, mean of best sentences",
    "reference's parts, worst of best sentences",
    "reference words said",
    "reference words said, without the question's",
    "reference's new words, how many",
    "reference words said, loosely",
    "words from the reference",
    "words from the question",
    "words from neither",
    "pairs of words in common",
    "letters, nearest reference",
    "letters, question",
    "words in any order",
    "negations, answer",
    "negations, difference",
    "words negated against the reference",
    "opposite words",
    "opposites with one kept",
    "numbers of the reference said",
    "numbers from nowhere",
    "another number for the unit",
    "the number with another unit",
    "repeats the question",
    "says not to know",
    "length",
    "length against the reference",
    "one word",
    "sentences",
    "references",
)

_NOT_KNOWN = re.compile(
    r"^\W*(?:i (?:really )?(?:do not|don'?t|dont) (?:know|understand|remember)|idk|no idea|dunno|"
    r"not sure|i am not sure|i'm not sure|\?+|n/?a|none|nothing|i have no idea|i forgot)\b"
)
_MISSPELT = 84.0
_MAX_CHARACTERS = 4_000
_SENTENCES = 8


@dataclass(frozen=True)
class Words:
    """A text taken apart: stems, negated stems, pairs of neighbours, letters, quantities."""

    text: str
    plain: frozenset[str]
    negated: frozenset[str]
    negations: int
    pairs: frozenset[tuple[str, str]]
    letters: Counter[str]
    size: float
    count: int
    quantities: Quantities


@dataclass(frozen=True)
class Target:
    """A question or criterion with its right answers, and their vectors; made once.

    Attributes:
        question: its words.
        references: words of each right answer.
        question_vector: (dimensions,).
        reference_vectors: (references, dimensions).
        part_vectors: for each reference the vectors of its sentences, (parts, dimensions).
    """

    question: Words
    references: tuple[Words, ...]
    question_vector: Vectors
    reference_vectors: Vectors
    part_vectors: tuple[Vectors, ...]


@dataclass(frozen=True)
class Said:
    """Answers with their words and vectors.

    Attributes:
        words: of each answer.
        vectors: (answers, dimensions), unit length.
        part_vectors: for each answer the vectors of its sentences, (parts, dimensions).
    """

    words: tuple[Words, ...]
    vectors: Vectors
    part_vectors: tuple[Vectors, ...]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, rows: NDArray[np.intp]) -> "Said":
        return Said(
            tuple(self.words[row] for row in rows),
            self.vectors[rows],
            tuple(self.part_vectors[row] for row in rows),
        )


def read_target(embed: Embed, question: str, references: Sequence[str]) -> Target:
    """Take a question and its right answers apart; keep it for all answers.

    Args:
        embed: texts to unit vectors, shape (texts, dimensions).
        question: may be empty.
        references: right answers, or key elements; empty ones are left out.
    """
    kept = [text for text in dict.fromkeys(references) if text.strip()]
    read = read_answers(embed, [question, *kept])
    return Target(
        read.words[0], read.words[1:], read.vectors[0], read.vectors[1:], read.part_vectors[1:]
    )


def read_answers(embed: Embed, texts: Sequence[str]) -> Said:
    """Take answers apart; equal texts and sentences are encoded once.

    Args:
        embed: texts to unit vectors, shape (texts, dimensions).
        texts: one answer each; of a very long one the first 4,000 characters count.
    """
    short = [text[:_MAX_CHARACTERS] for text in texts]
    parts = [_sentences(text) for text in short]
    every = list(dict.fromkeys([*short, *(part for some in parts for part in some)]))
    vectors = embed(every) if every else np.zeros((0, 1), dtype=np.float32)
    place = {text: row for row, text in enumerate(every)}
    return Said(
        tuple(map(read_words, short)),
        vectors[[place[text] for text in short]],
        tuple(vectors[[place[part] for part in some]] for some in parts),
    )


@lru_cache(maxsize=4096)
def read_words(text: str) -> Words:
    """Take one text apart."""
    marked = marked_words(text)
    negations = marked.count("not")
    stems = [word for word in marked if word != "not"]
    plain = [word.removeprefix("¬") for word in stems]
    folded = " ".join(re.findall(r"[\w%]+", fold(text)))
    padded = f" {folded} "
    letters = Counter(padded[i : i + n] for n in (3, 4) for i in range(len(padded) - n + 1))
    return Words(
        text=text,
        plain=frozenset(plain),
        negated=frozenset(word[1:] for word in stems if word.startswith("¬")),
        negations=negations,
        pairs=frozenset(pairwise(plain)),
        letters=letters,
        size=sqrt(sum(n * n for n in letters.values())),
        count=len(folded.split()),
        quantities=read_quantities(text),
    )


def measure(target: Target, said: Said) -> Vectors:
    """Return the plain measures, shape (answers, len(MEASURES)), float32."""
    made = np.zeros((len(said), len(MEASURES)), dtype=np.float32)
    if not len(said):
        return made
    near = said.vectors @ target.reference_vectors.T
    asked = said.vectors @ target.question_vector
    for row, words in enumerate(said.words):
        made[row] = _measures(target, words, near[row], float(asked[row]), said.part_vectors[row])
    return made


def compare(target: Target, said: Said) -> Vectors:
    """Return |a - r| and a * r for the nearest reference r, shape (answers, 2 x dimensions)."""
    if not len(target.reference_vectors):
        return np.zeros((len(said), 2 * said.vectors.shape[1]), dtype=np.float32)
    nearest = target.reference_vectors[(said.vectors @ target.reference_vectors.T).argmax(axis=1)]
    return np.concatenate([np.abs(said.vectors - nearest), said.vectors * nearest], axis=1)


def opposed(said: frozenset[str], wanted: frozenset[str]) -> frozenset[str]:
    """Return the wanted stems of which the opposite is said and they themselves are not."""
    return frozenset(
        word for word in wanted - said if any(turn in said for turn in opposites(word, wide=True))
    )


def _measures(
    target: Target, words: Words, near: Vectors, asked: float, parts: Vectors
) -> list[float]:
    question = target.question
    best = max(
        range(len(target.references)), key=lambda r: _fit(words, target, r, near), default=None
    )
    if best is None:
        similar = [0.0, 0.0, asked, -asked, 0.0, 0.0, 0.0]
        reference = read_words("")
    else:
        between = parts @ target.part_vectors[best].T
        reference = target.references[best]
        similar = [
            float(near.max()),
            float(near.mean()),
            asked,
            float(near.max()) - asked,
            max(float((parts @ target.reference_vectors.T).max()), float(near.max())),
            float(between.max(axis=0).mean()),
            float(between.max(axis=0).min()),
        ]
    new = reference.plain - question.plain
    mine = words.plain
    neither = mine - reference.plain - question.plain
    loosely = sum(_loosely(word, mine) for word in reference.plain)
    turned = opposed(mine, reference.plain)
    negated = (words.negated & (reference.plain - reference.negated)) | (
        reference.negated & (mine - words.negated)
    )
    numbers = words.quantities.against(reference.quantities, question.quantities)
    return [
        *similar,
        _share(len(reference.plain & mine), reference.plain),
        _share(len(new & mine), new),
        log(1 + len(new)),
        _share(loosely, reference.plain),
        _share(len(mine & reference.plain), mine),
        _share(len(mine & question.plain), mine),
        _share(len(neither), mine),
        _share(len(words.pairs & reference.pairs), reference.pairs),
        _letters(words, reference),
        _letters(words, question),
        fuzz.token_set_ratio(words.text[:500], reference.text[:500]) / 100,
        min(3, words.negations) / 3,
        float((words.negations > 0) != (reference.negations > 0)),
        min(3, len(negated)) / 3,
        min(3, len(turned)) / 3,
        float(bool(turned) and bool(mine & reference.plain)),
        *numbers,
        float(bool(question.plain) and words.count > 0 and repeats(words.text, question.text)),
        float(words.count == 0 or bool(_NOT_KNOWN.match(fold(words.text)))),
        log(1 + words.count),
        log((1 + words.count) / (1 + reference.count)),
        float(words.count == 1),
        log(len(parts)) if len(parts) else 0.0,
        log(1 + len(target.references)),
    ]


def _fit(words: Words, target: Target, place: int, near: Vectors) -> float:
    reference = target.references[place]
    return float(near[place]) + _share(len(words.plain & reference.plain), reference.plain)


def _sentences(text: str) -> list[str]:
    # a clause of its own is too little to encode: only whole sentences
    found = [part for part in re.split(r"(?<=[.!?…])\s+|\n+|\s*;\s*", text) if part.strip()]
    return found[:_SENTENCES] or [text]


def _loosely(word: str, mine: frozenset[str]) -> float:
    if word in mine:
        return 1.0
    return float(
        len(word) >= 5
        and any(
            abs(len(one) - len(word)) <= 2 and fuzz.ratio(word, one) >= _MISSPELT for one in mine
        )
    )


def _share(part: float, whole: frozenset[str] | frozenset[tuple[str, str]]) -> float:
    return part / len(whole) if whole else 0.0


def _letters(one: Words, other: Words) -> float:
    if not one.size or not other.size:
        return 0.0
    few, many = sorted((one.letters, other.letters), key=len)
    return sum(n * many[piece] for piece, n in few.items() if piece in many) / (
        one.size * other.size
    )

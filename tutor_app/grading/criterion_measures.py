"""What is measured of an answer beside one criterion, piece by piece.

The clause that says a thing best counts, not the answer as a whole: most answers speak of several
criteria. Words and meanings are measured apart (see documents/ideas.py for why), and so are the
examples of the levels, known wrong ideas, and how well the answer does on the other criteria.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import BIAS, MEANING_WEIGHT, WORDS_WEIGHT, Vectors
from tutor_app.documents.wording import is_reported, marked_words, opposites
from tutor_app.grading.prepared import Columns, PreparedRubric, Target, Wording, unit

Array = NDArray[np.float64]
SPEAKS_OF_IT = 0.35
"""Cosine to the nearest text of the rubric from which a piece counts."""
BESIDE_IT = 0.3
"""Cosine below which nothing in an answer speaks of the question. Of the practice answers below it,
nine in ten have no points; the others are misspelt, in symbols, or a picture for the idea."""

OF_TARGET = (
    "idea, weakest",
    "idea, mean",
    "idea, clearest",
    "idea, second piece",
    "idea, all pieces",
    "words, weakest",
    "words, clearest",
    "words, most against",
    "meaning, weakest",
    "meaning, clearest",
    "meaning, three pieces",
    "meaning, all wordings",
    "meaning, middle of the wordings",
    "cosine, weakest",
    "cosine, clearest",
    "words said",
    "new words said",
    "denied words",
    "one is negated",
    "opposite words",
    "opposites anywhere",
    "best piece to the question",
    "best piece, length",
    "best piece reports others",
    "best level's example",
    "middle level's example",
    "lowest level's example",
    "best level's description",
    "middle level's description",
    "lowest level's description",
    "right over wrong",
    "key elements",
    "penalty",
    "levels between",
)
OF_ANSWER = (
    "wrong ideas",
    "reference answers, meaning",
    "reference answers, cosine",
    "question, nearest",
    "question, mean",
    "length",
    "pieces",
    "negations",
)
OF_OTHERS = ("idea, weakest", "meaning, clearest", "new words said", "cosine, weakest")
MEASURES = (*OF_TARGET, *OF_ANSWER, *(f"other criteria: {name}" for name in OF_OTHERS))
_OTHERS = [OF_TARGET.index(name) for name in OF_OTHERS]


@dataclass(frozen=True)
class Measured:
    """One target of one answer.

    Attributes:
        values: the measures, (len(MEASURES),).
        best: place of the piece that comes nearest to it.
        wordings: of each key element the right wording that comes nearest; none for a penalty.
    """

    values: Array
    best: int
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """An answer beside a rubric: (pieces, texts of the rubric) similarities, stems by piece."""

    texts: Sequence[str]
    vectors: Vectors
    plain: Array
    centred: Array
    stems: list[frozenset[str]]
    said: frozenset[str]
    bare: frozenset[str]
    middle: Vectors


def relevant(
    texts: Sequence[str], vectors: Vectors, prepared: PreparedRubric
) -> tuple[list[str], Vectors, NDArray[np.intp]]:
    """Return the pieces that speak of the question, their vectors, and their places.

    Thanks, names and asides are left out, so that they can earn nothing. Where all are beside the
    question, the one that is least so is kept (see `beside_the_question`).

    Args:
        texts: the pieces of one answer; at least one.
        vectors: their unit vectors, shape (pieces, dimensions).
        prepared: the rubric.
    """
    near = (vectors @ prepared.plain.T).max(axis=1)
    kept = np.flatnonzero(near >= min(SPEAKS_OF_IT, near.max()))
    return [texts[int(place)] for place in kept], vectors[kept], kept


def beside_the_question(vectors: Vectors, prepared: PreparedRubric) -> bool:
    """Say whether no piece of an answer comes near to anything that the rubric says."""
    return bool((vectors @ prepared.plain.T).max() < BESIDE_IT)


def measure(
    texts: Sequence[str], vectors: Vectors, prepared: PreparedRubric
) -> dict[str, list[Measured]]:
    """Return, by criterion, one Measured per target.

    Args:
        texts: the pieces of one answer; at least one.
        vectors: their unit vectors, shape (pieces, dimensions).
        prepared: the rubric.
    """
    middle = unit(vectors - prepared.centre)
    stems = [frozenset(marked_words(text)) for text in texts]
    said = frozenset[str]().union(*stems)
    read = _Read(
        texts=texts,
        vectors=vectors,
        plain=(vectors @ prepared.plain.T).astype(np.float64),
        centred=(middle @ prepared.centred.T).astype(np.float64),
        stems=stems,
        said=said,
        bare=frozenset(stem.lstrip("¬") for stem in said),
        middle=middle,
    )
    answer = _of_answer(read, prepared)
    found = {
        criterion: [_of_target(read, target, prepared) for target in targets]
        for criterion, targets in prepared.targets.items()
    }
    means = {
        criterion: np.mean([values[_OTHERS] for values, _, _ in some], axis=0)
        for criterion, some in found.items()
    }
    made = {}
    for criterion, some in found.items():
        others = [mean for other, mean in means.items() if other != criterion]
        beside = np.mean(others, axis=0) if others else means[criterion]
        made[criterion] = [
            Measured(np.concatenate([values, answer, beside]), best, wordings)
            for values, best, wordings in some
        ]
    return made


def _of_answer(read: _Read, prepared: PreparedRubric) -> Array:
    asked = read.centred[:, prepared.question]
    return np.array(
        [
            _top(read.centred, prepared.wrong),
            _top(read.centred, prepared.references),
            _top(read.plain, prepared.references),
            asked.max(),
            asked.max(axis=1).mean(),
            log(1 + sum(len(text.split()) for text in read.texts)),
            log(len(read.texts)),
            float(np.mean(["not" in stems for stems in read.stems])),
        ]
    )


def _of_target(
    read: _Read, target: Target, prepared: PreparedRubric
) -> tuple[Array, int, tuple[str, ...]]:
    nearest = np.stack([read.centred[:, columns].max(axis=1) for columns in target.columns])
    tops = nearest.max(axis=1)
    cosines = [float(read.plain[:, columns].max()) for columns in target.columns]
    ordered = np.sort(nearest, axis=1)[:, ::-1]
    middles = [
        float((read.middle @ unit(prepared.centred[columns].mean(axis=0))).max())
        for columns in target.columns
    ]
    piece = int(nearest.max(axis=0).argmax())
    group = int(nearest[:, piece].argmax())
    wording = target.wordings[group][int(read.centred[piece, target.columns[group]].argmax())]
    ideas, best = _ideas(read, target, piece)
    wrong = max(_top(read.centred, prepared.wrong), _top(read.centred, target.examples[2]))
    values = [
        *ideas,
        tops.min(),
        tops.max(),
        ordered[:, :3].mean(),
        np.mean([read.centred[:, columns].max(axis=0).mean() for columns in target.columns]),
        min(middles),
        min(cosines),
        max(cosines),
        *_covered(read.said, target),
        *_turned(read, wording, piece, target),
        read.centred[piece, prepared.question].max(),
        log(1 + len(read.texts[piece].split())),
        float(is_reported(read.texts[piece])),
        *(_top(read.centred, columns) for columns in target.examples),
        *(_top(read.centred, columns) for columns in target.descriptions),
        tops.max() - wrong,
        len(target.columns),
        float(target.penalty),
        float(target.between),
    ]
    wordings = tuple(
        some[int(read.centred[:, columns].max(axis=0).argmax())].text
        for some, columns in zip(target.wordings, target.columns, strict=True)
    )
    return np.array(values, dtype=np.float64), best, () if target.penalty else wordings


def _ideas(read: _Read, target: Target, piece: int) -> tuple[list[float], int]:
    if not target.ideas:
        return [0.0] * 8, piece
    words = np.stack([idea.said_in(read.stems) for idea in target.ideas])
    meant = np.stack([idea.meant_by(read.vectors) for idea in target.ideas])
    scores = WORDS_WEIGHT * words + MEANING_WEIGHT * meant + BIAS
    best, any_idea = scores.max(axis=1), np.sort(scores.max(axis=0))[::-1]
    telling = words.max(axis=1)
    values = [
        best.min(), best.mean(), best.max(), any_idea[min(1, len(any_idea) - 1)], scores.mean(),
        telling.min(), telling.max(), words.min(),
    ]  # fmt: skip
    return [float(value) for value in values], int(scores.max(axis=0).argmax())


def _covered(said: frozenset[str], target: Target) -> tuple[float, float]:
    """Return how much of the best wording's telling words is said, all and without the asked."""
    whole = min(max(_share(w.weights, said) for w in some) for some in target.wordings)
    new = min(max(_share(w.new or w.weights, said) for w in some) for some in target.wordings)
    return whole, new


def _share(weights: dict[str, float], said: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(w for stem, w in weights.items() if stem in said) / total if total else 0.0


def _turned(read: _Read, wording: Wording, piece: int, target: Target) -> list[float]:
    """Return the signs that the best piece says the reverse of its nearest right wording."""
    here = read.stems[piece]
    denied = sum(
        (stem[1:] if stem.startswith("¬") else f"¬{stem}") in here
        for stem in wording.stems
        if stem != "not"
    )
    opposite = sum(bool(opposites(stem) & here) for stem in wording.stems)
    anywhere = sum(
        bool(opposites(stem.lstrip("¬")) & read.bare)
        for some in target.wordings
        for stem in some[0].stems
    )
    return [
        float(denied),
        float(("not" in here) != ("not" in wording.stems)),
        float(opposite),
        float(anywhere),
    ]


def _top(similarities: Array, columns: Columns) -> float:
    return float(similarities[:, columns].max()) if len(columns) else 0.0

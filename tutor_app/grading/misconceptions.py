"""What many answers of a batch get wrong in the same way.

    found = common_misconceptions(answers, rubric, embed, voices, total)

A clause of an answer that earned nothing for some criterion, and that is no evidence for another,
may voice a wrong idea; clauses of many learners that lie close together are one. The program
proposes, with the learners' own sentences; whether it is a misconception the instructor decides.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from tutor_app.documents.wording import clauses, repeats
from tutor_app.domain.rubric import Rubric

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]
Voices = Callable[[str], str]
"""Id of the item's misconception that a text voices, or ""."""

FEWEST_WORDS = 4
_WORD = re.compile(r"\w+")
MOST_CLAUSES = 1_500
"""Clustering compares every pair; of larger batches an even spread is looked at."""
APART = 0.5
"""Cosine distance at which two clauses are no longer one idea (average linkage)."""
RIGHT = 0.62
FEWEST_LEARNERS, SMALLEST_SHARE = 3, 0.05
SHOWN = 5


@dataclass(frozen=True)
class WrongAnswer:
    """An answer that earned nothing for some criterion.

    Attributes:
        submission: its id.
        missed: ids of the criteria without points.
        evidence: quotes that earned points elsewhere.
    """

    submission: str
    text: str
    missed: tuple[str, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommonIdea:
    """One idea that several learners voice.

    Attributes:
        says: sentences of the learners, the most typical first, at most five.
        submissions: whose answers hold it.
        criterion: the criterion that most of them miss.
        known: id of the misconception of the item that it is near to, or "".
        share: of the answers that were looked at, in [0, 1].
    """

    says: tuple[str, ...]
    submissions: tuple[str, ...]
    criterion: str
    known: str
    share: float


def common_misconceptions(
    answers: Sequence[WrongAnswer],
    rubric: Rubric,
    embed: Embed,
    voices: Voices,
    total: int,
) -> list[CommonIdea]:
    """Return wrong ideas that at least three learners and 5 % of all share, most common first.

    Args:
        answers: answers that earned nothing for some criterion; the same text counts once for
            each learner.
        rubric: what they were graded by.
        embed: texts to unit vectors, shape (texts, dimensions).
        voices: hears the misconceptions that the item has already.
        total: answers in the batch to this question, right ones too.
    """
    named = {one.submission: voices(one.text) for one in answers}
    found = [
        _idea([one for one in answers if named[one.submission] == name], rubric, total, name)
        for name in sorted(set(named.values()) - {""})
    ]
    said = _clauses([one for one in answers if not named[one.submission]], rubric)
    if len(said) >= FEWEST_LEARNERS:
        vectors = embed([clause for _, clause in said])
        right = embed(_right_wordings(rubric))
        wrong = (vectors @ right.T).max(axis=1) < RIGHT
        vectors, said = vectors[wrong], [one for one, keep in zip(said, wrong, strict=True) if keep]
        for members in _clusters(vectors):
            centre = vectors[members].mean(axis=0)
            order = members[np.argsort(-(vectors[members] @ centre), kind="stable")]
            learners = {said[m][0].submission: said[m][0] for m in members}
            says = [said[m][1] for m in order]
            found.append(_idea(list(learners.values()), rubric, total, says=says))
    common = [
        one
        for one in found
        if len(one.submissions) >= FEWEST_LEARNERS and one.share >= SMALLEST_SHARE
    ]
    return sorted(common, key=lambda one: (-len(one.submissions), one.says))


def _idea(
    answers: Sequence[WrongAnswer],
    rubric: Rubric,
    total: int,
    known: str = "",
    says: Sequence[str] = (),
) -> CommonIdea:
    missed = [criterion for one in answers for criterion in one.missed]
    says = says or [clause for _, clause in _clauses(answers, rubric)]
    return CommonIdea(
        says=_unlike(says)[:SHOWN],
        submissions=tuple(dict.fromkeys(one.submission for one in answers)),
        criterion=max(dict.fromkeys(missed), key=missed.count, default=""),
        known=known,
        share=len(answers) / max(total, 1),
    )


def _unlike(says: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences that differ in more than capitals and stops, in their order."""
    first: dict[str, str] = {}
    for one in says:
        first.setdefault(" ".join(_WORD.findall(one.casefold())), one)
    return tuple(first.values())


def _clusters(vectors: Vectors) -> list[NDArray[np.intp]]:
    """Return the members of every group of clauses that lie close together."""
    if len(vectors) < FEWEST_LEARNERS:
        return []
    labels = AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, metric="cosine", linkage="average"
    ).fit_predict(vectors)
    return [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]


def _clauses(answers: Sequence[WrongAnswer], rubric: Rubric) -> list[tuple[WrongAnswer, str]]:
    """Return the longest clauses that may voice something wrong, each with its answer."""
    said = [
        (one, clause)
        for one in answers
        for clause in _sentences(one.text)
        if len(clause.split()) >= FEWEST_WORDS
        and not repeats(clause, rubric.question)
        and not any(clause in quote or quote in clause for quote in one.evidence)
    ]
    step = max(1, -(-len(said) // MOST_CLAUSES))
    return said[::step]


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; its clauses and the whole, which overlap, are left out."""
    parts = clauses(text)
    return [
        one
        for one in parts
        if not any(one != other and (one in other) for other in parts if len(other) < len(text))
        and (len(one) < len(text.strip()) or len(parts) == 1)
    ]


def _right_wordings(rubric: Rubric) -> list[str]:
    return [
        *rubric.reference_answers,
        *(
            wording
            for criterion in rubric.criteria
            for element in criterion.key_elements
            for wording in (element.text, *element.variants)
        ),
    ]

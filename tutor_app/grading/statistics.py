"""Figures about a batch for its instructor: totals, criteria, and the ideas that few answers show.

How to use it::

    figures = batch_statistics(rubric, [points, ...])       # what counts now, by criterion
    hardest = element_shares(rubric, pieces, embed)[:3]     # pieces: clauses of each answer

Every figure comes with its n. Marks that are pending are left out by the caller, not counted as 0.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from tutor_app.documents.ideas import Embed
from tutor_app.documents.rubric_ideas import rubric_ideas
from tutor_app.domain.base import Strict
from tutor_app.domain.rubric import Rubric


class CriterionStatistics(Strict):
    """One criterion.

    Attributes:
        mean: points; low and high are its 95 % interval (normal), equal to it for n = 1.
        share: mean in shares of the best score; None for a penalty.
        counts: answers by points, best first.
    """

    criterion: str
    title: str
    n: int
    mean: float
    low: float
    high: float
    share: float | None
    counts: tuple[tuple[float, int], ...]


class BatchStatistics(Strict):
    """One question of a batch.

    Attributes:
        totals: marks by total points, lowest first.
        criteria: in the rubric's order; `hardest` has the smallest share of its points.
    """

    n: int
    mean: float
    quartiles: tuple[float, float, float]
    totals: tuple[tuple[float, int], ...]
    criteria: tuple[CriterionStatistics, ...]
    hardest: str


class ElementShare(Strict):
    """How many answers show one key element, as the grader hears it: an estimate, not a mark."""

    criterion: str
    element: str
    n: int
    share: float


def batch_statistics(rubric: Rubric, marks: Sequence[Mapping[str, float]]) -> BatchStatistics:
    """Describe the marks of one question; each maps every criterion of the rubric to points.

    Raises:
        ValueError: there are no marks.
    """
    if not marks:
        raise ValueError("statistics of no marks")
    totals = np.array([rubric.total(one) for one in marks])
    values, counts = np.unique(np.round(totals, 6), return_counts=True)
    criteria = tuple(_criterion(rubric, place, marks) for place in range(len(rubric.criteria)))
    with_share = [(one.share, one.criterion) for one in criteria if one.share is not None]
    low, middle, high = (float(q) for q in np.quantile(totals, [0.25, 0.5, 0.75]))
    return BatchStatistics(
        n=len(marks),
        mean=float(totals.mean()),
        quartiles=(low, middle, high),
        totals=tuple((float(v), int(c)) for v, c in zip(values, counts, strict=True)),
        criteria=criteria,
        hardest=min(with_share)[1] if with_share else "",
    )


def element_shares(
    rubric: Rubric, answers: Sequence[Sequence[str]], embed: Embed
) -> list[ElementShare]:
    """Return how many answers show each key element, the rarest first.

    Args:
        rubric: criteria without key elements are left out.
        answers: the clauses of each answer (`pieces.take_apart(...).texts`); empty ones count as
            not showing anything.
        embed: texts to unit vectors.
    """
    ideas = rubric_ideas(rubric, embed, ())
    clauses = sorted({clause for one in answers for clause in one})
    rows = {clause: row for row, clause in enumerate(clauses)}
    vectors = embed(clauses) if clauses else np.empty((0, 0), dtype=np.float32)
    found = []
    for criterion in rubric.criteria:
        for element, idea in zip(criterion.key_elements, ideas[criterion.id], strict=False):
            heard = idea.scores(clauses, vectors) > 0 if clauses else np.empty(0, dtype=bool)
            shown = sum(any(heard[rows[clause]] for clause in one) for one in answers)
            found.append(
                ElementShare(
                    criterion=criterion.id, element=element.id, n=len(answers),
                    share=shown / len(answers) if answers else 0.0,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.share)


def _criterion(
    rubric: Rubric, place: int, marks: Sequence[Mapping[str, float]]
) -> CriterionStatistics:
    criterion = rubric.criteria[place]
    points = np.array([one[criterion.id] for one in marks], dtype=float)
    mean = float(points.mean())
    error = 1.96 * float(points.std(ddof=1)) / points.size**0.5 if points.size > 1 else 0.0
    best = max(criterion.possible_points)
    values, counts = np.unique(np.round(points, 6), return_counts=True)
    return CriterionStatistics(
        criterion=criterion.id, title=criterion.title, n=points.size, mean=mean,
        low=mean - error, high=mean + error, share=mean / best if best > 0 else None,
        counts=tuple((float(v), int(c)) for v, c in zip(values[::-1], counts[::-1], strict=True)),
    )  # fmt: skip

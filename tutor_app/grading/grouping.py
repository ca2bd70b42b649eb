"""Groups of answers that say the same, and which answers to grade first.

How to use it::

    groups = group_answers(texts, vectors)                   # one question's answers
    first = choose_teaching(groups, vectors, confidences, size=20)
    same = groups.members(first[0])                          # one click grades these, undoably

Answers that are equal but for case, spaces and punctuation are one. Beyond that two answers are in
one group only if every pair in it has a cosine of at least `alike` (complete linkage) and they
agree in their numbers and negations: "is conserved" and "is not conserved" are near for any
encoder and must never get one click. Groups hold one question's answers only.

Scale: no n x n table. Up to `CELL` different answers are linked at once (a table of 8 MB); more
are first halved again and again by 2-means until every cell is that small, so near answers on two
sides of a cut stay apart. 100,000 answers of 384 numbers take well under a minute on one core.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
ALIKE = 0.93
CELL = 1_000
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[-+−]?\d+(?:[.,]\d+)?")
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*")
_NEGATIONS = frozenset(
    "not no never none nothing nobody neither nor without cannot cant dont doesnt didnt isnt arent "
    "wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt "
    "nunca sin ni ninguno ninguna nada tampoco nadie jamás "
    "nicht kein keine keinen ohne nie niemals".split()
)
_ROUNDS = 8


@dataclass(frozen=True)
class Groups:
    """Which answers are together.

    Attributes:
        labels: group of each answer, shape (n,); 0 is the largest group.
        medoids: the answer nearest to its group's middle, shape (groups,).
        sizes: answers in each group, shape (groups,), falling.
    """

    labels: Ints
    medoids: Ints
    sizes: Ints

    def members(self, answer: int) -> list[int]:
        """Return the positions of all answers in the same group as `answer`, itself included."""
        return [int(i) for i in np.flatnonzero(self.labels == self.labels[answer])]


def normalised(text: str) -> str:
    """Return the words and numbers of a text, lower case, one space between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_WORD.findall(plain))


def group_answers(
    texts: Sequence[str], vectors: Vectors, *, alike: float = ALIKE, seed: int = 0
) -> Groups:
    """Group the answers to one question.

    Args:
        texts: n answers.
        vectors: of length one, shape (n, dimensions).
        alike: least cosine within a group.
        seed: of the cuts where there are many.
    """
    n = len(texts)
    if n == 0:
        nothing = np.empty(0, dtype=np.int64)
        return Groups(nothing, nothing, nothing)
    first: dict[str, int] = {}
    same = np.array([first.setdefault(normalised(text), i) for i, text in enumerate(texts)])
    apart: dict[tuple[tuple[str, ...], int], list[int]] = {}
    for text, i in first.items():
        apart.setdefault(_claim(text), []).append(i)
    rng = np.random.default_rng(seed)
    label = np.zeros(n, dtype=np.int64)
    number = 0
    for part in apart.values():
        for cell in _cells(np.array(part), vectors, rng):
            linked = _linked(vectors[cell], alike)
            label[cell] = number + linked
            number += int(linked.max()) + 1
    raw = label[same]
    # Largest first; equal sizes in the order of their first answers.
    names, start, at, sizes = np.unique(
        raw, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((start, -sizes))
    rank = np.empty(names.size, dtype=np.int64)
    rank[order] = np.arange(names.size)
    labels = rank[at]
    return Groups(labels, _medoids(labels, names.size, vectors), sizes[order].astype(np.int64))


def choose_teaching(
    groups: Groups,
    vectors: Vectors,
    confidences: Sequence[float] | NDArray[np.float64],
    *,
    size: int = 20,
    done: Sequence[int] = (),
    seed: int = 0,
) -> list[int]:
    """Choose which answers an instructor grades first, most telling first.

    The first half are medoids: the groups' medoids, weighted by group size, are parted into as
    many clusters by k-means, and the one nearest to each centre is taken, largest cluster first.
    The other half are the least confident of the groups that are left. No two of one group, none
    of a group that is done. The audit must never be drawn in this way.

    Args:
        groups: of these answers.
        vectors: shape (n, dimensions).
        confidences: calibrated, of each proposal, shape (n,); 0 where there is none.
        size: how many at most.
        done: answers that have been graded.
        seed: of the clusters.
    """
    taken = {int(groups.labels[i]) for i in done}
    free = np.array([g for g in range(groups.sizes.size) if g not in taken], dtype=np.int64)
    size = min(size, free.size)
    if size == 0:
        return []
    rng = np.random.default_rng(seed)
    points, weights = vectors[groups.medoids[free]], groups.sizes[free].astype(float)
    near, centres = _k_means(points, weights, -(-size // 2), rng)
    heavy = np.bincount(near, weights=weights, minlength=len(centres))
    chosen = []
    for cluster in np.argsort(-heavy, kind="stable"):
        inside = np.flatnonzero(near == cluster)
        if inside.size:
            chosen.append(int(inside[np.argmax(points[inside] @ centres[cluster])]))
    medoids = [int(groups.medoids[free[i]]) for i in chosen]
    doubt = np.asarray(confidences, dtype=float)
    rest = np.setdiff1d(np.arange(free.size), chosen)
    least = np.full(groups.sizes.size, np.inf)
    np.minimum.at(least, groups.labels, doubt)
    unsure = rest[np.argsort(least[free[rest]], kind="stable")][: size - len(chosen)]
    lowest = np.lexsort((doubt, groups.labels))
    starts = np.searchsorted(groups.labels[lowest], free[unsure])
    return medoids + [int(i) for i in lowest[starts]]


def _claim(text: str) -> tuple[tuple[str, ...], int]:
    """Return what one click must never cross: the numbers, and whether negations are odd."""
    words = text.replace("’", "'").split()
    negations = sum(word.replace("'", "") in _NEGATIONS or word.endswith("n't") for word in words)
    return tuple(sorted(_NUMBER.findall(text))), negations


def _cells(part: Ints, vectors: Vectors, rng: np.random.Generator) -> list[Ints]:
    waiting, cells = [part], []
    while waiting:
        cell = waiting.pop()
        if cell.size <= CELL:
            cells.append(cell)
            continue
        near, _ = _k_means(vectors[cell], np.ones(cell.size), 2, rng)
        side = near == 0
        if side.all() or not side.any():
            side = np.arange(cell.size) < cell.size // 2
        waiting += [cell[~side], cell[side]]
    return cells


def _linked(points: Vectors, alike: float) -> Ints:
    """Return group numbers from 0; complete linkage cut at a cosine of `alike`."""
    if len(points) == 1:
        return np.zeros(1, dtype=np.int64)
    # On unit vectors |a - b|^2 = 2 - 2 cos.
    furthest = np.sqrt(max(0.0, 2 - 2 * alike)) + 1e-6
    apart = np.sqrt(np.maximum(0, 2 - 2 * (points @ points.T).astype(np.float64)))
    tree = linkage(apart[np.triu_indices(len(points), 1)], method="complete")
    return np.asarray(fcluster(tree, t=furthest, criterion="distance"), dtype=np.int64) - 1


def _medoids(labels: Ints, number: int, vectors: Vectors) -> Ints:
    together = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[together], np.arange(number))
    centres = np.add.reduceat(vectors[together], starts, axis=0)
    near = np.einsum("ij,ij->i", vectors, centres[labels])
    # Nearest first within each group; equal ones in their order.
    order = np.lexsort((np.arange(labels.size), -np.round(near, 5), labels))
    return order[np.searchsorted(labels[order], np.arange(number))].astype(np.int64)


def _k_means(
    points: Vectors, weights: NDArray[np.float64], k: int, rng: np.random.Generator
) -> tuple[Ints, Vectors]:
    """Return the cluster of each point and the centres; k-means++ (Arthur & Vassilvitskii 2007)."""
    k = min(k, len(points))
    chosen = [int(np.argmax(weights))]
    far = np.maximum(0.0, 2 - 2 * (points @ points[chosen[0]]).astype(float))
    while len(chosen) < k:
        chance = weights * far
        if chance.sum() <= 1e-9:
            break
        chosen.append(int(rng.choice(len(points), p=chance / chance.sum())))
        far = np.minimum(far, np.maximum(0.0, 2 - 2 * (points @ points[chosen[-1]])))
    centres = points[chosen].copy()
    near = np.zeros(len(points), dtype=np.int64)
    for _ in range(_ROUNDS):
        near = np.argmax(points @ centres.T, axis=1)
        for one in range(len(centres)):
            inside = near == one
            if inside.any():
                middle = np.average(points[inside], axis=0, weights=weights[inside])
                centres[one] = middle / max(float(np.linalg.norm(middle)), 1e-9)
    return near, centres

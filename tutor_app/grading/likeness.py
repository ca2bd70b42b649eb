"""Answers that are alike word for word, shown side by side; a figure, never a verdict.

How to use: `for pair in near_duplicates(submissions, rubric): ...` and show both texts with
`pair.share`. Short answers, and what everybody has from the question or the
reference answers, are left out: there are few ways to be short and right.

Answers are compared as sets of runs of five words (shingles; Broder 1997), found by MinHash and
banded hashing so that 100,000 answers need no 5,000,000,000 comparisons, then compared exactly.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

from tutor_app.documents.wording import fold
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission

RUN = 5
SHORTEST = 25
"""Words; shorter answers are not compared."""
ALIKE = 0.5
"""Share of the shorter one's own runs of five words that the other has too."""
_HASHES = 64
_PAIRED = 3
"""With how many earlier answers one is paired at most; keeps a class of copies linear."""
_LOW = np.uint64(0xFFFFFFFF)
_WORD = re.compile(r"\w+")
_READ = 20_000
"""Characters of an answer that are compared."""
Shingles = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Likeness:
    """Two answers that share much of their wording.

    Attributes:
        first: id of one submission.
        second: id of the other.
        share: of the shorter one's runs of five words, those that the other has too, in (0, 1].
        words: how many words long the shorter one is.
        same_learner: both are one learner's (two files, two tries).
    """

    first: str
    second: str
    share: float
    words: int
    same_learner: bool = False


def shared_share(text: str, other: str) -> float:
    """Return the share of the text's runs of five words that the other text has too, in [0, 1]."""
    own = _shingles(_words(text))
    return len(np.intersect1d(own, _shingles(_words(other)))) / len(own) if len(own) else 0.0


def near_duplicates(
    submissions: Iterable[Submission],
    rubric: Rubric,
    *,
    alike: float = ALIKE,
    shortest: int = SHORTEST,
) -> list[Likeness]:
    """Return pairs of answers to one question that share much of their wording, nearest first.

    Of a crowd of copies of one text every answer is paired with a few others, not with all.

    Args:
        submissions: answers to one question, a stream.
        rubric: what stands in its question and reference answers does not count.
        alike: least share of shared runs, in (0, 1].
        shortest: answers with fewer words are left out.
    """
    given = np.concatenate(
        [_shingles(_words(text)) for text in (rubric.question, *rubric.reference_answers)]
    )
    index = MinHashLSH(threshold=alike / 2, num_perm=_HASHES)
    empty = MinHash(num_perm=_HASHES, hashfunc=int)
    known: list[_Known] = []
    found: list[Likeness] = []
    for submission in submissions:
        words = _words(submission.text)
        own = np.setdiff1d(_shingles(words), given)
        if len(words) < shortest or len(own) < shortest // 2:
            continue
        sketch = empty.copy()
        sketch.update_batch((own & _LOW).tolist())
        new = _Known(submission.id, submission.learner, len(words), own)
        near = sorted(
            (
                one
                for place in index.query(sketch)
                if (one := _pair(known[place], new)).share >= alike
            ),
            key=lambda one: -one.share,
        )[:_PAIRED]
        found += near
        if len(near) < _PAIRED:
            index.insert(len(known), sketch)
            known.append(new)
    return sorted(found, key=lambda one: (-one.share, one.first, one.second))


@dataclass(frozen=True)
class _Known:
    id: str
    learner: str
    words: int
    shingles: Shingles


def _pair(first: _Known, second: _Known) -> Likeness:
    shared = len(np.intersect1d(first.shingles, second.shingles, assume_unique=True))
    return Likeness(
        first=first.id,
        second=second.id,
        share=shared / min(len(first.shingles), len(second.shingles)),
        words=min(first.words, second.words),
        same_learner=first.learner == second.learner,
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text[:_READ]))


def _shingles(words: Sequence[str]) -> Shingles:
    """Return the hashes of all runs of five words, sorted, each once."""
    runs = {" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}
    hashes = [int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs]
    return np.unique(np.array(hashes, dtype=np.uint64))

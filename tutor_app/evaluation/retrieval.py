"""How well search finds what students mean: dense, lexical and fused, on two halves of the pairs.

Settings are chosen on the even pairs only; the odd ones show what the choice is worth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from pydantic import ValidationError

from tutor_app.domain.base import Strict, Text
from tutor_app.errors import ContentError
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.metrics import bootstrap_interval, ndcg, recall, reciprocal_rank
from tutor_app.retrieval.search import Fusion, Mode, Searcher
from tutor_app.retrieval.sections import section_name

MODES: tuple[Mode, ...] = ("dense", "lexical", "fused")
HALVES = ("chosen on", "held out")
_DEPTH = 50


class RetrievalPair(Strict):
    """What a student types, and the "document#Heading" of the sections that help."""

    query: Text
    relevant: list[Text]


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write as "0.67 [0.60, 0.74]"."""
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True)
class ModeScore:
    """One row: a mode on one half.

    A passage is relevant when its document and deepest heading are listed. nDCG@10 and MRR are
    over passages; recall@5 is the share of the listed sections with a passage among the first
    five.
    """

    half: str
    mode: Mode
    pairs: int
    ndcg_10: Estimate
    recall_5: Estimate
    mrr: Estimate


@dataclass(frozen=True)
class RetrievalScoreboard:
    """All rows, and the mode that is best on the half for choosing."""

    scores: tuple[ModeScore, ...]
    chosen: Mode

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| half | mode | pairs | nDCG@10 | recall@5 | MRR |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {s.half} | {s.mode} | {s.pairs} | {s.ndcg_10} | {s.recall_5} | {s.mrr} |"
            for s in self.scores
        ]
        return "\n".join([*lines, "", f"Best on the pairs for choosing: {self.chosen}."])


def load_pairs(folder: Path, course_id: str) -> list[RetrievalPair]:
    """Load the pairs of a course from "<course id>-*.jsonl", in file order.

    Raises:
        ContentError: a line is no pair.
    """
    pairs = []
    for path in sorted(folder.glob(f"{course_id}-*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    pairs.append(RetrievalPair.model_validate_json(line))
                except ValidationError as error:
                    raise ContentError(
                        f"{path}:{number}: is no pair ({error.errors()[0]['msg']}). "
                        'Write {"query": "...", "relevant": ["document#Heading"]}.'
                    ) from error
    return pairs


def evaluate_retrieval(
    searcher: Searcher, course_id: str, pairs: Sequence[RetrievalPair]
) -> RetrievalScoreboard:
    """Score each mode on both halves of the pairs.

    Args:
        searcher: searches an index of the course.
        course_id: the course.
        pairs: even positions are for choosing, odd ones are held out.

    Raises:
        SearchIndexError: the course is not indexed.
    """
    scores = tuple(
        _score(searcher, course_id, pairs[offset::2], half, mode)
        for offset, half in enumerate(HALVES)
        for mode in MODES
    )
    first = [score for score in scores if score.half == HALVES[0]]
    best = max(first, key=lambda score: score.ndcg_10.mean)
    return RetrievalScoreboard(scores, best.mode)


def choose_fusion(
    index: SearchIndex,
    course_id: str,
    pairs: Sequence[RetrievalPair],
    candidates: Iterable[Fusion],
) -> list[tuple[Fusion, float]]:
    """Rank fusions by nDCG@10 on the half for choosing, the best first."""
    measured = []
    for fusion in candidates:
        score = _score(Searcher(index, fusion), course_id, pairs[0::2], HALVES[0], "fused")
        measured.append((fusion, score.ndcg_10.mean))
    return sorted(measured, key=lambda entry: -entry[1])


def _score(
    searcher: Searcher, course_id: str, pairs: Sequence[RetrievalPair], half: str, mode: Mode
) -> ModeScore:
    gains, recalls, ranks = [], [], []
    for pair in pairs:
        found = searcher.search(course_id, pair.query, top_k=_DEPTH, mode=mode)
        names = [section_name(passage.place) for passage in found]
        hits = [name in pair.relevant for name in names]
        to_find = sum(
            section_name(passage.place) == section
            for section in set(pair.relevant)
            for passage in searcher.passages_in(course_id, section)
        )
        gains.append(ndcg(hits, to_find, k=10))
        recalls.append(recall(names, pair.relevant, k=5))
        ranks.append(reciprocal_rank(hits))
    return ModeScore(half, mode, len(pairs), _estimate(gains), _estimate(recalls), _estimate(ranks))


def _estimate(values: Sequence[float]) -> Estimate:
    return Estimate(fmean(values) if values else 0.0, *bootstrap_interval(values))

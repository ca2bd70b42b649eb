"""Does search find the module that a book's own exercise belongs to? Dense, lexical and fused.

No passage was written for a query here and no query for a passage: the exercises were set apart
when the book was imported, and nothing of them is indexed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from tutor_app.courses.exercises import ModuleExercises
from tutor_app.errors import ContentError
from tutor_app.evaluation.retrieval import MODES, Estimate
from tutor_app.retrieval.metrics import bootstrap_interval, recall, reciprocal_rank
from tutor_app.retrieval.search import Mode, Searcher

_DEPTH = 10


@dataclass(frozen=True)
class ExerciseScore:
    """One mode over all queries.

    Attributes:
        mode: how passages were ranked.
        recall_5: share of the queries with a passage of their module among the first five.
        mrr: mean of 1 / rank of the first such passage, 0 beyond the tenth.
    """

    mode: Mode
    recall_5: Estimate
    mrr: Estimate


@dataclass(frozen=True)
class ExerciseScoreboard:
    """All modes, with the size of the task."""

    queries: int
    modules: int
    scores: tuple[ExerciseScore, ...]

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| mode | queries | modules | recall@5 | MRR@10 |", "|---|---|---|---|---|"]
        lines += [
            f"| {s.mode} | {self.queries} | {self.modules} | {s.recall_5} | {s.mrr} |"
            for s in self.scores
        ]
        return "\n".join(lines)


def choose_queries(modules: Sequence[ModuleExercises], limit: int) -> list[tuple[str, str]]:
    """Return (question, document) of up to `limit` exercises, spread evenly over the book.

    Raises:
        ContentError: there are none.
    """
    found = [(one.question, module.document) for module in modules for one in module.exercises]
    if not found:
        raise ContentError("exercises/: the course has none. Import a textbook that has some.")
    count = min(limit, len(found))
    return [found[n * len(found) // count] for n in range(count)]


def evaluate_exercises(
    searcher: Searcher,
    course_id: str,
    queries: Sequence[tuple[str, str]],
    on_progress: Callable[[int, int], None] | None = None,
) -> ExerciseScoreboard:
    """Search for each question in each mode; passages of its document are the right ones.

    Args:
        searcher: searches an index of the course.
        course_id: the course.
        queries: (question, document).
        on_progress: called with (queries done, queries to do).

    Raises:
        SearchIndexError: the course is not indexed.
    """
    recalls: dict[Mode, list[float]] = {mode: [] for mode in MODES}
    ranks: dict[Mode, list[float]] = {mode: [] for mode in MODES}
    for done, (question, document) in enumerate(queries, start=1):
        for mode in MODES:
            found = searcher.search(course_id, question, top_k=_DEPTH, mode=mode)
            documents = [passage.place.document for passage in found]
            recalls[mode].append(recall(documents, [document], k=5))
            ranks[mode].append(reciprocal_rank([name == document for name in documents]))
        if on_progress:
            on_progress(done, len(queries))
    scores = tuple(
        ExerciseScore(mode, _estimate(recalls[mode]), _estimate(ranks[mode])) for mode in MODES
    )
    return ExerciseScoreboard(len(queries), len({name for _, name in queries}), scores)


def _estimate(values: Sequence[float]) -> Estimate:
    return Estimate(fmean(values) if values else 0.0, *bootstrap_interval(values))

"""What a submission is worth now, and the words that go with it; totals are summed here."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor_app.domain.batch import BatchRubric, Marked, standing_decisions
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.levels import title_of
from tutor_app.storage.store import Store

LevelWords = dict[tuple[str, str, str], str]
"""Words of the instructor by question, criterion and level's title."""


@dataclass(frozen=True)
class Mark:
    """One submission's mark.

    Attributes:
        points: by criterion of the rubric that counts; None is pending.
        total: `Rubric.total` of the points; None while something is pending.
        levels: titles of the levels that the points stand for; "" for between levels.
        words: feedback by criterion; "" is about the whole.
    """

    marked: Marked
    rubric: BatchRubric
    points: dict[str, float | None]
    total: float | None
    max_points: float
    levels: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def marks(store: Store, batch_id: str) -> Iterator[Mark]:
    """Yield the mark of every submission that counts, in the source's order.

    Nothing comes of an undone batch.
    """
    tables = store.grading
    if tables.batch(batch_id).state == "undone":
        return
    rubrics, words = tables.rubrics(batch_id), level_words(store, batch_id)
    for one in tables.marked(batch_id):
        if not one.aside:
            yield mark_of(one, rubrics[one.submission.question], words)


def mark_of(marked: Marked, rubric: BatchRubric, words: LevelWords | None = None) -> Mark:
    """Return the mark of one submission."""
    criteria = rubric.rubric.criteria
    points = {one.id: marked.score(one.id) for one in criteria}
    known = {key: value for key, value in points.items() if value is not None}
    total = rubric.rubric.total(known) if len(known) == len(points) else None
    levels = {one.id: _level(one, points[one.id]) for one in criteria}
    said = {one.id: _words(marked, one, levels[one.id], words or {}) for one in criteria}
    whole = [d.value for d in marked.decisions if d.kind == "feedback" and not d.criterion]
    if whole:
        said[""] = str(whole[-1])
    return Mark(
        marked,
        rubric,
        points,
        total,
        rubric.rubric.max_points,
        levels,
        {key: value for key, value in said.items() if value},
    )


def level_words(store: Store, batch_id: str) -> LevelWords:
    """Return the instructor's words for whole levels."""
    return {
        (one.question, one.criterion, one.level): str(one.value)
        for one in standing_decisions(store.grading.decisions(batch_id, ""))
        if one.kind == "feedback"
    }


def _level(criterion: Criterion, points: float | None) -> str:
    return "" if points is None else title_of(criterion, points)


def _words(marked: Marked, criterion: Criterion, level: str, words: LevelWords) -> str:
    """Return the words for this learner, else for the level, else the rubric's."""
    own = [
        one.value
        for one in marked.decisions
        if one.kind == "feedback" and one.criterion == criterion.id
    ]
    if own and own[-1]:
        return str(own[-1])
    if said := words.get((marked.submission.question, criterion.id, level)):
        return said
    written = {one.title: one.feedback for one in criterion.levels}
    return written.get(level, "")

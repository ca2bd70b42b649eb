"""Ten graded answers come back blind: how steady the instructor is, beside the proposals."""

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from tutor_app.domain.batch import Marked
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.agreement import Agreement, Rating, choose_repeats, consistency
from tutor_app.grading.origins import origin_of
from tutor_app.grading.queue import settled
from tutor_app.storage.store import Store

REPEATS = 10


@dataclass(frozen=True)
class Repeats:
    """Where the repeats of one question stand.

    Attributes:
        chosen: answers that come back, in random order; empty while too few are decided.
        left: those of them that have not been graded again.
        own: the instructor with themself; `proposals` with the first marks. Empty until then.
    """

    chosen: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    own: tuple[Agreement, ...] = ()
    proposals: tuple[Agreement, ...] = ()


def repeats(store: Store, batch_id: str, question: str, *, size: int = REPEATS) -> Repeats:
    """Return which answers come back, what is left of them, and how it came out.

    What was graded again stays in the sample, whatever is decided later. Answers that got their
    points with others by one click do not come back: who gave them need not have read them.
    """
    rubric = store.grading.rubrics(batch_id)[question].rubric
    sizes = store.grading.group_sizes(batch_id)
    known = {
        one.submission.id: one
        for one in store.grading.marked(batch_id)
        if one.submission.question == question and all(one.decided(c.id) for c in rubric.criteria)
    }
    again = [name for name, one in known.items() if _points(one, "blind", rubric)]
    fresh = {
        name: rubric.total({c.id: one.score(c.id) or 0.0 for c in rubric.criteria})
        for name, one in known.items()
        if name not in again and origin_of(one.decisions, settled(one), sizes).together == 1
    }
    if len(again) + len(fresh) < size:
        return Repeats()
    wanted = size - len(again)
    seed = crc32(f"{batch_id}/{question}".encode())
    left = tuple(choose_repeats(fresh, size=wanted, seed=seed)) if wanted > 0 else ()
    chosen = (*again, *left)
    if left:
        return Repeats(chosen, left)
    own, proposals = consistency(
        _ratings(known, again, "manual", rubric),
        _ratings(known, again, "blind", rubric),
        _ratings(known, again, "proposed", rubric),
        {one.id: one.possible_points for one in rubric.criteria},
    )
    return Repeats(chosen, (), tuple(own), tuple(proposals))


def _ratings(
    known: dict[str, Marked], names: Iterable[str], kind: str, rubric: Rubric
) -> list[Rating]:
    return [
        Rating(rater=kind, submission=name, criterion=criterion, points=points)
        for name in names
        for criterion, points in _points(known[name], kind, rubric).items()
    ]


def _points(one: Marked, kind: str, rubric: Rubric) -> dict[str, float]:
    """Return a kind of points by criterion; {} unless there are some for each."""
    if kind == "proposed":
        given = one.grade.points if one.grade else {}
    elif kind == "manual":
        given = {c.id: one.score(c.id) for c in rubric.criteria}
    else:
        given = {d.criterion: float(d.value) for d in one.decisions if d.kind == kind}
    whole = {name: points for name, points in given.items() if points is not None}
    return whole if {c.id for c in rubric.criteria} <= whole.keys() else {}

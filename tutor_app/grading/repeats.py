"""Ten graded answers come back blind: how steady a rater is, or how two agree.

Whose marks they are decides what it measures: a person's own, or those of somebody else. Both are
graded with everything hidden, change no mark, and stand beside the proposals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from tutor_app.domain.batch import Marked
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.agreement import Agreement, Rating, choose_repeats, consistency
from tutor_app.grading.origins import GIVING, origin_of
from tutor_app.grading.queue import settled
from tutor_app.storage.store import Store

REPEATS = 10


@dataclass(frozen=True)
class Repeats:
    """Where the repeats of one question stand for one person.

    Attributes:
        chosen: answers that come back, in random order; empty while too few are decided.
        left: those of them that have not been graded again.
        own: the person with the first marks; `proposals` with the first marks. Empty until then.
    """

    chosen: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    own: tuple[Agreement, ...] = ()
    proposals: tuple[Agreement, ...] = ()


def repeats(
    store: Store,
    batch_id: str,
    question: str,
    who: str,
    *,
    of_others: bool = False,
    size: int = REPEATS,
) -> Repeats:
    """Return which answers come back to a person, what is left of them, and how it came out.

    What was graded again stays in the sample, whatever is decided later. Answers that got their
    points with others by one click do not come back: who gave them need not have read them.

    Args:
        store: the database.
        batch_id: the batch.
        question: the question.
        who: the person.
        of_others: answers that others decided and this person did not, instead of their own.
        size: how many come back.
    """
    rubric = store.grading.rubrics(batch_id)[question].rubric
    sizes = store.grading.group_sizes(batch_id)
    known = {
        one.submission.id: one
        for one in store.grading.marked(batch_id)
        if one.submission.question == question
        and all(one.decided(c.id) for c in rubric.criteria)
        and _is_for(one, rubric, who, of_others=of_others)
    }
    again = [name for name, one in known.items() if _points(one, who, rubric)]
    fresh = {
        name: rubric.total({c.id: one.score(c.id) or 0.0 for c in rubric.criteria})
        for name, one in known.items()
        if name not in again and origin_of(one.decisions, settled(one), sizes).together == 1
    }
    if len(again) + len(fresh) < size:
        return Repeats()
    wanted = size - len(again)
    seed = crc32(f"{batch_id}/{question}{'/' + who if of_others else ''}".encode())
    left = tuple(choose_repeats(fresh, size=wanted, seed=seed)) if wanted > 0 else ()
    chosen = (*again, *left)
    if left:
        return Repeats(chosen, left)
    own, proposals = consistency(
        _ratings(known, again, "manual", rubric),
        _ratings(known, again, who, rubric),
        _ratings(known, again, "proposed", rubric),
        {one.id: one.possible_points for one in rubric.criteria},
    )
    return Repeats(chosen, (), tuple(own), tuple(proposals))


def _is_for(one: Marked, rubric: Rubric, who: str, *, of_others: bool) -> bool:
    """Tell whether an answer comes back to a person: all of it is theirs, or none of it."""
    last = {d.criterion: d.who for d in one.decisions if d.kind in GIVING}
    theirs = [last.get(criterion.id) == who for criterion in rubric.criteria]
    return not any(theirs) if of_others else all(theirs)


def _ratings(
    known: dict[str, Marked], names: Iterable[str], rater: str, rubric: Rubric
) -> list[Rating]:
    return [
        Rating(rater=rater, submission=name, criterion=criterion, points=points)
        for name in names
        for criterion, points in _points(known[name], rater, rubric).items()
    ]


def _points(one: Marked, rater: str, rubric: Rubric) -> dict[str, float]:
    """Return the points proposed, those that count, or a person's blind ones; {} unless whole."""
    if rater == "proposed":
        given = one.grade.points if one.grade else {}
    elif rater == "manual":
        given = {c.id: one.score(c.id) for c in rubric.criteria}
    else:
        given = {
            d.criterion: float(d.value)
            for d in one.decisions
            if d.kind == "blind" and d.who == rater
        }
    whole = {name: points for name, points in given.items() if points is not None}
    return whole if {c.id for c in rubric.criteria} <= whole.keys() else {}

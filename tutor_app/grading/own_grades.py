"""A learner's own released marks, with nothing that is meant for graders only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tutor_app.domain.batch import Batch, BatchRubric, Decision, Marked, Released
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.levels import title_of
from tutor_app.grading.release_plan import rule_of
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class OwnCriterion:
    """One criterion as the learner sees it.

    Attributes:
        level: title of the level, or "".
        quotes: the learner's own words that the level rests on.
        words: feedback, or "".
    """

    title: str
    points: float
    max_points: float
    level: str
    quotes: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class OwnGrade:
    """One released mark.

    Attributes:
        title: of the batch, with its own name for the question where there are several.
        rubric_id: which exercises practise the same.
        said: words about the whole, or "".
        rule: by what the mark was decided without anybody judging the words, or "".
        exchange: regrade requests and their answers, oldest first.
        waiting: a request has no answer yet.
    """

    batch_id: str
    submission_id: str
    title: str
    question: str
    text: str
    rubric_id: str
    item: str
    criteria: tuple[OwnCriterion, ...]
    total: float
    max_points: float
    said: str
    rule: str
    exchange: tuple[Decision, ...]
    waiting: bool


def own_grades(store: Store, account_id: str) -> list[OwnGrade]:
    """Return a learner's released marks, newest first; what is not released is not there.

    Marks that one act released stand in the order of their questions.
    """
    found = list[tuple[str, OwnGrade]]()
    acts = dict[str, datetime]()
    for batch, marked in store.grading.of_account(account_id):
        if released := marked.release:
            rubric = store.grading.rubrics(batch.id)[marked.submission.question]
            act = _of_kind(marked.decisions, "release")[-1]
            acts[act.action] = max(act.at, acts.get(act.action, act.at))
            found.append((act.action, _own(batch, marked, released, rubric)))
    found.sort(key=lambda one: acts[one[0]], reverse=True)
    return [grade for _, grade in found]


def _own(batch: Batch, marked: Marked, released: Released, rubric: BatchRubric) -> OwnGrade:
    quotes = {
        one.criterion: tuple(dict.fromkeys(e.quote for e in one.evidence))
        for one in (marked.grade.criteria if marked.grade else ())
    }
    criteria = [
        _criterion(one, released.points[one.id], released.words, quotes)
        for one in rubric.rubric.criteria
        if one.id in released.points and (one.type != "penalty" or released.points[one.id])
    ]
    return OwnGrade(
        batch_id=batch.id,
        submission_id=marked.submission.id,
        title=", ".join(filter(None, (batch.title, marked.submission.question))),
        question=rubric.rubric.question,
        text=marked.submission.text,
        rubric_id=rubric.rubric.id,
        item=rubric.item,
        criteria=tuple(criteria),
        total=released.total,
        max_points=released.max_points,
        said=released.words.get("", ""),
        rule=rule_of(marked),
        exchange=_of_kind(marked.decisions, "regrade", "answered"),
        waiting=marked.regrade is not None,
    )


def _criterion(
    criterion: Criterion,
    points: float,
    words: dict[str, str],
    quotes: dict[str, tuple[str, ...]],
) -> OwnCriterion:
    return OwnCriterion(
        title=criterion.title,
        points=points,
        max_points=max(criterion.possible_points),
        level=title_of(criterion, points),
        quotes=quotes.get(criterion.id, ()),
        words=words.get(criterion.id, ""),
    )


def _of_kind(decisions: Sequence[Decision], *kinds: str) -> tuple[Decision, ...]:
    return tuple(one for one in decisions if one.kind in kinds)

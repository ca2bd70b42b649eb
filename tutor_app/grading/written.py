"""What a batch leaves in a folder: proposals, the queue, the report; nothing in it is final."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tutor_app.exchange.gradebooks.mark import MarkedCriterion, MarkRow, number
from tutor_app.exchange.gradebooks.writing import defused, write_bytes, written_whole
from tutor_app.grading.audit_file import audit_lines
from tutor_app.grading.marks import Mark, marks
from tutor_app.grading.origins import origin_of
from tutor_app.grading.release_plan import rule_of
from tutor_app.storage.store import Store

PROPOSALS, QUEUE, REPORT = "proposals.csv", "queue.csv", "report.txt"
NOT_RELEASED = "proposal, not released"
_HEADINGS = (
    "submission", "learner", "name", "question", "state", "total", "max_total", "criterion",
    "points", "max_points", "by", "level", "confidence", "needs_review", "evidence", "reasons",
    "flags",
)  # fmt: skip


def mark_rows(store: Store, batch_id: str) -> Iterator[MarkRow]:
    """Yield the marks of a batch for a gradebook; a released one as it was released.

    Nothing comes of a batch that was undone; what could not be read is pending.
    """
    sizes = store.grading.group_sizes(batch_id)
    for mark in marks(store, batch_id):
        release = mark.marked.release
        points = mark.points if release is None else release.points
        how, rule = origin_of(mark.marked.decisions, points, sizes), rule_of(mark.marked)
        yield MarkRow(
            submission=mark.marked.submission,
            criteria=tuple(
                MarkedCriterion(
                    id=one.id,
                    title=one.title,
                    points=points.get(one.id),
                    max_points=max(0.0, *one.possible_points),
                    level=mark.levels[one.id] if points.get(one.id) == mark.points[one.id] else "",
                    feedback=mark.words.get(one.id, ""),
                    quote=_quote(mark, one.id),
                )
                for one in mark.rubric.rubric.criteria
            ),
            total=mark.total if release is None else release.total,
            max_total=mark.max_points if release is None else release.max_points,
            released=release is not None,
            feedback=mark.words.get("", ""),
            rule=rule,
            origin=f"decided by rule: {rule}" if rule else str(how),
        )


def write_proposals(store: Store, batch_id: str, folder: Path) -> tuple[Path, Path]:
    """Write a row for each criterion of each submission, and the queue; returns both paths.

    Raises:
        StorageError: the folder cannot be written; what was there stays.
    """
    proposals, queue = folder / PROPOSALS, folder / QUEUE
    waiting: list[tuple[float, tuple[str, ...]]] = []
    with written_whole(proposals) as part, part.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_HEADINGS)
        sizes = store.grading.group_sizes(batch_id)
        for mark in marks(store, batch_id):
            out.writerows(_proposal_rows(mark, sizes))
            if reason := review_reason(mark):
                confidence = mark.marked.grade.confidence if mark.marked.grade else 0.0
                submission = mark.marked.submission
                cells = (submission.id, submission.question, f"{confidence:.3f}", reason)
                waiting.append((confidence, tuple(map(defused, cells))))
    with written_whole(queue) as part, part.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("submission", "question", "confidence", "why"))
        out.writerows(cells for _, cells in sorted(waiting))
    return proposals, queue


def write_audit(store: Store, batch_id: str, path: Path) -> None:
    """Write the audit file; raises StorageError, with nothing there changed."""
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in audit_lines(store, batch_id))


def write_report(path: Path, lines: Iterable[str]) -> None:
    """Write the report; raises StorageError."""
    write_bytes(path, ("\n".join(lines) + "\n").encode())


def review_reason(mark: Mark) -> str:
    """Say why a person has to look at a submission; "" for no reason."""
    one = mark.marked
    if one.submission.problem:
        return one.submission.problem
    if one.regrade is not None:
        return "The learner asks for a second look."
    if one.grade is None:
        return "" if all(map(one.decided, mark.points)) else "No proposal yet."
    open_ones = [each for each in one.grade.criteria if not one.decided(each.criterion)]
    pending = [each.criterion for each in open_ones if each.auto_score is None]
    if pending:
        return f"No score for: {', '.join(pending)}."
    unsure = [each.criterion for each in open_ones if each.needs_review]
    if unsure and one.grade.flags:
        return one.grade.flags[0]
    return f"Not sure of: {', '.join(unsure)}." if unsure else ""


def _proposal_rows(mark: Mark, sizes: Mapping[str, int]) -> Iterator[Sequence[str]]:
    one, submission = mark.marked, mark.marked.submission
    state = "released" if one.released else NOT_RELEASED
    if submission.problem:
        state = f"not graded: {submission.problem}"
    total = "" if mark.total is None else number(mark.total)
    head = [submission.id, submission.learner, submission.name, submission.question, state]
    head = [*map(defused, head), total, number(mark.max_points)]
    proposed = {each.criterion: each for each in one.grade.criteria} if one.grade else {}
    flags = defused("; ".join(one.grade.flags)) if one.grade else ""
    for criterion in mark.rubric.rubric.criteria:
        points, given = mark.points[criterion.id], proposed.get(criterion.id)
        quotes = " | ".join(each.quote for each in given.evidence) if given else ""
        by = "a rule" if given and given.rule else "the grader" if given else ""
        if one.decided(criterion.id):
            by = f"a person, {origin_of(one.decisions, {criterion.id: points}, sizes).how}"
        yield [
            *head,
            criterion.id,
            "" if points is None else number(points),
            number(max(0.0, *criterion.possible_points)),
            by,
            defused(mark.levels[criterion.id]),
            f"{given.confidence:.3f}" if given else "",
            ("yes" if given.needs_review else "no") if given else "",
            defused(quotes),
            defused(" ".join(given.reasons)) if given else "",
            flags,
        ]


def _quote(mark: Mark, criterion: str) -> str:
    grade = mark.marked.grade
    quotes = [
        each.quote
        for one in (grade.criteria if grade else ())
        if one.criterion == criterion
        for each in one.evidence
    ]
    return quotes[0] if quotes else ""

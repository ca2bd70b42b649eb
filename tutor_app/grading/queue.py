"""What is left to look at in a batch, the least sure first, and how far the batch is.

A queue keeps a light row for each submission and reads only what changed since it last looked, so
that a page with a batch of thousands is drawn in the time of one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import Literal

from tutor_app.domain.batch import BatchRubric, Marked
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.origins import origin_of
from tutor_app.grading.release_plan import rule_of
from tutor_app.storage.grading import GradingTables

RowState = Literal[
    "waiting", "unread", "rivals", "aside", "pending", "review", "sure", "decided"
]  # fmt: skip
OPEN: tuple[RowState, ...] = ("pending", "review", "sure")
ASKS_AGAIN = "The student asks for a second look."


@dataclass(frozen=True, slots=True)
class Row:
    """One submission as a list shows it.

    Attributes:
        number: its place in the neutral order, from 1; "Submission 17" is all that is shown of it.
        state: waiting (no proposal yet), unread (its file could not be read), rivals (the learner
            has several different answers, and nobody said which counts), aside (another of them
            does), pending (some criterion has no score), review (a person has to look), sure (the
            rule would let it pass), decided (a person has settled every criterion).
        confidence: of its least sure criterion, in [0, 1].
        reason: why it stands where it stands, one line.
        asks_again: a regrade request waits for an answer.
        changed: it was decided otherwise since it was released.
        by_rule: code decided it for certain, and no person otherwise.
        learner: the name, where the source gave one; `student` is the id or address in it.
        first: of rivals, the first one stands for all of them.
        together: answers that got their points with the same click; 1 where it was on its own, 0
            where nobody decided.
    """

    id: str
    number: int
    question: str
    learner: str
    student: str
    state: RowState
    confidence: float
    reason: str
    released: bool
    asks_again: bool
    changed: bool
    by_rule: bool
    together: int
    first: bool = True


@dataclass(frozen=True)
class Standing:
    """How far a batch is: submissions in all, with a proposal, decided, released, to look at.

    `in_groups` is how many of those decided got their points by one click on several answers, and
    `asking` how many students wait for a second look.
    """

    total: int = 0
    graded: int = 0
    decided: int = 0
    in_groups: int = 0
    released: int = 0
    in_queue: int = 0
    asking: int = 0


def settled(marked: Marked) -> dict[str, float]:
    """Return the points that a person gave or confirmed, by criterion.

    An accepted proposal counts as long as it is still the proposal: a re-scored criterion is open
    again, a manual score is not.
    """
    known = {one.criterion for one in marked.decisions if one.criterion}
    known |= marked.grade.points.keys() if marked.grade else set()
    return {
        one: points
        for one in known
        if marked.decided(one) and (points := marked.score(one)) is not None
    }


def unsure_reason(marked: Marked, rubric: Rubric | None) -> str:
    """Say in one line why a person should look at a submission."""
    if marked.submission.problem:
        return marked.submission.problem
    if marked.regrade is not None:
        return ASKS_AGAIN
    if marked.grade is None:
        return "No proposal yet."
    titles = {one.id: one.title for one in rubric.criteria} if rubric else {}
    open_ones = [one for one in marked.grade.criteria if one.auto_score is None]
    least = min(
        open_ones or marked.grade.criteria, key=lambda one: one.confidence, default=None
    )  # fmt: skip
    if least is None:
        return "No criteria."
    title = titles.get(least.criterion, least.criterion)
    if least.auto_score is None:
        why = next(iter(least.reasons), "")
        # that nothing has a score stands beside the line
        alone = why and len(open_ones) == len(marked.grade.criteria)
        return why if alone else f"{title}: no score. {why}".strip()
    if marked.grade.flags:
        return marked.grade.flags[0]
    # how sure it is stands beside the line as a figure
    told = [one for one in least.reasons if "not sure" not in one] or [*least.reasons]
    return f"{title}: {told[0]}" if told else title


def neutral_order(batch_id: str, submission_ids: Iterable[str]) -> list[str]:
    """Return submissions in an order that says nothing about who wrote them."""
    return sorted(submission_ids, key=lambda one: sha256(f"{batch_id}/{one}".encode()).digest())


class Queue:
    """The submissions of one batch; `refresh` reads what changed since.

    Attributes:
        rubrics: those that count now, by question.
        group_sizes: how many submissions an action gave points to, where more than one.
    """

    def __init__(self, tables: GradingTables, batch_id: str) -> None:
        """Read nothing yet."""
        self.batch_id = batch_id
        self.rubrics: dict[str, BatchRubric] = {}
        self._tables = tables
        self._rows: dict[str, Row] = {}
        self._numbers: dict[str, int] = {}
        self.group_sizes: dict[str, int] = {}
        self._seen = (0, 0)
        self._lock = Lock()

    def refresh(self) -> "Queue":
        """Read what changed, whoever changed it."""
        with self._lock:
            seen, touched = self._tables.changed(self.batch_id, self._seen)
            if self._rows and not touched:
                return self
            self.rubrics = self._tables.rubrics(self.batch_id)
            self.group_sizes |= self._tables.group_sizes(self.batch_id, self._seen[1])
            if not self._rows or len(touched) > len(self._rows) // 4 + 20:
                every = [self._row(one, 0) for one in self._tables.marked(self.batch_id)]
                if not self._numbers:
                    order = neutral_order(self.batch_id, (one.id for one in every))
                    self._numbers = {one: number for number, one in enumerate(order, 1)}
                self._rows = {row.id: replace(row, number=self._numbers[row.id]) for row in every}
            else:
                for one in touched & self._rows.keys():
                    marked = self._tables.marked_one(self.batch_id, one)
                    self._rows[one] = self._row(marked, self._numbers[one])
            self._seen = seen
        return self

    def row(self, submission_id: str) -> Row | None:
        """Return one row, or None."""
        return self._rows.get(submission_id)

    def rows(self, question: str | None = None) -> list[Row]:
        """Return the rows of one question, or all of them, in neutral order."""
        found = (row for row in self._rows.values() if question in (None, row.question))
        return sorted(found, key=lambda row: row.number)

    def find(self, words: str) -> list[Row]:
        """Return what a person looks for: a number of the list, a student's id, or part of a name.

        A number or an id that fits as a whole is meant; else every word must be in name or id.
        """
        wanted = words.casefold().split()
        if not wanted:
            return []
        rows, whole = self.rows(), " ".join(wanted)
        exact = [row for row in rows if whole in (str(row.number), row.student.casefold())]
        return exact or [
            row
            for row in rows
            if all(word in f"{row.learner} {row.student}".casefold() for word in wanted)
        ]

    def to_review(self, question: str | None = None) -> list[Row]:
        """Return what waits for a person: regrade requests, then the least sure first."""
        waiting = [
            row
            for row in self.rows(question)
            if row.asks_again
            or row.state in ("pending", "review", "unread")
            or (row.state == "rivals" and row.first)
        ]
        return sorted(waiting, key=lambda row: (not row.asks_again, row.confidence, row.number))

    def after(self, submission_id: str, question: str | None = None) -> Row | None:
        """Return what to look at next: the least sure of the queue that is not this one."""
        waiting = [row for row in self.to_review(question) if row.state != "unread"]
        others = [row for row in waiting if row.id != submission_id]
        at = next((n for n, row in enumerate(waiting) if row.id == submission_id), None)
        # going on from one that is left open must not lead back to the one before it
        return others[at % len(others)] if at is not None and others else next(iter(others), None)

    def standing(self) -> Standing:
        """Count how far the batch is."""
        rows = [row for row in self._rows.values() if row.state != "aside"]
        return Standing(
            total=len(rows),
            graded=sum(row.state in (*OPEN, "decided") for row in rows),
            decided=sum(row.state == "decided" for row in rows),
            in_groups=sum(row.state == "decided" and row.together > 1 for row in rows),
            released=sum(row.released for row in rows),
            in_queue=len(self.to_review()),
            asking=sum(row.asks_again for row in rows),
        )

    def _row(self, marked: Marked, number: int) -> Row:
        submission = marked.submission
        rubric = self.rubrics.get(submission.question)
        state = _state(marked, rubric.rubric if rubric else None)
        rivals = [submission.id]
        if state == "unread" and not marked.chosen:
            rivals = self._tables.rivals(self.batch_id, submission.id)
        return Row(
            id=submission.id,
            number=number,
            question=submission.question,
            learner=submission.name or submission.learner,
            student=submission.learner,
            state="rivals" if len(rivals) > 1 else state,
            first=rivals[0] == submission.id,
            confidence=marked.grade.confidence if marked.grade else 0.0,
            reason=unsure_reason(marked, rubric.rubric if rubric else None),
            released=marked.released,
            asks_again=marked.regrade is not None,
            changed=_changed(marked),
            by_rule=bool(rule_of(marked)),
            together=origin_of(marked.decisions, settled(marked), self.group_sizes).together,
        )


def _changed(marked: Marked) -> bool:
    release = marked.release
    return release is not None and any(
        marked.score(criterion) != points for criterion, points in release.points.items()
    )


def _state(marked: Marked, rubric: Rubric | None) -> RowState:
    if marked.aside:
        return "aside"
    done: Mapping[str, float] = settled(marked)
    if rubric is not None and all(one.id in done for one in rubric.criteria):
        return "decided"
    if marked.submission.problem:
        return "unread"
    if marked.grade is None:
        return "waiting"
    if any(one.auto_score is None and one.criterion not in done for one in marked.grade.criteria):
        return "pending"
    needed = any(one.needs_review and one.criterion not in done for one in marked.grade.criteria)
    return "review" if needed else "sure"

"""What a person does to submissions, each act one action that can be taken back whole."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

from tutor_app.domain.batch import Decision, DecisionKind, Marked
from tutor_app.errors import ContentError
from tutor_app.grading.queue import settled
from tutor_app.storage.grading import GradingTables


class Reviewer:
    """Writes what one person decides about the submissions of one batch."""

    def __init__(self, tables: GradingTables, batch_id: str, who: str) -> None:
        """Take the tables, the batch and the name that goes into the record."""
        self._tables = tables
        self._batch_id = batch_id
        self._who = who

    def choose(self, submission_id: str, criterion: str, points: float) -> str:
        """Give points to one criterion; returns the action."""
        return self._write([(submission_id, criterion, "score", points)])

    def accept(self, marked: Marked) -> str:
        """Confirm every proposal that no person has settled; returns the action.

        Raises:
            ContentError: there is nothing to confirm.
        """
        done = settled(marked)
        rows: list[tuple[str, str, DecisionKind, str | float]] = [
            (marked.submission.id, criterion, "accept", points)
            for criterion, points in (marked.grade.points if marked.grade else {}).items()
            if points is not None and criterion not in done
        ]
        if not rows:
            raise ContentError(
                "Accept: every criterion is settled, or has no proposed score. Choose a level."
            )
        return self._write(rows)

    def give_all(self, submission_ids: Iterable[str], points: Mapping[str, float]) -> str:
        """Give the same points to several submissions; returns the action."""
        return self._write(
            [
                (submission_id, criterion, "score", given)
                for submission_id in submission_ids
                for criterion, given in points.items()
            ]
        )

    def word(self, submission_ids: Iterable[str], criterion: str, words: str) -> str:
        """Give feedback words on a criterion to one or several; returns the action."""
        return self._write([(one, criterion, "feedback", words) for one in submission_ids])

    def answer(self, submission_id: str, words: str) -> str:
        """Answer a regrade request; returns the action."""
        return self._write([(submission_id, "", "answered", words)])

    def undo(self, action: str) -> None:
        """Take a whole action back; what was decided before it counts again."""
        self._write([("", "", "undo", action)])

    def _write(self, rows: list[tuple[str, str, DecisionKind, str | float]]) -> str:
        action, now = uuid4().hex, datetime.now(UTC)
        self._tables.decide(
            self._batch_id,
            [
                Decision(
                    action=action, submission=submission, criterion=criterion, kind=kind,
                    value=value, who=self._who, at=now,
                )
                for submission, criterion, kind, value in rows
            ],
        )  # fmt: skip
        return action

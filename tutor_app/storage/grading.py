"""Batches of submissions, what graders proposed for them, and what people decided.

Proposals and decisions are only ever appended (triggers see to it), so any mark can be rebuilt:
it is the newest proposal, with the decisions that no later one undid laid over it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from sqlite_utils import Database

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import NotFoundError
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso

BatchState = Literal["open", "paused", "undone"]
DecisionKind = Literal[
    "score", "feedback", "accept", "audit", "blind", "release", "withdraw", "regrade", "answered",
    "undo",
]  # fmt: skip
PAGE = 500


class Batch(Strict):
    """One set of submissions that is graded together.

    Attributes:
        source_key: digest of the submissions, the rubrics and the grader: a second run of the
            same inputs finds this batch and does nothing.
        settings: what the run was asked for (grader, seed, release rule), JSON values.
    """

    id: Text
    title: Text
    course_id: str = ""
    source_key: Text
    who: Text
    created_at: datetime
    state: BatchState = "open"
    settings: dict[str, str | int | float | bool] = {}


class BatchRubric(Strict):
    """The rubric of one question as it stood at a time; the newest one counts.

    `item` is "course/item" where answers are numbers, formulas or programs, else "".
    """

    question: str
    rubric: Rubric
    item: str = ""
    at: datetime


class Decision(Strict):
    """What a person decided, or asked for, about one criterion or (criterion "") all of it.

    Attributes:
        action: one click; undo takes back a whole action.
        kind: score (value: points; a manual score), feedback (value: words), accept (the proposed
            points are right), audit and blind (value: points given with the proposal hidden),
            release, withdraw, regrade (value: the learner's words), answered (value: words),
            undo (value: the action taken back).
    """

    action: Text
    submission: str
    criterion: str = ""
    kind: DecisionKind
    value: str | float = ""
    who: Text
    at: datetime


class Marked(Strict):
    """A submission with its newest proposal and the decisions that stand, oldest first."""

    submission: Submission
    grade: Grade | None = None
    decisions: tuple[Decision, ...] = ()
    account_id: str = ""

    def manual(self, criterion: str) -> float | None:
        """Return the points that a person gave, or None."""
        given = [d.value for d in self.decisions if d.kind == "score" and d.criterion == criterion]
        return float(given[-1]) if given else None

    def score(self, criterion: str) -> float | None:
        """Return the points that count: a person's, else the proposal's, else None."""
        manual = self.manual(criterion)
        if manual is not None:
            return manual
        return self.grade.points.get(criterion) if self.grade else None

    @property
    def released(self) -> bool:
        """The instructor has released this mark and not withdrawn it since."""
        acts = [d.kind for d in self.decisions if d.kind in ("release", "withdraw")]
        return bool(acts) and acts[-1] == "release"


class GradingTables:
    """Batches by id; every method is one transaction."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add_batch(
        self,
        batch: Batch,
        rubrics: Iterable[BatchRubric],
        submissions: Iterable[tuple[Submission, str]],
    ) -> None:
        """Write a batch whole or not at all.

        Args:
            batch: the batch.
            rubrics: one per question.
            submissions: in grading order, each with its account id or ""; may be a stream.
        """
        with self._connections.writing() as db:
            row = batch.model_dump(mode="json") | {
                "created_at": iso(batch.created_at),
                "settings": json.dumps(batch.settings, sort_keys=True),
            }
            db.table("batches").insert(row)
            for one in rubrics:
                _add_rubric(db, batch.id, one)
            db.table("submissions").insert_all(
                (
                    {
                        "batch_id": batch.id,
                        "id": submission.id,
                        "position": position,
                        "question": submission.question,
                        "learner": submission.learner,
                        "account_id": account_id or None,
                        "content": submission.model_dump_json(),
                    }
                    for position, (submission, account_id) in enumerate(submissions)
                ),
                batch_size=PAGE,
            )

    def batches(self) -> list[Batch]:
        """Return all batches, newest first."""
        with self._connections.reading() as db:
            rows = db.query("SELECT * FROM batches ORDER BY created_at DESC, id")
            return [_batch(row) for row in rows]

    def batch(self, batch_id: str) -> Batch:
        """Return one batch; raises NotFoundError."""
        known = {one.id: one for one in self.batches()}
        if batch_id not in known:
            raise NotFoundError.for_name("Batch", batch_id, known)
        return known[batch_id]

    def find(self, source_key: str) -> Batch | None:
        """Return the batch of these inputs, or None."""
        return next((b for b in self.batches() if b.source_key == source_key), None)

    def set_state(self, batch_id: str, state: BatchState) -> None:
        """Pause, go on with or undo a batch."""
        with self._connections.writing() as db:
            db.execute("UPDATE batches SET state = ? WHERE id = ?", [state, batch_id])

    def rubrics(self, batch_id: str) -> dict[str, BatchRubric]:
        """Return the rubric that counts now, by question."""
        with self._connections.reading() as db:
            rows = db.query(
                "SELECT question, rubric, item, at FROM batch_rubrics WHERE batch_id = ? "
                "ORDER BY at, rowid",
                [batch_id],
            )
            return {
                row["question"]: BatchRubric(
                    question=row["question"],
                    rubric=Rubric.model_validate_json(row["rubric"]),
                    item=row["item"],
                    at=datetime.fromisoformat(row["at"]),
                )
                for row in rows
            }

    def add_rubric(self, batch_id: str, rubric: BatchRubric) -> None:
        """Write an edited rubric; the old one stays for the record."""
        with self._connections.writing() as db:
            _add_rubric(db, batch_id, rubric)

    def count(self, batch_id: str) -> tuple[int, int, int]:
        """Return how many submissions there are, have a proposal, and are pending."""
        with self._connections.reading() as db:
            total = db.execute(
                "SELECT count(*) FROM submissions WHERE batch_id = ?", [batch_id]
            ).fetchone()[0]
            done, pending = db.execute(
                "SELECT count(*), coalesce(sum(pending), 0) FROM proposals WHERE number IN "
                "(SELECT max(number) FROM proposals WHERE batch_id = ? GROUP BY submission_id)",
                [batch_id],
            ).fetchone()
            return int(total), int(done), int(pending)

    def waiting(self, batch_id: str, limit: int = PAGE) -> list[Submission]:
        """Return the next submissions without any proposal, in grading order."""
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT content FROM submissions s WHERE batch_id = ? AND NOT EXISTS "
                "(SELECT 1 FROM proposals p WHERE p.batch_id = s.batch_id "
                "AND p.submission_id = s.id) ORDER BY position LIMIT ?",
                [batch_id, limit],
            ).fetchall()
            return [Submission.model_validate_json(row[0]) for row in rows]

    def add_proposals(self, batch_id: str, grades: Sequence[Grade]) -> None:
        """Append proposals, all or none."""
        now = iso(datetime.now(UTC))
        with self._connections.writing() as db:
            db.table("proposals").insert_all(
                {
                    "batch_id": batch_id,
                    "submission_id": grade.submission,
                    "grade": grade.model_dump_json(),
                    "pending": int(grade.pending),
                    "at": now,
                }
                for grade in grades
            )

    def proposals(self, batch_id: str, submission_id: str) -> list[Grade]:
        """Return every proposal that was made for a submission, oldest first."""
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT grade FROM proposals WHERE batch_id = ? AND submission_id = ? "
                "ORDER BY number",
                [batch_id, submission_id],
            ).fetchall()
            return [Grade.model_validate_json(row[0]) for row in rows]

    def decide(self, batch_id: str, decisions: Sequence[Decision]) -> None:
        """Append decisions, all or none."""
        with self._connections.writing() as db:
            db.table("decisions").insert_all(
                {
                    "action": one.action,
                    "batch_id": batch_id,
                    "submission_id": one.submission,
                    "criterion": one.criterion,
                    "kind": one.kind,
                    "value": json.dumps(one.value),
                    "who": one.who,
                    "at": iso(one.at),
                }
                for one in decisions
            )

    def decisions(self, batch_id: str, submission_id: str | None = None) -> list[Decision]:
        """Return every decision, undone ones and the undoing too, oldest first."""
        where, values = "batch_id = ?", [batch_id]
        if submission_id is not None:
            where, values = f"{where} AND submission_id = ?", [batch_id, submission_id]
        with self._connections.reading() as db:
            return [
                _decision(row)
                for row in db.query(
                    f"SELECT * FROM decisions WHERE {where} ORDER BY number", values
                )
            ]

    def changed(self, batch_id: str, after: tuple[int, int]) -> tuple[tuple[int, int], set[str]]:
        """Return what happened since: how far the record goes now, and the submissions it touched.

        Args:
            batch_id: the batch.
            after: what the last call returned first; (0, 0) for the beginning.
        """
        proposal, decision = after
        with self._connections.reading() as db:
            touched = db.execute(
                "SELECT number, 0, submission_id FROM proposals WHERE batch_id = ? AND number > ? "
                "UNION ALL SELECT number, 1, submission_id FROM decisions WHERE batch_id = ? "
                "AND number > ? UNION ALL SELECT d.number, 1, o.submission_id FROM decisions d "
                "JOIN decisions o ON o.batch_id = d.batch_id AND d.kind = 'undo' "
                "AND o.action = json_extract(d.value, '$') WHERE d.batch_id = ? AND d.number > ?",
                [batch_id, proposal, batch_id, decision, batch_id, decision],
            ).fetchall()
        newest = [after[0], after[1]]
        for number, kind, _ in touched:
            newest[kind] = max(newest[kind], number)
        return (newest[0], newest[1]), {row[2] for row in touched if row[2]}

    def marked_one(self, batch_id: str, submission_id: str) -> Marked:
        """Return one submission with what counts now; raises NotFoundError."""
        own = self.decisions(batch_id, submission_id)
        undone = self._undone(batch_id)
        standing = [one for one in own if one.kind != "undo" and one.action not in undone]
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT content, account_id, (SELECT grade FROM proposals p WHERE p.batch_id = "
                "s.batch_id AND p.submission_id = s.id ORDER BY number DESC LIMIT 1) "
                "FROM submissions s WHERE batch_id = ? AND id = ?",
                [batch_id, submission_id],
            ).fetchone()
        if row is None:
            raise NotFoundError(
                f"{submission_id}: this batch has no such submission. Choose one from its list."
            )
        return Marked(
            submission=Submission.model_validate_json(row[0]),
            grade=Grade.model_validate_json(row[2]) if row[2] else None,
            decisions=tuple(standing),
            account_id=row[1] or "",
        )

    def _undone(self, batch_id: str) -> set[str]:
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT value FROM decisions WHERE batch_id = ? AND kind = 'undo'", [batch_id]
            ).fetchall()
        return {str(json.loads(row[0])) for row in rows}

    def marked(self, batch_id: str) -> Iterator[Marked]:
        """Yield every submission with what counts now, in grading order, a page at a time."""
        standing: dict[str, list[Decision]] = {}
        for one in standing_decisions(self.decisions(batch_id)):
            standing.setdefault(one.submission, []).append(one)
        last = -1
        while True:
            with self._connections.reading() as db:
                rows = list(
                    db.query(
                        "SELECT s.position, s.content, s.account_id, (SELECT grade FROM proposals "
                        "p WHERE p.batch_id = s.batch_id AND p.submission_id = s.id "
                        "ORDER BY number DESC LIMIT 1) AS grade FROM submissions s "
                        "WHERE s.batch_id = ? AND s.position > ? ORDER BY s.position LIMIT ?",
                        [batch_id, last, PAGE],
                    )
                )
            if not rows:
                return
            last = rows[-1]["position"]
            for row in rows:
                submission = Submission.model_validate_json(row["content"])
                yield Marked(
                    submission=submission,
                    grade=Grade.model_validate_json(row["grade"]) if row["grade"] else None,
                    decisions=tuple(standing.get(submission.id, ())),
                    account_id=row["account_id"] or "",
                )


def standing_decisions(decisions: Iterable[Decision]) -> list[Decision]:
    """Leave out what was undone, and the undoing."""
    every = list(decisions)
    undone = {str(one.value) for one in every if one.kind == "undo"}
    return [one for one in every if one.kind != "undo" and one.action not in undone]


def _add_rubric(db: Database, batch_id: str, one: BatchRubric) -> None:
    db.table("batch_rubrics").insert(
        {
            "batch_id": batch_id,
            "question": one.question,
            "digest": one.rubric.digest,
            "rubric": one.rubric.model_dump_json(),
            "item": one.item,
            "at": iso(one.at),
        },
        replace=True,
    )


def _batch(row: dict[str, str]) -> Batch:
    return Batch.model_validate(row | {"settings": json.loads(row["settings"])})


def _decision(row: dict[str, str]) -> Decision:
    return Decision.model_validate(
        {
            "action": row["action"],
            "submission": row["submission_id"],
            "criterion": row["criterion"],
            "kind": row["kind"],
            "value": json.loads(row["value"]),
            "who": row["who"],
            "at": row["at"],
        }
    )

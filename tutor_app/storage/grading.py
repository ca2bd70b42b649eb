"""Batches of submissions, what graders proposed for them, and what people decided.

Proposals and decisions are only ever appended (triggers see to it), so any mark can be rebuilt:
it is the newest proposal, with the decisions that no later one undid laid over it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlite_utils import Database

from tutor_app.domain.batch import (
    Batch,
    BatchRubric,
    BatchState,
    Decision,
    DecisionKind,
    Marked,
)
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import NotFoundError
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso
from tutor_app.storage.grading_queue import GradingQueue, enqueue

PAGE = 500
_BATCHES = "SELECT * FROM batches"
__all__ = [
    "Batch",
    "BatchRubric",
    "BatchState",
    "Decision",
    "DecisionKind",
    "GradingTables",
    "Marked",
]


class GradingTables:
    """Batches by id; every method is one transaction.

    Attributes:
        queue: what waits for a grader.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.queue = GradingQueue(connections)

    def add_batch(
        self,
        batch: Batch,
        rubrics: Iterable[BatchRubric],
        submissions: Iterable[tuple[Submission, str]],
        canaries: Iterable[Submission] = (),
    ) -> Batch:
        """Write a batch whole or not at all, and queue what can be graded.

        Args:
            batch: the batch; `settings["seed"]` shuffles the queue.
            rubrics: one per question.
            submissions: in the source's order, each with its account id or ""; may be a stream.
            canaries: answers of known score; graded too, never a mark.

        Returns:
            The batch; the earlier one, with nothing written, where its source key is known.
        """
        with self._connections.writing() as db:
            known = next(db.query(f"{_BATCHES} WHERE source_key = ?", [batch.source_key]), None)
            if known:
                return _batch(known)
            row = batch.model_dump(mode="json") | {
                "created_at": iso(batch.created_at),
                "settings": json.dumps(batch.settings, sort_keys=True),
            }
            db.table("batches").insert(row)
            for one in rubrics:
                _add_rubric(db, batch.id, one)
            seed = int(batch.settings.get("seed", 0))
            position = 0
            every = chain(
                ((one, account, False) for one, account in submissions),
                ((one, "", True) for one in canaries),
            )
            while page := list(islice(every, PAGE)):
                rows = [_row(batch.id, position + n, *one) for n, one in enumerate(page)]
                db.table("submissions").insert_all(rows)
                queued = [(one.id, one.question) for one, *_ in page if not one.problem]
                enqueue(db, batch.id, seed, queued)
                position += len(page)
        return batch

    def batches(self) -> list[Batch]:
        """Return all batches, newest first."""
        with self._connections.reading() as db:
            rows = db.query(f"{_BATCHES} ORDER BY created_at DESC, id")
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
                "SELECT count(*) FROM submissions WHERE batch_id = ? AND NOT canary", [batch_id]
            ).fetchone()[0]
            done, pending = db.execute(
                "SELECT count(*), coalesce(sum(pending), 0) FROM (SELECT p.pending, max(p.number) "
                "FROM proposals p JOIN submissions s ON s.batch_id = p.batch_id "
                "AND s.id = p.submission_id WHERE p.batch_id = ? AND NOT s.canary "
                "GROUP BY p.submission_id)",
                [batch_id],
            ).fetchone()
            return int(total), int(done), int(pending)

    def gradable(self, batch_id: str) -> int:
        """Return how many submissions a grader may see, canaries too."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM submissions WHERE batch_id = ? AND NOT problem", [batch_id]
            ).fetchone()
            return int(row[0])

    def proposals(self, batch_id: str, submission_id: str) -> list[Grade]:
        """Return every proposal that was made for a submission, oldest first."""
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT grade FROM proposals WHERE batch_id = ? AND submission_id = ? "
                "ORDER BY number",
                [batch_id, submission_id],
            ).fetchall()
            return [Grade.model_validate_json(row[0]) for row in rows]

    def decide(self, batch_id: str, decisions: Iterable[Decision]) -> None:
        """Append decisions, all or none."""
        with self._connections.writing() as db:
            db.table("decisions").insert_all(
                {
                    "action": one.action,
                    "batch_id": batch_id,
                    "submission_id": one.submission,
                    "question": one.question,
                    "criterion": one.criterion,
                    "level": one.level,
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
            where, values = f"{where} AND submission_id IN (?, '')", [batch_id, submission_id]
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

    def marked(self, batch_id: str, *, canaries: bool = False) -> Iterator[Marked]:
        """Yield every submission with what counts now, in the source's order, page by page.

        Args:
            batch_id: the batch.
            canaries: yield the canaries instead, which have no mark.
        """
        last = -1
        while True:
            with self._connections.reading() as db:
                page = _read_marked(
                    db,
                    "s.batch_id = ? AND s.canary = ? AND s.position > ?",
                    [batch_id, int(canaries), last],
                )
            if not page:
                return
            last = page[-1][0]
            for _, _, one in page:
                yield one

    def marked_one(self, batch_id: str, submission_id: str) -> Marked:
        """Return one submission with what counts now; raises NotFoundError."""
        with self._connections.reading() as db:
            page = _read_marked(db, "s.batch_id = ? AND s.id = ?", [batch_id, submission_id])
        if not page:
            raise NotFoundError(
                f"Batch {batch_id}: there is no submission {submission_id!r}; its learner may "
                "have deleted it. Open the batch again."
            )
        return page[0][2]

    def of_account(self, account_id: str) -> list[tuple[Batch, Marked]]:
        """Return what a learner with an account handed in, newest batch first.

        Batches that were undone are left out; what was not released is there, for the caller to
        hide.
        """
        batches = {one.id: one for one in self.batches() if one.state != "undone"}
        with self._connections.reading() as db:
            page = _read_marked(db, "s.account_id = ?", [account_id], limit=-1)
        found = [(batches[batch_id], one) for _, batch_id, one in page if batch_id in batches]
        return sorted(found, key=lambda pair: pair[0].created_at, reverse=True)


def _read_marked(
    db: Database, where: str, values: list[Any], limit: int = PAGE
) -> list[tuple[int, str, Marked]]:
    """Return (position, batch id, marked) of the submissions `s` that a condition names."""
    rows = list(
        db.query(
            "SELECT s.position, s.batch_id, s.id, s.content, s.account_id, (SELECT grade FROM "
            "proposals p WHERE p.batch_id = s.batch_id AND p.submission_id = s.id "
            f"ORDER BY number DESC LIMIT 1) AS grade FROM submissions s WHERE {where} "
            "ORDER BY s.batch_id, s.position LIMIT ?",
            [*values, limit],
        )
    )
    standing: dict[tuple[str, str], list[Decision]] = {}
    ids = json.dumps([row["id"] for row in rows])
    for batch_id in {row["batch_id"] for row in rows}:
        for row in db.query(
            "SELECT * FROM decisions WHERE batch_id = ?1 AND kind != 'undo' "
            "AND submission_id IN (SELECT value FROM json_each(?2)) AND action NOT IN "
            "(SELECT json_extract(value, '$') FROM decisions WHERE batch_id = ?1 "
            "AND submission_id = '' AND kind = 'undo') ORDER BY number",
            [batch_id, ids],
        ):
            one = _decision(row)
            standing.setdefault((batch_id, one.submission), []).append(one)
    return [
        (
            row["position"],
            row["batch_id"],
            Marked(
                submission=Submission.model_validate_json(row["content"]),
                grade=Grade.model_validate_json(row["grade"]) if row["grade"] else None,
                decisions=tuple(standing.get((row["batch_id"], row["id"]), ())),
                account_id=row["account_id"] or "",
            ),
        )
        for row in rows
    ]


def _row(
    batch_id: str, position: int, one: Submission, account_id: str, canary: bool
) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "id": one.id,
        "position": position,
        "question": one.question,
        "learner": one.learner,
        "account_id": account_id or None,
        "canary": int(canary),
        "problem": int(bool(one.problem)),
        "content": one.model_dump_json(),
    }


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
            "question": row["question"],
            "criterion": row["criterion"],
            "level": row["level"],
            "kind": row["kind"],
            "value": json.loads(row["value"]),
            "who": row["who"],
            "at": row["at"],
        }
    )

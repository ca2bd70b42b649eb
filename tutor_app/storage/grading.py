"""Batches of submissions, what graders proposed for them, and what people decided.

Proposals and decisions are only ever appended (triggers see to it), so any mark can be rebuilt:
it is the newest proposal, with the decisions that no later one undid laid over it. They are deleted
only with the submission, when its learner asks for that.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from tutor_app.domain.batch import (
    Batch,
    BatchRubric,
    BatchState,
    Decision,
    DecisionKind,
    Marked,
)
from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.errors import NotFoundError, StorageError
from tutor_app.storage import grading_rows as rows
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso
from tutor_app.storage.grading_queue import GradingQueue, enqueue

__all__ = [
    "Batch", "BatchRubric", "BatchState", "Decision", "DecisionKind", "GradingTables", "Marked",
]  # fmt: skip
PAGE = rows.PAGE
_BATCHES = "SELECT * FROM batches WHERE state != 'reading'"
_GIVEN_UP = timedelta(hours=6)


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
    ) -> Batch:
        """Write a batch whole or not at all, and queue what can be graded.

        It is written in pages, between which others can write, and is there for others with the
        last one.

        Args:
            batch: the batch; `settings["seed"]` shuffles the queue.
            rubrics: one per question.
            submissions: in the source's order, each with its account id or ""; may be a stream.

        Returns:
            The batch; the earlier one, with nothing written, where its source key is known.
        """
        with self._connections.writing() as db:
            if known := self.find(batch.source_key):
                return known
            stale = iso(datetime.now(UTC) - _GIVEN_UP)
            db.execute("DELETE FROM batches WHERE state = 'reading' AND created_at < ?", [stale])
            rows.insert_batch(db, batch, reading=True)
            for one in rubrics:
                rows.insert_rubric(db, batch.id, one)
        try:
            seed = int(batch.settings.get("seed", 0))
            numbered = enumerate(submissions)
            while page := list(islice(numbered, PAGE)):
                with self._connections.writing() as db:
                    rows.insert_submissions(db, batch.id, page)
                    queued = [(one.id, one.question) for _, (one, _) in page if not one.problem]
                    enqueue(db, batch.id, seed, queued)
            with self._connections.writing() as db:
                known = self.find(batch.source_key)
                if known is None:
                    db.execute(
                        "UPDATE batches SET state = ?, source_key = ? WHERE id = ?",
                        [batch.state, batch.source_key, batch.id],
                    )
                    return batch
        except BaseException:
            # where not even that can be written, a later batch takes it away
            with suppress(StorageError):
                self._forget(batch.id)
            raise
        self._forget(batch.id)
        return known

    def _forget(self, batch_id: str) -> None:
        with self._connections.writing() as db:
            db.execute("DELETE FROM batches WHERE id = ? AND state = 'reading'", [batch_id])

    def batches(self) -> list[Batch]:
        """Return all batches, newest first."""
        with self._connections.reading() as db:
            found = db.query(f"{_BATCHES} ORDER BY created_at DESC, id")
            return [rows.batch_from_row(row) for row in found]

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

    def set_grader(self, batch_id: str, grader: str, spec: str) -> None:
        """Say which grader goes on with a batch, and how it is built."""
        with self._connections.writing() as db:
            db.execute(
                "UPDATE batches SET settings = json_set(settings, '$.grader', ?, '$.spec', ?) "
                "WHERE id = ?",
                [grader, spec, batch_id],
            )

    def rubrics(self, batch_id: str) -> dict[str, BatchRubric]:
        """Return the rubric that counts now, by question."""
        return {one.question: one for one in self.every_rubric(batch_id)}

    def every_rubric(self, batch_id: str) -> list[BatchRubric]:
        """Return all rubrics that a batch has had, oldest first."""
        with self._connections.reading() as db:
            return rows.read_rubrics(db, batch_id)

    def add_rubric(self, batch_id: str, rubric: BatchRubric) -> None:
        """Write an edited rubric; the old one stays for the record."""
        with self._connections.writing() as db:
            rows.insert_rubric(db, batch_id, rubric)

    def count(self, batch_id: str) -> tuple[int, int, int]:
        """Return how many submissions there are, have a proposal, and are pending."""
        with self._connections.reading() as db:
            total = db.execute(
                "SELECT count(*) FROM submissions WHERE batch_id = ?", [batch_id]
            ).fetchone()[0]
            done, pending = db.execute(
                "SELECT count(*), coalesce(sum(pending), 0) FROM "
                "(SELECT pending, max(number) FROM proposals WHERE batch_id = ? "
                "GROUP BY submission_id)",
                [batch_id],
            ).fetchone()
            return int(total), int(done), int(pending)

    def gradable(self, batch_id: str) -> int:
        """Return how many submissions a grader may see."""
        with self._connections.reading() as db:
            found = db.execute(
                "SELECT count(*) FROM submissions WHERE batch_id = ? AND NOT problem", [batch_id]
            ).fetchone()
            return int(found[0])

    def proposals(
        self, batch_id: str, submission_id: str, before: int | None = None
    ) -> list[Grade]:
        """Return every proposal that was made for a submission, oldest first.

        Args:
            batch_id: the batch.
            submission_id: the submission.
            before: only those up to this number of `last_proposal`.
        """
        with self._connections.reading() as db:
            found = db.execute(
                "SELECT grade FROM proposals WHERE batch_id = ? AND submission_id = ? "
                "AND number <= ? ORDER BY number",
                [batch_id, submission_id, 2**62 if before is None else before],
            ).fetchall()
            return [Grade.model_validate_json(row[0]) for row in found]

    def last_proposal(self) -> int:
        """Return the number of the newest proposal, 0 for none."""
        with self._connections.reading() as db:
            row = db.execute("SELECT coalesce(max(number), 0) FROM proposals").fetchone()
            return int(row[0])

    def proposals_version(self, batch_id: str) -> tuple[int, int, int]:
        """Return what differs as soon as anything is proposed, a rubric edited or an answer gone.

        That is the newest proposal's number, and how many rubrics and submissions there are.
        """
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT (SELECT coalesce(max(number), 0) FROM proposals WHERE batch_id = ?1), "
                "(SELECT count(*) FROM batch_rubrics WHERE batch_id = ?1), "
                "(SELECT count(*) FROM submissions WHERE batch_id = ?1)",
                [batch_id],
            ).fetchone()
            return int(row[0]), int(row[1]), int(row[2])

    def decide(self, batch_id: str, decisions: Iterable[Decision]) -> None:
        """Append decisions, all or none; may be a stream."""
        written = [rows.decision_row(batch_id, one) for one in decisions]
        with self._connections.writing() as db:
            db.conn.executemany(rows.INSERT_DECISION, written)

    def decisions(
        self, batch_id: str, submission_id: str | None = None, *, kind: DecisionKind | None = None
    ) -> list[Decision]:
        """Return every decision, undone ones and the undoing too, oldest first.

        Args:
            batch_id: the batch.
            submission_id: only those about one submission and about the batch; "": about the
                batch alone.
            kind: only those of this kind, and the undoing.
        """
        where, values = "batch_id = ?", [batch_id]
        if submission_id is not None:
            where, values = f"{where} AND submission_id IN (?, '')", [batch_id, submission_id]
        if kind is not None:
            where, values = f"{where} AND kind IN (?, 'undo')", [*values, kind]
        with self._connections.reading() as db:
            return [
                rows.decision_from_row(row)
                for row in db.query(
                    f"SELECT * FROM decisions WHERE {where} ORDER BY number", values
                )
            ]

    def action(self, batch_id: str, action: str) -> tuple[DecisionKind, int] | None:
        """Return what kind an action was and how many decisions it wrote; None for no such one."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT kind, count(*) FROM decisions WHERE batch_id = ? AND action = ? "
                "GROUP BY kind",
                [batch_id, action],
            ).fetchone()
            return (row[0], int(row[1])) if row else None

    def group_sizes(self, batch_id: str, after: int = 0) -> dict[str, int]:
        """Return how many submissions an action gave points to, where it was more than one.

        Args:
            batch_id: the batch.
            after: only actions after this number of a decision; see `changed`.
        """
        with self._connections.reading() as db:
            found = db.execute(
                "SELECT action, count(DISTINCT submission_id) AS n FROM decisions "
                "WHERE batch_id = ? AND number > ? AND kind IN ('score', 'accept', 'audit') "
                "GROUP BY action HAVING n > 1",
                [batch_id, after],
            ).fetchall()
            return dict(found)

    def last_action(self, batch_id: str, who: str, kinds: Iterable[DecisionKind]) -> str:
        """Return the newest action of some kinds that a person took and nobody undid, or ""."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT action FROM decisions WHERE batch_id = ?1 AND who = ?2 "
                "AND kind IN (SELECT value FROM json_each(?3)) AND action NOT IN "
                "(SELECT json_extract(value, '$') FROM decisions WHERE batch_id = ?1 "
                "AND submission_id = '' AND kind = 'undo') ORDER BY number DESC LIMIT 1",
                [batch_id, who, json.dumps(list(kinds))],
            ).fetchone()
            return str(row[0]) if row else ""

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

    def marked(self, batch_id: str) -> Iterator[Marked]:
        """Yield every submission with what counts now, in the source's order, page by page."""
        last = -1
        while True:
            with self._connections.reading() as db:
                page = rows.read_marked(db, "s.batch_id = ? AND s.position > ?", [batch_id, last])
            if not page:
                return
            last = page[-1][0]
            for _, _, one in page:
                yield one

    def marked_one(self, batch_id: str, submission_id: str) -> Marked:
        """Return one submission with what counts now; raises NotFoundError."""
        with self._connections.reading() as db:
            page = rows.read_marked(db, "s.batch_id = ? AND s.id = ?", [batch_id, submission_id])
        if not page:
            raise NotFoundError(
                f"Batch {batch_id}: there is no submission {submission_id!r}; its learner may "
                "have deleted it. Open the batch again."
            )
        return page[0][2]

    def rivals(self, batch_id: str, submission_id: str) -> list[str]:
        """Return the submissions of the same learner to the same question, in the source's order.

        That is the submission alone, unless several different ones wait for somebody to say which
        counts, or one was chosen of them.
        """
        with self._connections.reading() as db:
            found = db.execute(
                "SELECT other.id FROM submissions one JOIN submissions other "
                "USING (batch_id, learner, question) WHERE batch_id = ? AND one.id = ? "
                "ORDER BY other.position",
                [batch_id, submission_id],
            )
            return [row[0] for row in found]

    def marked_these(self, batch_id: str, submission_ids: Iterable[str]) -> list[Marked]:
        """Return some submissions with what counts now, in the source's order."""
        chosen = json.dumps(list(submission_ids))
        with self._connections.reading() as db:
            where = "s.batch_id = ? AND s.id IN (SELECT value FROM json_each(?))"
            return [one for *_, one in rows.read_marked(db, where, [batch_id, chosen], -1)]

    def of_account(self, account_id: str) -> list[tuple[Batch, Marked]]:
        """Return what a learner with an account handed in, newest batch first.

        Batches that were undone are left out; what was not released is there, for the caller to
        hide.
        """
        batches = {one.id: one for one in self.batches() if one.state != "undone"}
        with self._connections.reading() as db:
            page = rows.read_marked(db, "s.account_id = ?", [account_id], limit=-1)
        found = [(batches[batch_id], one) for _, batch_id, one in page if batch_id in batches]
        return sorted(found, key=lambda pair: pair[0].created_at, reverse=True)

    def record(self, batch_id: str, submission_id: str) -> list[dict[str, Any]]:
        """Return the rows of all proposals for a submission, as they were written."""
        with self._connections.reading() as db:
            return list(
                db.query(
                    "SELECT number, at, grade FROM proposals WHERE batch_id = ? "
                    "AND submission_id = ? ORDER BY number",
                    [batch_id, submission_id],
                )
            )

"""What is still to be graded, and by whom: several graders share a batch, each answer once."""

import json
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from sqlite_utils import Database

from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso

_FREE = "(worker = '' OR until < ?)"
# of proposals from before a grade said so, nobody knows: they are asked for once more
_FAILED = (
    "(SELECT pending AND coalesce(json_extract(grade, '$.failed'), 1) FROM proposals p "
    "WHERE p.batch_id = s.batch_id AND p.submission_id = s.id ORDER BY number DESC LIMIT 1) = 1 "
    "AND NOT EXISTS (SELECT 1 FROM grading_queue q WHERE q.batch_id = s.batch_id "
    "AND q.submission_id = s.id)"
)


def place(seed: int, submission_id: str) -> int:
    """Return a place in [0, 2**63) that is neutral: it depends on nothing but seed and id."""
    digest = blake2b(f"{seed}\n{submission_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


class GradingQueue:
    """One row for each submission that waits for a proposal.

    A grader claims rows for a while; a row goes away with the proposal, in one transaction, and
    only for the grader that holds it. So whatever dies, an answer is graded once.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def waiting(self, batch_id: str) -> int:
        """Return how many submissions wait."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM grading_queue WHERE batch_id = ?", [batch_id]
            ).fetchone()
            return int(row[0])

    def held(self, batch_id: str) -> int:
        """Return how many of those a grader holds now."""
        with self._connections.reading() as db:
            row = db.execute(
                f"SELECT count(*) FROM grading_queue WHERE batch_id = ? AND NOT {_FREE}",
                [batch_id, time.time()],
            ).fetchone()
            return int(row[0])

    def claim(self, batch_id: str, worker: str, limit: int, lease_s: float) -> list[Submission]:
        """Take the next submissions, all to one question; another grader's only after its lease.

        Args:
            batch_id: the batch.
            worker: who claims, unique to a run.
            limit: how many at most.
            lease_s: how long they are ours without `renew`.
        """
        now = time.time()
        with self._connections.writing() as db:
            first = db.execute(
                f"SELECT question FROM grading_queue WHERE batch_id = ? AND {_FREE} "
                "ORDER BY question, place LIMIT 1",
                [batch_id, now],
            ).fetchone()
            if first is None:
                return []
            ids = [
                row[0]
                for row in db.execute(
                    "SELECT submission_id FROM grading_queue WHERE batch_id = ? AND question = ? "
                    f"AND {_FREE} ORDER BY place LIMIT ?",
                    [batch_id, first[0], now, limit],
                )
            ]
            db.conn.executemany(
                "UPDATE grading_queue SET worker = ?, until = ? "
                "WHERE batch_id = ? AND submission_id = ?",
                [(worker, now + lease_s, batch_id, one) for one in ids],
            )
            return [_content(db, batch_id, one) for one in ids]

    def renew(self, batch_id: str, worker: str, lease_s: float) -> None:
        """Keep what a worker holds for another while."""
        with self._connections.writing() as db:
            db.execute(
                "UPDATE grading_queue SET until = ? WHERE batch_id = ? AND worker = ?",
                [time.time() + lease_s, batch_id, worker],
            )

    def give_back(self, batch_id: str, worker: str) -> None:
        """Free everything that a worker holds."""
        with self._connections.writing() as db:
            db.execute(
                "UPDATE grading_queue SET worker = '', until = 0 WHERE batch_id = ? AND worker = ?",
                [batch_id, worker],
            )

    def workers(self, batch_id: str) -> list[str]:
        """Return who holds anything."""
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT DISTINCT worker FROM grading_queue WHERE batch_id = ? AND worker != ''",
                [batch_id],
            )
            return [row[0] for row in rows]

    def finish(self, batch_id: str, worker: str, grades: Sequence[Grade]) -> int:
        """Write the proposals for what the worker still holds, and take it off the queue.

        Returns:
            How many were written; a claim that was lost meanwhile is not.
        """
        now = iso(datetime.now(UTC))
        written = 0
        with self._connections.writing() as db:
            for grade in grades:
                held = db.execute(
                    "DELETE FROM grading_queue WHERE batch_id = ? AND submission_id = ? "
                    "AND worker = ?",
                    [batch_id, grade.submission, worker],
                ).rowcount
                if held:
                    insert_proposal(db, batch_id, grade, now)
                    written += 1
        return written

    def failed(self, batch_id: str) -> int:
        """Return how many have no score because a call failed, and do not wait."""
        with self._connections.reading() as db:
            row = db.execute(
                f"SELECT count(*) FROM submissions s WHERE batch_id = ? AND problem = 0 "
                f"AND {_FAILED}",
                [batch_id],
            ).fetchone()
            return int(row[0])

    def put_failed(self, batch_id: str, seed: int) -> int:
        """Queue those again; returns how many."""
        return self._put(batch_id, seed, _FAILED, [])

    def put_question(self, batch_id: str, seed: int, question: str) -> int:
        """Queue every submission to a question again, claims on them are lost; returns how many."""
        return self._put(batch_id, seed, "question = ?", [question])

    def put_submissions(self, batch_id: str, seed: int, ids: Iterable[str]) -> int:
        """Queue these submissions again, claims on them are lost; returns how many."""
        chosen = "id IN (SELECT value FROM json_each(?))"
        return self._put(batch_id, seed, chosen, [json.dumps(list(ids))])

    def admit(self, batch_id: str, seed: int, gradable: dict[str, bool]) -> None:
        """Let submissions be graded that could not be so far, and keep others from it."""
        with self._connections.writing() as db:
            for one, may in gradable.items():
                db.execute(
                    "UPDATE submissions SET problem = ? WHERE batch_id = ? AND id = ?",
                    [int(not may), batch_id, one],
                )
                db.execute(
                    "DELETE FROM grading_queue WHERE batch_id = ? AND submission_id = ?",
                    [batch_id, one],
                )
        self.put_submissions(batch_id, seed, [one for one, may in gradable.items() if may])

    def _put(self, batch_id: str, seed: int, where: str, values: Sequence[str]) -> int:
        with self._connections.writing() as db:
            found = db.execute(
                f"SELECT id, question FROM submissions s "
                f"WHERE batch_id = ? AND problem = 0 AND {where}",
                [batch_id, *values],
            ).fetchall()
            enqueue(db, batch_id, seed, found)
            return len(found)


def enqueue(db: Database, batch_id: str, seed: int, found: Sequence[tuple[str, str]]) -> None:
    """Insert queue rows for (submission id, question); a claim on one of them is lost."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO grading_queue VALUES (?, ?, ?, ?, '', 0)",
        [(batch_id, one, question, place(seed, one)) for one, question in found],
    )


def insert_proposal(db: Database, batch_id: str, grade: Grade, now: str) -> None:
    """Append a proposal inside the caller's transaction."""
    db.execute(
        "INSERT INTO proposals (batch_id, submission_id, grade, pending, at) "
        "VALUES (?, ?, ?, ?, ?)",
        [batch_id, grade.submission, grade.model_dump_json(), int(grade.pending), now],
    )


def _content(db: Database, batch_id: str, submission_id: str) -> Submission:
    row = db.execute(
        "SELECT content FROM submissions WHERE batch_id = ? AND id = ?", [batch_id, submission_id]
    ).fetchone()
    return Submission.model_validate_json(row[0])

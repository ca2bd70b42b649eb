"""How batches, submissions, proposals and decisions lie in their rows."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from tutor_app.domain.batch import Batch, BatchRubric, Decision, Marked
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.storage.dialogues import iso

PAGE = 500


def insert_batch(db: Database, batch: Batch, *, reading: bool) -> None:
    """Write the row of a batch; while its submissions are still read, nobody sees it."""
    row = batch.model_dump(mode="json") | {
        "created_at": iso(batch.created_at),
        "settings": json.dumps(batch.settings, sort_keys=True),
    }
    if reading:
        row |= {"state": "reading", "source_key": f"reading {batch.id}"}
    db.table("batches").insert(row)


def batch_from_row(row: dict[str, Any]) -> Batch:
    """Read the row of a batch."""
    return Batch.model_validate(row | {"settings": json.loads(row["settings"])})


def insert_rubric(db: Database, batch_id: str, one: BatchRubric) -> None:
    """Write the newest rubric of a question."""
    db.table("batch_rubrics").insert(
        {
            "batch_id": batch_id,
            "question": one.question,
            "digest": one.rubric.digest,
            "rubric": one.rubric.model_dump_json(),
            "item": one.item,
            "at": iso(one.at),
        }
    )


def read_rubrics(db: Database, batch_id: str) -> list[BatchRubric]:
    """Read every rubric that a batch has had, oldest first."""
    rows = db.query("SELECT * FROM batch_rubrics WHERE batch_id = ? ORDER BY number", [batch_id])
    return [
        BatchRubric(
            question=row["question"],
            rubric=Rubric.model_validate_json(row["rubric"]),
            item=row["item"],
            at=datetime.fromisoformat(row["at"]),
        )
        for row in rows
    ]


def insert_submissions(
    db: Database, batch_id: str, page: Sequence[tuple[int, tuple[Submission, str]]]
) -> None:
    """Write (position, (submission, account id or "")) rows."""
    db.conn.executemany(
        "INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                batch_id,
                one.id,
                position,
                one.question,
                one.learner,
                account_id or None,
                int(bool(one.problem)),
                one.model_dump_json(),
            )
            for position, (one, account_id) in page
        ],
    )


INSERT_DECISION = (
    "INSERT INTO decisions (action, batch_id, submission_id, question, criterion, level, kind, "
    "value, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def decision_row(batch_id: str, one: Decision) -> tuple[str, ...]:
    """Return the row of a decision, as `INSERT_DECISION` takes it."""
    return (
        one.action,
        batch_id,
        one.submission,
        one.question,
        one.criterion,
        one.level,
        one.kind,
        json.dumps(one.value),
        one.who,
        iso(one.at),
    )


def decision_from_row(row: dict[str, Any]) -> Decision:
    """Read the row of a decision."""
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


def read_marked(
    db: Database, where: str, values: list[Any], limit: int = PAGE
) -> list[tuple[int, str, Marked]]:
    """Return (position, batch id, marked) of the submissions `s` that a condition names.

    A proposal under an earlier rubric of its question counts no longer, nor do points that the
    rubric of now cannot give.
    """
    rows = list(
        db.query(
            "SELECT s.position, s.batch_id, s.id, s.question, s.content, s.account_id, "
            "(SELECT grade FROM proposals p WHERE p.batch_id = s.batch_id "
            "AND p.submission_id = s.id ORDER BY number DESC LIMIT 1) AS grade "
            f"FROM submissions s WHERE {where} ORDER BY s.batch_id, s.position LIMIT ?",
            [*values, limit],
        )
    )
    ids = json.dumps([row["id"] for row in rows])
    standing: dict[tuple[str, str], list[Decision]] = {}
    rubrics: dict[tuple[str, str], tuple[str, Rubric]] = {}
    for batch_id in {row["batch_id"] for row in rows}:
        for one in _standing(db, batch_id, ids):
            standing.setdefault((batch_id, one.submission), []).append(one)
        for question, digest, rubric in db.execute(
            "SELECT question, digest, rubric FROM batch_rubrics WHERE number IN (SELECT "
            "max(number) FROM batch_rubrics WHERE batch_id = ? GROUP BY question)",
            [batch_id],
        ):
            rubrics[batch_id, question] = digest, Rubric.model_validate_json(rubric)
    found = []
    for row in rows:
        batch_id = row["batch_id"]
        digest, rubric = rubrics.get((batch_id, row["question"]), ("", None))
        marked = Marked.of(
            Submission.model_validate_json(row["content"]),
            current(row["grade"], digest),
            tuple(standing.get((batch_id, row["id"]), ())),
            row["account_id"] or "",
            rubric,
        )
        found.append((row["position"], batch_id, marked))
    return found


def current(grade: str | None, digest: str) -> Grade | None:
    """Read a proposal; None when there is none, or it was made under another rubric."""
    read = Grade.model_validate_json(grade) if grade else None
    return read if read and read.rubric_hash == digest else None


def _standing(db: Database, batch_id: str, ids: str) -> Iterator[Decision]:
    """Yield the decisions about submissions (ids: a JSON list) that nobody took back."""
    rows = db.query(
        "SELECT * FROM decisions WHERE batch_id = ?1 AND kind != 'undo' "
        "AND submission_id IN (SELECT value FROM json_each(?2)) AND action NOT IN "
        "(SELECT json_extract(value, '$') FROM decisions WHERE batch_id = ?1 "
        "AND submission_id = '' AND kind = 'undo') ORDER BY number",
        [batch_id, ids],
    )
    return map(decision_from_row, rows)

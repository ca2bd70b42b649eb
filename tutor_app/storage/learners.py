"""Everything that is kept about one learner: to hand out, and to delete."""

import json
from typing import Any

from sqlite_utils import Database

from tutor_app.storage.accounts import name_hash
from tutor_app.storage.dialogues import list_dialogues, read_dialogue, read_evidence
from tutor_app.storage.grading_rows import read_marked

_OF_LEARNER = (
    "turn_id IN (SELECT t.id FROM turns t JOIN dialogues d ON d.id = t.dialogue_id "
    "WHERE d.learner_id = ?)"
)


def export(db: Database, learner_id: str) -> dict[str, Any]:
    """Collect everything as plain JSON values; infinite numbers become the text "inf"."""
    learner = [learner_id]
    accounts = db.query(
        "SELECT id, name, role, demo, simulated, created_at FROM accounts WHERE id = ?", learner
    )
    audit = db.query(
        "SELECT at, who, what, subject, details FROM audit WHERE who = ?1 OR subject = ?1 "
        "ORDER BY id",
        learner,
    )
    found = {
        "learner_id": learner_id,
        "account": next(accounts, None),
        "dialogues": [
            read_dialogue(db, summary.id).model_dump(mode="json")
            for summary in reversed(list_dialogues(db, learner_id))
        ],
        "evidence": [each.model_dump(mode="json") for each in read_evidence(db, learner_id)],
        "feedback": list(db.query(f"SELECT * FROM feedback WHERE {_OF_LEARNER}", learner)),
        "open_questions": list(
            db.query("SELECT * FROM open_questions WHERE learner_id = ?", learner)
        ),
        "disputed_turns": [
            row["turn_id"]
            for row in db.query(f"SELECT turn_id FROM disputes WHERE {_OF_LEARNER}", learner)
        ],
        "submissions": _submissions(db, learner_id),
        "replies": list(db.query(f"SELECT * FROM replies WHERE {_OF_LEARNER}", learner)),
        "audit": [row | {"details": json.loads(row["details"])} for row in audit],
    }
    exported: dict[str, Any] = _finite(found)
    return exported


def has_data(db: Database, learner_id: str) -> bool:
    """Say whether a learner has dialogues, evidence or submissions."""
    found = db.execute(
        "SELECT EXISTS (SELECT 1 FROM dialogues WHERE learner_id = ?1) "
        "OR EXISTS (SELECT 1 FROM evidence WHERE learner_id = ?1) "
        "OR EXISTS (SELECT 1 FROM submissions WHERE account_id = ?1)",
        [learner_id],
    ).fetchone()
    return bool(found[0])


def delete(db: Database, learner_id: str) -> bool:
    """Delete everything but the audit trail, which names no one; False if there was nothing."""
    before = db.conn.total_changes
    db.execute("DELETE FROM evidence WHERE learner_id = ?", [learner_id])
    db.execute("DELETE FROM dialogues WHERE learner_id = ?", [learner_id])
    _delete_submissions(db, learner_id)
    for (name,) in db.execute("SELECT name FROM accounts WHERE id = ?", [learner_id]).fetchall():
        db.execute("DELETE FROM sign_in_attempts WHERE name_hash = ?", [name_hash(name)])
    db.execute("DELETE FROM accounts WHERE id = ?", [learner_id])
    return db.conn.total_changes > before


def _submissions(db: Database, learner_id: str) -> list[dict[str, Any]]:
    """Return what was handed in, with the mark once it was released, and what was asked for.

    Proposals that no instructor has released are not the learner's yet.
    """
    undone = {row[0] for row in db.execute("SELECT id FROM batches WHERE state = 'undone'")}
    found = []
    for _, batch_id, one in read_marked(db, "s.account_id = ?", [learner_id], limit=-1):
        shown = None if batch_id in undone else one.release
        own = [each for each in one.decisions if each.kind in ("regrade", "answered")]
        found.append(
            {
                "batch": batch_id,
                "submission": one.submission.model_dump(mode="json"),
                "released": shown.model_dump(mode="json") if shown else None,
                "regrade_requests": [
                    each.model_dump(mode="json", include={"kind", "value", "at"}) for each in own
                ],
            }
        )
    return found


def _delete_submissions(db: Database, learner_id: str) -> None:
    """Delete submissions with their proposals and decisions, and what else holds their words."""
    mine = "SELECT batch_id, id FROM submissions WHERE account_id = ?"
    db.execute(f"DELETE FROM decisions WHERE (batch_id, submission_id) IN ({mine})", [learner_id])
    # proposals and places in the queue go with them
    db.execute("DELETE FROM submissions WHERE account_id = ?", [learner_id])


def simulated(db: Database) -> list[str]:
    """List the ids of accounts that are not people."""
    return [row["id"] for row in db.query("SELECT id FROM accounts WHERE simulated")]


def _finite(value: Any) -> Any:
    match value:
        case dict():
            return {key: _finite(each) for key, each in value.items()}
        case list():
            return [_finite(each) for each in value]
        case float() if value - value != 0:
            return str(value)
    return value

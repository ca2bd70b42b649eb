"""Dialogues and turns as rows, and rows as dialogues."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from sqlite_utils import Database

from tutor_app.domain.dialogue import Dialogue, Evidence, Turn
from tutor_app.errors import NotFoundError, StorageError
from tutor_app.storage.records import DialogueSummary

_JSON = ("diagnosis", "move", "passages", "candidates")


def iso(moment: datetime) -> str:
    """Return the moment in UTC, in a form that sorts as text; a naive one is local time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def insert_dialogue(db: Database, dialogue: Dialogue) -> None:
    """Write a dialogue with whatever turns it has; a page may do so once more on a rerun."""
    if _exists(db, dialogue.id):
        return
    row = dialogue.model_dump(exclude={"turns", "started_at"})
    db.table("dialogues").insert(row | {"started_at": iso(dialogue.started_at)})
    for turn in dialogue.turns:
        insert_turn(db, turn)


def insert_turn(db: Database, turn: Turn) -> None:
    """Write one turn."""
    row = {
        "id": turn.id,
        "dialogue_id": turn.dialogue_id,
        "number": turn.number,
        "channel": turn.channel,
        "text": _storable(turn.text),
        "state": turn.diagnosis.state.value,
        "reply": _storable(turn.reply),
        "source": turn.source,
        "closes": turn.move.closes,
        "created_at": iso(turn.created_at),
        "cpu_ms": turn.cpu_ms,
    }
    db.table("turns").insert(row | {name: _json(getattr(turn, name)) for name in _JSON})


def write_draft(db: Database, dialogue_id: str, text: str) -> None:
    """Replace the draft of a dialogue; one that was deleted meanwhile has none."""
    db.execute("UPDATE dialogues SET draft = ? WHERE id = ?", [_storable(text), dialogue_id])


def find_turn(db: Database, turn_id: str) -> Turn | None:
    """Read a turn by id; None when there is none."""
    rows = list(db.query("SELECT * FROM turns WHERE id = ?", [turn_id]))
    return turn_from_row(rows[0]) if rows else None


def turn_from_row(row: Mapping[str, Any]) -> Turn:
    """Read a row of `turns`; more columns than a turn has are left out."""
    values = {name: row[name] for name in Turn.model_fields}
    return Turn.model_validate(values | {name: json.loads(row[name]) for name in _JSON})


def read_dialogue(db: Database, dialogue_id: str) -> Dialogue:
    """Read a dialogue with its turns in order; raises NotFoundError."""
    rows = list(db.query("SELECT * FROM dialogues WHERE id = ?", [dialogue_id]))
    if not rows:
        raise _missing(dialogue_id)
    turns = db.query("SELECT * FROM turns WHERE dialogue_id = ? ORDER BY number", [dialogue_id])
    return Dialogue(**rows[0], turns=tuple(turn_from_row(row) for row in turns))


def list_dialogues(
    db: Database, learner_id: str, course_id: str | None = None
) -> list[DialogueSummary]:
    """List a learner's dialogues, the one with the newest turn first."""
    rows = db.query(
        """
        SELECT d.id, d.course_id, d.item_id, d.started_at, count(t.id) AS turns,
               coalesce(max(t.created_at), d.started_at) AS last_at,
               coalesce((SELECT closes FROM turns WHERE dialogue_id = d.id
                         ORDER BY number DESC LIMIT 1), 0) AS closed
        FROM dialogues d LEFT JOIN turns t ON t.dialogue_id = d.id
        WHERE d.learner_id = :learner AND (:course IS NULL OR d.course_id = :course)
        GROUP BY d.id ORDER BY last_at DESC, d.rowid DESC
        """,
        {"learner": learner_id, "course": course_id},
    )
    return [DialogueSummary(**row) for row in rows]


def numbered(db: Database, turn: Turn) -> Turn:
    """Give the turn the next number of its dialogue where its own is taken.

    Two tabs on one dialogue count on their own; neither may lose a turn.

    Raises:
        NotFoundError: the dialogue does not exist (any more).
    """
    if not _exists(db, turn.dialogue_id):
        raise _missing(turn.dialogue_id)
    taken, last = db.execute(
        "SELECT max(number = ?), max(number) FROM turns WHERE dialogue_id = ?",
        [turn.number, turn.dialogue_id],
    ).fetchone()
    return turn.model_copy(update={"number": last + 1}) if taken else turn


def same_turn(recorded: Turn, turn: Turn) -> Turn:
    """Return the recorded turn; raises StorageError when the id belongs to another dialogue."""
    if recorded.dialogue_id != turn.dialogue_id:
        raise StorageError(
            f"Turn {turn.id}: this id is taken by a turn of another dialogue. "
            "Nothing was saved. Send the text again with a new id."
        )
    return recorded


def insert_evidence(db: Database, turn_id: str, evidence: Evidence) -> None:
    """Write one observation that follows from a turn."""
    row = evidence.model_dump(exclude={"created_at"})
    db.table("evidence").insert(row | {"turn_id": turn_id, "created_at": iso(evidence.created_at)})


def read_evidence(db: Database, learner_id: str, course_id: str | None = None) -> list[Evidence]:
    """Read a learner's evidence, oldest first."""
    rows = db.query(
        f"SELECT {', '.join(Evidence.model_fields)} FROM evidence "
        "WHERE learner_id = :learner AND (:course IS NULL OR course_id = :course) "
        "ORDER BY created_at, id",
        {"learner": learner_id, "course": course_id},
    )
    return [Evidence(**row) for row in rows]


def _exists(db: Database, dialogue_id: str) -> bool:
    return bool(db.execute("SELECT 1 FROM dialogues WHERE id = ?", [dialogue_id]).fetchone())


def _missing(dialogue_id: str) -> NotFoundError:
    return NotFoundError(
        f"Dialogue: there is no {dialogue_id!r}; it may have been deleted. "
        "Open one of the list, or start the item again."
    )


def _json(value: object) -> str:
    # Not model_dump_json: it writes an infinite number, which "1e999" is read as, as null.
    return json.dumps(value, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} is not JSON")


def _storable(text: str) -> str:
    """Join surrogate pairs and replace lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

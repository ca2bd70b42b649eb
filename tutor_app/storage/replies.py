"""What instructors answered: one reply to a turn, and what it does to the learner's evidence."""

from tutor_app.errors import NotFoundError
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import find_turn, iso
from tutor_app.storage.records import InstructorReply, Replied

_COLUMNS = "r.turn_id, r.text, r.verdict, r.who, r.at"


class ReplyTable:
    """Replies by turn; a second one takes the place of the first."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, reply: InstructorReply) -> None:
        """Write a reply; where the learner was right, the item counts as right for mastery.

        The item's evidence of that dialogue is put right, as done alone. A dialogue that has not
        ended has no evidence yet; the tutor writes it when it ends.

        Raises:
            NotFoundError: there is no such turn; the learner may have deleted it.
        """
        with self._connections.writing() as db:
            if find_turn(db, reply.turn_id) is None:
                raise NotFoundError(
                    f"Reply: there is no turn {reply.turn_id!r}; the student may have deleted it. "
                    "Open the page again."
                )
            db.table("replies").insert(reply.model_dump() | {"at": iso(reply.at)}, replace=True)
            if reply.verdict == "right":
                db.execute(
                    "UPDATE evidence SET correct = 1, aided = 0 WHERE dialogue_id = "
                    "(SELECT dialogue_id FROM turns WHERE id = ?)",
                    [reply.turn_id],
                )

    def take_back(self, turn_id: str) -> None:
        """Delete a reply, so that its turn waits again; evidence that was put right stays so."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM replies WHERE turn_id = ?", [turn_id])

    def of_learner(self, learner_id: str, course_id: str) -> list[Replied]:
        """Return the replies to a learner in a course, newest first."""
        return self._replies("d.learner_id = ? AND d.course_id = ?", [learner_id, course_id])

    def of_course(self, course_id: str) -> list[Replied]:
        """Return all replies in a course, newest first."""
        return self._replies("d.course_id = ?", [course_id])

    def _replies(self, where: str, values: list[str]) -> list[Replied]:
        with self._connections.reading() as db:
            rows = db.query(
                f"SELECT {_COLUMNS}, d.course_id, d.item_id, coalesce(q.text, t.text) AS asked "
                "FROM replies r JOIN turns t ON t.id = r.turn_id "
                "JOIN dialogues d ON d.id = t.dialogue_id "
                "LEFT JOIN open_questions q ON q.turn_id = r.turn_id "
                f"WHERE {where} ORDER BY r.at DESC, r.rowid DESC",
                values,
            )
            return [
                Replied(
                    course_id=row.pop("course_id"),
                    item_id=row.pop("item_id"),
                    asked=row.pop("asked"),
                    reply=InstructorReply.model_validate(row),
                )
                for row in rows
            ]

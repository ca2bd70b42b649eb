"""The one database: what learners did, who has an account, and the audit trail."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tutor_app.domain.dialogue import Dialogue, Evidence, Turn
from tutor_app.errors import NotFoundError, StorageError
from tutor_app.storage import dialogues, learners
from tutor_app.storage.accounts import AccountTable, AuditTable
from tutor_app.storage.connections import Connections
from tutor_app.storage.copies import database_problems
from tutor_app.storage.grading import GradingTables
from tutor_app.storage.migrations import MIGRATIONS, migrate, refuse_newer
from tutor_app.storage.promotions import PromotionTable
from tutor_app.storage.records import DialogueSummary, Dispute, OpenQuestion, StorageHealth
from tutor_app.storage.replies import ReplyTable
from tutor_app.storage.sessions import SessionTable
from tutor_app.storage.verdicts import forget_beside


class Store:
    """The database. Safe to share between threads: each gets its own connection.

    Every method is one transaction and raises StorageError, with nothing half-written, when the
    database is locked, read-only, full or damaged. Close it, or use it in a `with` block.

    Attributes:
        path: the database file.
        accounts: who may sign in.
        audit: who did what.
        sessions: who stays signed in.
        promotions: which tutor model speaks, and which did before.
        grading: batches, proposals and decisions.
        replies: instructors' answers to open questions and disputes.
    """

    def __init__(
        self,
        path: Path,
        *,
        backups: Path | None = None,
        read_only: bool = False,
        timeout_s: float = 5.0,
        max_pages: int | None = None,
    ) -> None:
        """Open the database and bring it up to date; creates it when there is none.

        Args:
            path: the database file.
            backups: folder for copies before migrations; default `backups` beside the file.
            read_only: open with mode=ro; the database must exist and be up to date.
            timeout_s: how long to wait for another writer.
            max_pages: cap on the file size, in pages of 4096 bytes.

        Raises:
            StorageError: it cannot be opened or migrated, or comes from a newer program.
        """
        self.path = path
        self.backups = backups or path.parent / "backups"
        if not read_only:
            migrate(path, self.backups, timeout_s=timeout_s)
        self._connections = Connections(
            path, read_only=read_only, timeout_s=timeout_s, max_pages=max_pages
        )
        self.accounts = AccountTable(self._connections)
        self.audit = AuditTable(self._connections)
        self.sessions = SessionTable(self._connections)
        self.promotions = PromotionTable(self._connections)
        self.grading = GradingTables(self._connections)
        self.replies = ReplyTable(self._connections)
        if read_only:
            try:
                self._refuse_outdated()
            except StorageError:
                self.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all calls of the block, in this thread, one transaction."""
        with self._connections.writing():
            yield

    def start_dialogue(self, dialogue: Dialogue) -> None:
        """Record a new dialogue, with the turns it may already have; once per id."""
        with self._connections.writing() as db:
            dialogues.insert_dialogue(db, dialogue)

    def dialogue(self, dialogue_id: str) -> Dialogue:
        """Read a dialogue with its turns in order; raises NotFoundError."""
        with self._connections.reading() as db:
            return dialogues.read_dialogue(db, dialogue_id)

    def dialogues(self, learner_id: str, course_id: str | None = None) -> list[DialogueSummary]:
        """List a learner's dialogues, of one course or of all, newest first."""
        with self._connections.reading() as db:
            return dialogues.list_dialogues(db, learner_id, course_id)

    def keep_draft(self, dialogue_id: str, text: str) -> None:
        """Keep what stands in the answer box of a dialogue until it is checked."""
        with self._connections.writing() as db:
            dialogues.write_draft(db, dialogue_id, text)

    def delete_dialogue(self, dialogue_id: str) -> None:
        """Delete a dialogue: its words, feedback, disputes and open questions.

        The evidence stays: it holds no words, and deleting a talk must not undo mastery. No error
        when there is no such dialogue.
        """
        with self._connections.writing() as db:
            db.execute("DELETE FROM dialogues WHERE id = ?", [dialogue_id])

    def find_turn(self, turn_id: str) -> Turn | None:
        """Read a turn by id; None when it has not been recorded."""
        with self._connections.reading() as db:
            return dialogues.find_turn(db, turn_id)

    def record_turn(
        self,
        turn: Turn,
        evidence: Sequence[Evidence],
        question: OpenQuestion | None = None,
        dispute: bool = False,
    ) -> Turn:
        """Record a turn and all that follows from it in one transaction, once per turn id.

        An answer takes the place of the dialogue's draft.

        Args:
            turn: the turn; gets the next free number when its own is taken.
            evidence: observations that this turn gave.
            question: a question for the instructor.
            dispute: the learner disputes the verdict; freezes the item for mastery.

        Returns:
            The turn as recorded. When the id had been recorded before, that earlier turn;
            nothing is written then.

        Raises:
            NotFoundError: the dialogue does not exist.
            StorageError: see the class; also when the id belongs to another dialogue.
        """
        with self._connections.writing() as db:
            recorded = dialogues.find_turn(db, turn.id)
            if recorded is not None:
                return dialogues.same_turn(recorded, turn)
            turn = dialogues.numbered(db, turn)
            dialogues.insert_turn(db, turn)
            if turn.channel == "answer":
                dialogues.write_draft(db, turn.dialogue_id, "")
            for each in evidence:
                dialogues.insert_evidence(db, turn.id, each)
            if question is not None:
                row = question.model_dump(exclude={"created_at"})
                row |= {"turn_id": turn.id, "created_at": dialogues.iso(question.created_at)}
                db.table("open_questions").insert(row)
            if dispute:
                db.table("disputes").insert({"turn_id": turn.id})
        return turn

    def evidence(self, learner_id: str, course_id: str) -> list[Evidence]:
        """Read a learner's evidence in a course, oldest first, that of frozen items included."""
        with self._connections.reading() as db:
            return dialogues.read_evidence(db, learner_id, course_id)

    def frozen_items(self, learner_id: str, course_id: str) -> frozenset[str]:
        """Return ids of items with an undecided dispute; their evidence says nothing for now."""
        with self._connections.reading() as db:
            rows = db.query(
                "SELECT DISTINCT d.item_id FROM disputes x JOIN turns t ON t.id = x.turn_id "
                "JOIN dialogues d ON d.id = t.dialogue_id "
                "WHERE d.learner_id = ? AND d.course_id = ? "
                "AND x.turn_id NOT IN (SELECT turn_id FROM replies)",
                [learner_id, course_id],
            )
            return frozenset(row["item_id"] for row in rows)

    def add_feedback(self, turn_id: str, helpful: bool, reason: str = "") -> None:
        """Record a thumb with its reason; a second one replaces the first.

        Raises:
            NotFoundError: there is no such turn.
        """
        with self._connections.writing() as db:
            if dialogues.find_turn(db, turn_id) is None:
                raise NotFoundError(
                    f"Feedback: there is no turn {turn_id!r}; it may have been deleted. "
                    "Open the dialogue again."
                )
            row = {"turn_id": turn_id, "helpful": helpful, "reason": reason}
            row["created_at"] = dialogues.iso(datetime.now(UTC))
            db.table("feedback").insert(row, replace=True)

    def open_questions(self, course_id: str) -> list[OpenQuestion]:
        """Read the questions that neither this course nor an instructor answered, oldest first."""
        with self._connections.reading() as db:
            rows = db.query(
                "SELECT * FROM open_questions WHERE course_id = ? AND turn_id NOT IN "
                "(SELECT turn_id FROM replies) ORDER BY created_at, rowid",
                [course_id],
            )
            return [OpenQuestion(**row) for row in rows]

    def disputes(self, course_id: str) -> list[Dispute]:
        """Read the disputed turns of a course that nobody has decided, oldest first."""
        with self._connections.reading() as db:
            rows = db.query(
                "SELECT t.*, d.learner_id, d.course_id, d.item_id FROM disputes x "
                "JOIN turns t ON t.id = x.turn_id JOIN dialogues d ON d.id = t.dialogue_id "
                "WHERE d.course_id = ? AND x.turn_id NOT IN (SELECT turn_id FROM replies) "
                "ORDER BY t.created_at, x.rowid",
                [course_id],
            )
            return [
                Dispute(
                    learner_id=row["learner_id"],
                    course_id=row["course_id"],
                    item_id=row["item_id"],
                    turn=dialogues.turn_from_row(row),
                )
                for row in rows
            ]

    def has_data(self, learner_id: str) -> bool:
        """Say whether a learner has dialogues, evidence or submissions."""
        with self._connections.reading() as db:
            return learners.has_data(db, learner_id)

    def export_learner(self, learner_id: str) -> dict[str, Any]:
        """Return everything kept about a learner, as plain JSON values."""
        with self._connections.reading() as db:
            return learners.export(db, learner_id)

    def delete_learner(self, learner_id: str) -> bool:
        """Delete everything of a learner, the account included, and overwrite what it stood in.

        What chat models said about submissions is forgotten with it. The audit trail stays; it
        holds the random id only. Backups, and the copies that `storage_health` lists, may still
        hold the data.

        Returns:
            Whether there was anything to delete.
        """
        with self._connections.writing() as db:
            found = learners.delete(db, learner_id)
        self._connections.scrub()
        forget_beside(self.path)
        return found

    def delete_simulated(self) -> int:
        """Delete every simulated learner with all they did; returns how many there were."""
        with self._connections.writing() as db:
            found = learners.simulated(db)
            for learner_id in found:
                learners.delete(db, learner_id)
        self._connections.scrub()
        return len(found)

    def storage_health(self) -> StorageHealth:
        """Check the whole file and measure it; seconds for a large database."""
        with self._connections.reading() as db:
            problems = database_problems(db)
        files = [self.path, *(Path(f"{self.path}{suffix}") for suffix in ("-wal", "-shm"))]
        return StorageHealth(
            path=self.path,
            database_bytes=sum(file.stat().st_size for file in files if file.exists()),
            free_bytes=shutil.disk_usage(self.path.parent).free,
            problems=problems,
            copies=tuple(sorted(self.backups.glob("*"))),
        )

    def _refuse_outdated(self) -> None:
        with self._connections.reading() as db:
            refuse_newer(db, self.path)
            waiting = [step.name for step in MIGRATIONS.pending(db)]
        if waiting:
            raise StorageError(
                f"Database {self.path}: it must be brought up to date first "
                f"({', '.join(waiting)}). Open it once without read-only."
            )

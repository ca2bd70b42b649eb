"""What chat models said about submissions, kept so that nothing is paid for twice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso

KEPT_DAYS = 30
FILE = "grader-verdicts.db"


def forget_beside(database: Path) -> None:
    """Delete what chat models said about anybody, in the file beside a database.

    Nobody can tell whose words a quote is, so with one learner's data all of it goes; it costs a
    few calls and no mark.
    """
    path = database.with_name(FILE)
    if path.exists():
        cache = VerdictCache(path)
        cache.forget()
        cache.close()


class VerdictCache:
    """A file of its own beside the database; safe to share between threads.

    It holds quotes of submissions, no names and no keys. What is older than thirty days is
    deleted when it is opened; deleting the file loses nothing but money.
    """

    def __init__(self, path: Path, *, kept_days: int = KEPT_DAYS) -> None:
        """Open the file or create it.

        Raises:
            StorageError: it cannot be opened, or is no database.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._connections = Connections(path)
        old = iso(datetime.now(UTC) - timedelta(days=kept_days))
        with self._connections.writing() as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS verdicts "
                "(key TEXT PRIMARY KEY, reply TEXT NOT NULL, at TEXT NOT NULL) STRICT"
            )
            db.execute("DELETE FROM verdicts WHERE at < ?", [old])

    def find(self, key: str) -> str | None:
        """Return what was kept under a key, or None."""
        with self._connections.reading() as db:
            row = db.execute("SELECT reply FROM verdicts WHERE key = ?", [key]).fetchone()
            return str(row[0]) if row else None

    def keep(self, key: str, reply: str) -> None:
        """Keep a reply; a second one under the same key replaces the first."""
        row = {"key": key, "reply": reply, "at": iso(datetime.now(UTC))}
        with self._connections.writing() as db:
            db.table("verdicts").insert(row, replace=True)

    def forget(self) -> int:
        """Delete everything; returns how much there was."""
        with self._connections.writing() as db:
            count = db.execute("SELECT count(*) FROM verdicts").fetchone()[0]
            db.execute("DELETE FROM verdicts")
        self._connections.scrub()
        return int(count)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

"""SQLite connections, one a thread, and what goes wrong with them in plain words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from tutor_app.errors import StorageError


def open_database(
    path: Path,
    *,
    read_only: bool = False,
    timeout_s: float = 5.0,
    max_pages: int | None = None,
    foreign_keys: bool = True,
) -> Database:
    """Open one connection; the caller closes it.

    The driver's own transactions are off: a statement outside `BEGIN` commits by itself.

    Args:
        path: the database file.
        read_only: open with mode=ro; the file must exist.
        timeout_s: how long to wait for another writer.
        max_pages: cap on the file size, in pages of 4096 bytes.
        foreign_keys: enforce them; off while a migration rebuilds tables.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        timeout=timeout_s,
        isolation_level=None,
        # Used by one thread only, but closed by another once that thread has ended.
        check_same_thread=False,
    )
    try:
        database = Database(connection, execute_plugins=False)
        database.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        # Deleted text is overwritten with zeros, not only unlinked.
        database.execute("PRAGMA secure_delete=ON")
        if max_pages is not None:
            database.execute(f"PRAGMA max_page_count={int(max_pages)}")
    except sqlite3.Error:
        connection.close()
        raise
    return database


@contextmanager
def transaction(database: Database, mode: str = "IMMEDIATE") -> Iterator[None]:
    """Commit what the block does, or none of it; joins a transaction that is already open.

    IMMEDIATE takes the write lock at once: a reader that turns into a writer half-way would fail
    as "locked" without waiting. DEFERRED gives a block of reads one consistent snapshot.
    """
    if database.conn.in_transaction:
        yield
        return
    database.conn.execute(f"BEGIN {mode}")
    try:
        yield
        database.commit()
    except BaseException:
        database.rollback()
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into StorageError; mistakes in SQL pass through."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = _REASONS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if reason is None:
            raise
        raise StorageError(f"Database {path}: {reason}") from error


_SAFE = "What was saved before is safe; this step was not saved."
_REASONS = {
    sqlite3.SQLITE_BUSY: f"it is locked by another program. {_SAFE} Try again in a moment; "
    "if it stays locked, close the other program.",
    sqlite3.SQLITE_LOCKED: f"it is locked by another step. {_SAFE} Try again in a moment.",
    sqlite3.SQLITE_READONLY: f"it can be read but not written. {_SAFE} "
    "Give the account that runs the app the right to write the file and its folder.",
    sqlite3.SQLITE_IOERR: f"the disk could not be read or written. {_SAFE} "
    "Check the disk, then try again.",
    sqlite3.SQLITE_FULL: f"the disk is full. {_SAFE} Free some space, then try again.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Nothing was changed. "
    "Check that the folder exists and may be written.",
    sqlite3.SQLITE_CORRUPT: "it is damaged. Nothing was changed by this step. "
    "Stop the app and restore a backup: tutor restore PATH --force.",
    sqlite3.SQLITE_NOTADB: "it is not a database. Nothing was changed. "
    "Move the file away, or restore a backup: tutor restore PATH --force.",
}


class Connections:
    """One connection for each thread that asks; a thread never sees another's.

    Streamlit runs every page in a fresh thread, so a new thread takes over the connection of one
    that has ended, which knows the tables already; more of those are closed. To close the last
    connection would write the whole log into the file, at every click.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        timeout_s: float = 5.0,
        max_pages: int | None = None,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.timeout_s = timeout_s
        self.max_pages = max_pages
        self._open: dict[threading.Thread, Database] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Lend this thread's connection for reads that belong together.

        Raises:
            StorageError: the file is locked, missing, damaged or closed.
        """
        with explained(self.path):
            database = self._database()
            with transaction(database, "DEFERRED"):
                yield database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Lend this thread's connection for one transaction; nested blocks are part of it.

        Raises:
            StorageError: the file is locked, read-only, full, damaged or closed; nothing of the
                block is kept.
        """
        with explained(self.path):
            database = self._database()
            with transaction(database):
                yield database

    def scrub(self) -> None:
        """Rewrite the file and empty its log, so that deleted text is in neither.

        Raises:
            StorageError: another connection is in the way, or the disk is full.
        """
        database = self._database()
        try:
            database.vacuum()
            busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            reason = "another program is reading" if busy else ""
        except sqlite3.OperationalError as error:
            reason = str(error)
        if reason:
            raise StorageError(
                f"Database {self.path}: the data is deleted, but what it left in the file could "
                f"not be overwritten yet ({reason}). Close other programs, free some disk space, "
                "and delete once more."
            )

    def close(self) -> None:
        """Close every connection; the next use raises StorageError."""
        with self._lock:
            self._closed = True
            while self._open:
                self._open.popitem()[1].close()

    def _database(self) -> Database:
        thread = threading.current_thread()
        with self._lock:
            if self._closed:
                raise StorageError(f"Database {self.path}: it was closed. Start the app again.")
            if thread not in self._open:
                left = [self._open.pop(other) for other in [*self._open] if not other.is_alive()]
                self._open[thread] = left.pop() if left else self._connect()
                for one in left:
                    one.close()
            return self._open[thread]

    def _connect(self) -> Database:
        return open_database(
            self.path,
            read_only=self.read_only,
            timeout_s=self.timeout_s,
            max_pages=self.max_pages,
        )

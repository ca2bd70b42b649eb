"""Copies of a database that is in use, and whether a database is sound."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from tutor_app.errors import StorageError
from tutor_app.storage.connections import open_database, transaction


def copy_database(source: Path, target: Path, *, timeout_s: float = 5.0) -> None:
    """Write the last committed state of `source` to a new file, readable by its owner only.

    Uses SQLite's backup interface on a connection of its own, so writers may go on. The copy is
    checked, and is one file: it is not in WAL mode.

    Raises:
        StorageError: the copy is not sound; whatever fails, no partial copy stays.
        sqlite3.Error: `source` cannot be read.
        FileExistsError: there is a file at `target`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600, exist_ok=False)
    try:
        with (
            open_database(source, read_only=True, timeout_s=timeout_s) as reader,
            closing(sqlite3.connect(target)) as copy,
        ):
            with transaction(reader, "DEFERRED"):
                # Takes the read lock, with the time limit: backup() waits for one without end.
                reader.execute("SELECT 1 FROM sqlite_master").fetchone()
                reader.conn.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            problems = database_problems(Database(copy, execute_plugins=False))
        if problems:
            raise StorageError(
                f"Database copy {target}: {'; '.join(problems)}. Nothing was changed. "
                "Check the disk, and restore a backup: tutor restore PATH --force."
            )
    except BaseException:
        target.unlink()
        raise


def database_problems(db: Database) -> tuple[str, ...]:
    """Return what SQLite's integrity and foreign-key checks find; () when all is sound."""
    found = [row[0] for row in db.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    found += [
        f"{table} row {row} points to a missing {parent}"
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check")
    ]
    return tuple(found)

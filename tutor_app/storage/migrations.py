"""The shape of the database, as numbered steps. Append only: a step that was released stays.

`migrate` copies the database before every step, so that any step can be undone by hand.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from tutor_app.errors import StorageError
from tutor_app.storage.connections import explained, open_database, transaction
from tutor_app.storage.copies import copy_database

MIGRATIONS = Migrations("tutor_app")


@MIGRATIONS()
def m0001_dialogues(db: Database) -> None:
    """Dialogues with their turns, and what follows from a turn."""
    db.executescript("""
        CREATE TABLE dialogues (
            id TEXT PRIMARY KEY,
            learner_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            item_id TEXT NOT NULL,
            support TEXT NOT NULL,
            started_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX dialogues_of_learner ON dialogues (learner_id, course_id);
        CREATE INDEX dialogues_of_course ON dialogues (course_id);
        CREATE TABLE turns (
            id TEXT PRIMARY KEY,
            dialogue_id TEXT NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            channel TEXT NOT NULL,
            text TEXT NOT NULL,
            state TEXT NOT NULL,
            reply TEXT NOT NULL,
            source TEXT NOT NULL,
            closes INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            cpu_ms REAL NOT NULL,
            diagnosis TEXT NOT NULL,
            move TEXT NOT NULL,
            passages TEXT NOT NULL,
            candidates TEXT NOT NULL,
            UNIQUE (dialogue_id, number)
        ) STRICT;
        CREATE TABLE evidence (
            id INTEGER PRIMARY KEY,
            turn_id TEXT REFERENCES turns (id) ON DELETE SET NULL,
            learner_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            skill_id TEXT NOT NULL,
            item_id TEXT NOT NULL,
            dialogue_id TEXT NOT NULL,
            correct INTEGER NOT NULL,
            aided INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX evidence_of_learner ON evidence (learner_id, course_id);
        CREATE INDEX evidence_of_turn ON evidence (turn_id);
        CREATE TABLE feedback (
            turn_id TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
            helpful INTEGER NOT NULL,
            reason TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE open_questions (
            turn_id TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
            learner_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            item_id TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX open_questions_of_course ON open_questions (course_id);
        CREATE TABLE disputes (
            turn_id TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE
        ) STRICT;
    """)


@MIGRATIONS()
def m0002_accounts(db: Database) -> None:
    """Accounts, and the count of wrong passwords by a hash of the name that was typed."""
    db.executescript("""
        CREATE TABLE accounts (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            demo INTEGER NOT NULL,
            simulated INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE sign_in_attempts (
            name_hash TEXT PRIMARY KEY,
            failures INTEGER NOT NULL,
            locked_until REAL NOT NULL,
            last_at REAL NOT NULL
        ) STRICT;
    """)


@MIGRATIONS()
def m0003_audit(db: Database) -> None:
    """The audit trail; the triggers make it append-only for every program."""
    db.executescript("""
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            details TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    """)


@MIGRATIONS()
def m0004_promotions(db: Database) -> None:
    """Which tutor model speaks, and which did before; append-only like the audit trail."""
    db.executescript("""
        CREATE TABLE promotions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            kind TEXT NOT NULL,
            model_id TEXT NOT NULL,
            digest TEXT NOT NULL,
            instead_of TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER promotions_are_not_changed BEFORE UPDATE ON promotions
        BEGIN SELECT RAISE(ABORT, 'promotions are append-only'); END;
        CREATE TRIGGER promotions_are_not_deleted BEFORE DELETE ON promotions
        BEGIN SELECT RAISE(ABORT, 'promotions are append-only'); END;
    """)


@MIGRATIONS()
def m0005_sessions(db: Database) -> None:
    """Who stays signed in through a reload of the page, by a hash; ends with the account."""
    db.executescript("""
        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            expires_at REAL NOT NULL
        ) STRICT;
        CREATE INDEX sessions_of_account ON sessions (account_id);
    """)


@MIGRATIONS()
def m0006_grading(db: Database) -> None:
    """Batches with their submissions; proposals and decisions are appended, never changed."""
    db.executescript("""
        CREATE TABLE batches (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            course_id TEXT NOT NULL,
            source_key TEXT NOT NULL UNIQUE,
            who TEXT NOT NULL,
            created_at TEXT NOT NULL,
            state TEXT NOT NULL,
            settings TEXT NOT NULL
        ) STRICT;
        CREATE TABLE batch_rubrics (
            number INTEGER PRIMARY KEY,
            batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            digest TEXT NOT NULL,
            rubric TEXT NOT NULL,
            item TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX rubrics_of_batch ON batch_rubrics (batch_id, question, number);
        CREATE TABLE submissions (
            batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            question TEXT NOT NULL,
            learner TEXT NOT NULL,
            account_id TEXT,
            problem INTEGER NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (batch_id, id)
        ) STRICT;
        CREATE INDEX submissions_in_order ON submissions (batch_id, position);
        CREATE INDEX submissions_of_account ON submissions (account_id);
        CREATE TABLE grading_queue (
            batch_id TEXT NOT NULL,
            submission_id TEXT NOT NULL,
            question TEXT NOT NULL,
            place INTEGER NOT NULL,
            worker TEXT NOT NULL,
            until REAL NOT NULL,
            PRIMARY KEY (batch_id, submission_id),
            FOREIGN KEY (batch_id, submission_id)
                REFERENCES submissions (batch_id, id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX grading_queue_in_order ON grading_queue (batch_id, question, place);
        CREATE TABLE proposals (
            number INTEGER PRIMARY KEY,
            batch_id TEXT NOT NULL,
            submission_id TEXT NOT NULL,
            grade TEXT NOT NULL,
            pending INTEGER NOT NULL,
            at TEXT NOT NULL,
            FOREIGN KEY (batch_id, submission_id)
                REFERENCES submissions (batch_id, id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX proposals_of_submission ON proposals (batch_id, submission_id, number);
        CREATE TABLE decisions (
            number INTEGER PRIMARY KEY,
            action TEXT NOT NULL,
            batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
            submission_id TEXT NOT NULL,
            question TEXT NOT NULL,
            criterion TEXT NOT NULL,
            level TEXT NOT NULL,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX decisions_of_batch ON decisions (batch_id, submission_id, number);
        CREATE INDEX decisions_of_action ON decisions (action);
        CREATE TRIGGER proposals_are_final BEFORE UPDATE ON proposals
            BEGIN SELECT RAISE(ABORT, 'a proposal is never changed'); END;
        CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions
            BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
    """)


@MIGRATIONS()
def m0007_replies(db: Database) -> None:
    """What instructors answer to open questions and decide about disputed verdicts."""
    db.executescript("""
        CREATE TABLE replies (
            turn_id TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            verdict TEXT NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
    """)


@MIGRATIONS()
def m0008_drafts(db: Database) -> None:
    """What a learner has typed into the answer box and not checked, through a reload."""
    db.execute("ALTER TABLE dialogues ADD COLUMN draft TEXT NOT NULL DEFAULT ''")


def migrate(
    path: Path, backups: Path, *, migrations: Migrations = MIGRATIONS, timeout_s: float = 5.0
) -> list[str]:
    """Bring the database up to date; creates it when there is none.

    Args:
        path: the database file.
        backups: folder for the copies made before each step of an existing database.
        migrations: the steps this program knows.
        timeout_s: how long to wait for another program that is migrating.

    Returns:
        Names of the steps that were applied now.

    Raises:
        StorageError: the database comes from a newer program, is locked, read-only or full; the
            step that failed left nothing behind.
    """
    applied = []
    with explained(path), _files_explained(path):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        with open_database(path, timeout_s=timeout_s, foreign_keys=False) as db:
            refuse_newer(db, path, migrations)
            _enable_wal(db, timeout_s)
            fresh = not db.table_names()
            while migrations.pending(db):
                with transaction(db):
                    # Asked again under the lock: another process may have been faster.
                    names = [step.name for step in migrations.pending(db)]
                    if not names:
                        break
                    if not fresh:
                        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
                        copy = backups / f"before-{names[0]}-{now}.db"
                        copy_database(path, copy, timeout_s=timeout_s)
                    migrations.apply(db, stop_before=names[1:])
                    _refuse_dangling(db, path, names[0])
                applied.append(names[0])
    return applied


def _enable_wal(db: Database, timeout_s: float) -> None:
    """Turn WAL on; SQLite does not wait for other connections in this one place, so we do."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            db.enable_wal()
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def refuse_newer(db: Database, path: Path, migrations: Migrations = MIGRATIONS) -> None:
    """Raise StorageError when the database has steps that this program does not know."""
    with Database(memory=True, execute_plugins=False) as empty:
        known = {step.name for step in migrations.pending(empty)}
    unknown = [step.name for step in migrations.applied(db) if step.name not in known]
    if unknown:
        raise StorageError(
            f"Database {path}: it was written by a newer version of the program "
            f"({', '.join(unknown)}). Nothing was changed. Install that version, or restore a "
            "backup that this version wrote."
        )


@contextmanager
def _files_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Database {path}: {error.strerror or error}. Nothing was changed. "
            "Check that the folder exists and may be written, and that the disk is not full."
        ) from error


def _refuse_dangling(db: Database, path: Path, name: str) -> None:
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise StorageError(
            f"Database {path}: step {name} would leave rows that point nowhere. "
            "Nothing was changed. Report this as a mistake of the program."
        )

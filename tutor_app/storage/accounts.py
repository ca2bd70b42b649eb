"""The tables of accounts, wrong passwords and audit; access decides what they mean."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from tutor_app.errors import NotFoundError, StorageError
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso
from tutor_app.storage.records import AccountRow, AuditRow

_COLUMNS = ", ".join(AccountRow.model_fields)
_DAY_S = 86_400.0


def name_key(name: str) -> str:
    """Return what makes two names the same: no case, no width, no spaces around."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class AccountTable:
    """Accounts by name and id."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, account: AccountRow) -> None:
        """Write a new account; raises StorageError when the name is taken."""
        with self._connections.writing() as db:
            if self.find(account.name) is not None:
                raise StorageError(
                    f"Account {account.name!r}: the name is taken. Choose another name."
                )
            row = account.model_dump(exclude={"created_at"})
            row |= {"name_key": name_key(account.name), "created_at": iso(account.created_at)}
            db.table("accounts").insert(row)

    def find(self, name: str) -> AccountRow | None:
        """Read an account by name; None when there is none."""
        return self._one("name_key", name_key(name))

    def by_id(self, account_id: str) -> AccountRow | None:
        """Read an account by id; None when there is none."""
        return self._one("id", account_id)

    def named(self, name: str) -> AccountRow:
        """Read an account by name; raises NotFoundError, which lists the known names."""
        found = self.find(name)
        if found is None:
            known = (account.name for account in self.read_all())
            raise NotFoundError.for_name("Account", name, known)
        return found

    def read_all(self) -> list[AccountRow]:
        """Read every account, by role and name."""
        with self._connections.reading() as db:
            rows = db.query(f"SELECT {_COLUMNS} FROM accounts ORDER BY role, name_key")
            return [AccountRow(**row) for row in rows]

    def set_password(self, account_id: str, password_hash: str) -> None:
        """Replace the hash."""
        with self._connections.writing() as db:
            db.table("accounts").update(account_id, {"password_hash": password_hash})

    def remove(self, account_id: str) -> None:
        """Delete the account and leave what its learner did; no error when there is none."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM accounts WHERE id = ?", [account_id])

    def charge_attempt(self, name: str, now: datetime, locks_s: Sequence[float]) -> float:
        """Count a sign-in as failed before the password is looked at.

        Charging first means that many guesses at the same moment count like guesses in a row.
        Names are kept as hashes, because people type passwords into the wrong box; a count is
        forgotten after a day.

        Args:
            name: what was typed, known or not.
            now: the time.
            locks_s: seconds for which the name is locked after the 1st, 2nd, ... failure; the
                last value repeats.

        Returns:
            Seconds until the name may be tried again; 0 when this attempt may go on.
        """
        key, at = name_hash(name), now.timestamp()
        with self._connections.writing() as db:
            db.execute("DELETE FROM sign_in_attempts WHERE last_at < ?", [at - _DAY_S])
            failures, locked_until = db.execute(
                "SELECT coalesce(max(failures), 0), coalesce(max(locked_until), 0) "
                "FROM sign_in_attempts WHERE name_hash = ?",
                [key],
            ).fetchone()
            if locked_until > at:
                return float(locked_until - at)
            lock_s = locks_s[min(failures, len(locks_s) - 1)]
            db.execute(
                "INSERT OR REPLACE INTO sign_in_attempts VALUES (?, ?, ?, ?)",
                [key, failures + 1, at + lock_s, at],
            )
        return 0.0

    def clear_attempts(self, name: str) -> None:
        """Forget the failures of a name, after a right password."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM sign_in_attempts WHERE name_hash = ?", [name_hash(name)])

    def _one(self, column: str, value: str) -> AccountRow | None:
        with self._connections.reading() as db:
            rows = db.query(f"SELECT {_COLUMNS} FROM accounts WHERE {column} = ?", [value])
            return next((AccountRow(**row) for row in rows), None)


class AuditTable:
    """Rows that are written once and never changed; triggers in the database see to it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def append(self, row: AuditRow) -> None:
        """Write one row."""
        with self._connections.writing() as db:
            values = row.model_dump(exclude={"at", "details"})
            values |= {"at": iso(row.at), "details": json.dumps(row.details)}
            db.table("audit").insert(values)

    def newest(self, limit: int = 100) -> list[AuditRow]:
        """Read the newest rows, newest first."""
        with self._connections.reading() as db:
            rows = db.query(
                "SELECT at, who, what, subject, details FROM audit ORDER BY id DESC LIMIT ?",
                [limit],
            )
            return [AuditRow(**row | {"details": json.loads(row["details"])}) for row in rows]


def name_hash(name: str) -> str:
    """Return the key under which failed sign-ins of a name are counted."""
    return hashlib.sha256(name_key(name).encode("utf-8", "replace")).hexdigest()

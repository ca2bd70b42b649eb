"""Accounts: who may sign in, as what, and how often one may guess."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from tutor_app.access import audit
from tutor_app.access.audit import Action
from tutor_app.access.roles import Account, Role
from tutor_app.errors import AccessError
from tutor_app.storage.records import AccountRow
from tutor_app.storage.store import Store

MIN_PASSWORD = 8
MAX_PASSWORD = 1000
SESSION_S = 12 * 3600.0
MAX_TOKEN = 100
LOCKS_S = (0.0, 0.0, 0.0, 0.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0)
"""Seconds a name is locked after the 1st, 2nd, ... wrong password in a row."""
_NAME = re.compile(r"\w[\w.@+-]{0,63}")


class Accounts:
    """Adds accounts and lets people in.

    Args:
        store: the database.
        hasher: argon2id; the default costs about 0.1 s and 64 MiB a password.
        demo_allowed: demo accounts may sign in: the server listens on loopback and TUTOR_DEMO
            is not 0.
        clock: returns the time, aware.
    """

    def __init__(
        self,
        store: Store,
        *,
        hasher: PasswordHasher | None = None,
        demo_allowed: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._hasher = hasher or PasswordHasher()
        self._demo_allowed = demo_allowed
        self._clock = clock

    def add_account(
        self, name: str, role: Role, password: str, *, by: str = audit.COMMAND_LINE
    ) -> Account:
        """Add an account.

        Args:
            name: letters, digits and . @ + - _, at most 64; case does not tell two names apart.
            role: what it may do.
            password: MIN_PASSWORD to MAX_PASSWORD characters.
            by: id of the account that adds it, for the audit trail.

        Raises:
            AccessError: the name or the password will not do.
            StorageError: the name is taken, or the database cannot be written.
        """
        _check_password(password)
        return self._add(name, role, password, by)

    def add_demo(self, name: str, role: Role, password: str) -> Account:
        """Add a demo account, which signs in on loopback only; its password may be short."""
        return self._add(name, role, password, audit.COMMAND_LINE, demo=True)

    def add_simulated(self, name: str, *, by: str = audit.COMMAND_LINE) -> Account:
        """Add a simulated learner, who cannot sign in; raises as `add_account` does."""
        return self._add(name, Role.LEARNER, None, by, simulated=True)

    def sign_in(self, name: str, password: str) -> Account:
        """Let someone in.

        An unknown name takes as long as a wrong password and gets the same words, and both are
        counted: from the fifth in a row on the name is locked for LOCKS_S.

        Raises:
            AccessError: wrong name or password, locked, or a demo account that is refused.
            StorageError: the database cannot be read or written.
        """
        row = self._store.accounts.find(name) if _NAME.fullmatch(name.strip()) else None
        if row and row.demo and not self._demo_allowed:
            audit.record(self._store, "", Action.DEMO_REFUSED, row.id)
            raise AccessError(
                f"Sign in: {row.name!r} is a demo account; these work only while the server "
                "listens on this computer alone (127.0.0.1) and TUTOR_DEMO is not 0. "
                "Use an account of your own."
            )
        if not self._password_is_right(row, name, password) or row is None:
            raise AccessError("Sign in: the name or the password is wrong. Try again.")
        if self._hasher.check_needs_rehash(row.password_hash):
            self._store.accounts.set_password(row.id, self._hash(password))
        audit.record(self._store, row.id, Action.SIGNED_IN, row.id)
        return _account(row)

    def open_session(self, account_id: str) -> str:
        """Begin a session of SESSION_S and return its token, which only the browser keeps."""
        token = secrets.token_urlsafe(32)
        now = self._clock().timestamp()
        self._store.sessions.add(token, account_id, now=now, expires_at=now + SESSION_S)
        return token

    def resume(self, token: str) -> Account | None:
        """Return whose session a browser brings back; None when it is over or was never one."""
        if not 0 < len(token) <= MAX_TOKEN:
            return None
        known = self._store.sessions.account_id(token, now=self._clock().timestamp())
        row = self._store.accounts.by_id(known) if known else None
        if row is None or (row.demo and not self._demo_allowed):
            return None
        return _account(row)

    def close_session(self, token: str) -> None:
        """End a session; no error when it is over already."""
        self._store.sessions.end(token)

    def change_password(self, account_id: str, old: str, new: str, *, token: str = "") -> None:
        """Replace a password; the old one is asked for and counted as in `sign_in`.

        Every session of the account ends but the one with this token.

        Raises:
            AccessError: the old password is wrong, the new one will not do, or it is a demo
                account, whose password is everyone's.
        """
        row = self._store.accounts.by_id(account_id)
        if row is None or row.demo:
            raise AccessError(
                "Password: that of a demo account cannot be changed. Use an account of your own."
            )
        _check_password(new)
        if not self._password_is_right(row, row.name, old):
            raise AccessError("Password: the old one is wrong; nothing was changed. Try again.")
        new_hash = self._hash(new)
        with self._store.transaction():
            self._store.accounts.set_password(row.id, new_hash)
            self._store.sessions.end_others(row.id, token)
            audit.record(self._store, row.id, Action.PASSWORD_CHANGED, row.id)

    def _add(
        self,
        name: str,
        role: Role,
        password: str | None,
        by: str,
        *,
        demo: bool = False,
        simulated: bool = False,
    ) -> Account:
        name = unicodedata.normalize("NFKC", name).strip()
        if not _NAME.fullmatch(name):
            raise AccessError(
                f"Account {name[:80]!r}: this name will not do. "
                "Use 1 to 64 letters, digits and . @ + - _, and begin with a letter or digit."
            )
        row = AccountRow(
            id=secrets.token_hex(8),
            name=name,
            role=role.value,
            password_hash="" if password is None else self._hash(password),
            demo=demo,
            simulated=simulated,
            created_at=self._clock(),
        )
        with self._store.transaction():
            self._store.accounts.add(row)
            audit.record(self._store, by, Action.ACCOUNT_ADDED, row.id, role=role.value)
        return _account(row)

    def _password_is_right(self, row: AccountRow | None, name: str, password: str) -> bool:
        subject = row.id if row else ""
        wait_s = self._store.accounts.charge_attempt(name, self._clock(), LOCKS_S)
        if wait_s:
            audit.record(self._store, "", Action.SIGN_IN_LOCKED, subject)
            raise AccessError(
                "Sign in: too many wrong passwords for this name. "
                f"Try again in {max(1, round(wait_s))} s."
            )
        known = row.password_hash if row else ""
        try:
            self._hasher.verify(known or self._decoy, _encoded(password))
        except VerifyMismatchError:
            audit.record(self._store, "", Action.SIGN_IN_FAILED, subject)
            return False
        self._store.accounts.clear_attempts(name)
        return True

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_encoded(password))

    @cached_property
    def _decoy(self) -> str:
        """A hash that no password has; checking it takes as long as any other."""
        return self._hasher.hash(secrets.token_bytes(32))


def _account(row: AccountRow) -> Account:
    return Account(
        id=row.id, name=row.name, role=Role(row.role), demo=row.demo, simulated=row.simulated
    )


def _check_password(password: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise AccessError(
            f"Password: it has {len(password)} characters. "
            f"Use {MIN_PASSWORD} to {MAX_PASSWORD}; a few words make a good one."
        )


def _encoded(password: str) -> bytes:
    # One more character than any stored password has: too long stays wrong, and costs little.
    text = unicodedata.normalize("NFKC", password[: MAX_PASSWORD + 1])
    return text.encode("utf-8", "surrogatepass")

"""Who is signed in, by the hash of a random token; the token itself is only in the browser."""

import hashlib

from tutor_app.storage.connections import Connections


class SessionTable:
    """Sessions by token; times are seconds since 1970."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, token: str, account_id: str, *, now: float, expires_at: float) -> None:
        """Write a session, and forget those that have expired."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM sessions WHERE expires_at <= ?", [now])
            row = {"token_hash": token_hash(token), "account_id": account_id}
            db.table("sessions").insert(row | {"expires_at": expires_at})

    def account_id(self, token: str, *, now: float) -> str:
        """Return whose session it is; "" when there is none or it has expired."""
        with self._connections.reading() as db:
            found = db.execute(
                "SELECT account_id FROM sessions WHERE token_hash = ? AND expires_at > ?",
                [token_hash(token), now],
            ).fetchone()
        return str(found[0]) if found else ""

    def end(self, token: str) -> None:
        """Delete a session; no error when there is none."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM sessions WHERE token_hash = ?", [token_hash(token)])

    def end_others(self, account_id: str, token: str = "") -> None:
        """Delete every session of an account but the one with this token."""
        with self._connections.writing() as db:
            db.execute(
                "DELETE FROM sessions WHERE account_id = ? AND token_hash <> ?",
                [account_id, token_hash(token)],
            )


def token_hash(token: str) -> str:
    """Return what is stored of a token. It has 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

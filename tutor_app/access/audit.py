"""Who did what, when: an append-only trail of ids, without names."""

from datetime import UTC, datetime
from enum import StrEnum

from tutor_app.storage.records import AuditRow
from tutor_app.storage.store import Store

COMMAND_LINE = "command line"


class Action(StrEnum):
    """What is worth a row."""

    ACCOUNT_ADDED = "account added"
    ACCOUNT_REMOVED = "account removed"
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGN_IN_LOCKED = "sign-in locked"
    DEMO_REFUSED = "demo sign-in refused"
    PASSWORD_CHANGED = "password changed"
    DATA_EXPORTED = "data exported"
    DATA_DELETED = "data deleted"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    MODEL_PROMOTED = "model promoted"
    MODEL_ROLLED_BACK = "model rolled back"
    REFRESH_STARTED = "refresh started"
    REFRESH_CANCELLED = "refresh cancelled"


def record(
    store: Store, who: str, what: Action, subject: str = "", **details: str | int | float | bool
) -> None:
    """Append one row.

    Args:
        store: the database.
        who: id of the account that acted; "" for nobody known, or COMMAND_LINE.
        what: what was done.
        subject: id of the account or thing it was done to.
        **details: anything else; no names, and no words of a learner.
    """
    now = datetime.now(UTC)
    store.audit.append(AuditRow(at=now, who=who, what=what.value, subject=subject, details=details))

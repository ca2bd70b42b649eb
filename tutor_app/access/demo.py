"""The three demo accounts, for a server that only this computer can reach."""

from argon2 import PasswordHasher

from tutor_app.access.accounts import Accounts
from tutor_app.access.roles import Role
from tutor_app.storage.store import Store

DEMO_ACCOUNTS = (
    ("student", Role.LEARNER),
    ("instructor", Role.INSTRUCTOR),
    ("admin", Role.ADMIN),
)
"""Name and role; the password is the name."""


def ensure_demo_accounts(
    store: Store, loopback: bool, enabled: bool, *, hasher: PasswordHasher | None = None
) -> bool:
    """Add the demo accounts that are missing, where they are allowed.

    A real account that has one of the names stays as it is.

    Args:
        store: the database.
        loopback: only this computer reaches the server.
        enabled: TUTOR_DEMO is not 0.
        hasher: for the passwords; argon2's defaults when None.

    Returns:
        Whether demo accounts may sign in: what `Accounts(demo_allowed=...)` takes.
    """
    if not (loopback and enabled):
        return False
    accounts = Accounts(store, hasher=hasher, demo_allowed=True)
    for name, role in DEMO_ACCOUNTS:
        if store.accounts.find(name) is None:
            accounts.add_demo(name, role, password=name)
    return True

"""A person's right to their data: a copy of all of it, and its deletion, on the record."""

from typing import Any

from tutor_app.access import audit
from tutor_app.access.audit import Action
from tutor_app.errors import AccessError
from tutor_app.storage.store import Store


def export_data(store: Store, learner_id: str, *, by: str) -> dict[str, Any]:
    """Return everything kept about a learner as plain JSON values; `by` is who asks."""
    exported = store.export_learner(learner_id)
    audit.record(store, by, Action.DATA_EXPORTED, learner_id)
    return exported


def delete_data(store: Store, learner_id: str, *, by: str) -> bool:
    """Delete everything of a learner with the account; False when there was nothing.

    Raises:
        StorageError: the database cannot be written; or the data is deleted but traces of it
            could not be overwritten yet.
    """
    audit.record(store, by, Action.DATA_DELETED, learner_id)
    return store.delete_learner(learner_id)


def remove_account(store: Store, name: str, *, by: str) -> None:
    """Remove an account that has nothing recorded.

    Raises:
        NotFoundError: there is no such account.
        AccessError: the learner has data, which would be left without an owner.
    """
    row = store.accounts.named(name)
    if store.has_data(row.id):
        raise AccessError(
            f"Account {row.name!r}: it has dialogues, evidence or submissions. "
            f"Delete them with it: tutor accounts delete-data {row.name}"
        )
    with store.transaction():
        store.accounts.remove(row.id)
        audit.record(store, by, Action.ACCOUNT_REMOVED, row.id, role=row.role)

from datetime import UTC, datetime

import pytest

from tutor_app.access.accounts import Accounts
from tutor_app.access.own_data import delete_data, export_data, remove_account
from tutor_app.access.roles import Role
from tutor_app.domain.dialogue import Dialogue
from tutor_app.errors import AccessError, NotFoundError


@pytest.fixture
def ada(accounts, store):
    account = accounts.add_account("Ada", Role.LEARNER, "four words of mine")
    start = datetime(2026, 3, 1, tzinfo=UTC)
    store.start_dialogue(
        Dialogue(id="d1", learner_id=account.id, course_id="c", item_id="i", started_at=start)
    )
    return account


def test_an_export_names_the_person_and_is_on_the_record(store, ada):
    exported = export_data(store, ada.id, by=ada.id)
    assert (exported["account"]["name"], len(exported["dialogues"])) == ("Ada", 1)
    newest = store.audit.newest(1)[0]
    assert (newest.who, newest.what, newest.subject) == (ada.id, "data exported", ada.id)


def test_deletion_takes_the_account_and_the_count_of_failures_and_is_on_the_record(
    store, accounts: Accounts, ada
):
    for _ in range(5):
        with pytest.raises(AccessError):
            accounts.sign_in("Ada", "wrong wrong")
    assert delete_data(store, ada.id, by=ada.id) is True
    assert store.accounts.find("Ada") is None
    with pytest.raises(AccessError, match="is wrong"):
        accounts.sign_in("Ada", "four words of mine")
    assert "data deleted" in [row.what for row in store.audit.newest()]
    assert delete_data(store, ada.id, by=ada.id) is False


def test_an_account_with_data_is_not_removed_without_it(store, accounts, ada):
    with pytest.raises(AccessError, match="tutor accounts delete-data Ada"):
        remove_account(store, "ada", by="admin-id")
    accounts.add_account("bob", Role.INSTRUCTOR, "four words of mine")
    remove_account(store, "Bob", by="admin-id")
    assert [row.name for row in store.accounts.read_all()] == ["Ada"]


def test_an_unknown_name_lists_the_known_ones(store, ada):
    with pytest.raises(NotFoundError, match="Did you mean 'Ada'"):
        remove_account(store, "Adx", by="admin-id")

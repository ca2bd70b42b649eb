"""A session outlives a reload of the page, and nothing else."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tutor_app.access.accounts import SESSION_S, Accounts
from tutor_app.access.roles import Role

PASSWORD = "four words of mine"


@pytest.fixture
def ada(accounts):
    return accounts.add_account("Ada", Role.LEARNER, PASSWORD)


def test_a_token_brings_its_person_back_and_others_bring_nobody(accounts, ada):
    token = accounts.open_session(ada.id)
    assert accounts.resume(token) == ada
    for other in ("", token[:-1], token + "x", "x" * 100_000, "\ud800"):
        assert accounts.resume(other) is None


def test_two_sessions_have_two_tokens_and_the_database_has_neither(store, accounts, ada):
    first, second = accounts.open_session(ada.id), accounts.open_session(ada.id)
    assert first != second
    with closing(sqlite3.connect(store.path)) as db:
        kept = db.execute("SELECT * FROM sessions").fetchall()
    assert len(kept) == 2
    assert not any(token in str(row) for row in kept for token in (first, second))


def test_a_session_ends_after_twelve_hours(store):
    from datetime import UTC, datetime

    now = [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    accounts = Accounts(store, clock=lambda: now[0])
    ada = accounts.add_account("Ada", Role.LEARNER, PASSWORD)
    token = accounts.open_session(ada.id)
    now[0] += timedelta(seconds=SESSION_S - 1)
    assert accounts.resume(token) == ada
    now[0] += timedelta(seconds=1)
    assert accounts.resume(token) is None


def test_signing_out_ends_this_session_only(accounts, ada):
    here, there = accounts.open_session(ada.id), accounts.open_session(ada.id)
    accounts.close_session(here)
    assert accounts.resume(here) is None
    assert accounts.resume(there) == ada


def test_a_new_password_ends_the_other_sessions(accounts, ada):
    here, there = accounts.open_session(ada.id), accounts.open_session(ada.id)
    accounts.change_password(ada.id, PASSWORD, "another four words", token=here)
    assert accounts.resume(here) == ada
    assert accounts.resume(there) is None


def test_with_the_account_its_sessions_go(store, accounts, ada):
    removed = accounts.open_session(ada.id)
    store.accounts.remove(ada.id)
    assert accounts.resume(removed) is None
    bob = accounts.add_account("Bob", Role.LEARNER, PASSWORD)
    deleted = accounts.open_session(bob.id)
    store.delete_learner(bob.id)
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    assert accounts.resume(deleted) is None


def test_a_demo_session_is_refused_where_demo_accounts_are(store):
    token = Accounts(store, demo_allowed=True).open_session(
        Accounts(store, demo_allowed=True).add_demo("student", Role.LEARNER, "student").id
    )
    assert Accounts(store, demo_allowed=True).resume(token) is not None
    assert Accounts(store, demo_allowed=False).resume(token) is None

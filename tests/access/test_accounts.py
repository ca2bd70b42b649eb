import sqlite3
import threading
from contextlib import closing

import pytest
from argon2 import PasswordHasher

from tutor_app.access.accounts import LOCKS_S, Accounts
from tutor_app.access.audit import Action
from tutor_app.access.roles import Role, require_role
from tutor_app.errors import AccessError, StorageError

PASSWORD = "four words of mine"
WRONG = "the name or the password is wrong"


@pytest.fixture
def ada(accounts):
    return accounts.add_account("Ada", Role.LEARNER, PASSWORD)


def guess(accounts, name="Ada", times=1):
    for _ in range(times):
        with pytest.raises(AccessError, match=WRONG):
            accounts.sign_in(name, "a wrong password")


def actions(store):
    return [row.what for row in reversed(store.audit.newest())]


def test_the_right_password_lets_in_and_the_name_is_read_loosely(accounts, ada):
    assert accounts.sign_in("Ada", PASSWORD) == ada
    assert accounts.sign_in(" aDA ", PASSWORD) == ada


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ada", ""),
        ("Ada", PASSWORD + " "),
        ("Ada", "x" * 100_000),
        ("Ada", "\ud800\x00"),
        ("nobody", PASSWORD),
        ("", ""),
        ("x" * 100_000, PASSWORD),
        ("Ada'; DROP TABLE accounts;--", PASSWORD),
        ("\ud800", PASSWORD),
    ],
)
def test_anything_else_is_refused_in_the_same_words(accounts, ada, name, password):
    with pytest.raises(AccessError, match=WRONG):
        accounts.sign_in(name, password)


def test_a_password_is_stored_as_an_argon2id_hash_only(store, accounts, ada):
    (row,) = store.accounts.read_all()
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD.encode() not in store.path.read_bytes()
    assert "password_hash" not in store.export_learner(ada.id)["account"]


def test_an_unknown_name_costs_one_hash_like_a_wrong_password(store, ada, clock):
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, *args):
            self.verified += 1
            return super().verify(*args)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(store, hasher=hasher, clock=clock)
    guess(accounts, "Ada")
    assert hasher.verified == 1
    guess(accounts, "nobody")
    assert hasher.verified == 2


@pytest.mark.parametrize("name", ["Ada", "nobody"])
def test_repeated_failures_lock_a_name_for_a_growing_time(accounts, ada, clock, name):
    guess(accounts, name, times=5)
    with pytest.raises(AccessError, match=r"too many wrong passwords .* in 15 s"):
        accounts.sign_in(name, PASSWORD)
    clock.advance(seconds=16)
    guess(accounts, name)
    with pytest.raises(AccessError, match="in 30 s"):
        accounts.sign_in(name, PASSWORD)
    for _ in range(10):
        clock.advance(seconds=LOCKS_S[-1] + 1)
        guess(accounts, name)
    with pytest.raises(AccessError, match="in 900 s"):
        accounts.sign_in(name, PASSWORD)


def test_a_lock_outlives_a_restart_and_ends(store, accounts, hasher, clock, ada):
    guess(accounts, times=5)
    again = Accounts(store, hasher=hasher, clock=clock)
    with pytest.raises(AccessError, match="too many"):
        again.sign_in("ada", PASSWORD)
    clock.advance(seconds=16)
    assert again.sign_in("ada", PASSWORD) == ada


def test_a_right_password_clears_the_count(accounts, ada):
    for _ in range(3):
        guess(accounts, times=4)
        accounts.sign_in("Ada", PASSWORD)


def test_guesses_at_the_same_moment_count_like_guesses_in_a_row(accounts, ada):
    told = []

    def try_one():
        try:
            accounts.sign_in("Ada", "a wrong password")
        except AccessError as error:
            told.append("locked" if "too many" in str(error) else "wrong")

    threads = [threading.Thread(target=try_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["locked"] * 3 + ["wrong"] * 5


def test_a_mistyped_name_is_not_kept(store, accounts):
    guess(accounts, "hunter2secret")
    with closing(sqlite3.connect(store.path)) as db:
        assert "hunter2secret" not in "\n".join(db.iterdump())


@pytest.mark.parametrize(
    "name", ["", " ", "two words", "a\nb", ".hidden", "x" * 65, "\ud800", "<b>"]
)
def test_a_name_that_will_not_do_is_refused(accounts, name):
    with pytest.raises(AccessError, match="this name will not do"):
        accounts.add_account(name, Role.LEARNER, PASSWORD)


def test_a_name_is_taken_in_any_case_and_width(accounts, ada):
    for name in ("ADA", "Ａｄａ"):
        with pytest.raises(StorageError, match="the name is taken"):
            accounts.add_account(name, Role.ADMIN, PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_password_has_a_sensible_length(accounts, password):
    with pytest.raises(AccessError, match=r"characters\. Use 8 to 1000"):
        accounts.add_account("Ada", Role.LEARNER, password)


def test_a_password_is_changed_with_the_old_one(accounts, ada):
    with pytest.raises(AccessError, match="the old one is wrong"):
        accounts.change_password(ada.id, "not the old one", "another long one")
    accounts.change_password(ada.id, PASSWORD, "another long one")
    guess(accounts)
    with pytest.raises(AccessError, match=WRONG):
        accounts.sign_in("Ada", PASSWORD)
    assert accounts.sign_in("Ada", "another long one") == ada


def test_an_old_cheap_hash_is_replaced_at_the_next_sign_in(store, accounts, ada, clock):
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    Accounts(store, hasher=stronger, clock=clock).sign_in("Ada", PASSWORD)
    (row,) = store.accounts.read_all()
    assert "m=16,t=2" in row.password_hash


def test_a_simulated_learner_cannot_sign_in(accounts, store):
    accounts.add_simulated("sim-1")
    guess(accounts, "sim-1")
    with pytest.raises(AccessError, match=WRONG):
        accounts.sign_in("sim-1", "")
    assert store.delete_simulated() == 1


def test_a_page_lets_in_only_the_roles_it_is_for(accounts, ada):
    assert require_role(ada, Role.LEARNER, Role.ADMIN) is ada
    with pytest.raises(AccessError, match=r"for the instructor or admin, .*'Ada' .* as student"):
        require_role(ada, Role.INSTRUCTOR, Role.ADMIN)
    with pytest.raises(AccessError, match="Sign in first"):
        require_role(None, Role.LEARNER)


def test_what_matters_is_on_the_audit_trail_without_names(store, accounts, ada, clock):
    guess(accounts, times=5)
    with pytest.raises(AccessError):
        accounts.sign_in("Ada", PASSWORD)
    clock.advance(seconds=60)
    accounts.sign_in("Ada", PASSWORD)
    accounts.change_password(ada.id, PASSWORD, "another long one")
    assert actions(store) == [
        Action.ACCOUNT_ADDED,
        *[Action.SIGN_IN_FAILED] * 5,
        Action.SIGN_IN_LOCKED,
        Action.SIGNED_IN,
        Action.PASSWORD_CHANGED,
    ]
    assert not any("Ada" in row.model_dump_json() for row in store.audit.newest())

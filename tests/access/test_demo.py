import pytest

from tutor_app.access.accounts import Accounts
from tutor_app.access.demo import DEMO_ACCOUNTS, ensure_demo_accounts
from tutor_app.access.roles import Role
from tutor_app.errors import AccessError


def test_on_loopback_each_role_has_a_demo_account(store, hasher):
    assert ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher) is True
    accounts = Accounts(store, hasher=hasher, demo_allowed=True)
    signed_in = [accounts.sign_in(name, name) for name, _ in DEMO_ACCOUNTS]
    assert [account.role for account in signed_in] == list(Role)
    assert all(account.demo for account in signed_in)


def test_the_second_start_adds_nothing(store, hasher):
    ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher)
    before = store.accounts.read_all()
    ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher)
    assert store.accounts.read_all() == before


@pytest.mark.parametrize(("loopback", "enabled"), [(False, True), (True, False), (False, False)])
def test_elsewhere_none_is_made_and_none_that_exists_gets_in(store, hasher, loopback, enabled):
    assert ensure_demo_accounts(store, loopback, enabled, hasher=hasher) is False
    assert store.accounts.read_all() == []
    ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher)
    allowed = ensure_demo_accounts(store, loopback, enabled, hasher=hasher)
    accounts = Accounts(store, hasher=hasher, demo_allowed=allowed)
    with pytest.raises(AccessError, match=r"demo account.*127\.0\.0\.1.*TUTOR_DEMO"):
        accounts.sign_in("student", "student")


def test_a_real_account_with_a_demo_name_stays_as_it_is(store, hasher):
    accounts = Accounts(store, hasher=hasher)
    real = accounts.add_account("admin", Role.ADMIN, "a real password")
    ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher)
    assert accounts.sign_in("admin", "a real password") == real
    with pytest.raises(AccessError, match="wrong"):
        accounts.sign_in("admin", "admin")


def test_nobody_can_change_the_password_of_a_demo_account(store, hasher):
    ensure_demo_accounts(store, loopback=True, enabled=True, hasher=hasher)
    accounts = Accounts(store, hasher=hasher, demo_allowed=True)
    student = accounts.sign_in("student", "student")
    with pytest.raises(AccessError, match="demo account cannot be changed"):
        accounts.change_password(student.id, "student", "a long password")

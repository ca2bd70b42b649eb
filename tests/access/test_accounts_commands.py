import json

import pytest
from typer.testing import CliRunner

from tutor_app.access.accounts import Accounts
from tutor_app.access.roles import Role
from tutor_app.cli.accounts import app
from tutor_app.errors import NotFoundError
from tutor_app.storage.store import Store

PASSWORD = "four words of mine"


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "tutor.db"


def tutor_accounts(*arguments, typed=""):
    return CliRunner().invoke(app, arguments, input=typed, catch_exceptions=False)


def test_an_account_is_added_with_a_password_that_is_not_shown(database):
    done = tutor_accounts("add", "Ada", "--role", "learner", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert "Ada can sign in as student." in done.output
    assert PASSWORD not in done.output
    with Store(database) as store:
        assert Accounts(store).sign_in("ada", PASSWORD).role is Role.LEARNER


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(database):
    done = tutor_accounts("add", "Ada", "--role", "boss")
    assert done.exit_code == 2
    assert "instructor" in done.output


def test_accounts_are_listed_with_what_they_are(database, hasher):
    with Store(database) as store:
        Accounts(store, hasher=hasher).add_account("Ada", Role.LEARNER, PASSWORD)
        Accounts(store, hasher=hasher).add_simulated("sim-1")
    lines = tutor_accounts("list").output.splitlines()
    assert lines[0].startswith("Ada\tstudent\t")
    assert lines[1].startswith("sim-1\tstudent\t")
    assert lines[1].endswith("\tsimulated")
    assert lines[2] == "2 accounts"


def test_an_account_is_removed_after_a_yes(database, hasher):
    with Store(database) as store:
        Accounts(store, hasher=hasher).add_account("Ada", Role.LEARNER, PASSWORD)
    assert tutor_accounts("remove", "ada", typed="n\n").exit_code == 1
    assert "1 accounts" in tutor_accounts("list").output
    assert "Ada is removed." in tutor_accounts("remove", "ada", typed="y\n").output
    assert "0 accounts" in tutor_accounts("list").output


def test_data_is_exported_once_and_deleted_for_good(database, hasher, tmp_path):
    out = tmp_path / "ada.json"
    with Store(database) as store:
        Accounts(store, hasher=hasher).add_account("Ada", Role.LEARNER, PASSWORD)
    assert "0 dialogues" in tutor_accounts("export-data", "ada", "--out", str(out)).output
    assert json.loads(out.read_text())["account"]["name"] == "Ada"
    assert "exists" in tutor_accounts("export-data", "ada", "--out", str(out)).output
    (database.parent / "backups").mkdir()
    (database.parent / "backups" / "old.zip").touch()
    done = tutor_accounts("delete-data", "ada", "--yes")
    assert "everything they did is deleted" in done.output
    assert "old.zip" in done.output
    with pytest.raises(NotFoundError, match="there is no 'ada'"):
        tutor_accounts("delete-data", "ada", "--yes")

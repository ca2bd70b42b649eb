from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.storage.records import StorageHealth
from tutor_app.ui import resources

Page = Callable[..., Any]


def test_the_system_page_tells_the_state_of_every_part(page: Page, server: Path) -> None:
    screen = page("admin.system", "admin")
    assert "Sound." in screen.text
    assert str(server) in screen.text
    assert "Backups will be listed here" in screen.text
    assert "See the Models page" in screen.text
    assert "Mechanics: up to date" in screen.text


def test_the_system_page_names_no_model_that_cannot_be_heard(page: Page, server: Path) -> None:
    (server / "models").mkdir()
    (server / "models" / "champion.json").write_text('{"model": "tutor-gone"}')
    text = page("admin.system", "admin").text
    assert "None. The tutor speaks with memory and hints." in text
    assert "tutor-gone" not in text


def test_a_backup_is_made_and_listed(page: Page, server: Path) -> None:
    screen = page("admin.system", "admin").click("Back up now")
    made = next((server / "backups").glob("*.zip"))
    assert f"Saved as {made.name}" in screen.text


def test_a_missing_index_is_told_with_its_command(page: Page, shelf: Any) -> None:
    shelf.indexed = False
    assert "tutor index mechanics" in page("admin.system", "admin").text


def test_a_damaged_database_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> StorageHealth:
        return StorageHealth(
            path=Path("tutor.db"),
            database_bytes=1,
            free_bytes=1,
            problems=("page 3 is never used",),
            copies=(),
        )

    monkeypatch.setattr(resources.store(), "storage_health", damaged)
    assert "page 3 is never used" in page("admin.system", "admin").text


def test_the_people_page_tells_demo_accounts_from_people(page: Page) -> None:
    screen = page("admin.people", "admin")
    assert list(screen.test.dataframe[0].value["Kind"]) == ["demo"] * 3
    assert "3 accounts, 0 of them simulated" in screen.text


def test_a_student_cannot_open_the_admins_page(page: Page) -> None:
    assert "it is for the admin" in page("admin.system", "student").text

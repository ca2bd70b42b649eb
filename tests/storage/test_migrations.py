import sqlite3
import stat
import threading
from contextlib import closing

import pytest
from sqlite_utils import Database, Migrations

from tutor_app.errors import StorageError
from tutor_app.storage.migrations import MIGRATIONS, migrate
from tutor_app.storage.store import Store


def later(*steps):
    """The program of tomorrow: today's steps and more."""
    migrations = Migrations(MIGRATIONS.name)
    with Database(memory=True) as empty:
        for known in MIGRATIONS.pending(empty):
            migrations(name=known.name)(known.fn)
    for step in steps:
        migrations()(step)
    return migrations


def m9001_add_column(db):
    db.execute("ALTER TABLE dialogues ADD COLUMN note TEXT")


def m9002_drop_table(db):
    db.execute("DROP TABLE disputes")


def m9003_fails(db):
    db.execute("DROP TABLE feedback")
    raise RuntimeError("a mistake in the step")


def m9004_dangles(db):
    db.execute("INSERT INTO disputes VALUES ('a turn that does not exist')")


def tables(path):
    with closing(sqlite3.connect(path)) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_master")}


def test_the_released_steps_stay_in_their_order():
    with Database(memory=True) as empty:
        names = [step.name for step in MIGRATIONS.pending(empty)]
    assert names[:3] == ["m0001_dialogues", "m0002_accounts", "m0003_audit"]
    assert names == sorted(names)


def test_a_new_database_needs_no_copy_and_is_private(store, path):
    assert not (path.parent / "backups").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_opening_again_applies_nothing(store, path, tmp_path):
    assert migrate(path, tmp_path / "backups") == []
    assert not (tmp_path / "backups").exists()


def test_the_database_is_copied_before_every_step(store, path, tmp_path, dialogue):
    store.start_dialogue(dialogue)
    backups = tmp_path / "backups"
    steps = later(m9001_add_column, m9002_drop_table)
    assert migrate(path, backups, migrations=steps) == ["m9001_add_column", "m9002_drop_table"]
    first, second = sorted(backups.iterdir())
    assert first.name.startswith("before-m9001_add_column-")
    assert second.name.startswith("before-m9002_drop_table-")
    with closing(sqlite3.connect(second)) as db:
        assert db.execute("SELECT id, note FROM dialogues").fetchall() == [("d1", None)]
    assert "disputes" in tables(second) - tables(path)
    with Store(first) as before:
        assert before.dialogue("d1") == dialogue


def test_programs_that_start_together_migrate_once(path):
    barrier = threading.Barrier(4)
    opened = []

    def start():
        barrier.wait()
        with Store(path) as store:
            opened.append(store.storage_health().problems)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [()] * 4


def test_opening_waits_for_another_program_to_finish_reading(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (id)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM theirs").fetchall()
        release = threading.Timer(0.1, other.rollback)
        release.start()
        with Store(path) as store:
            assert store.dialogues("ada") == []
        release.join()


def test_a_step_that_fails_leaves_nothing_and_those_before_it_stay(store, path, tmp_path):
    with pytest.raises(RuntimeError, match="a mistake"):
        migrate(path, tmp_path, migrations=later(m9002_drop_table, m9003_fails))
    assert "feedback" in tables(path)
    assert "disputes" not in tables(path)


def test_a_step_that_leaves_dangling_rows_is_refused(store, path, tmp_path):
    with pytest.raises(StorageError, match="m9004_dangles would leave rows"):
        migrate(path, tmp_path, migrations=later(m9004_dangles))
    assert store.storage_health().problems == ()


def test_a_database_of_a_newer_program_is_refused_and_not_touched(store, path, tmp_path):
    migrate(path, tmp_path / "copies", migrations=later(m9001_add_column))
    for read_only in (False, True):
        with pytest.raises(StorageError, match=r"newer version .*m9001_add_column"):
            Store(path, read_only=read_only)
    assert "dialogues" in tables(path)
    assert not (path.parent / "backups").exists()


def test_without_room_for_the_copy_the_step_is_not_applied(store, path, tmp_path):
    (tmp_path / "backups").touch()
    with pytest.raises(StorageError, match="Nothing was changed"):
        migrate(path, tmp_path / "backups", migrations=later(m9002_drop_table))
    assert "disputes" in tables(path)

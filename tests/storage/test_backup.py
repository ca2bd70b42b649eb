import json
import sqlite3
import zipfile
from contextlib import closing

import pytest

from tutor_app.errors import StorageError
from tutor_app.storage.archive import read_archive
from tutor_app.storage.backup import backup, restore
from tutor_app.storage.copies import copy_database
from tutor_app.storage.store import Store


@pytest.fixture
def home(path, dialogue, turn, seen):
    with Store(path) as store:
        store.start_dialogue(dialogue)
        store.record_turn(turn("t1"), [seen()])
    for name in ("courses/waves/course.yaml", "index/chroma.bin", "backups/old.zip"):
        (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (path.parent / name).write_text(name)
    (path.parent / "courses" / "link").symlink_to("/etc/hostname")
    return path.parent


def rewritten(archive, target, **changes):
    """Copy a zip with entries replaced, or left out where the new text is None."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as out:
        entries = {name: source.read(name) for name in source.namelist()}
        for name, text in (entries | changes).items():
            if text is not None:
                out.writestr(name, text)
    return target


def test_a_backup_holds_the_database_and_the_uploads_but_not_the_index(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "b.zip")
    manifest = read_archive(archive)
    assert set(manifest.files) == {"tutor.db", "home/courses/waves/course.yaml"}
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_a_database_that_stays_locked_gives_up(home, path, tmp_path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            copy_database(path, tmp_path / "copy.db", timeout_s=0.05)
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_into_a_folder_is_named_by_the_time(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "usb")
    assert archive.parent == tmp_path / "usb"
    assert [file.name for file in archive.parent.iterdir()] == [archive.name]


def test_a_backup_taken_while_the_app_writes_is_whole(home, path, tmp_path, turn, seen):
    with Store(path) as store, store.transaction():
        store.record_turn(turn("t2", 2), [seen()])
        archive = backup(path, home, tmp_path / "b.zip")
    restore(archive, tmp_path / "new" / "tutor.db", tmp_path / "new")
    with Store(tmp_path / "new" / "tutor.db") as store:
        assert [each.id for each in store.dialogue("d1").turns] == ["t1"]


def test_everything_comes_back_in_an_empty_home(home, path, tmp_path, dialogue, turn, seen):
    archive = backup(path, home, tmp_path / "b.zip")
    new = tmp_path / "new"
    assert restore(archive, new / "tutor.db", new) is None
    assert (new / "courses/waves/course.yaml").read_text() == "courses/waves/course.yaml"
    assert not (new / "index").exists()
    with Store(new / "tutor.db") as store:
        assert store.dialogue("d1") == dialogue.model_copy(update={"turns": (turn("t1"),)})
        assert store.evidence("ada", "mechanics") == [seen()]


def test_a_restore_over_data_needs_force_and_keeps_what_was_there(home, path, tmp_path, turn):
    archive = backup(path, home, tmp_path / "b.zip")
    with Store(path) as store:
        store.record_turn(turn("t2", 2), [])
    (home / "rubrics").mkdir()
    with pytest.raises(StorageError, match=r"holds data already .*--force"):
        restore(archive, path, home)
    aside = restore(archive, path, home, force=True)
    with Store(path) as store:
        assert len(store.dialogue("d1").turns) == 1
    with Store(aside / "tutor.db") as before:
        assert len(before.dialogue("d1").turns) == 2
    assert (aside / "rubrics").is_dir()
    assert not (home / "rubrics").exists()
    assert (home / "index/chroma.bin").exists()


def test_a_restore_is_refused_while_the_app_has_the_database_open(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "b.zip")
    with Store(path) as running:
        running.dialogue("d1")
        with pytest.raises(StorageError, match=r"has .* open.*Stop it"):
            restore(archive, path, home, force=True)
        assert len(running.dialogue("d1").turns) == 1


def test_a_damaged_database_can_be_replaced(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "b.zip")
    path.write_bytes(b"damaged" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        Store(path)
    aside = restore(archive, path, home, force=True)
    assert (aside / "tutor.db").read_bytes().startswith(b"damaged")
    with Store(path) as store:
        assert len(store.dialogue("d1").turns) == 1


def test_an_archive_that_is_not_sound_is_refused_and_nothing_is_changed(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "b.zip")
    manifest = json.loads(zipfile.ZipFile(archive).read("manifest.json"))
    entry = manifest["files"].pop("home/courses/waves/course.yaml")
    course = {"home/courses/waves/course.yaml": None}
    absolute = f"{tmp_path}/evil"
    up = manifest | {"files": manifest["files"] | {"home/../../evil": entry}}
    out = manifest | {"files": manifest["files"] | {absolute: entry}}
    unknown = manifest | {"format": 2}
    wrong = {
        "differs from its manifest": {"home/courses/waves/course.yaml": "x" * entry["size"]},
        "not those of its manifest": course,
        "no manifest": {"manifest.json": None},
        "evil' would land outside": course
        | {"home/../../evil": "courses/waves/course.yaml", "manifest.json": json.dumps(up)},
        "evil' would land outside of": course
        | {absolute: "courses/waves/course.yaml", "manifest.json": json.dumps(out)},
        "cannot be used": {"manifest.json": json.dumps(unknown)},
        "holds no database": {"tutor.db": None},
    }
    without = {"files": {name: e for name, e in manifest["files"].items() if name != "tutor.db"}}
    wrong["holds no database"] |= course | {"manifest.json": json.dumps(manifest | without)}
    for reason, changes in wrong.items():
        bad = rewritten(archive, tmp_path / "bad.zip", **changes)
        with pytest.raises(StorageError, match=reason):
            restore(bad, path, home, force=True)
    (tmp_path / "bad.zip").write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(StorageError, match="cannot be used"):
        restore(tmp_path / "bad.zip", path, home, force=True)
    with pytest.raises(StorageError, match="No such file"):
        restore(tmp_path / "none.zip", path, home, force=True)
    assert not list(tmp_path.rglob("evil"))
    assert sorted(p.name for p in (home / "backups").iterdir()) == ["old.zip"]
    with Store(path) as store:
        assert len(store.dialogue("d1").turns) == 1


def test_a_flipped_bit_is_found(home, path, tmp_path):
    archive = backup(path, home, tmp_path / "b.zip")
    content = bytearray(archive.read_bytes())
    content[2000] ^= 1
    archive.write_bytes(content)
    with pytest.raises(StorageError, match="cannot be used"):
        read_archive(archive)


def test_a_backup_of_a_newer_program_is_refused(home, path, tmp_path):
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('tutor_app', 'm9001_later', '')"
        )
    archive = backup(path, home, tmp_path / "b.zip")
    with pytest.raises(StorageError, match="newer version"):
        restore(archive, tmp_path / "new" / "tutor.db", tmp_path / "new")
    assert not (tmp_path / "new" / "tutor.db").exists()


def test_a_backup_never_overwrites_and_needs_a_database(home, path, tmp_path):
    (tmp_path / "b.zip").touch()
    with pytest.raises(StorageError, match="the file exists"):
        backup(path, home, tmp_path / "b.zip")
    with pytest.raises(StorageError, match="there is no database"):
        backup(tmp_path / "none.db", home, tmp_path / "c.zip")


def test_progress_reaches_the_whole(home, path, tmp_path):
    seen = []
    backup(path, home, tmp_path / "b.zip", on_progress=lambda *sizes: seen.append(sizes))
    done, total = seen[-1]
    assert done == total > 0

"""The database locked, read-only, full, damaged, or its writer killed: told, and nothing half."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import tutor_app
from tutor_app.errors import StorageError
from tutor_app.storage.store import Store


def test_a_locked_database_says_so_and_nothing_is_recorded(path, dialogue, turn, seen):
    with Store(path, timeout_s=0.05) as store, closing(sqlite3.connect(path)) as other:
        store.start_dialogue(dialogue)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"locked.*is safe.*Try again"):
            store.record_turn(turn("t1"), [seen()])
        assert store.find_turn("t1") is None
        other.rollback()
        assert store.record_turn(turn("t1"), [seen()]).id == "t1"


def test_a_writer_waits_for_another_and_readers_do_not_wait(store, path, dialogue, turn):
    store.start_dialogue(dialogue)
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.dialogue("d1") == dialogue
        release = threading.Timer(0.2, other.rollback)
        release.start()
        assert store.record_turn(turn("t1"), []).id == "t1"
        release.join()


def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_written(
    path, dialogue, turn, seen
):
    with Store(path) as store:
        store.start_dialogue(dialogue)
    with Store(path, read_only=True) as store:
        assert store.dialogue("d1") == dialogue
        with pytest.raises(StorageError, match=r"read but not written.*is safe.*Give"):
            store.record_turn(turn("t1"), [seen()])
        assert store.dialogue("d1") == dialogue


def test_a_read_only_database_must_exist_and_be_up_to_date(path, tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        Store(path, read_only=True)
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    with pytest.raises(StorageError, match="up to date"):
        Store(tmp_path / "empty.db", read_only=True)


def test_a_full_disk_says_so_and_keeps_whole_turns_only(path, dialogue, turn, seen):
    with Store(path) as store:
        store.start_dialogue(dialogue)
        pages = path.stat().st_size // 4096
    with Store(path, max_pages=pages + 30) as store:
        recorded = 0
        with pytest.raises(StorageError, match=r"full.*is safe.*Free some space"):  # noqa: PT012
            for recorded in range(1000):
                text = "x" * 2000
                store.record_turn(turn(f"t{recorded}", recorded, text=text), [seen(), seen()])
        assert recorded > 0
        assert len(store.dialogue("d1").turns) == recorded
        assert len(store.evidence("ada", "mechanics")) == 2 * recorded
    with Store(path) as store:
        assert store.record_turn(turn(f"t{recorded}", recorded), []).number == recorded


def test_a_file_that_is_no_database_is_named_and_left_alone(path):
    path.parent.mkdir()
    path.write_bytes(b"These are not the rows you are looking for. " * 50)
    with pytest.raises(StorageError, match=r"not a database.*restore"):
        Store(path)
    assert path.read_bytes().startswith(b"These are not")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"Check that the folder exists"):
        Store(tmp_path / "file" / "tutor.db")


def test_a_closed_store_says_so(path):
    with Store(path) as store:
        pass
    with pytest.raises(StorageError, match="closed"):
        store.dialogues("ada")


def test_a_thread_takes_over_the_connection_of_one_that_has_ended(store, dialogue):
    store.start_dialogue(dialogue)
    lent = set()

    def look() -> None:
        store.dialogue("d1")
        lent.add(store._connections._database())

    for _ in range(10):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert len(store._connections) == 2
    assert len(lent) == 1


PREPARE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
import conftest as made
from tutor_app.storage.store import Store
store = Store(Path(sys.argv[1]))
"""

MID_TRANSACTION = """
def evidence():
    yield made.make_evidence()
    with store._connections.reading() as db:
        rows = [db.table(name).count for name in ("turns", "evidence")]
    print(*rows, flush=True)
    sys.stdin.read()
store.record_turn(made.make_turn("t2", 2), evidence(), dispute=True)
"""

WRITING = """
import itertools
for n in itertools.count(2):
    store.record_turn(made.make_turn(f"t{n}", n), [made.make_evidence(), made.make_evidence()])
    if n == 5:
        print("writing", flush=True)
"""


def start(path: Path, script: str) -> "subprocess.Popen[str]":
    package = Path(tutor_app.__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", PREPARE + script, path, package, Path(__file__).parent],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is posix")
def test_a_writer_killed_inside_a_transaction_leaves_no_half_turn(path, dialogue, turn, seen):
    with Store(path) as store:
        store.start_dialogue(dialogue)
        first = store.record_turn(turn("t1"), [seen()])
    with start(path, MID_TRANSACTION) as process:
        # The second turn and the first half of its evidence are written, and not committed.
        assert process.stdout.readline().split() == ["2", "2"]
        process.send_signal(signal.SIGKILL)
    with Store(path) as store:
        assert store.storage_health().problems == ()
        assert store.dialogue("d1").turns == (first,)
        assert store.evidence("ada", "mechanics") == [seen()]
        assert store.disputes("mechanics") == []
        assert store.record_turn(turn("t2", 2), [seen()]).number == 2


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is posix")
def test_a_writer_killed_at_any_moment_leaves_whole_turns(path, dialogue, turn, seen):
    with Store(path) as store:
        store.start_dialogue(dialogue)
        store.record_turn(turn("t1"), [seen(), seen()])
    with start(path, WRITING) as process:
        assert process.stdout.readline() == "writing\n"
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    with Store(path) as store:
        assert store.storage_health().problems == ()
        turns = store.dialogue("d1").turns
        assert [each.number for each in turns] == list(range(1, len(turns) + 1))
        assert len(turns) >= 5
        assert len(store.evidence("ada", "mechanics")) == 2 * len(turns)

"""Kills, two graders on one batch, claims that run out, a disk that fills: each answer once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

import tutor_app
from tutor_app.domain.batch import Batch, BatchRubric
from tutor_app.errors import StorageError
from tutor_app.grading import batch as running
from tutor_app.grading.batch import run_batch
from tutor_app.storage.store import Store

NURSERY = """
import os, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:]
import conftest as made
from tutor_app.grading import batch as running
running.PAGE = 7
print("ready", flush=True)
for line in sys.stdin:
    path, batch_id = line.split()
    if os.fork():
        continue
    say = lambda word, number: os.write(1, f"{word} {os.getpid()} {number}\\n".encode())
    with made.Store(Path(path), timeout_s=30) as store:
        ran = running.run_batch(
            store, batch_id, made.WordGrader(pause_s=0.004), made.no_item,
            on_progress=lambda progress: say("saved", progress.done),
        )
    say("graded", ran.graded)
    os._exit(0)
"""


class Nursery:
    """A process that has imported everything and forks a grader whenever it is asked."""

    def __init__(self) -> None:
        roots = [str(Path(__file__).parent), str(Path(tutor_app.__file__).parents[1])]
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, *roots],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.dead: set[int] = set()
        assert self.process.stdout.readline() == "ready\n"

    def fork(self, path: Path, batch_id: str) -> None:
        self.process.stdin.write(f"{path} {batch_id}\n")
        self.process.stdin.flush()

    def saved(self, times: int) -> int:
        """Wait until the newest child has saved so often; what a killed one said is skipped."""
        while True:
            pid = self.said()[1]
            if pid not in self.dead:
                self.dead.add(pid)
                break
        for _ in range(times - 1):
            self.said()
        return pid

    def said(self) -> tuple[str, int, int]:
        word, pid, number = self.process.stdout.readline().split()
        return word, int(pid), int(number)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.process.communicate(timeout=60)


def test_a_batch_that_is_killed_again_and_again_ends_like_one_that_was_not(tmp_path, made, nursery):
    with Store(tmp_path / "whole.db") as store:
        batch = made.start(store, 60).batch
        run_batch(store, batch.id, made.WordGrader(), made.no_item)
        whole = made.settled(batch, store)
    path = tmp_path / "killed.db"
    with Store(path) as store:
        batch = made.start(store, 60).batch
        counts = []
        for saves in (1, 2, 3):
            nursery.fork(path, batch.id)
            pid = nursery.saved(saves)
            os.kill(pid, signal.SIGKILL)
            while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.01)
            counts.append(store.grading.count(batch.id)[1])
        assert 0 < counts[0] < counts[1] < counts[2] < 60
        ran = run_batch(store, batch.id, made.WordGrader(), made.no_item)
        assert ran.graded == 60 - counts[2]
        assert made.settled(batch, store) == whole
        assert {len(proposals) for proposals in whole.values()} == {1}


def test_two_graders_on_one_batch_share_it_and_grade_nothing_twice(path, made, nursery):
    with Store(path) as store:
        batch = made.start(store, 90).batch
        nursery.fork(path, batch.id)
        nursery.fork(path, batch.id)
        shares: dict[int, int] = {}
        while len(shares) < 2:
            word, pid, number = nursery.said()
            if word == "graded":
                shares[pid] = number
        assert min(shares.values()) > 0
        assert sum(shares.values()) == 90
        assert {len(one) for one in made.settled(batch, store).values()} == {1}
        assert store.grading.queue.waiting(batch.id) == 0


def test_a_claim_that_ran_out_goes_to_another_and_the_late_grade_is_dropped(store, made):
    batch = made.start(store, 3).batch
    queue = store.grading.queue
    late = queue.claim(batch.id, "far 1 2 late", 3, lease_s=-1)
    prompt = queue.claim(batch.id, "far 1 2 prompt", 3, lease_s=60)
    assert [one.id for one in late] == [one.id for one in prompt]
    assert queue.claim(batch.id, "far 1 2 third", 3, lease_s=60) == []
    grades = list(made.WordGrader().grade_batch(prompt, made.make_rubric()))
    assert queue.finish(batch.id, "far 1 2 late", grades[:1]) == 0
    assert queue.finish(batch.id, "far 1 2 prompt", grades) == 3
    assert queue.finish(batch.id, "far 1 2 prompt", grades) == 0
    assert {len(one) for one in made.settled(batch, store).values()} == {1}


def test_a_run_says_what_a_living_grader_elsewhere_holds(store, made):
    batch = made.start(store, 8).batch
    store.grading.queue.claim(batch.id, "another-machine 1 2 x", 3, lease_s=60)
    ran = run_batch(store, batch.id, made.WordGrader(), made.no_item)
    assert (ran.graded, ran.waiting, ran.elsewhere) == (5, 3, 3)


def test_a_disk_that_fills_up_is_told_and_everything_before_is_kept(path, made, monkeypatch):
    monkeypatch.setattr(running, "PAGE", 10)
    with Store(path) as store:
        batch = made.start(store, 400).batch
    pages = path.stat().st_size // 4096
    with (
        Store(path, max_pages=pages + 20) as full,
        pytest.raises(StorageError, match=r"disk is full.*is safe.*Free some space"),
    ):
        run_batch(full, batch.id, made.WordGrader(), made.no_item)
    with Store(path) as store:
        kept = store.grading.count(batch.id)[1]
        assert 0 < kept < 400
        assert kept % 10 == 0
        assert run_batch(store, batch.id, made.WordGrader(), made.no_item).graded == 400 - kept
        assert {len(one) for one in made.settled(batch, store).values()} == {1}


def test_a_disk_that_is_full_at_the_start_leaves_no_half_batch(path, made):
    with Store(path):
        pass
    pages = path.stat().st_size // 4096
    with Store(path, max_pages=pages + 10) as full:
        with pytest.raises(StorageError, match="disk is full"):
            made.start(full, 400)
        assert full.grading.batches() == []
    with Store(path) as store:
        assert made.start(store, 400).fresh


def test_a_batch_that_is_being_written_is_nobodys_yet_and_others_can_write_meanwhile(
    path, made, monkeypatch
):
    monkeypatch.setattr("tutor_app.storage.grading.PAGE", 2)
    seen = []

    def watched():
        for one in made.make_submissions(6):
            with Store(path, timeout_s=0.2) as other:
                seen.append(len(other.grading.batches()))
                other.delete_simulated()
            yield one, ""

    now = datetime.now(UTC)
    batch = Batch(id="b", title="B", source_key="k", who="t", created_at=now)
    rubric = BatchRubric(question="Q1", rubric=made.make_rubric(), at=now)
    with Store(path) as store:
        assert store.grading.add_batch(batch, [rubric], watched()) == batch
        assert seen == [0] * 6
        assert store.grading.batches() == [batch]
        twin = batch.model_copy(update={"id": "c"})
        assert store.grading.add_batch(twin, [rubric], watched()) == batch

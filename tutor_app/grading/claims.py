"""Who holds which answers of a batch while grading, and what becomes of a dead grader's."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import psutil

from tutor_app.errors import StorageError
from tutor_app.storage.grading_queue import GradingQueue


@contextmanager
def holding(queue: GradingQueue, batch_id: str) -> Iterator[str]:
    """Yield a worker's name; what it still holds at the end is given back."""
    me = psutil.Process()
    worker = f"{socket.gethostname()} {me.pid} {me.create_time()} {uuid4().hex}"
    try:
        yield worker
    finally:
        # a full disk has been told already; the claim ends with its lease or with this process
        with suppress(StorageError):
            queue.give_back(batch_id, worker)


def free_the_dead(queue: GradingQueue, batch_id: str) -> int:
    """Free what graders of this machine held whose process is gone; returns how many those are."""
    gone = [one for one in queue.workers(batch_id) if _is_gone(one)]
    for worker in gone:
        queue.give_back(batch_id, worker)
    return len(gone)


def _is_gone(worker: str) -> bool:
    host, pid, made_at, _ = worker.rsplit(" ", 3)
    if host != socket.gethostname():
        return False
    try:
        process = psutil.Process(int(pid))
        # a process id is used again after a while; one that was killed may still be listed
        again = process.create_time() != float(made_at)
        return bool(again or process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False

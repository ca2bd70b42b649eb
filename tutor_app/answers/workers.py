"""Warm SymPy processes, killed and replaced when a question takes over a second.

Each worker is a plain subprocess that talks over pipes: no signals, which fail outside the main
thread, and no multiprocessing, whose children run the parent's main module again.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from functools import cache
from pathlib import Path
from queue import Empty, Queue

_ROOT = Path(__file__).resolve().parents[2]


class _Worker:
    """One process and the thread that collects its lines."""

    def __init__(self) -> None:
        paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tutor_app.answers.sympy_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in paths if p)},
        )
        self._lines: Queue[str] = Queue()
        self._ready = False
        self._collector = threading.Thread(target=self._collect, daemon=True)
        self._collector.start()

    def _collect(self) -> None:
        if self._process.stdout:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put("")

    def wait_ready(self, seconds: float) -> bool:
        """Wait until SymPy is imported."""
        if not self._ready:
            try:
                self._ready = self._lines.get(timeout=max(seconds, 0)) == "ready\n"
            except Empty:
                return False
        return self._ready

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process.poll() is None

    def ask(self, question: str, seconds: float) -> str:
        """Send a line and return the answering line; "" when none comes in time."""
        try:
            if self._process.stdin:
                self._process.stdin.write(question + "\n")
                self._process.stdin.flush()
            return self._lines.get(timeout=seconds)
        except (Empty, OSError):
            return ""

    def stop(self) -> None:
        """Kill the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        self._collector.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue


class SympyWorkers:
    """Answers questions about formulas from any thread, each within the time limit."""

    def __init__(self, size: int = 1, seconds: float = 1.0) -> None:
        """Start the processes in the background.

        Args:
            size: how many questions can be answered at once; about 70 MB each.
            seconds: longest time a question may take before its worker is replaced.
        """
        self._seconds = seconds
        self._idle: Queue[_Worker] = Queue()
        self._closed = False
        for _ in range(size):
            self._idle.put(_Worker())

    def equal(self, first: str, second: str, names: Collection[str]) -> bool | None:
        """Say whether two formulas are equal for all positive symbols.

        Returns:
            None when SymPy cannot tell in time, or the workers are busy or still starting.
        """
        deadline = time.monotonic() + self._seconds
        try:
            worker = self._idle.get(timeout=self._seconds)
        except Empty:
            return None
        line = ""
        try:
            if not worker.wait_ready(deadline - time.monotonic()):
                if not worker.alive():
                    worker = self._replaced(worker)
                return None
            question = json.dumps([first, second, sorted(names)])
            line = worker.ask(question, self._seconds)
            if not line:
                worker = self._replaced(worker)
        finally:
            if self._closed:
                worker.stop()
            else:
                self._idle.put(worker)
        result = json.loads(line) if line else None
        return result if isinstance(result, bool) else None

    def _replaced(self, worker: _Worker) -> _Worker:
        worker.stop()
        return worker if self._closed else _Worker()

    def wait_ready(self, seconds: float = 10.0) -> bool:
        """Wait until one worker is warm; used at start-up and by measurements."""
        worker = self._idle.get()
        try:
            return worker.wait_ready(seconds)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """Kill all idle workers; a busy one is killed when its question ends."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().stop()
            except Empty:
                return


_starting = threading.Lock()


@cache
def _started() -> SympyWorkers:
    workers = SympyWorkers()
    atexit.register(workers.close)
    return workers


def shared_workers() -> SympyWorkers:
    """Return the program's workers; the first call starts them and does not wait."""
    with _starting:
        return _started()

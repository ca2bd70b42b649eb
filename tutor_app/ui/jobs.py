"""Work that takes longer than a person looks at a page: one job at a time, in a thread.

A job goes on when its page is left; whoever opens the page again sees where it stands. It ends with
the server: imports then leave nothing behind, so they can simply be begun again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tutor_app.errors import ContentError, TutorError

Progress = Callable[[str, int, int], None]


class CancelledError(TutorError):
    """Somebody asked for a job to stop."""


@dataclass
class Job:
    """One piece of work.

    Attributes:
        title: what it does, for people.
        about: the course that it is for.
        result: what it returned.
        message: why it failed.
        done: parts done of `total` in the step at hand.
        began: when that step began, with `at_first` parts done.
    """

    title: str
    about: str
    state: Literal["running", "done", "failed", "cancelled"] = "running"
    step: str = "starting"
    done: int = 0
    total: int = 1
    began: float = field(default_factory=time.monotonic)
    at_first: int = 0
    result: object = None
    message: str = ""
    stopping: bool = False
    can_stop: bool = True

    @property
    def share(self) -> float:
        """The part of the step at hand that is done, in [0, 1]."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the step at hand will take at its rate so far; None when nothing is done."""
        taken = time.monotonic() - self.began
        return (self.total - self.done) / self.rate if self.rate and taken > 1 else None

    @property
    def rate(self) -> float:
        """Parts a second since the step at hand began."""
        return (self.done - self.at_first) / max(1e-9, time.monotonic() - self.began)

    def stop(self) -> None:
        """Ask the job to stop."""
        self.stopping = True

    def tell(self, step: str, done: int, total: int) -> None:
        """Take note of progress; raises CancelledError where the job is to stop and still can."""
        self.can_stop = not step.startswith(("indexing", "loading the encoder"))
        if self.stopping and self.can_stop:
            raise CancelledError(f"{self.title}: cancelled.")
        # "reading a.pdf" and "reading b.pdf" are one step
        if step.split(" ")[0] != self.step.split(" ")[0]:
            self.began, self.at_first = time.monotonic(), done
        self.step, self.done, self.total = step, done, total


class Jobs:
    """Runs one job at a time and remembers the last one of each course."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._last: dict[str, Job] = {}

    @property
    def running(self) -> Job | None:
        """The job that is running, whoever began it."""
        return self._running

    def last(self, about: str) -> Job | None:
        """Return the last job of a course, running or not."""
        return self._last.get(about)

    def forget(self, about: str) -> None:
        """Forget the last job of a course."""
        self._last.pop(about, None)

    def start(self, title: str, about: str, work: Callable[[Progress], object]) -> Job:
        """Begin a job in a thread.

        Args:
            title: what it does, for people.
            about: the course that it is for.
            work: given a function to tell progress to; returns the result.

        Raises:
            ContentError: another job is running.
        """
        with self._lock:
            if self._running is not None:
                raise ContentError(f"{self._running.title}: is still going on. Wait for its end.")
            job = self._running = self._last[about] = Job(title, about)
        threading.Thread(target=self._run, args=(job, work), daemon=True, name="job").start()
        return job

    def _run(self, job: Job, work: Callable[[Progress], object]) -> None:
        try:
            job.result = work(job.tell)
        except CancelledError:
            job.state = "cancelled"
        except TutorError as error:
            job.state, job.message = "failed", str(error)
        else:
            job.state = "done"
        finally:
            if job.state == "running":
                # a bug of ours: its traceback goes to the log, the page says that it stopped
                job.state = "failed"
                job.message = f"{job.title}: it stopped unexpectedly. The server's log says why."
            self._running = None

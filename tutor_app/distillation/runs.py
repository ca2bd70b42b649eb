"""The folder of a refresh run: what it is to do, where it stands, how it is begun and stopped."""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Literal

from pydantic import Field, ValidationError

from tutor_app.domain.base import Slug, Strict
from tutor_app.errors import ModelError
from tutor_app.llms.shelf import NONE, Shelf

PLAN = "run.json"
STATUS = "status.json"
CANCEL = "cancel"
LOCK = "lock"
LOG = "log.txt"
TRAIN = "train"
STARTS_WITHIN = timedelta(minutes=2)
_TRIES = 20

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class RunPlan(Strict):
    """What a run is to do.

    Attributes:
        model_id: name of the model it makes.
        start: folder of the model it starts from.
        demonstrations: files of demonstrations.
        minutes: time in training at most.
        out: folder on the shelf where the sealed model goes.
    """

    course_id: Slug
    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{2,79}$")
    start: Path
    demonstrations: list[Path] = Field(min_length=1)
    minutes: float = Field(gt=0, le=24 * 60)
    seed: int = 0
    threads: int = Field(1, ge=1)
    out: Path
    created: datetime


class RunStatus(Strict):
    """Where a run stands; `progress` is the training's own progress file."""

    state: State
    step: str = ""
    message: str = ""
    updated: datetime
    progress: dict[str, object] = {}

    @property
    def active(self) -> bool:
        """It runs, or is about to."""
        return self.state in ("waiting", "running")


def demonstration_files(folders: Sequence[Path], course_id: str) -> list[Path]:
    """Return the files of demonstrations for a course, the school's own first."""
    return [path for folder in folders for path in sorted((folder / course_id).glob("*.jsonl"))]


def default_name(course_id: str) -> str:
    """Return a name for a new model that no earlier one has."""
    return f"tutor-{course_id}-{datetime.now(UTC):%Y%m%d-%H%M}"


def plan_run(
    home: Path,
    shelf: Shelf,
    demonstrations: Sequence[Path],
    course_id: str,
    *,
    model_id: str,
    start: str,
    minutes: float,
    seed: int = 0,
    threads: int = 1,
) -> Path:
    """Lay out a run's folder and return it; nothing is started yet.

    Args:
        home: where runs and a school's own models lie.
        shelf: holds the model to start from.
        demonstrations: see `demonstration_files`.
        course_id: the course.
        model_id: name of the model that the run makes; `default_name` gives one.
        start: id of the model to start from.
        minutes: time in training at most.
        seed: of the order of the training rows.
        threads: cores to train on.

    Raises:
        NotFoundError: the shelf has no such model to start from.
        ModelError: that model's seal is broken, there are no demonstrations, or the name is taken
            or no name.
    """
    if not demonstrations:
        raise ModelError(f"{course_id}: there are no demonstrations. Export and import some first.")
    if start == NONE:
        raise ModelError("refresh: there is no model to start from. Put one on the shelf first.")
    found = shelf.find(start)
    if found.manifest is None:
        raise ModelError(found.problem)
    if model_id == NONE or model_id in shelf.ids():
        raise ModelError(f"refresh: a model is called {model_id!r} already. Choose another name.")
    try:
        plan = RunPlan(
            course_id=course_id,
            model_id=model_id,
            start=found.folder,
            demonstrations=list(demonstrations),
            minutes=minutes,
            seed=seed,
            threads=threads,
            out=home / "models" / model_id,
            created=datetime.now(UTC),
        )
    except ValidationError as error:
        fault = error.errors()[0]
        if fault["loc"] == ("model_id",):
            raise ModelError(
                f"refresh: {model_id!r} is no name for a model. Use small letters, digits, dots "
                "and hyphens, three or more."
            ) from None
        where = ".".join(str(part) for part in fault["loc"])
        raise ModelError(f"refresh: {where}: {fault['msg']}. Correct it.") from None
    folder = home / "runs" / model_id
    start_run(folder, plan)
    return folder


def start_run(folder: Path, plan: RunPlan) -> None:
    """Lay out a run's folder by a plan.

    Raises:
        ModelError: the run is there already, or the model it starts from is not.
    """
    if (folder / PLAN).exists():
        raise ModelError(f"{folder}: there is a run already. Resume it, or name another model.")
    if not plan.start.is_dir():
        raise ModelError(f"{plan.start}: there is no model to start from.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PLAN).write_text(plan.model_dump_json(indent=2) + "\n", encoding="utf-8")
    tell(folder, "waiting", "", "The run is laid out.")


def begin(home: Path, name: str) -> None:
    """Start a run, or go on with it, in a process that outlives this one.

    Raises:
        ModelError: there is no such run, or it is going on already.
    """
    folder = home / "runs" / name
    if run_status(folder).state == "running":
        raise ModelError(f"{name}: the run is going on already. Look at its status, or cancel it.")
    (folder / CANCEL).unlink(missing_ok=True)
    tell(folder, "waiting", "", "Starting.")
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor_app", "refresh", "resume", name],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TUTOR_HOME": str(home)},
            start_new_session=True,
        )
    # somebody must take note of its end, or it stays in the process table as long as the server
    threading.Thread(target=process.wait, daemon=True, name=f"run-{name}").start()


def run_folders(home: Path) -> list[Path]:
    """Return the folders of all runs, the newest first."""
    found = sorted((home / "runs").glob(f"*/{PLAN}"), key=lambda p: p.stat().st_mtime)
    return [path.parent for path in reversed(found)]


def load_run(folder: Path) -> RunPlan:
    """Load a run's plan; raises ModelError where there is none."""
    try:
        return RunPlan.model_validate_json((folder / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        raise ModelError(f"{folder}: this is no run of a refresh.") from None


def run_status(folder: Path) -> RunStatus:
    """Return where a run stands; one whose process is gone has failed, and can be resumed.

    Raises:
        ModelError: the folder is no run.
    """
    try:
        status = RunStatus.model_validate_json((folder / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        raise ModelError(f"{folder}: this is no run of a refresh.") from None
    late = datetime.now(UTC) - status.updated > STARTS_WITHIN
    if (status.state == "running" or (status.state == "waiting" and late)) and not _alive(folder):
        did = "Its process is gone." if status.state == "running" else "It did not start."
        last = last_line(folder / LOG) if status.state == "waiting" else ""
        message = f"{did} {last} Resume the run.".replace("  ", " ")
        status = status.model_copy(update={"state": "failed", "message": message})
    try:
        progress = json.loads((folder / TRAIN / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return status
    return status.model_copy(update={"progress": progress})


def cancel_run(folder: Path) -> None:
    """Ask a run to stop; it does so within a training step and can be resumed.

    Raises:
        ModelError: the folder is no run, or the run is not going on.
    """
    if not run_status(folder).active:
        raise ModelError(f"{folder.name}: the run is not going on, so there is nothing to cancel.")
    (folder / CANCEL).touch()
    if (folder / TRAIN).is_dir():
        # for a training whose run process was killed
        (folder / TRAIN / CANCEL).touch()


def tell(folder: Path, state: State, step: str, message: str) -> RunStatus:
    """Write where a run stands, whole or not at all."""
    status = RunStatus(state=state, step=step, message=message, updated=datetime.now(UTC))
    part = folder / f"{STATUS}.part"
    part.write_text(status.model_dump_json(indent=2) + "\n", encoding="utf-8")
    part.replace(folder / STATUS)
    return status


@contextmanager
def holding(folder: Path) -> Iterator[int]:
    """Hold a run's lock; a process that inherits the yielded descriptor holds it too.

    Raises:
        ModelError: another process holds it.
    """
    with (folder / LOCK).open("a") as lock:
        for _ in range(_TRIES):
            if _locks(lock, fcntl.LOCK_EX):
                yield lock.fileno()
                return
            # it may be somebody who only looks
            time.sleep(0.05)
    raise ModelError(f"{folder.name}: the run is going on already. Look at its status.")


def last_line(path: Path) -> str:
    """Return the last line of a log that has words, or ""."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def _alive(folder: Path) -> bool:
    """Say whether a process holds the run's lock; process ids are used again, locks are not."""
    try:
        with (folder / LOCK).open() as lock:
            return not _locks(lock, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _locks(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

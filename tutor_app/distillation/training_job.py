"""Training in a process of its own, so that a page or a command can cancel it and go on later."""

import subprocess
import sys
import time
from pathlib import Path

from tutor_app.distillation.runs import last_line
from tutor_app.distillation.training_plan import TrainingPlan
from tutor_app.errors import ModelError

_LOOK_EVERY_S = 0.5


class Cancelled(Exception):  # noqa: N818
    """The run was asked to stop; not an error."""


def train_in_process(plan: TrainingPlan, cancel: Path, lock: int) -> None:
    """Train by a plan in a subprocess; skipped when its model is there.

    Args:
        plan: what to train; its `out` folder receives progress.json, checkpoints and `model/`.
        cancel: when this file appears, the training is asked to stop at its next step.
        lock: descriptor of the run's lock, which the process inherits: should this one be killed,
            the run counts as going on until the training has ended.

    Raises:
        Cancelled: it was stopped; the last checkpoint is kept.
        ModelError: the process failed; the message is its last line.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    if (plan.out / "model" / "config.json").exists():
        return
    path = plan.out / "plan.json"
    path.write_text(plan.model_dump_json(indent=2), encoding="utf-8")
    log = plan.out / "log.txt"
    (plan.out / "cancel").unlink(missing_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor_app.distillation.train", "--plan", str(path)],
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
        )
        try:
            while process.poll() is None:
                if cancel.exists():
                    (plan.out / "cancel").touch()
                time.sleep(_LOOK_EVERY_S)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if cancel.exists():
        raise Cancelled("Training stopped; the last checkpoint is kept. Resume the run to go on.")
    if process.returncode or not (plan.out / "model" / "config.json").exists():
        raise ModelError(f"train: the process failed: {last_line(log) or 'no message'}")

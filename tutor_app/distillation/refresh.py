"""Refresh a tutor model: select -> rows -> train -> evaluate -> seal; file in, file out.

A run is a folder. A step whose output is there is skipped, so a run that was cancelled or died
goes on where it stopped. Training is a process of its own; see `training_job`. `runs` has the
folder itself.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.distillation.assess import assess
from tutor_app.distillation.card import write_card
from tutor_app.distillation.handover import load_demonstrations, save_demonstrations
from tutor_app.distillation.release import write_release
from tutor_app.distillation.rows import make_rows, save_rows, split_rows
from tutor_app.distillation.runs import (
    CANCEL,
    TRAIN,
    RunPlan,
    RunStatus,
    holding,
    load_run,
    tell,
)
from tutor_app.distillation.select import select
from tutor_app.distillation.training_job import Cancelled, train_in_process
from tutor_app.distillation.training_plan import TrainingPlan
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError, TutorError
from tutor_app.evaluation.rehearsal import Stage
from tutor_app.llms.sealed import seal

READY = "release"
STEPS = ("select", "rows", "train", "evaluate", "seal")


@dataclass(frozen=True)
class Course:
    """The course a run is for, with its rubrics by id."""

    loaded: LoadedCourse
    rubrics: dict[str, Rubric]


def refresh(
    folder: Path, course: Course, on_step: Callable[[str], None] = lambda step: None
) -> RunStatus:
    """Do what is left of a run; returns how it ended, and writes the same to status.json.

    Raises:
        ModelError: the folder is no run, or another process is at it.
    """
    plan = load_run(folder)
    stage = Stage(course.loaded, course.rubrics)
    step = STEPS[0]
    with holding(folder) as lock:
        try:
            for step in STEPS:
                if (folder / CANCEL).exists():
                    raise Cancelled("The run was cancelled before this step.")
                on_step(step)
                tell(folder, "running", step, "")
                match step:
                    case "select":
                        _select(folder, plan, stage, course)
                    case "rows":
                        _rows(folder, stage)
                    case "train":
                        train_in_process(_training_plan(folder, plan), folder / CANCEL, lock)
                    case "evaluate":
                        _evaluate(folder, stage)
                    case "seal":
                        _seal(folder, plan, course)
        except Cancelled as stopped:
            return tell(folder, "cancelled", step, str(stopped))
        except TutorError as error:
            return tell(folder, "failed", step, str(error))
        finally:
            # the request is met; what is left of it would stop the next start
            (folder / CANCEL).unlink(missing_ok=True)
        return tell(folder, "done", step, f"{plan.model_id} is on the shelf; promote it or not.")


def _select(folder: Path, plan: RunPlan, stage: Stage, course: Course) -> None:
    if (folder / "kept.jsonl").exists():
        return
    found = [one for path in plan.demonstrations for one in load_demonstrations(path)]
    kept, dropped, funnel = select(found, stage, course.loaded.items)
    if not kept:
        raise ModelError("select: no demonstration passed. Look at dropped.jsonl for the reasons.")
    lines = (drop.model_dump_json() + "\n" for drop in dropped)
    (folder / "dropped.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "funnel.md").write_text(f"{funnel}\n", encoding="utf-8")
    save_demonstrations(folder / "kept.jsonl", kept)


def _rows(folder: Path, stage: Stage) -> None:
    if (folder / "dev.jsonl").exists():
        return
    kept = load_demonstrations(folder / "kept.jsonl")
    rows, watched = split_rows(make_rows((d for d in kept if not d.situation.held_out), stage))
    if not rows or not watched:
        raise ModelError(f"rows: {len(rows)} rows are too few to train on. Import more answers.")
    save_rows(folder / "rows.jsonl", rows)
    # its name says that both files are whole
    save_rows(folder / "dev.part", watched)
    (folder / "dev.part").replace(folder / "dev.jsonl")


def _training_plan(folder: Path, plan: RunPlan) -> TrainingPlan:
    return TrainingPlan(
        stage="task",
        out=folder / TRAIN,
        start=plan.start,
        rows=folder / "rows.jsonl",
        held_out_rows=folder / "dev.jsonl",
        seconds=plan.minutes * 60,
        keep="best",
        seed=plan.seed,
        threads=plan.threads,
    )


def _evaluate(folder: Path, stage: Stage) -> None:
    """Measure the build that learners would hear, not the weights it was made from."""
    report, ready = folder / "report.md", folder / READY
    if not report.exists():
        write_release(folder / TRAIN / "model", ready)
        kept = load_demonstrations(folder / "kept.jsonl")
        report.write_text(assess(ready, kept, stage), encoding="utf-8")


def _seal(folder: Path, plan: RunPlan, course: Course) -> None:
    if plan.out.exists():
        return
    ready = folder / READY
    for name in ("voice.json", "report.md", "funnel.md"):
        for source in (plan.start / name, folder / name):
            if source.exists():
                shutil.copy(source, ready / name)
    write_card(ready, plan.model_id, course.loaded.course, plan.start.name, folder)
    seal(ready, plan.model_id)
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    ready.replace(plan.out)

"""`tutor refresh ...`: the teacher's batch files out and in, and runs that train a new model."""

from pathlib import Path
from typing import Annotated

import typer

from tutor_app.distillation.intake import rubrics_of
from tutor_app.errors import ModelError
from tutor_app.factory import build_catalogue, build_embedder, build_shelf
from tutor_app.settings import Settings

app = typer.Typer(help="Refresh the tutor model from a teacher's demonstrations.")

_COURSE = Annotated[str, typer.Argument(help="Id of the course.")]
_FOLDER = Annotated[Path, typer.Argument(help="Folder that `tutor refresh export` wrote.")]
_RUN = Annotated[str, typer.Argument(help="Name of the run; the newest one if left out.")]


@app.command()
def export(
    course_id: _COURSE,
    out: Annotated[Path, typer.Option(help="Folder for the batch files.")],
    teacher: Annotated[str, typer.Option(help="Model name for the batch service.")] = "teacher",
) -> None:
    """Write OpenAI Batch files that ask a teacher model for demonstrations."""
    from tutor_app.distillation.handover import export as write

    catalogue = build_catalogue(Settings.from_environment())
    loaded = catalogue.course(course_id)
    done = write(loaded, rubrics_of(catalogue, course_id), out, teacher)
    print(f"{done.requests} requests for {done.situations} situations, {done.turns} turns:")
    for path in done.files:
        print(f"  {path}  {path.stat().st_size / 1e6:.1f} MB")
    print(f"Put the output and error files into {out}, then: tutor refresh import {out}")


@app.command(name="import")
def import_(folder: _FOLDER) -> None:
    """Read the teacher's output and error files, filter them, and show the funnel."""
    from tutor_app.distillation.intake import take_in

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    taken = take_in(folder, catalogue, settings.home / "dialogues")
    found = taken.imported
    said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.outcomes.items()))
    print(f"{found.requests} requests; lines: {said or 'none'}; {found.waiting} still waiting.")
    for reason, count in sorted(found.unfit.items()):
        print(f"  left out: {reason} ({count})")
    print(f"\n{taken.funnel}\n\nKept: {taken.path}; dropped, with reasons: {folder}/dropped.jsonl")
    for path in found.retry:
        print(f"Failed requests, to be sent again: {path}")


@app.command()
def critic(
    benchmarks: Annotated[Path, typer.Option(help="Folder with the public benchmarks.")] = Path(
        "../shared/benchmarks"
    ),
) -> None:
    """Train the critic that orders verified replies on human labels."""
    from tutor_app.distillation.critic import refresh_critic

    settings = Settings.from_environment()
    embed = build_embedder(settings).embed_array
    print(refresh_critic(benchmarks, embed, settings.content / "models/critic-0.1"))


@app.command()
def compare(
    course_id: _COURSE,
    minutes: Annotated[float, typer.Option(help="Training time per arm.")] = 5.0,
    out: Annotated[Path, typer.Option(help="Scratch folder.")] = Path("var/compare"),
    only: Annotated[list[str] | None, typer.Option(help="Only this arm; may be repeated.")] = None,
    go_on: Annotated[bool, typer.Option(help="Arms go on from the champion.")] = False,
) -> None:
    """Train the choices that matter side by side, each from nothing for the same time."""
    from tutor_app.distillation.compare import compare as train_arms
    from tutor_app.distillation.compare import table
    from tutor_app.evaluation.rehearsal import Stage
    from tutor_app.factory import load_all_demonstrations

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    shelf = build_shelf(settings)
    found = [
        one for one in load_all_demonstrations(settings) if one.situation.course_id == course_id
    ]
    champion = shelf.find(shelf.champion()).folder
    figures = train_arms(
        found,
        Stage(catalogue.course(course_id), rubrics_of(catalogue, course_id)),
        champion,
        build_embedder(settings).word_vectors(),
        out,
        minutes * 60,
        on_arm=lambda name: print(f"{name} ...", flush=True),
        only=only or (),
        go_on_from=champion if go_on else None,
    )
    print(table(figures))


@app.command()
def language(
    course_id: _COURSE,
    out: Annotated[Path, typer.Option(help="Folder for data, checkpoints and the model.")],
    minutes: Annotated[float, typer.Option(help="Time in training.")] = 60.0,
    threads: int = 2,
    shared: Annotated[
        Path, typer.Option(help="Folder with corpora/ and courses/oatutor-content.zip.")
    ] = Path("../shared"),
) -> None:
    """Train the base model that a first refresh starts from: open text and copy exercises."""
    from tutor_app.distillation.language import prepare_language_stage
    from tutor_app.distillation.train import train
    from tutor_app.distillation.training_plan import TrainingPlan

    catalogue = build_catalogue(Settings.from_environment())
    loaded = catalogue.course(course_id)
    data = out / "data"
    if not (data / "exercises.jsonl").exists():
        print("preparing text and exercises ...", flush=True)
        prepare_language_stage(
            shared / "courses/oatutor-content.zip",
            shared / "corpora/textbooks-cc-by.txt.xz",
            catalogue.course_folder(course_id) / "notes",
            data,
            [item.prompt for item in loaded.items.values()],
        )
    plan = TrainingPlan(
        stage="language",
        out=out,
        tokenizer=data / "tokenizer",
        rows=data / "exercises.jsonl",
        held_out_rows=data / "held_out_exercises.jsonl",
        text=data / "text.npy",
        held_out_text=data / "held_out_text.npy",
        text_share=0.4,
        text_weight=0.5,
        prompt_weight=0.1,
        seconds=minutes * 60,
        floor=0.3,
        threads=threads,
    )
    print(f"training; see {out / 'progress.json'} ...", flush=True)
    position = train(plan)
    print(f"{position.tokens:,} tokens, {position.step} steps: {out / 'model'}")


@app.command()
def run(
    course_id: _COURSE,
    name: Annotated[str, typer.Option(help="Name of the new model.")] = "",
    minutes: Annotated[float, typer.Option(help="Time in training.")] = 30.0,
    start: Annotated[str, typer.Option(help="Model to start from.")] = "",
    seed: int = 0,
    threads: int = 1,
    detach: Annotated[bool, typer.Option(help="Come back at once.")] = False,
) -> None:
    """Filter, train, evaluate and seal a new model; promote it with `tutor models promote`."""
    from tutor_app.distillation.runs import begin, default_name, demonstration_files, plan_run

    settings = Settings.from_environment()
    shelf = build_shelf(settings)
    folder = plan_run(
        settings.home,
        shelf,
        demonstration_files(settings.dialogue_folders, course_id),
        course_id,
        model_id=name or default_name(course_id),
        start=start or shelf.champion(),
        minutes=minutes,
        seed=seed,
        threads=threads,
    )
    if detach:
        begin(settings.home, folder.name)
        print(f"Started. See it with: tutor refresh status {folder.name}")
    else:
        resume(folder.name)


@app.command()
def resume(name: _RUN = "") -> None:
    """Go on with a run that was cancelled, or whose process is gone."""
    from tutor_app.distillation.refresh import Course, refresh
    from tutor_app.distillation.runs import load_run

    settings = Settings.from_environment()
    folder = _run_folder(settings, name)
    plan = load_run(folder)
    catalogue = build_catalogue(settings)
    course = Course(catalogue.course(plan.course_id), rubrics_of(catalogue, plan.course_id))
    ended = refresh(folder, course, lambda step: print(f"{step} ...", flush=True))
    print(ended.message)
    if ended.state != "done":
        raise typer.Exit(1)


@app.command()
def status(name: _RUN = "") -> None:
    """Show where a run stands."""
    from tutor_app.distillation.runs import run_status

    folder = _run_folder(Settings.from_environment(), name)
    now = run_status(folder)
    print(f"{folder.name}: {now.state} {now.step}. {now.message}".rstrip())
    for key in ("done", "loss", "held_out_reply_bits_per_byte", "tokens_per_s"):
        if key in now.progress:
            print(f"  {key}: {now.progress[key]}")


@app.command()
def cancel(name: _RUN = "") -> None:
    """Stop a run at its next training step; `tutor refresh resume` goes on."""
    from tutor_app.distillation.runs import cancel_run

    folder = _run_folder(Settings.from_environment(), name)
    cancel_run(folder)
    print(f"{folder.name} is asked to stop.")


def _run_folder(settings: Settings, name: str) -> Path:
    from tutor_app.distillation.runs import run_folders

    known = run_folders(settings.home)
    found = [folder for folder in known if not name or folder.name == name]
    if not found:
        names = ", ".join(folder.name for folder in known) or "none"
        raise ModelError(f"refresh: there is no run {name!r}. Known: {names}.")
    return found[0]

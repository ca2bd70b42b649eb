"""`tutor grader ...`: the model that judges short answers."""

from pathlib import Path
from typing import Annotated

import typer

from tutor_app.factory import CRITERION_WEIGHTS, GRADER_WEIGHTS, PRACTICE
from tutor_app.settings import Settings

app = typer.Typer(help="Train the model that judges short answers, or look at it.")

DATA = Annotated[Path, typer.Argument(help="Folder with *_train_3way.csv (SemEval-2013 task 7).")]
WORK = Annotated[Path, typer.Option(help="Folder for what takes long; training goes on from it.")]
PLACE = Path("var/grader")


@app.command()
def train(
    data: DATA,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the weights; the shipped one if left out.")
    ] = None,
    work: WORK = PLACE,
    epochs: Annotated[int, typer.Option(help="Passes of the cross-encoder over the data.")] = 8,
    pairs: Annotated[bool, typer.Option(help="Train the cross-encoder, too (hours).")] = True,
) -> None:
    """Measure by folds, then train on everything; the card gets the figures."""
    from tutor_app.distillation.grader import GraderPlan, train_grader
    from tutor_app.distillation.grader_pairs import PairPlan
    from tutor_app.retrieval.embedder import load_embedder

    settings = Settings.from_environment()
    folder = out or settings.content / GRADER_WEIGHTS
    plan = GraderPlan(PairPlan(epochs=epochs) if pairs else None)
    print(train_grader(data, load_embedder().embed_array, work, folder, plan, print))
    print(f"Weights, manifest and card: {folder}")


@app.command()
def train_criteria(
    work: WORK = PLACE,
    pairs: Annotated[bool, typer.Option(help="Train the cross-encoder, too (an hour).")] = True,
) -> None:
    """Train the weights that judge a rubric's criteria, on practice rubrics and gold answers.

    Needs no data from elsewhere. `tutor evaluate criteria` measures by folds what comes of it.
    """
    from tutor_app.cli.evaluate_grader import gold_cases, practice_taught
    from tutor_app.distillation.criteria import train_network
    from tutor_app.evaluation.criteria import train_on
    from tutor_app.evaluation.practice import load_practice
    from tutor_app.grading.criterion_model import MODEL, save_model
    from tutor_app.grading.scoring import write_manifest
    from tutor_app.retrieval.embedder import load_embedder

    settings = Settings.from_environment()
    folder = settings.content / CRITERION_WEIGHTS
    if pairs:
        practice = load_practice(settings.content / PRACTICE)
        train_network(practice, load_embedder().embed_array, work, folder, say=print)
        write_manifest(folder, {"name": folder.name})
    learnt, unknown = practice_taught(settings)
    save_model(train_on(gold_cases(settings), learnt.and_(unknown)), folder / MODEL)
    write_manifest(folder, {"name": folder.name})
    print(f"Weights and manifest: {folder}")


@app.command()
def show() -> None:
    """Print the cards of the shipped models."""
    content = Settings.from_environment().content
    for name in (CRITERION_WEIGHTS, GRADER_WEIGHTS):
        print((content / name / "README.md").read_text("utf-8"))

"""`tutor grader ...`: the model that judges short answers."""

from pathlib import Path
from typing import Annotated

import typer

from tutor_app.factory import GRADER_WEIGHTS
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
    epochs: Annotated[int, typer.Option(help="Passes of the cross-encoder over the data.")] = 3,
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
def show() -> None:
    """Print the shipped model's card."""
    print((Settings.from_environment().content / GRADER_WEIGHTS / "README.md").read_text("utf-8"))

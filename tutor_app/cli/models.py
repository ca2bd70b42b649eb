"""`tutor models ...`: which tutor models there are, and which one speaks."""

from typing import Annotated

import typer

from tutor_app.access.audit import COMMAND_LINE
from tutor_app.factory import build_promotions, build_shelf, build_store
from tutor_app.settings import Settings

app = typer.Typer(help="List tutor models, and decide which one speaks.")

_MODEL = Annotated[str, typer.Argument(help='Id of the model; "none" for memory and hints alone.')]
_REASON = Annotated[str, typer.Option(help="Why; kept in the history.")]


@app.command(name="list")
def list_() -> None:
    """List the models, the one that speaks marked with *."""
    settings = Settings.from_environment()
    with build_store(settings) as store:
        speaking = build_promotions(settings, store).speaking()
    print(f"{'*' if speaking == 'none' else ' '} none  (reply memory and hints)")
    for model in build_shelf(settings).models():
        mark = "*" if model.id == speaking else " "
        state = model.problem or f"{model.bytes / 1e6:.0f} MB, sealed"
        print(f"{mark} {model.id}  {state}")


@app.command()
def show(model_id: _MODEL) -> None:
    """Print a model's card and report."""
    model = build_shelf(Settings.from_environment()).find(model_id)
    print(model.problem or f"{model.folder}: as sealed")
    print(model.card)


@app.command()
def promote(model_id: _MODEL, reason: _REASON) -> None:
    """Let a model speak, from the next turn on; the one before is kept."""
    settings = Settings.from_environment()
    with build_store(settings) as store:
        row = build_promotions(settings, store).promote(model_id, COMMAND_LINE, reason)
    print(f"{row.model_id} speaks now, instead of {row.instead_of}.")


@app.command()
def rollback(reason: _REASON) -> None:
    """Let the model speak again that spoke before."""
    settings = Settings.from_environment()
    with build_store(settings) as store:
        row = build_promotions(settings, store).roll_back(COMMAND_LINE, reason)
    print(f"{row.model_id} speaks again, instead of {row.instead_of}.")


@app.command()
def history() -> None:
    """Print every change, newest first."""
    settings = Settings.from_environment()
    with build_store(settings) as store:
        rows = build_promotions(settings, store).history()
    for row in rows or ():
        print(
            f"{row.at:%Y-%m-%d %H:%M} {row.kind} {row.instead_of} -> {row.model_id}: {row.reason}"
        )
    if not rows:
        print("Nothing was promoted yet; the shipped champion speaks.")

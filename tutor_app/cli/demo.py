"""`tutor demo seed|remove`: a class of simulated learners, through the real path."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from tutor_app.errors import NotFoundError
from tutor_app.factory import build_accounts, build_store, build_tutor
from tutor_app.settings import Settings
from tutor_app.tutoring.simulated_learner import simulate_class

app = typer.Typer(help="A class of simulated learners, labelled as simulated and removable.")

NAMES = tuple("ada ben carla dmitri emre fatima george hana ivan june kofi lena".split())


@app.command()
def seed(
    course_id: str = "mechanics",
    learners: Annotated[int, typer.Option(min=1, max=len(NAMES))] = 8,
    days: Annotated[int, typer.Option(min=1, max=30)] = 4,
) -> None:
    """Add simulated learners and let them work; each word goes through the real tutor."""
    settings = Settings.from_environment()
    store = build_store(settings)
    accounts = build_accounts(settings, store)
    ids = []
    for name in NAMES[:learners]:
        try:
            ids.append(store.accounts.named(f"simulated-{name}").id)
        except NotFoundError:
            ids.append(accounts.add_simulated(f"simulated-{name}").id)
    tutor = build_tutor(settings, store)
    first_day = datetime.now(UTC) - timedelta(days=days)
    with typer.progressbar(length=learners * days * 3, label="Simulated class") as bar:
        made = simulate_class(
            tutor, ids, course_id, first_day, days, on_progress=lambda done, total: bar.update(1)
        )
    print(f"{learners} simulated learners, {made} dialogues. Remove them: tutor demo remove")


@app.command()
def remove() -> None:
    """Delete all simulated learners and everything they did."""
    count = build_store(Settings.from_environment()).delete_simulated()
    print(f"{count} simulated learners removed.")

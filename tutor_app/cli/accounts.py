"""`tutor accounts add|list|remove|export-data|delete-data`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tutor_app.access import audit, own_data
from tutor_app.access.accounts import Accounts
from tutor_app.access.roles import Role
from tutor_app.factory import build_store
from tutor_app.settings import Settings

app = typer.Typer(help="Who may sign in, and what is kept about them.", no_args_is_help=True)

_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def add(name: str, role: Annotated[Role, typer.Option()]) -> None:
    """Add an account; the password is asked for and not shown."""
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with build_store(Settings.from_environment()) as store:
        added = Accounts(store).add_account(name, role, password)
    print(f"{added.name} can sign in as {added.role.label}.")


@app.command("list")
def list_accounts() -> None:
    """List the accounts."""
    with build_store(Settings.from_environment()) as store:
        rows = store.accounts.read_all()
    for row in rows:
        marks = [word for word, on in (("demo", row.demo), ("simulated", row.simulated)) if on]
        print(
            "\t".join([row.name, Role(row.role).label, row.created_at.date().isoformat(), *marks])
        )
    print(f"{len(rows)} accounts")


@app.command()
def remove(name: str, yes: _Yes = False) -> None:
    """Remove an account that has nothing recorded."""
    with build_store(Settings.from_environment()) as store:
        account = store.accounts.named(name)
        if not yes:
            typer.confirm(f"Remove {account.name} ({Role(account.role).label})?", abort=True)
        own_data.remove_account(store, account.name, by=audit.COMMAND_LINE)
    print(f"{account.name} is removed.")


@app.command("export-data")
def export_data(name: str, out: Annotated[Path, typer.Option(help="A new .json file.")]) -> None:
    """Write everything kept about one person as JSON."""
    if out.exists():
        raise typer.BadParameter(f"{out} exists. Give another name.")
    with build_store(Settings.from_environment()) as store:
        learner_id = store.accounts.named(name).id
        found = own_data.export_data(store, learner_id, by=audit.COMMAND_LINE)
    # A lone surrogate, which UTF-8 cannot hold, is written as its JSON escape.
    with out.open("x", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(found, file, indent=2, ensure_ascii=False)
    print(f"{out}: {len(found['dialogues'])} dialogues")


@app.command("delete-data")
def delete_data(name: str, yes: _Yes = False) -> None:
    """Delete one person's account and everything they did, for good."""
    with build_store(Settings.from_environment()) as store:
        account = store.accounts.named(name)
        if not yes:
            typer.confirm(f"Delete {account.name} and everything they did, for good?", abort=True)
        own_data.delete_data(store, account.id, by=audit.COMMAND_LINE)
        copies = store.storage_health().copies
    print(f"{account.name} and everything they did is deleted.")
    if copies:
        print("These earlier copies may still hold it; delete them when you no longer need them:")
        print("\n".join(f"  {copy}" for copy in copies))

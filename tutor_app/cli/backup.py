"""`tutor backup` and `tutor restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tutor_app.access import audit
from tutor_app.factory import build_store
from tutor_app.settings import Settings
from tutor_app.storage import backup as backups
from tutor_app.storage.archive import Progress


def backup(
    to: Annotated[
        Path | None, typer.Option(help="A new .zip, or a folder. Default: TUTOR_HOME/backups.")
    ] = None,
) -> None:
    """Save the database and all uploaded files in one zip; the app may run meanwhile."""
    settings = Settings.from_environment()
    with _bar("Backing up") as on_progress:
        written = backups.backup(
            settings.database,
            settings.home,
            to or settings.home / "backups",
            on_progress=on_progress,
        )
    with build_store(settings) as store:
        audit.record(store, audit.COMMAND_LINE, audit.Action.BACKED_UP)
    print(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")
    print("It holds password hashes and what learners wrote: keep it as safe as the app itself.")


def restore(
    path: Annotated[Path, typer.Argument(help="A zip that `tutor backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there; it is kept aside.")
    ] = False,
) -> None:
    """Put back a backup, checked first. Stop the app before."""
    settings = Settings.from_environment()
    with _bar("Restoring") as on_progress:
        aside = backups.restore(
            path, settings.database, settings.home, force=force, on_progress=on_progress
        )
    with build_store(settings) as store:
        audit.record(store, audit.COMMAND_LINE, audit.Action.RESTORED)
    print(f"Restored {path} into {settings.home}.")
    if aside:
        print(f"What was there before is in {aside}.")


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """Draw a bar; moves by the share of bytes done."""
    with typer.progressbar(length=100, label=label) as bar:
        yield lambda done, total: bar.update(100 * done // max(total, 1) - bar.pos)

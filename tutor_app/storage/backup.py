"""Back up TUTOR_HOME into one zip, and bring it back.

The zip holds `tutor.db` (a checked copy, taken while the app may run) and `home/...` (what people
uploaded or made). The search index is left out, because it is rebuilt from the courses, and so
are earlier backups.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import DatabaseError
from tempfile import TemporaryDirectory

from tutor_app.errors import StorageError
from tutor_app.storage.archive import Progress, read_archive, write_archive
from tutor_app.storage.connections import explained, open_database
from tutor_app.storage.copies import copy_database, database_problems
from tutor_app.storage.migrations import refuse_newer

LEFT_OUT = frozenset({"index", "backups"})
_DATABASE = "tutor.db"


def backup(
    store_path: Path, home: Path, target: Path, *, on_progress: Progress = lambda done, total: None
) -> Path:
    """Write a backup and read it back; an interrupted one leaves no file.

    Args:
        store_path: the database; others may go on writing to it.
        home: TUTOR_HOME. Links in it are not followed.
        target: a new .zip file, or a folder in which one with the time in its name is made.
        on_progress: called after every file.

    Returns:
        The zip.

    Raises:
        StorageError: there is no database, it is damaged, the target exists, or the disk is full.
    """
    now = datetime.now(UTC)
    archive = target if target.suffix == ".zip" else target / f"tutor-{now:%Y%m%d-%H%M%S}.zip"
    if not store_path.exists():
        raise StorageError(f"Backup: there is no database at {store_path}. Check TUTOR_HOME.")
    if archive.exists():
        raise StorageError(f"Backup {archive}: the file exists. Give another name.")
    with _files_explained(f"Backup {archive}", "no backup was written, and your data is safe"):
        made = {f"home/{path.relative_to(home).as_posix()}": path for path in _made_files(home)}
        archive.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
            copy, written = Path(folder, _DATABASE), Path(folder, "backup.zip")
            with explained(store_path):
                copy_database(store_path, copy)
            others = {name: path for name, path in made.items() if path != store_path}
            write_archive(written, {_DATABASE: copy, **others}, on_progress)
            read_archive(written)
            written.replace(archive)
    return archive


def restore(
    archive: Path,
    store_path: Path,
    home: Path,
    *,
    force: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> Path | None:
    """Put back what a backup holds, once the whole of it was found sound.

    Args:
        archive: a zip that `backup` wrote.
        store_path: where the database goes.
        home: TUTOR_HOME. The search index in it stays; its next use brings it up to date.
        force: replace what is there; that is moved to a folder in `home`/backups, not deleted.
        on_progress: called after every file.

    Returns:
        The folder that holds what was there before, or None when there was nothing.

    Raises:
        StorageError: the backup is not sound or comes from a newer program, the app is running,
            or there is data and `force` is not set. Nothing was changed.
    """
    present = _present(store_path, home)
    if present and not force:
        raise StorageError(
            f"Restore: {home} holds data already ({', '.join(p.name for p in present[:5])}). "
            "Nothing was changed. Add --force to replace it; what is there now is kept aside."
        )
    backups = home / "backups"
    with _files_explained(f"Restore {archive}", "nothing was changed"):
        backups.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=backups, prefix=".restore-") as folder:
            staged = Path(folder)
            read_archive(archive, staged, on_progress)
            _check_database(archive, staged / _DATABASE)
            _settle(store_path)
            aside = backups / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            moves = [(path, aside / path.name) for path in _present(store_path, home)]
            moves += [(path, home / path.name) for path in sorted(staged.glob("home/*"))]
            _move([*moves, (staged / _DATABASE, store_path)])
    return aside if present else None


def _made_files(home: Path) -> Iterator[Path]:
    """Yield the plain files under home, but for LEFT_OUT and SQLite's companion files."""
    for folder, folders, names in os.walk(home):
        folders.sort()
        if Path(folder) == home:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
        for path in (Path(folder, name) for name in sorted(names)):
            if path.is_file() and not path.is_symlink() and not _is_companion(path):
                yield path


def _is_companion(path: Path) -> bool:
    stem, _, ending = path.name.rpartition("-")
    return ending in ("wal", "shm", "journal") and path.with_name(stem).exists()


def _present(store_path: Path, home: Path) -> list[Path]:
    """List what a restore replaces."""
    found = {path for path in home.glob("*") if path.name not in LEFT_OUT}
    return sorted(found | ({store_path} if store_path.exists() else set()))


def _check_database(archive: Path, path: Path) -> None:
    if not path.exists():
        raise StorageError(f"Backup {archive}: it holds no database. Use another backup.")
    with explained(path), open_database(path) as db:
        refuse_newer(db, archive)
        problems = database_problems(db)
    if problems:
        raise StorageError(
            f"Backup {archive}: its database is damaged: {'; '.join(problems)}. "
            "Nothing was changed. Use another backup."
        )


def _settle(store_path: Path) -> None:
    """Fold the log into the database, which SQLite refuses while anyone else has it open."""
    if not store_path.exists():
        return
    try:
        with explained(store_path), open_database(store_path, timeout_s=0.5) as db:
            db.execute("PRAGMA journal_mode=DELETE")
    except StorageError as error:
        if isinstance(error.__cause__, DatabaseError) and "locked" in str(error.__cause__):
            raise StorageError(
                f"Restore: the app, or another program, has {store_path} open. "
                "Nothing was changed. Stop it, then restore again."
            ) from error
        # A database too damaged to open is what one restores for: it is moved aside as it is.


def _move(moves: list[tuple[Path, Path]]) -> None:
    """Rename all, or none."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            target.rename(source)
        raise


@contextmanager
def _files_explained(where: str, safe: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{where}: {error.strerror or error} ({error.filename or 'disk'}); {safe}. "
            "Check the path and the free space, then try again."
        ) from error

"""What was imported into a course: imports.json in its folder, oldest first."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from tutor_app.domain.base import Strict
from tutor_app.errors import ContentError

LOG_FILE = "imports.json"


class ImportedFile(Strict):
    """One file that an import brought.

    Attributes:
        path: where it lies, relative to the course folder, with forward slashes.
        sha256: its content when it came, in hexadecimal.
        source: the path it was copied from.
    """

    path: str
    sha256: str
    source: str = ""


class ImportRecord(Strict):
    """One import.

    Attributes:
        when: UTC.
        format: "files", or the format of the source that the whole course was made from.
        source: the archive or folder of a whole course; "" for files.
        sha256: the content of that source.
        plan: the course plan of a problem bank that was imported; "" for all of a source.
        files: what was brought; empty for a whole course.
    """

    when: datetime = Field(default_factory=lambda: datetime.now(UTC))
    format: str = "files"
    source: str = ""
    sha256: str = ""
    plan: str = ""
    files: tuple[ImportedFile, ...] = ()


class ImportLog(Strict):
    """All imports of a course."""

    imports: tuple[ImportRecord, ...] = ()


def load_log(folder: Path) -> ImportLog:
    """Return the log of a course folder, empty when nothing was imported.

    Raises:
        ContentError: the file is damaged.
    """
    path = folder / LOG_FILE
    if not path.exists():
        return ImportLog()
    try:
        return ImportLog.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{path}: is no list of imports. Rename the file; earlier imports can then not be "
            "undone, and everything else works."
        ) from error


def save_log(folder: Path, log: ImportLog) -> None:
    """Write the log in one step: a crash leaves the old one or the new one."""
    path = folder / LOG_FILE
    written = path.with_suffix(".tmp")
    written.write_text(log.model_dump_json(indent=1), encoding="utf-8")
    os.replace(written, path)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal; OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_hash(source: Path) -> str:
    """Return a SHA-256 of a file, or of the names and contents of all files below a folder."""
    if source.is_file():
        return file_hash(source)
    digest = hashlib.sha256()
    for path in files_below(source):
        digest.update(f"{path.relative_to(source).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in name order; hidden ones and links are left out."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path

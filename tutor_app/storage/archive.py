"""A zip with a manifest: the size and sha256 of every file in it."""

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pydantic import ValidationError

from tutor_app.domain.base import Strict
from tutor_app.errors import StorageError

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""

_MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class FileEntry(Strict):
    """Size in bytes and sha256 (hex) of one file."""

    size: int
    sha256: str


class Manifest(Strict):
    """What an archive holds; a reader refuses a `format` it does not know."""

    format: Literal[1] = 1
    created_at: datetime
    files: dict[str, FileEntry]


def write_archive(archive: Path, files: Mapping[str, Path], on_progress: Progress) -> None:
    """Write files under the given names, readable by the owner only; replaces `archive`."""
    done, total = 0, sum(path.stat().st_size for path in files.values())
    entries = {}
    archive.touch(mode=0o600)
    with ZipFile(archive, "w", ZIP_DEFLATED) as zipped:
        for name, path in files.items():
            with path.open("rb") as source, zipped.open(_info(name), "w", force_zip64=True) as out:
                entries[name] = _transfer(source, out)
            done += entries[name].size
            on_progress(done, total)
        manifest = Manifest(created_at=datetime.now(UTC), files=entries)
        zipped.writestr(_info(_MANIFEST), manifest.model_dump_json(indent=2))


def read_archive(
    archive: Path, into: Path | None = None, on_progress: Progress = lambda done, total: None
) -> Manifest:
    """Read an archive through and compare every file with the manifest.

    Args:
        archive: the zip.
        into: a folder to unpack into while reading; None only compares.
        on_progress: called after every file.

    Raises:
        StorageError: it is no backup, or a file in it is missing, added, changed or badly named.
        OSError: it cannot be read, or `into` cannot be written.
    """
    try:
        with ZipFile(archive) as zipped:
            names = zipped.namelist()
            if _MANIFEST not in names:
                raise _unsound(archive, "it has no manifest")
            manifest = Manifest.model_validate_json(zipped.read(_MANIFEST))
            if sorted(names) != sorted([*manifest.files, _MANIFEST]):
                raise _unsound(archive, "its files are not those of its manifest")
            done, total = 0, sum(entry.size for entry in manifest.files.values())
            for name, entry in manifest.files.items():
                path = _place(archive, into, name) if into else Path(os.devnull)
                with zipped.open(name) as source, path.open("wb") as out:
                    if _transfer(source, out) != entry:
                        raise _unsound(archive, f"{name} differs from its manifest")
                done += entry.size
                on_progress(done, total)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValidationError) as error:
        raise _unsound(archive, (str(error).splitlines() or ["it is cut off"])[0]) from error
    return manifest


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _transfer(source: IO[bytes], out: IO[bytes]) -> FileEntry:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        digest.update(block)
        size += len(block)
        out.write(block)
    return FileEntry(size=size, sha256=digest.hexdigest())


def _place(archive: Path, into: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or not parts or {"..", "."} & set(parts):
        raise _unsound(archive, f"{name!r} would land outside of the folder")
    path = into.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return path


def _unsound(archive: Path, reason: str) -> StorageError:
    return StorageError(
        f"Backup {archive}: it cannot be used: {reason}. Nothing was changed. Use another backup."
    )

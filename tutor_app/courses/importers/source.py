"""The files of a source, in an archive or in a folder, under the limits on documents."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from tutor_app.courses.import_log import files_below
from tutor_app.documents.limits import FREE_OF_RATIO, MAX_BYTES, MAX_RATIO
from tutor_app.errors import ContentError, DocumentError

# A problem bank has tens of thousands of small files; they are read one at a time.
MAX_ENTRIES = 200_000
MAX_TOTAL_BYTES = 2_000_000_000


class SourceFiles(Protocol):
    """Reads the files of a source by their names: relative paths with forward slashes."""

    names: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """Return a file's content; raises DocumentError when it is broken or too large."""
        ...


@contextmanager
def open_source(source: Path) -> Iterator[SourceFiles]:
    """Open a zip archive or a folder; hidden files are left out.

    Raises:
        ContentError: it is neither.
        DocumentError: the archive is damaged or breaks a limit.
    """
    if source.is_dir():
        yield _Folder(source)
        return
    if not source.is_file():
        raise ContentError(f"{source}: there is no such file or folder. Check the path.")
    if not zipfile.is_zipfile(source):
        raise ContentError(f"{source}: is neither a folder nor a zip archive. Give one of them.")
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DocumentError(
            f"{source}: is a damaged archive ({error}). Download it anew."
        ) from error
    with archive:
        yield _Archive(source, archive)


class _Folder:
    def __init__(self, folder: Path):
        self._top = folder
        self.names = tuple(path.relative_to(folder).as_posix() for path in files_below(folder))

    def read(self, name: str) -> bytes:
        path = self._top / name
        try:
            if path.stat().st_size > MAX_BYTES:
                raise _too_large(str(path), path.stat().st_size)
            return path.read_bytes()
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read ({error.strerror}).") from error


class _Archive:
    def __init__(self, path: Path, archive: zipfile.ZipFile):
        self._path, self._archive = path, archive
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_bombs(path, entries)
        for entry in entries:
            if not _is_inside(entry.filename):
                raise DocumentError(
                    f"{path}: holds {entry.filename!r}, a path that leads out of the archive. "
                    "Do not trust this file."
                )
        names = (entry.filename for entry in entries)
        self.names = tuple(sorted(name for name in names if not _is_hidden(name)))

    def read(self, name: str) -> bytes:
        where = f"{self._path}: {name}"
        try:
            entry = self._archive.getinfo(name)
            if entry.file_size > MAX_BYTES:
                raise _too_large(where, entry.file_size)
            with self._archive.open(entry) as file:
                content = file.read(MAX_BYTES + 1)
        except KeyError:
            raise DocumentError(f"{where}: is not in the archive.") from None
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise DocumentError(f"{where}: is damaged ({error}). Download it anew.") from error
        except (NotImplementedError, RuntimeError) as error:
            # an unknown compression, or a password
            raise DocumentError(f"{where}: cannot be unpacked ({error}). Pack it anew.") from error
        if len(content) > MAX_BYTES:
            raise _too_large(where, len(content))
        return content


def _refuse_bombs(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise DocumentError(
            f"{path}: holds {len(entries):,} files, more than {MAX_ENTRIES:,}. Split the archive."
        )
    if total > MAX_TOTAL_BYTES:
        raise DocumentError(
            f"{path}: unpacks to {total:,} bytes, more than {MAX_TOTAL_BYTES:,}. Split the archive."
        )
    if total > max(FREE_OF_RATIO, MAX_RATIO * packed):
        raise DocumentError(
            f"{path}: unpacks to {total // max(packed, 1):,} times its size, as only an archive "
            "made to fill a disk does. Do not trust this file."
        )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    odd = not path.parts or path.is_absolute() or ".." in path.parts
    return not (odd or "\\" in name or ":" in path.parts[0])


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _too_large(where: str, size: int) -> DocumentError:
    return DocumentError(f"{where}: has {size:,} bytes, more than {MAX_BYTES:,}. Split the file.")

"""Write files whole or not at all, with no cell that a spreadsheet would run as a formula."""

import csv
import html
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tutor_app.errors import StorageError

# What spreadsheets take for the beginning of a formula, the full-width forms of some included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def defused(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe goes before what looks like a formula.

    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def as_typed(text: str) -> str:
    """Return text as it was before `defused`, or before another program that does the same."""
    bare = text.removeprefix("'")
    return bare if defused(bare) == text else text


def as_html(text: str) -> str:
    """Return feedback as the HTML that learning platforms keep, defused."""
    return defused(html.escape(text, quote=False).replace("\n", "<br>"))


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what was written to it takes the place of `path`.

    Where writing fails, `path` is as it was.

    Raises:
        StorageError: the disk is full, or the folder cannot be written to.
    """
    part = path.with_name(f".{path.name[:80]}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror or error}). Nothing there was changed. "
            "Make room or choose another folder, then export again."
        ) from error
    finally:
        _forget(part)


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:  # the folder itself is gone or closed to us
        return


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as UTF-8 CSV; cells are written as they are, so defuse text first.

    Raises:
        StorageError: it cannot be written.
    """
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    write_bytes(path, buffer.getvalue().encode("utf-8", "replace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole.

    Raises:
        StorageError: it cannot be written.
    """
    with written_whole(path) as part:
        part.write_bytes(content)

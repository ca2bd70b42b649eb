"""A folder beside the courses in which imports are prepared; only whole ones are moved out of it.

It is also the lock: one import at a time. What a crash left behind is cleared by the next one.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tutor_app.errors import ContentError

STAGING = ".importing"
_OWNER = "process"


@contextmanager
def staging(courses: Path) -> Iterator[Path]:
    """Give an empty folder on the same disk as the courses; it is deleted afterwards.

    Args:
        courses: TUTOR_HOME/courses; made when missing.

    Raises:
        ContentError: another import is running.
    """
    courses.mkdir(parents=True, exist_ok=True)
    folder = courses / STAGING
    try:
        folder.mkdir()
    except FileExistsError:
        if owner := _living_owner(folder):
            raise ContentError(
                f"{courses}: another import is running (process {owner}). Wait until it is done."
            ) from None
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
    (folder / _OWNER).write_text(str(os.getpid()), encoding="utf-8")
    try:
        inside = folder / "import"
        inside.mkdir()
        yield inside
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _living_owner(folder: Path) -> int:
    """Return the process that made the folder, 0 when it is gone."""
    try:
        owner = int((folder / _OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    return owner if psutil.pid_exists(owner) else 0

"""A folder beside the courses in which imports are prepared; only whole ones are moved out of it.

It is also the lock: one import at a time. What a crash left behind is cleared by the next one.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psutil

from tutor_app.errors import ContentError

STAGING = ".importing"
_OWNER = "process"
_INSIDE = "import"


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
    if owner := _living_owner(folder):
        raise ContentError(
            f"{courses}: another import is running (process {owner}). Wait until it is done."
        )
    shutil.rmtree(folder, ignore_errors=True)
    prepared = Path(mkdtemp(dir=courses, prefix=f"{STAGING}-"))
    try:
        me = psutil.Process()
        (prepared / _OWNER).write_text(f"{me.pid} {me.create_time()}", encoding="utf-8")
        (prepared / _INSIDE).mkdir()
        try:
            # fails when another import made it meanwhile: a full folder is never replaced
            prepared.rename(folder)
        except OSError as error:
            raise ContentError(
                f"{courses}: another import has just begun. Wait until it is done."
            ) from error
        try:
            yield folder / _INSIDE
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        shutil.rmtree(prepared, ignore_errors=True)


def _living_owner(folder: Path) -> int:
    """Return the process that made the folder, 0 when there is none or it is gone."""
    try:
        pid, made_at = (folder / _OWNER).read_text(encoding="utf-8").split()
        process = psutil.Process(int(pid))
        # a process id is used again after a while
        return process.pid if process.create_time() == float(made_at) else 0
    except (OSError, ValueError, psutil.Error):
        return 0

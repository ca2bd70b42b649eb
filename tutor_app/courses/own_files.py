"""Write courses and rubrics under TUTOR_HOME: whole or not at all, and with a way back.

What is shipped is never written to: the first change makes a copy of one's own. Before a file is
changed or taken out, what it held is kept under `earlier/`, so that the change can be undone.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.editing import points_changed
from tutor_app.courses.yaml_files import content_text
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError, StorageError, TutorError

KEPT = 20
"""How many earlier versions of a file are kept."""


class OwnFiles:
    """The courses and rubrics of a school, as files that are read and written.

    Every method that writes raises StorageError where the folder cannot be written to, and
    ContentError where the file is not the one that was opened any more.
    """

    def __init__(self, home: Path, catalogue: Catalogue):
        self.home = home
        self._catalogue = catalogue

    def is_own(self, course_id: str) -> bool:
        """Say whether a course lies in the home already; a shipped one does not."""
        return (self.home / "courses" / course_id / "course.yaml").is_file()

    def item_path(self, course_id: str, item_id: str) -> Path:
        """Return where an item's file lies now, or would."""
        return self._folder(course_id) / "items" / f"{item_id}.yaml"

    def rubric_path(self, rubric_id: str) -> Path:
        """Return where one's own rubric lies, or would."""
        return self.home / "rubrics" / f"{rubric_id}.yaml"

    def read_rubric_path(self, rubric_id: str) -> Path:
        """Return the file that a rubric is read from; one's own where there is none yet."""
        try:
            return self._catalogue.rubric_path(rubric_id)
        except TutorError:
            return self.rubric_path(rubric_id)

    def course_path(self, course_id: str) -> Path:
        """Return where a course's own fields lie now."""
        return self._folder(course_id) / "course.yaml"

    def save_item(
        self, course_id: str, item: Item, opened: str, *, question_too: bool = False
    ) -> Path:
        """Save an item and return its file.

        Args:
            course_id: the course, one's own or a shipped one.
            item: the item; its id names the file.
            opened: the `stamp` of its file when it was opened.
            question_too: the prompt becomes the question of the item's rubric as well.
        """
        self._unchanged(self.item_path(course_id, item.id), opened)
        if question_too and item.answer.kind == "text":
            rubric = self._catalogue.rubric(item.answer.rubric)
            asks = rubric.model_copy(update={"question": item.prompt})
            self.save_rubric(asks, stamp(self.read_rubric_path(rubric.id)))
        return self._write(
            self._own_course(course_id) / "items" / f"{item.id}.yaml", content_text(item)
        )

    def save_course(self, course_id: str, course: Course, opened: str) -> Path:
        """Save a course's own fields."""
        self._unchanged(self.course_path(course_id), opened)
        return self._write(self._own_course(course_id) / "course.yaml", content_text(course))

    def save_rubric(self, rubric: Rubric, opened: str) -> Rubric:
        """Save a rubric and return it; its version is raised where points changed."""
        self._unchanged(self.read_rubric_path(rubric.id), opened)
        if rubric.id in self._catalogue.rubric_ids():
            before = self._catalogue.rubric(rubric.id)
            raised = before.version + points_changed(before, rubric)
            rubric = rubric.model_copy(update={"version": max(raised, rubric.version)})
        self._write(self.rubric_path(rubric.id), content_text(rubric))
        return rubric

    def delete_item(self, course_id: str, item_id: str) -> None:
        """Take an item out; `undo` on its path puts it back."""
        path = self._own_course(course_id) / "items" / f"{item_id}.yaml"
        with self._writing(path):
            self._keep(path)
            path.unlink()

    def deleted_items(self, course_id: str) -> list[str]:
        """Return ids of the items that were taken out and can be put back."""
        kept = self._earlier(self.home / "courses" / course_id / "items")
        gone = []
        for folder in sorted(kept.glob("*.yaml")):
            last = self._last(folder)
            path = self.home / "courses" / course_id / "items" / folder.name
            if last is not None and last.stat().st_size and not path.exists():
                gone.append(folder.stem)
        return gone

    def can_undo(self, path: Path) -> bool:
        """Say whether there is an earlier version of a file in the home."""
        return path.is_relative_to(self.home) and self._last(self._earlier(path)) is not None

    def undo(self, path: Path) -> None:
        """Put the version before the last save back; a file that was new then is taken out."""
        last = self._last(self._earlier(path))
        if last is None:
            raise ContentError(f"{path.name}: there is no earlier version to go back to.")
        with self._writing(path):
            if last.stat().st_size:
                _replace(path, last.read_bytes())
            else:
                path.unlink(missing_ok=True)
            last.unlink()

    def _folder(self, course_id: str) -> Path:
        return self._catalogue.course_folder(course_id)

    def _own_course(self, course_id: str) -> Path:
        """Return the course's folder in the home; a shipped course is copied there first."""
        folder = self.home / "courses" / course_id
        if self.is_own(course_id):
            return folder
        part = self.home / f".{uuid4().hex}.part"
        with self._writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copytree(self._folder(course_id), part, copy_function=shutil.copyfile)
                # what is shipped may be read-only; what is one's own is not
                for inner in (part, *(p for p in part.rglob("*") if p.is_dir())):
                    inner.chmod(0o755)
                part.rename(folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        return folder

    def _write(self, path: Path, text: str) -> Path:
        with self._writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = self._keep(path)
            try:
                _replace(path, text.encode())
            except OSError:
                kept.unlink()
                raise
        return path

    def _unchanged(self, path: Path, opened: str) -> None:
        if stamp(path) != opened:
            raise ContentError(
                f"{path.name}: somebody else changed it since you opened it. Copy what you want to "
                "keep, then discard your changes to see theirs."
            )

    def _keep(self, path: Path) -> Path:
        """Keep what a file holds; an empty file stands for "there was none"."""
        folder = self._earlier(path)
        folder.mkdir(parents=True, exist_ok=True)
        versions = sorted(folder.iterdir())
        number = int(versions[-1].name) + 1 if versions else 1
        kept = folder / f"{number:06}"
        kept.write_bytes(path.read_bytes() if path.is_file() else b"")
        for old in versions[: max(0, len(versions) + 1 - KEPT)]:
            old.unlink()
        return kept

    def _earlier(self, path: Path) -> Path:
        return self.home / "earlier" / path.relative_to(self.home)

    def _last(self, folder: Path) -> Path | None:
        return max(folder.iterdir(), default=None) if folder.is_dir() else None

    @contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"{path}: it cannot be written ({error.strerror}). Nothing was changed. Make room, "
                "or let the program write there, and save again."
            ) from error


def stamp(path: Path) -> str:
    """Return what tells whether a file changed: a hash of its content; "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

"""Load courses and rubrics from their folders; the user's own folder is looked at first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tutor_app.courses.yaml_files import Mistake, MistakesError, read_yaml
from tutor_app.documents.read import supported_suffixes
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import NotFoundError


@dataclass(frozen=True)
class LoadedCourse:
    """A course with its items in file order, and the files that learners can read."""

    course: Course
    items: dict[str, Item]
    folder: Path

    def item(self, item_id: str) -> Item:
        """Return an item; raises NotFoundError with the known ids."""
        if item_id not in self.items:
            raise NotFoundError.for_name("item", item_id, self.items)
        return self.items[item_id]

    @cached_property
    def askable(self) -> dict[str, Item]:
        """The items that a learner can be given."""
        return {item_id: item for item_id, item in self.items.items() if not item.not_askable}

    @property
    def notes(self) -> list[Path]:
        """The note files, in name order."""
        return note_files(self.folder)

    @property
    def documents(self) -> list[Path]:
        """The files that an instructor added, in name order."""
        return document_files(self.folder)

    @property
    def readable_files(self) -> list[Path]:
        """Notes and documents: what is searched and cited."""
        return readable_files(self.folder)


def note_files(folder: Path) -> list[Path]:
    """Return the notes of a course folder, in name order."""
    return sorted((folder / "notes").glob("*.md"))


def document_files(folder: Path) -> list[Path]:
    """Return the added documents of a course folder that can be read, in name order."""
    known = supported_suffixes()
    return sorted(
        path
        for path in (folder / "documents").glob("*")
        if path.suffix.lower() in known and not path.name.startswith(".") and path.is_file()
    )


def readable_files(folder: Path) -> list[Path]:
    """Return notes, then documents, of a course folder; course.yaml need not be sound."""
    return [*note_files(folder), *document_files(folder)]


def load_course(folder: Path) -> LoadedCourse:
    """Load one course folder; raises MistakesError with the mistakes of all files."""
    mistakes: list[Mistake] = []
    course: Course | None = None
    try:
        course = read_yaml(folder / "course.yaml", Course)
    except MistakesError as error:
        mistakes.extend(error.mistakes)
    items: dict[str, Item] = {}
    for path in sorted((folder / "items").glob("*.yaml")):
        try:
            item = read_yaml(path, Item)
        except MistakesError as error:
            mistakes.extend(error.mistakes)
            continue
        if item.id != path.stem:
            mistakes.append(Mistake(path, 1, "id", f"is {item.id!r}, the file is {path.name!r}"))
        items[item.id] = item
    if course is None or mistakes:
        raise MistakesError(sorted(mistakes))
    return LoadedCourse(course, items, folder)


class Catalogue:
    """Courses and rubrics by id, loaded on first use and kept until `reload`."""

    def __init__(self, course_folders: Sequence[Path], rubric_folders: Sequence[Path]):
        self._course_folders = course_folders
        self._rubric_folders = rubric_folders
        self._courses: dict[str, LoadedCourse] = {}
        self._rubrics: dict[str, Rubric] = {}
        self._positions: dict[Path, int] = {}

    def reload(self) -> None:
        """Read every file anew when it is next asked for."""
        self._courses, self._rubrics, self._positions = {}, {}, {}

    def with_rubric(self, rubric: Rubric) -> "Catalogue":
        """Return a catalogue in which one rubric is another than its file says."""
        other = Catalogue(self._course_folders, self._rubric_folders)
        other._courses, other._rubrics = self._courses, {**self._rubrics, rubric.id: rubric}
        return other

    def course_ids(self) -> list[str]:
        """Return the ids of all course folders, broken ones too.

        The user's own come first, then by the position that a course gives itself.
        """
        places: dict[str, tuple[int, int]] = {}
        for rank, folder in enumerate(self._course_folders):
            for path in folder.glob("*/course.yaml"):
                places.setdefault(path.parent.name, (rank, self._position(path)))
        return sorted(places, key=lambda course_id: (*places[course_id], course_id))

    def _position(self, path: Path) -> int:
        if path not in self._positions:
            try:
                self._positions[path] = read_yaml(path, Course).position
            except MistakesError:
                self._positions[path] = 0
        return self._positions[path]

    def course_folder(self, course_id: str) -> Path:
        """Return the folder of a course; raises NotFoundError."""
        known = self.course_ids()
        if course_id in known:
            for folder in self._course_folders:
                if (folder / course_id / "course.yaml").is_file():
                    return folder / course_id
        raise NotFoundError.for_name("course", course_id, known)

    def course(self, course_id: str) -> LoadedCourse:
        """Return a course; raises NotFoundError or MistakesError."""
        if course_id not in self._courses:
            self._courses[course_id] = load_course(self.course_folder(course_id))
        return self._courses[course_id]

    def rubric_ids(self) -> list[str]:
        """Return the ids of all rubric files, broken ones too."""
        return sorted({p.stem for folder in self._rubric_folders for p in folder.glob("*.yaml")})

    def rubric_path(self, rubric_id: str) -> Path:
        """Return the file of a rubric; raises NotFoundError."""
        known = self.rubric_ids()
        if rubric_id in known:
            for folder in self._rubric_folders:
                if (folder / f"{rubric_id}.yaml").is_file():
                    return folder / f"{rubric_id}.yaml"
        raise NotFoundError.for_name("rubric", rubric_id, known)

    def rubric(self, rubric_id: str) -> Rubric:
        """Return a rubric; raises NotFoundError or MistakesError."""
        if rubric_id not in self._rubrics:
            self._rubrics[rubric_id] = read_yaml(self.rubric_path(rubric_id), Rubric)
        return self._rubrics[rubric_id]

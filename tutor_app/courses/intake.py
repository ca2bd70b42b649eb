"""An instructor's own material becomes a course: new, add, undo, import.

Everything is written below TUTOR_HOME/courses; a course that is shipped with the program is copied
there before it is added to. Built by `factory.build_intake`, for the command line and the page.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tutor_app.courses.adding import Cut, OnProgress, gather, stage_files
from tutor_app.courses.catalogue import Catalogue, readable_files
from tutor_app.courses.import_log import (
    ImportRecord,
    file_hash,
    load_log,
    save_log,
    source_hash,
)
from tutor_app.courses.importers.dispatch import (
    importer,
    recognise,
    suggested_id,
    whole_plan_name,
)
from tutor_app.courses.importers.files import files_report, unpack
from tutor_app.courses.importers.report import ImportReport, PartRow
from tutor_app.courses.intake_report import IntakeReport, UndoReport
from tutor_app.courses.new_course import check_id, write_new_course
from tutor_app.courses.staging import staging
from tutor_app.courses.yaml_files import read_yaml
from tutor_app.documents.read import read_document
from tutor_app.domain.course import Course
from tutor_app.domain.passage import Passage
from tutor_app.errors import ContentError, NotFoundError, TutorError

REMOVED = ".removed"

UpdateIndex = Callable[[str, Sequence[Path], Sequence[Passage], Collection[str], OnProgress], None]
"""Called with (course id, all files of the course, the passages of the changed documents, the ids
of the changed documents, on_progress); a changed document without passages was removed."""


def _silent(step: str, done: int, total: int) -> None:
    pass


@dataclass(frozen=True)
class Intake:
    """Brings material into courses.

    Attributes:
        own: TUTOR_HOME/courses, the only folder that is written to.
        shipped: folders with the courses that come with the program.
        cut: cuts documents into passages.
        update_index: makes the search know what changed.
    """

    own: Path
    shipped: Sequence[Path]
    cut: Cut
    update_index: UpdateIndex

    def new_course(self, course_id: str, title: str = "") -> Path:
        """Make a course with one placeholder skill; it passes `tutor course check`.

        Args:
            course_id: small letters, digits and single hyphens.
            title: what learners see; made from the id when left out.

        Returns:
            The folder.

        Raises:
            ContentError: the id is malformed or taken.
        """
        self._refuse_taken(course_id)
        with staging(self.own) as aside:
            folder = aside / course_id
            folder.mkdir()
            write_new_course(folder, title)
            return folder.rename(self.own / course_id)

    def add_documents(
        self, course_id: str, paths: Iterable[Path], on_progress: OnProgress = _silent
    ) -> IntakeReport:
        """Copy files into a course, read them, and make them searchable.

        A file that cannot be read is refused with its reason and never stops the others. Content
        that the course already holds is not added again. Nothing is in the course before all files
        were read; from then on `undo` takes it out.

        Args:
            course_id: the course; a shipped one is copied to TUTOR_HOME first.
            paths: files and folders; folders are searched through, hidden files left out.
            on_progress: see OnProgress.

        Raises:
            NotFoundError: there is no such course.
            ContentError: another import is running.
        """
        found = self._catalogue().course_folder(course_id)
        files = gather(paths)
        folder = self.own / course_id
        with staging(self.own) as aside:
            staged = stage_files(found, course_id, files, aside, self.cut, on_progress)
            copied_to = None
            if staged.files and found != folder:
                shutil.copytree(found, aside / course_id)
                copied_to = (aside / course_id).rename(folder)
            if staged.files:
                # The log comes first: what a crash leaves half moved can then be undone.
                self._note(folder, ImportRecord(files=tuple(entry for _, entry in staged.files)))
                staged.move_into(folder)
        problem = ""
        if staged.files:
            changed = staged.documents
            problem = self._index(course_id, folder, staged.passages, changed, on_progress)
        return IntakeReport(course_id, tuple(staged.rows), copied_to, problem)

    def undo(self, course_id: str, on_progress: OnProgress = _silent) -> UndoReport:
        """Take the last import of a course out again.

        Added files are removed, unless they were changed since. A course that was imported as a
        whole is moved aside, to a hidden folder that the report names.

        Raises:
            NotFoundError: there is no such course among the school's own.
            ContentError: nothing was imported.
        """
        folder = Catalogue([self.own], []).course_folder(course_id)
        log = load_log(folder)
        if not log.imports:
            raise ContentError(f"{course_id}: nothing was imported, so nothing can be undone.")
        last = log.imports[-1]
        if last.format != "files" or not last.files:
            return self._set_aside(course_id, folder, on_progress)
        removed, kept = [], []
        for entry in last.files:
            path = folder / entry.path
            inside = path.resolve().is_relative_to(folder.resolve())
            if not inside or not path.is_file():
                continue
            if file_hash(path) == entry.sha256:
                path.unlink()
                removed.append(entry.path)
            else:
                kept.append(entry.path)
        save_log(folder, log.model_copy(update={"imports": log.imports[:-1]}))
        gone = [Path(name).stem for name in removed]
        problem = self._index(course_id, folder, (), gone, on_progress)
        return UndoReport(course_id, tuple(removed), tuple(kept), index_problem=problem)

    def import_course(
        self,
        source: Path,
        format_name: str = "auto",
        course_id: str = "",
        on_progress: OnProgress = _silent,
        plan: str = "",
    ) -> ImportReport:
        """Make a course of a textbook, a problem bank, or a folder of files.

        Args:
            source: an archive, a folder or a file.
            format_name: "auto" (told from the content), or one of `importers.dispatch.FORMATS`.
            course_id: the id of the new course; taken from the plan or the source when left out.
            on_progress: see OnProgress.
            plan: the course plan of a problem bank; all of the bank when left out.

        Returns:
            What the importer did. Importing the same source again does nothing, and the report has
            one part that says so.

        Raises:
            ContentError: the source is of no known format or broken, or the id is taken.
            DocumentError: a limit on archives is broken.
        """
        on_progress("looking at the source", 0, 1)
        if not source.exists():
            raise ContentError(f"{source}: there is no such file or folder. Check the path.")
        if course_id:
            check_id(course_id)
        chosen = recognise(source) if format_name == "auto" else format_name
        read = importer(chosen, plan)
        plan = whole_plan_name(source, plan)
        course_id = course_id or suggested_id(source, plan)
        check_id(course_id)
        record = ImportRecord(
            format=chosen, source=str(source), sha256=source_hash(source), plan=plan
        )
        if known := self._imported_before(course_id, record):
            return known
        self._refuse_taken(course_id)
        with staging(self.own) as aside:
            folder = aside / course_id
            folder.mkdir()
            if read is None:
                report, passages = self._import_files(source, folder, aside, on_progress)
            else:
                report = read(source, folder, partial(on_progress, f"importing {chosen}"))
                passages = self._cut_all(folder, on_progress)
            title = read_yaml(folder / "course.yaml", Course).title
            self._note(folder, record)
            folder = folder.rename(self.own / course_id)
        changed = {passage.place.document for passage in passages}
        problem = self._index(course_id, folder, passages, changed, on_progress)
        return _with_passages(replace(report, title=report.title or title), passages, problem)

    def _import_files(
        self, source: Path, folder: Path, aside: Path, on_progress: OnProgress
    ) -> tuple[ImportReport, list[Passage]]:
        write_new_course(folder)
        top, refused = unpack(source, aside / "unpacked")
        (aside / "read").mkdir()
        staged = stage_files(
            folder, folder.name, gather([top]), aside / "read", self.cut, on_progress
        )
        rows = [replace(row, name=_below(row.name, aside)) for row in staged.rows] + refused
        if not staged.files:
            reasons = "; ".join(sorted({row.reason for row in rows})) or "no files"
            raise ContentError(f"{source}: holds no file that can be read ({reasons}).")
        staged.move_into(folder)
        return files_report(folder.name, rows), staged.passages

    def _cut_all(self, folder: Path, on_progress: OnProgress) -> list[Passage]:
        files = readable_files(folder)
        passages: list[Passage] = []
        for done, path in enumerate(files):
            on_progress("cutting passages", done, len(files))
            passages.extend(self.cut(read_document(path), folder.name))
        return passages

    def _imported_before(self, course_id: str, record: ImportRecord) -> ImportReport | None:
        folder = self.own / course_id
        if not (folder / "course.yaml").is_file():
            return None
        for known in load_log(folder).imports:
            same = (known.sha256, known.format, known.plan)
            if known.sha256 and same == (record.sha256, record.format, record.plan):
                part = PartRow(
                    Path(record.source).name,
                    "skipped",
                    f"is {course_id!r} already, imported on {known.when:%Y-%m-%d}",
                )
                return ImportReport(record.format, course_id, course_id, parts=(part,))
        return None

    def _set_aside(self, course_id: str, folder: Path, on_progress: OnProgress) -> UndoReport:
        (self.own / REMOVED).mkdir(exist_ok=True)
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        moved_to = folder.rename(self.own / REMOVED / f"{course_id}-{stamp}")
        documents = [path.stem for path in readable_files(moved_to)]
        problem = self._index(course_id, folder, (), documents, on_progress)
        return UndoReport(course_id, moved_to=moved_to, index_problem=problem)

    def _index(
        self,
        course_id: str,
        folder: Path,
        passages: Sequence[Passage],
        changed: Collection[str],
        on_progress: OnProgress,
    ) -> str:
        """Update the search; what goes wrong is told, for the files are in place already."""
        try:
            files = readable_files(folder)
            self.update_index(course_id, files, passages, changed, on_progress)
        except TutorError as error:
            return f"{error} Then run: tutor index {course_id}"
        return ""

    def _note(self, folder: Path, record: ImportRecord) -> None:
        log = load_log(folder)
        save_log(folder, log.model_copy(update={"imports": (*log.imports, record)}))

    def _catalogue(self) -> Catalogue:
        return Catalogue([self.own, *self.shipped], [])

    def _refuse_taken(self, course_id: str) -> None:
        check_id(course_id)
        try:
            folder = self._catalogue().course_folder(course_id)
        except NotFoundError:
            folder = self.own / course_id
            if not folder.exists():
                return
        raise ContentError(f"{course_id}: exists already, in {folder}. Choose another id.")


def _with_passages(report: ImportReport, passages: Sequence[Passage], problem: str) -> ImportReport:
    """Add what the index holds to what the importer counted."""
    placeless = sum(_has_no_place(passage) for passage in passages)
    counts = {**report.counts, "passages": len(passages), "passages_without_a_place": placeless}
    missed = list(report.missed)
    if placeless and report.format != "files":
        missed.append(f"{placeless} of {len(passages)} passages have no place")
    if problem:
        missed.append(problem)
    return replace(report, counts=counts, missed=tuple(missed))


def _below(name: str, aside: Path) -> str:
    """Return the name of an unpacked file as the archive has it."""
    return Path(name).relative_to(aside / "unpacked").as_posix() if str(aside) in name else name


def _has_no_place(passage: Passage) -> bool:
    place = passage.place
    return not place.section and (place.page, place.slide, place.start_s) == (None, None, None)

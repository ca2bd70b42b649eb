"""An instructor's own material becomes a course: new, add, undo, import.

Everything is written below TUTOR_HOME/courses; a course that is shipped with the program is copied
there before it is added to. Built by `factory.build_intake`, for the command line and the page.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor_app.courses.importers.report import ImportReport
from tutor_app.courses.intake_report import IntakeReport, UndoReport
from tutor_app.documents.document import Document
from tutor_app.domain.passage import Passage

OnProgress = Callable[[str, int, int], None]
"""Called with (what is being done, parts done, parts to do)."""

Cut = Callable[[Document, str], list[Passage]]
"""Cuts a document into the passages of a course."""

UpdateIndex = Callable[[str, Sequence[Path], Sequence[Passage], Collection[str], OnProgress], None]
"""Called with (course id, all files of the course, the passages of the changed documents, the ids
of the changed documents, on_progress); a document without passages was removed."""


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
        raise NotImplementedError

    def add_documents(
        self,
        course_id: str,
        paths: Iterable[Path],
        on_progress: OnProgress = lambda step, done, total: None,
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
        raise NotImplementedError

    def undo(
        self, course_id: str, on_progress: OnProgress = lambda step, done, total: None
    ) -> UndoReport:
        """Take the last import of a course out again.

        Added files are removed, unless they were changed since. A course that was imported as a
        whole is moved aside, to a hidden folder that the report names.

        Raises:
            NotFoundError: there is no such course among the school's own.
            ContentError: nothing was imported.
        """
        raise NotImplementedError

    def import_course(
        self,
        source: Path,
        format_name: str = "auto",
        course_id: str = "",
        on_progress: OnProgress = lambda step, done, total: None,
    ) -> ImportReport:
        """Make a course of a textbook, a problem bank, or a folder of files.

        Args:
            source: an archive, a folder or a file.
            format_name: "auto" (told from the content), or one of `importers.dispatch.FORMATS`.
            course_id: the id of the new course; taken from the source when left out.
            on_progress: see OnProgress.

        Returns:
            What the importer did. Importing the same source again does nothing, and the report has
            one part that says so.

        Raises:
            ContentError: the source is of no known format or broken, or the id is taken.
            DocumentError: a limit on archives is broken.
        """
        raise NotImplementedError

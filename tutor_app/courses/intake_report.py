"""What became of each file that an instructor added to a course."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tutor_app.domain.passage import Passage

FileOutcome = Literal["added", "known", "refused"]


@dataclass(frozen=True)
class FileRow:
    """One file.

    Attributes:
        name: the path that was given.
        kind: the suffix without its dot, in lower case: "pdf".
        outcome: added; known (the course holds the same content already); refused.
        document: the id by which passages name the file; "" when it was refused.
        passages: how many passages it was cut into; 0 unless added.
        remarks: what the reader could not do, a sentence each ("page 3 holds no text").
        reason: why it was refused, or which document it is already.
        preview: its first passages.
    """

    name: str
    kind: str
    outcome: FileOutcome
    document: str = ""
    passages: int = 0
    remarks: tuple[str, ...] = ()
    reason: str = ""
    preview: tuple[Passage, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain data, without the preview."""
        return {
            "file": self.name,
            "kind": self.kind,
            "outcome": self.outcome,
            "document": self.document,
            "passages": self.passages,
            "remarks": list(self.remarks),
            "reason": self.reason,
        }


@dataclass(frozen=True)
class IntakeReport:
    """What adding files did.

    Attributes:
        course_id: the course.
        files: one row per file, in the order they were read.
        copied_to: where a course that is shipped with the program was copied to first, so that
            the checkout stays as it is; None when it was the school's own already.
        index_problem: why the new passages cannot be searched yet; "" when they can.
    """

    course_id: str
    files: tuple[FileRow, ...]
    copied_to: Path | None = None
    index_problem: str = ""

    def count(self, outcome: FileOutcome) -> int:
        """Return how many files had this outcome."""
        return sum(row.outcome == outcome for row in self.files)

    @property
    def passages(self) -> int:
        """How many passages came to the course."""
        return sum(row.passages for row in self.files)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "course": self.course_id,
            "files": [row.to_json() for row in self.files],
            "passages": self.passages,
            "copied_to": str(self.copied_to) if self.copied_to else "",
            "index_problem": self.index_problem,
        }


@dataclass(frozen=True)
class UndoReport:
    """What undoing the last import did.

    Attributes:
        course_id: the course.
        removed: files taken out, as paths relative to the course folder; after undoing the import
            of a whole course, empty.
        kept: files that were changed since they were imported and so stayed.
        moved_to: where the folder of a course went whose import was undone; None otherwise.
        index_problem: why the search still finds what was removed; "" when it does not.
    """

    course_id: str
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    moved_to: Path | None = None
    index_problem: str = ""

"""What an importer did: counts, one row per part, and the files it wrote.

An importer is one function in a file of its own in this folder:

    def import_<format>(source: Path, folder: Path, on_progress: OnProgress) -> ImportReport

`source` is a file (an archive) or a folder. `folder` exists, is empty, and its name is the id of
the new course; the importer writes course.yaml, notes/, items/, ... into it and nowhere else. It
becomes a course only after the importer has returned: one that raises leaves nothing behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

OnProgress = Callable[[int, int], None]
"""Called with (parts done, parts to do)."""

Outcome = Literal["imported", "marked", "skipped", "refused"]


@dataclass(frozen=True)
class PartRow:
    """What became of one part of the source: a module, a problem's step, a file.

    Attributes:
        name: how the source names the part.
        outcome: imported; marked (imported, but with a reservation: not askable, a figure is
            missing); skipped (left out on purpose); refused (cannot be read).
        reason: why it is not simply imported; empty for "imported" unless there is a remark.
    """

    name: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        format: "cnxml", "oatutor", ...
        course_id: the course that was made.
        title: the title of the source.
        counts: figures by name, in the order they are shown: {"modules": 100, ...}.
        parts: one row per part, in the order of the source.
        written: what was written, as paths relative to the course folder.
        missed: promises that the import did not keep, a sentence each ("98 of 100 modules were
            imported"); the command shows them and exits 1.
    """

    format: str
    course_id: str
    title: str
    counts: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[PartRow, ...] = ()
    written: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data; parts that are simply imported are only counted."""
        return {
            "format": self.format,
            "course": self.course_id,
            "title": self.title,
            "counts": dict(self.counts),
            "outcomes": self.outcomes(),
            "parts": [
                {"name": part.name, "outcome": part.outcome, "reason": part.reason}
                for part in self.parts
                if part.outcome != "imported" or part.reason
            ],
            "written": len(self.written),
            "missed": list(self.missed),
        }

    def outcomes(self) -> dict[str, int]:
        """Return how many parts had each outcome that occurs."""
        found: dict[str, int] = {}
        for part in self.parts:
            found[part.outcome] = found.get(part.outcome, 0) + 1
        return found

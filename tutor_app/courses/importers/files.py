"""A folder, an archive or a file of mixed documents as the source of a course."""

from collections.abc import Sequence
from pathlib import Path

from tutor_app.courses.importers.report import ImportReport, Outcome, PartRow
from tutor_app.courses.importers.source import open_source
from tutor_app.courses.intake_report import FileOutcome, FileRow
from tutor_app.errors import DocumentError

_OUTCOMES: dict[FileOutcome, Outcome] = {
    "added": "imported",
    "known": "skipped",
    "refused": "refused",
}


def unpack(source: Path, aside: Path) -> tuple[Path, list[FileRow]]:
    """Return a folder or file as it is, and an archive unpacked, under the limits, into `aside`.

    Returns:
        Where the files are, and a row for each that could not be unpacked.

    Raises:
        DocumentError: the archive is damaged or breaks a limit.
    """
    if source.is_dir() or source.suffix.lower() != ".zip":
        return source, []
    refused = []
    with open_source(source) as files:
        for name in files.names:
            target = aside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(files.read(name))
            except DocumentError as error:
                kind = target.suffix.lower().removeprefix(".")
                refused.append(FileRow(name, kind, "refused", reason=str(error)))
    aside.mkdir(exist_ok=True)
    return aside, refused


def files_report(course_id: str, rows: Sequence[FileRow]) -> ImportReport:
    """Tell what became of each file."""
    parts = tuple(
        PartRow(row.name, _OUTCOMES[row.outcome], row.reason or " ".join(row.remarks))
        for row in rows
    )
    added = [row for row in rows if row.outcome == "added"]
    return ImportReport(
        format="files",
        course_id=course_id,
        title="",
        counts={"files": len(rows), "added": len(added)},
        parts=parts,
        written=tuple(f"documents/{row.document}" for row in added),
    )

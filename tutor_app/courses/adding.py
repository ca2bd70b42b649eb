"""Files on their way into a course: gathered, copied aside, read, and only then moved in."""

import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor_app.courses.catalogue import readable_files
from tutor_app.courses.import_log import ImportedFile, file_hash, files_below
from tutor_app.courses.intake_report import FileOutcome, FileRow
from tutor_app.courses.new_course import unused
from tutor_app.documents.document import Document
from tutor_app.documents.limits import MAX_BYTES, MAX_PDF_BYTES
from tutor_app.documents.read import read_document, supported_suffixes
from tutor_app.domain.passage import Passage
from tutor_app.errors import ContentError, DocumentError

MAX_FILES = 2_000
_PREVIEW = 3
_LONGEST_STEM = 100

Cut = Callable[[Document, str], list[Passage]]
"""Cuts a document into the passages of a course."""

OnProgress = Callable[[str, int, int], None]
"""Called with (what is being done, parts done, parts to do)."""


@dataclass
class Staged:
    """What was read and waits beside the course."""

    rows: list[FileRow]
    files: list[tuple[Path, ImportedFile]]
    passages: list[Passage]

    @property
    def documents(self) -> list[str]:
        """The ids of the new documents."""
        return [path.stem for path, _ in self.files]

    def move_into(self, folder: Path) -> None:
        """Move the files to their places in the course folder."""
        for path, entry in self.files:
            target = folder / entry.path
            target.parent.mkdir(exist_ok=True)
            os.replace(path, target)


def gather(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are meant: each file named, and those below each folder named.

    Raises:
        ContentError: there are more than MAX_FILES.
    """
    found: list[Path] = []
    for path in paths:
        for file in files_below(path) if path.is_dir() else [path]:
            found.append(file)
            if len(found) > MAX_FILES:
                raise ContentError(
                    f"{path}: holds more than {MAX_FILES:,} files. Add its folders one by one."
                )
    return list(dict.fromkeys(found))


def stage_files(
    course_folder: Path,
    course_id: str,
    paths: Sequence[Path],
    aside: Path,
    cut: Cut,
    on_progress: OnProgress,
) -> Staged:
    """Copy files aside and read them; a file that cannot be read only gets a row that says so.

    Args:
        course_folder: the course they are meant for; it is only looked at.
        course_id: its id.
        paths: files.
        aside: an empty folder on the same disk.
        cut: cuts documents into passages.
        on_progress: see OnProgress.
    """
    present = {file_hash(path): path.stem for path in readable_files(course_folder)}
    taken = {path.stem for path in readable_files(course_folder)}
    staged = Staged([], [], [])
    for done, path in enumerate(paths):
        on_progress(f"reading {path.name}", done, len(paths))
        try:
            digest = _copied(path, aside / "copy")
            if digest in present:
                staged.rows.append(_row(path, "known", present[digest], f"is {present[digest]!r}"))
                continue
            stem = unused(_stem(path), taken)
            copy = aside / (stem + path.suffix)
            os.replace(aside / "copy", copy)
            document, passages = _read(copy, course_id, cut)
        except DocumentError as error:
            staged.rows.append(_row(path, "refused", "", str(error)))
            continue
        present[digest] = stem
        taken.add(stem)
        entry = ImportedFile(path=f"documents/{copy.name}", sha256=digest, source=str(path))
        staged.files.append((copy, entry))
        staged.passages.extend(passages)
        staged.rows.append(
            FileRow(
                name=str(path),
                kind=_kind(path),
                outcome="added",
                document=stem,
                passages=len(passages),
                remarks=document.remarks,
                preview=tuple(passages[:_PREVIEW]),
            )
        )
    on_progress("reading files", len(paths), len(paths))
    return staged


def _copied(path: Path, target: Path) -> str:
    """Copy a file that looks readable and return the hash of the copy."""
    if not path.is_file():
        raise DocumentError("there is no such file. Check the path.")
    if path.suffix.lower() not in supported_suffixes():
        known = ", ".join(supported_suffixes())
        kind = f"{path.suffix!r} files" if path.suffix else "files without a suffix"
        raise DocumentError(f"cannot read {kind}. Use one of: {known}.")
    try:
        size = path.stat().st_size
        # No need to copy what the reader will refuse; what the file really is, it tells later.
        limit = max(MAX_BYTES, MAX_PDF_BYTES)
        if size > limit:
            raise DocumentError(f"has {size:,} bytes, more than {limit:,}. Split the file.")
        shutil.copyfile(path, target)
        return file_hash(target)
    except OSError as error:
        raise DocumentError(
            f"cannot be copied ({error.strerror}). Check its rights and the disk."
        ) from error


def _read(copy: Path, course_id: str, cut: Cut) -> tuple[Document, list[Passage]]:
    """Read the copy; its reasons need not name the folder in which it waits."""
    try:
        document = read_document(copy)
        passages = cut(document, course_id)
    except DocumentError as error:
        raise DocumentError(str(error).replace(f"{copy}: ", "").replace(str(copy), "it")) from error
    if not passages:
        said = " ".join(document.remarks)
        raise DocumentError(said or "holds no text. Add a file with text in it.")
    return document, passages


def _stem(path: Path) -> str:
    """Return the stem by which passages name the file: "#" parts document and heading there."""
    name = unicodedata.normalize("NFC", path.stem)
    kept = "".join("-" if c in '#/\\:*?"<>|' or not c.isprintable() else c for c in name)
    return kept[:_LONGEST_STEM].strip(" .") or "document"


def _kind(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _row(path: Path, outcome: FileOutcome, document: str, reason: str) -> FileRow:
    return FileRow(str(path), _kind(path), outcome, document, reason=reason)

"""Read a zip or a folder of files that students handed in; nothing is unpacked under its name."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from tutor_app.documents.archive import check_member
from tutor_app.domain.submission import Submission
from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.files import Piece, largest, read_piece, stored_suffix
from tutor_app.exchange.submissions.naming import Naming, Owner, is_junk, told_name
from tutor_app.exchange.submissions.report import Choices, Report
from tutor_app.exchange.submissions.rows import check_answer, note

MAX_FILES = 100_000
MAX_BATCH_BYTES = 20_000_000_000
_PIECE = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError,
    LookupError, RuntimeError,
)  # fmt: skip


class Entry(NamedTuple):
    """One file of a batch; `problem` tells why it must not be opened."""

    name: str
    open: Callable[[], IO[bytes]]
    problem: str = ""


def is_archive(path: Path) -> bool:
    """Tell a zip of files from a workbook, which is a zip too."""
    if path.suffix.lower() in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except _DAMAGED:  # told when it is opened
        return True


def entries_of(path: Path, report: Report, stack: ExitStack) -> list[Entry]:
    """Return the files in a zip or folder, without junk, in the order of their names.

    Raises:
        DocumentError: the zip is damaged, or too large.
    """
    if path.is_dir():
        files = [one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink()]
        entries = [Entry(one.relative_to(path).as_posix(), partial(_open, one)) for one in files]
    else:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except _DAMAGED as error:
            raise DocumentError(
                f"{path}: is damaged or cut off ({error}). Download it again."
            ) from error
        entries = _members(path, archive)
    junk = [one for one in entries if is_junk(one.name)]
    if junk:
        report.add(
            path.name, "", "skipped", f"Left behind by a system: {len(junk)} x {junk[0].name!r}."
        )
    kept = [one for one in entries if not is_junk(one.name)]
    if len(kept) > MAX_FILES:
        raise DocumentError(
            f"{path}: holds {len(kept):,} files, more than {MAX_FILES:,}. Split the batch."
        )
    return sorted(kept, key=lambda one: _natural(one.name))


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _members(path: Path, archive: zipfile.ZipFile) -> list[Entry]:
    entries = []
    members = [one for one in archive.infolist() if not one.is_dir()]
    total = sum(one.file_size for one in members)
    if total > MAX_BATCH_BYTES:
        raise DocumentError(
            f"{path}: expands to {total:,} bytes, more than {MAX_BATCH_BYTES:,}. Split the batch."
        )
    for member in members:
        name, problem = told_name(member.filename, member.flag_bits), ""
        try:
            check_member(path, member)
        except DocumentError as error:
            problem = str(error).removeprefix(f"{path}: ")
            name = "/".join(p for p in PurePosixPath(name).parts if p not in ("/", "..", "."))
        entries.append(Entry(name, partial(archive.open, member), problem and f"{name}: {problem}"))
    return entries


def read_files(
    entries: list[Entry], naming: Naming, choices: Choices, source: str, report: Report
) -> Iterator[Submission]:
    """Yield one submission per student, the files of each joined."""
    owned: dict[tuple[str, str], list[tuple[Owner, Entry]]] = {}
    for entry in entries:
        owner = naming.owner(entry.name)
        if owner is None:
            report.add(
                entry.name, "", "skipped", "The file's name does not tell whose it is. Rename it."
            )
        elif not owner.about:
            for each in (owner, *owner.partners):
                owned.setdefault((each.learner, each.attempt), []).append((each, entry))
    for where, learner, said in naming.missing:
        report.add(where, learner, "missing", said)
    with TemporaryDirectory() as folder:
        for (learner, _), files in owned.items():
            pieces = [
                piece for owner, entry in files for piece in _pieces(owner, entry, Path(folder))
            ]
            one = _joined(learner, files, pieces, choices)
            one = one.model_copy(update={"source": f"{source}, {files[0][1].name}"})
            joined = len(pieces) > 1
            note(report, files[0][1].name, one.model_copy(update={"remarks": one.remarks[joined:]}))
            if joined:
                report.add(files[0][1].name, learner, "joined", one.remarks[0])
            yield one


def _joined(
    learner: str, files: list[tuple[Owner, Entry]], pieces: list[Piece], choices: Choices
) -> Submission:
    owner = files[0][0]
    remarks = [one for piece in pieces for one in piece.remarks]
    remarks += dict.fromkeys(one.remark for one, _ in files if one.remark)
    problems = [piece.problem for piece in pieces if piece.problem]
    problems += [one.problem for one, _ in files if one.problem]
    written = sum(bool(piece.text) for piece in pieces)
    texts = list(dict.fromkeys(piece.text for piece in pieces if piece.text))
    named = ", ".join(piece.name for piece in pieces[:10])
    if len(pieces) > 1:
        same = " The same text came more than once." if len(texts) < written else ""
        remarks.insert(0, f"{len(pieces)} files, in the order of their names: {named}.{same}")
        if choices.files == "ask" and len(texts) > 1:
            problems.append(f"{len(pieces)} files ({named}): say which one counts.")
        elif problems:
            problems[0] = f"One of {len(pieces)} files: {problems[0]}"
    text = "\n\n".join(texts)
    return Submission(
        id=learner,
        learner=learner,
        name=owner.name,
        text=text,
        details={k: v for one, _ in files for k, v in one.details.items()},
        remarks=tuple(remarks),
        hidden=tuple(one for piece in pieces for one in piece.hidden),
        problem=" ".join(problems) or check_answer(text),
    )


def _pieces(owner: Owner, entry: Entry, folder: Path, depth: int = 0) -> Iterator[Piece]:
    """Read a file, or the files in a zip that a student handed in, one level deep."""
    if entry.problem:
        yield Piece(owner.file, problem=entry.problem)
        return
    if owner.piece is not None:
        # an empty box on the platform is no file that was handed in
        if owner.piece.text:
            yield owner.piece
        return
    copy = folder / f"copy{stored_suffix(owner.file)}"
    try:
        copy_entry(entry, copy, largest(owner.file))
        if not owner.file.lower().endswith(".zip"):
            yield read_piece(owner.file, copy)
            return
        if depth:
            yield Piece(owner.file, problem=f"{owner.file}: is a zip in a zip. Unpack it yourself.")
            return
        content = copy.read_bytes()
    except DocumentError as error:
        yield Piece(owner.file, problem=str(error))
        return
    finally:
        copy.unlink(missing_ok=True)
    yield from _inner(owner, content, folder)


def _inner(owner: Owner, content: bytes, folder: Path) -> Iterator[Piece]:
    where = Path(owner.file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inner = [one for one in _members(where, archive) if not is_junk(one.name)]
            if not inner or len(inner) > 200:
                raise DocumentError(f"{where}: holds {len(inner)} files. Look at it yourself.")
            for one in sorted(inner, key=lambda one: _natural(one.name)):
                inside = owner._replace(file=f"{owner.file}/{one.name}")
                yield from _pieces(inside, one, folder, 1)
    except zipfile.BadZipFile as error:
        yield Piece(owner.file, problem=f"{where}: is no zip, or is damaged ({error}).")
    except DocumentError as error:
        yield Piece(owner.file, problem=str(error))


def copy_entry(entry: Entry, target: Path, limit: int) -> None:
    """Copy a file of a batch to a path of ours.

    Raises:
        DocumentError: it is damaged, or has more bytes than the limit.
    """
    size = 0
    try:
        with entry.open() as stream, target.open("wb") as file:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise DocumentError(
                        f"{entry.name}: has more than {limit:,} bytes. Ask for a smaller file."
                    )
                file.write(piece)
    except _DAMAGED as error:
        raise DocumentError(
            f"{entry.name}: cannot be read ({error}). Download the batch again."
        ) from error


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sort page2 before page10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]

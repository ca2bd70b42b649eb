"""Tell from the names of files whose they are: Moodle's and Canvas's zips, or a class folder."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import NamedTuple

from tutor_app.exchange.submissions.files import Piece

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL
)
_CANVAS = re.compile(
    r"(?:(?P<name>[^_]+)_)??(?:(?P<late>LATE)_)?(?:(?P<id>\d+)|anon_(?P<anon>[A-Za-z0-9]+))_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<entry>text|link)\.html)",
    re.DOTALL,
)
_JUNK_FOLDERS = frozenset(("__MACOSX", ".git", ".ipynb_checkpoints", "__pycache__"))
_JUNK_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
_UTF8_FLAG = 0x800


class Owner(NamedTuple):
    """Whose a file is.

    Attributes:
        details: what an export needs back, by heading.
        file: its name, for people.
        attempt: which of several of one student it belongs to; two are two answers, not one.
        piece: what it says, where that is known without reading it as a document.
        partners: others who handed in the same file.
        about: it tells about the batch and is no student's.
    """

    learner: str
    name: str
    details: dict[str, str]
    file: str
    remark: str = ""
    problem: str = ""
    attempt: str = ""
    piece: Piece | None = None
    partners: "tuple[Owner, ...]" = ()
    about: bool = False


class Naming(NamedTuple):
    """What a batch was recognised as by the names of its files, and whose each file is.

    `missing` are submissions that it names and does not hold: where, learner, what to say.
    """

    kind: str
    reason: str
    owner: Callable[[str], Owner | None]
    missing: tuple[tuple[str, str, str], ...] = ()


def is_junk(name: str) -> bool:
    """Tell what systems leave behind in zips, and the lock files of open Office documents."""
    parts = PurePosixPath(name).parts
    return (
        not parts
        or any(part in _JUNK_FOLDERS for part in parts)
        or parts[-1].lower() in _JUNK_FILES
        or parts[-1].startswith(("._", "~$", ".~lock."))
    )


def told_name(name: str, flags: int) -> str:
    """Return a member's name as it was meant: macOS writes UTF-8 without saying so."""
    if not flags & _UTF8_FLAG:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def recognise_names(names: Sequence[str]) -> Naming:
    """Find out how the files of a batch are named.

    Args:
        names: paths inside the batch, without junk, with "/" between folders.
    """
    moodle = [name for name in names if _moodle(name)]
    if 2 * len(moodle) > len(names):
        return Naming(
            "Moodle assignment submissions", f"Its files are named like {moodle[0]!r}.", _moodle
        )
    canvas = [name for name in names if _canvas(name)]
    if 2 * len(canvas) > len(names):
        return Naming(
            "Canvas submissions",
            f"Its files are named like {canvas[0]!r}: name, number of the student, number of the "
            "upload.",
            _canvas,
        )
    return _class_folder(names)


def _moodle(path: str) -> Owner | None:
    for part in PurePosixPath(path).parts:
        if found := _MOODLE.fullmatch(part):
            return Owner(
                found["id"],
                found["name"].replace("_", " ").strip(),
                {"Identifier": found["id"]},
                found["file"] or PurePosixPath(path).name,
            )
    return None


def _canvas(path: str) -> Owner | None:
    found = _CANVAS.fullmatch(PurePosixPath(path).name)
    if not found:
        return None
    learner = found["id"] or f"anon_{found['anon']}"
    details = {"Canvas ID": learner} | ({"Late": "yes"} if found["late"] else {})
    problem = ""
    if found["entry"] == "link":
        problem = "The student handed in a link. Open it and grade what is there."
    return Owner(
        learner,
        found["name"] or "",
        details,
        found["file"] or f"{found['entry']}.html",
        "Handed in late, says the file's name." if found["late"] else "",
        problem,
    )


def _class_folder(names: Sequence[str]) -> Naming:
    """A folder per student, or a file per student; one folder around all of them is no student."""
    around = 0
    while names and len({PurePosixPath(name).parts[: around + 1] for name in names}) == 1:
        if any(len(PurePosixPath(name).parts) <= around + 1 for name in names):
            break
        around += 1
    if around and all(len(PurePosixPath(name).parts) == around + 1 for name in names):
        reason = "One folder holds all files; each file is one student's."
    elif any(len(PurePosixPath(name).parts) > around + 1 for name in names):
        reason = "Each folder is one student's; so is each file outside of them."
    else:
        reason = "Each file is one student's."

    def owner(path: str) -> Owner | None:
        parts = PurePosixPath(path).parts[around:]
        if len(parts) > 1:
            return Owner(parts[0].strip(), parts[0].strip(), {}, "/".join(parts[1:]))
        stem = PurePosixPath(parts[0]).stem.strip() or parts[0]
        return Owner(stem, stem, {}, parts[0])

    return Naming("files of students", reason, owner)

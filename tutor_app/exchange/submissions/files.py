"""Read one file that a student handed in."""

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tutor_app.documents.document import HIDDEN_REMARK
from tutor_app.documents.limits import MAX_BYTES, MAX_PDF_BYTES
from tutor_app.documents.read import read_document, supported_suffixes
from tutor_app.documents.unseen_markdown import take_unseen_from_markdown
from tutor_app.errors import DocumentError

# Programs and the like: plain text under another name.
_PLAIN = frozenset(
    ".py .java .c .cpp .cc .h .hpp .cs .js .ts .r .m .sql .tex .rb .go .rs .kt .php .sh .hs .jl "
    ".log .text".split()
)
_LIGHT = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm", *_PLAIN))
_PICTURE = re.compile(
    r"<(?:img|svg|picture|video|audio|canvas|object|iframe|embed)\b", re.IGNORECASE
)
_TAG = re.compile(rb"<[^>]*>|&nbsp;|&#160;|\xc2\xa0")


class Piece(NamedTuple):
    """What one file says; `problem` tells why it could not be read."""

    name: str
    text: str = ""
    hidden: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str = ""


def only_pictures(markup: str) -> str:
    """Return why HTML without any text is no empty answer; "" where it is one."""
    if not _PICTURE.search(markup):
        return ""
    return "It holds a picture or the like and no text. Look at it where it was handed in."


def largest(name: str) -> int:
    """Return how many bytes a file of this name may have."""
    return MAX_PDF_BYTES if name.lower().endswith(".pdf") else MAX_BYTES


def stored_suffix(name: str) -> str:
    """Return the suffix under which a copy of a file can be read: that of text for programs."""
    suffix = PurePosixPath(name).suffix.lower()
    return ".txt" if suffix in _PLAIN else suffix


def read_piece(name: str, copy: Path) -> Piece:
    """Read a copy of a file that is kept under a name of ours.

    Args:
        name: the file's own name, for people.
        copy: where it lies now, with `stored_suffix(name)`.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if stored_suffix(name) not in supported_suffixes():
        what = f"{suffix!r} files cannot" if suffix else "a file without a suffix cannot"
        return Piece(
            name,
            problem=f"{name}: {what} be read. Look at it yourself, or ask for Word, PDF, text, "
            "HTML, a notebook or a program.",
        )
    try:
        if suffix in _LIGHT and copy.stat().st_size <= MAX_BYTES:
            content = copy.read_bytes()
            if not (_TAG.sub(b"", content) if suffix in (".html", ".htm") else content).strip():
                picture = only_pictures(content.decode("latin-1"))
                return Piece(name, problem=picture and f"{name}: {picture}")
        document = read_document(copy)
    except DocumentError as error:
        return Piece(name, problem=str(error).replace(str(copy), name))
    # What is hidden has its own row in the report.
    remarks = tuple(one for one in document.remarks if not one.startswith(HIDDEN_REMARK))
    if suffix not in (".md", ".markdown"):
        return Piece(name, document.text.strip(), document.hidden, remarks)
    # a course keeps its notes as they stand; of an answer only what is shown counts
    text, hidden, comments = take_unseen_from_markdown(document.text)
    if comments:
        remarks = (*remarks, "Its comments (<!-- ... -->) are not shown to readers: left out.")
    return Piece(name, text.strip(), (*document.hidden, *hidden), remarks)

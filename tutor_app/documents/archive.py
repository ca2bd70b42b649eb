"""Open the zip that a docx, pptx, xlsx or epub is, after looking for traps in it.

Every member is expanded once, in small pieces that are counted and thrown away, before a parser
sees the file. Nothing is ever written to disk.
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from tutor_app.documents.limits import (
    FREE_OF_RATIO,
    MAX_EXPANDED,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_XML,
)
from tutor_app.errors import DocumentError

_ENCRYPTED = 0x1
_PIECE = 1 << 16
# Read row by row, never as a whole tree.
_STREAMED = ("xl/worksheets/", "xl/sharedStrings.xml")


def open_archive(path: Path, content: bytes) -> zipfile.ZipFile:
    """Return the zip in `content`, opened for reading and safe to hand to a parser.

    Args:
        path: the file, for messages.
        content: all its bytes.

    Raises:
        DocumentError: it is damaged, encrypted, too large when expanded, names members outside of
            itself, or declares XML entities.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise DocumentError(
                f"{path}: holds {len(members):,} parts, more than {MAX_MEMBERS:,}. Split the file."
            )
        for member in members:
            check_member(path, member)
        _check_total(path, sum(member.file_size for member in members))
        total = 0
        for member in members:
            with archive.open(member) as stream:
                total += _expand(path, member.filename, stream, MAX_EXPANDED - total)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise DocumentError(
            f"{path}: is damaged or cut off ({error}). Get the file again, or open it and save it "
            "anew."
        ) from error
    except (ValueError, LookupError, RuntimeError) as error:
        raise DocumentError(
            f"{path}: is a damaged zip ({error}). Get the file again, or open it and save it anew."
        ) from error
    return archive


def check_member(path: Path, member: zipfile.ZipInfo) -> None:
    """Check what an archive says of one of its members, before the member is expanded.

    Raises:
        DocumentError: it lies outside of the archive, is encrypted, compressed in an unusual way,
            or grows as zip bombs do.
    """
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "" or ":" in parts[0] or ".." in parts:
        raise DocumentError(
            f"{path}: names a part outside of itself ({name[:80]!r}). Such a file is made to do "
            "harm; do not use it."
        )
    if member.flag_bits & _ENCRYPTED:
        raise DocumentError(
            f"{path}: its part {name[:80]!r} is encrypted. Save the file without a password."
        )
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentError(
            f"{path}: its part {name[:80]!r} is compressed in an unusual way (method "
            f"{member.compress_type}). Open the file and save it anew."
        )
    if member.file_size > max(FREE_OF_RATIO, MAX_RATIO * member.compress_size):
        raise DocumentError(
            f"{path}: its part {name[:80]!r} grows from {member.compress_size:,} to "
            f"{member.file_size:,} bytes, more than {MAX_RATIO}-fold, as zip bombs do. "
            "Do not use this file, or save its content anew."
        )


def _expand(path: Path, name: str, stream: IO[bytes], left: int) -> int:
    """Expand one member and return its real size; look for entities where XML begins."""
    size = 0
    prolog = _Prolog()
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > left:
            _check_total(path, MAX_EXPANDED + size - left)
        prolog.feed(piece)
        if prolog.has_entities:
            raise DocumentError(
                f"{path}: its part {name[:80]!r} declares XML entities, as entity bombs do. "
                "Do not use this file, or save its content anew."
            )
        if prolog.is_xml and size > MAX_XML and not name.startswith(_STREAMED):
            raise DocumentError(
                f"{path}: its part {name[:80]!r} has more than {MAX_XML:,} bytes. Split the file."
            )
    return size


def _check_total(path: Path, size: int) -> None:
    if size > MAX_EXPANDED:
        raise DocumentError(
            f"{path}: expands to {size:,} bytes or more, over {MAX_EXPANDED:,}. Split the file, or "
            "make its pictures smaller."
        )


class _Prolog:
    """Reads a file up to its first XML element: entities can only be declared before it."""

    def __init__(self) -> None:
        self.is_xml = False
        self.has_entities = False
        self._open = True
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.EntityDeclHandler = self._entity

    def feed(self, piece: bytes) -> None:
        """Read on; what is no XML is read no further, its parser will complain."""
        if self._open:
            try:
                self._parser.Parse(piece, False)
            except (_EnoughError, expat.ExpatError, ValueError, LookupError):
                self._open = False

    def _element(self, *_: object) -> None:
        self.is_xml = True
        raise _EnoughError

    def _entity(self, *_: object) -> None:
        self.has_entities = True
        raise _EnoughError


class _EnoughError(Exception):
    """Enough has been read."""

"""Read a document of any supported kind; the suffix of the file chooses the reader."""

from collections.abc import Callable
from pathlib import Path

from tutor_app.documents.document import Document
from tutor_app.documents.limits import MAX_BYTES, MAX_CHARACTERS
from tutor_app.documents.markdown import read_markdown
from tutor_app.documents.plain_text import read_plain_text
from tutor_app.errors import DocumentError


def read_document(path: Path) -> Document:
    """Read one file into blocks with places.

    Args:
        path: a file ending in .md, .markdown or .txt.

    Raises:
        DocumentError: the file is missing, too large, not text, or of an unknown kind.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(supported_suffixes())
        raise DocumentError(f"{path}: cannot read {path.suffix!r} files. Use one of: {known}.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError(
                f"{path}: has {size:,} bytes, more than {MAX_BYTES:,}. Split the file."
            )
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(f"{path}: cannot be opened ({reason}). Check the path.") from error
    return reader(path, content)


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes that `read_document` reads, sorted, in lower case, with their dot."""
    return tuple(sorted(_READERS))


def _markdown(path: Path, content: bytes) -> Document:
    return read_markdown(path.stem, _decode(path, content))


def _plain_text(path: Path, content: bytes) -> Document:
    return read_plain_text(path.stem, _decode(path, content))


def _decode(path: Path, content: bytes) -> str:
    """Return the text with newlines as its only line ends: places mean the same everywhere."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from error
    if "\0" in text:
        raise DocumentError(f"{path}: holds a zero byte, so it is not text. Save it as UTF-8 text.")
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{path}: has {len(text):,} characters, more than {MAX_CHARACTERS:,}. Split the file."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: dict[str, Callable[[Path, bytes], Document]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain_text,
}

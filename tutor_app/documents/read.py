"""Read a document of any supported kind: its bytes say what it is, its suffix what it should be."""

from collections.abc import Callable
from pathlib import Path

from tutor_app.documents.captions import read_captions
from tutor_app.documents.csv_table import read_csv
from tutor_app.documents.decoding import decode
from tutor_app.documents.document import Document
from tutor_app.documents.html import read_html
from tutor_app.documents.kinds import binary_kind, without_macros, zip_kind
from tutor_app.documents.limits import MAX_BYTES, MAX_PDF_BYTES
from tutor_app.documents.markdown import read_markdown
from tutor_app.documents.notebook import read_notebook
from tutor_app.documents.pdf import read_pdf
from tutor_app.documents.plain_text import read_plain_text
from tutor_app.errors import DocumentError

_HEAD = 1_024


def read_document(path: Path) -> Document:
    """Read one file into blocks with places.

    A file with the wrong suffix for its bytes is read as what it is, with a remark.

    Args:
        path: a file with one of `supported_suffixes()`.

    Raises:
        DocumentError: the file is missing, empty, too large, damaged, locked, unsafe, without
            text, or of an unknown kind.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS and suffix != ".pdf":
        known = ", ".join(supported_suffixes())
        raise DocumentError(f"{path}: cannot read {path.suffix!r} files. Use one of: {known}.")
    try:
        return _read(path, suffix)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(f"{path}: cannot be opened ({reason}). Check the path.") from error


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes that `read_document` reads, sorted, in lower case, with their dot."""
    return tuple(sorted([*_READERS, ".pdf"]))


def _read(path: Path, suffix: str) -> Document:
    size = path.stat().st_size
    with path.open("rb") as file:
        kind = binary_kind(path, file.read(_HEAD))
        limit = MAX_PDF_BYTES if kind == ".pdf" else MAX_BYTES
        if size > limit:
            raise DocumentError(f"{path}: has {size:,} bytes, more than {limit:,}. Split the file.")
        if not size:
            raise DocumentError(f"{path}: is empty. Bring the file with its content.")
        file.seek(0)
        content = b"" if kind == ".pdf" else file.read()
    if kind == ".zip":
        kind = zip_kind(path, content)
    expected = without_macros(suffix)
    if not kind and expected in _BINARY:
        looks = "a web page" if b"<html" in content[:_HEAD].lower() else "something else"
        raise DocumentError(
            f"{path}: is no {suffix} file but {looks}. Get the file again, or give it the suffix "
            "of what it is."
        )
    actual = kind or expected
    document = read_pdf(path) if actual == ".pdf" else _READERS[actual](path, content)
    if actual == expected:
        return document
    remark = f"Its suffix is {suffix}, but it is a {actual} file; it was read as that."
    return document.model_copy(update={"remarks": (remark, *document.remarks)})


def _markdown(path: Path, content: bytes) -> Document:
    text, remarks = decode(path, content)
    return read_markdown(path.stem, text).model_copy(update={"remarks": remarks})


def _plain_text(path: Path, content: bytes) -> Document:
    text, remarks = decode(path, content)
    return read_plain_text(path.stem, text).model_copy(update={"remarks": remarks})


# The libraries behind these four take a third of a second to import; most starts need none.


def _book(path: Path, content: bytes) -> Document:
    from tutor_app.documents.epub import read_epub

    return read_epub(path, content)


def _slides(path: Path, content: bytes) -> Document:
    from tutor_app.documents.slides import read_slides

    return read_slides(path, content)


def _workbook(path: Path, content: bytes) -> Document:
    from tutor_app.documents.workbook import read_workbook

    return read_workbook(path, content)


def _word(path: Path, content: bytes) -> Document:
    from tutor_app.documents.word import read_word

    return read_word(path, content)


_BINARY = frozenset((".pdf", ".docx", ".pptx", ".xlsx", ".epub"))
# PDFs are not here: they are never read into this process's memory.
_READERS: dict[str, Callable[[Path, bytes], Document]] = {
    ".csv": read_csv,
    ".docm": _word,
    ".docx": _word,
    ".epub": _book,
    ".htm": read_html,
    ".html": read_html,
    ".ipynb": read_notebook,
    ".markdown": _markdown,
    ".md": _markdown,
    ".pptm": _slides,
    ".pptx": _slides,
    ".srt": read_captions,
    ".tsv": read_csv,
    ".txt": _plain_text,
    ".vtt": read_captions,
    ".xhtml": read_html,
    ".xlsm": _workbook,
    ".xlsx": _workbook,
}

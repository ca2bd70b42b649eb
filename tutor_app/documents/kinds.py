"""What a file is, told by its bytes: a wrong suffix neither hides nor makes a kind."""

import io
import zipfile
from pathlib import Path

from tutor_app.errors import DocumentError

_OFFICE = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
_WITH_MACROS = {".docm": ".docx", ".pptm": ".pptx", ".xlsm": ".xlsx"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"II*\0": "a picture (TIFF)",
    b"MM\0*": "a picture (TIFF)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"7z\xbc\xaf": "a compressed archive (7z)",
    b"Rar!": "a compressed archive (RAR)",
    b"{\\rtf": "an RTF document",
    b"MZ": "a program",
    b"\x7fELF": "a program",
}
_HEAD = 1_024


def binary_kind(path: Path, head: bytes) -> str:
    """Return ".pdf", ".zip" or "" (text, as far as its first bytes tell).

    Args:
        path: the file, for messages.
        head: its first kilobyte or more.

    Raises:
        DocumentError: it is something that cannot be read, such as a picture or an old Word file.
    """
    if b"%PDF-" in head[:_HEAD]:
        return ".pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ".zip"
    if head.startswith(_OLE):
        raise DocumentError(
            f"{path}: is an old Office file (.doc, .ppt, .xls) or one with a password. Open it, "
            "take the password off, and save it as .docx, .pptx or .xlsx."
        )
    for magic, what in _NOT_TEXT.items():
        if head.startswith(magic) and not (magic == b"MZ" and b"\0" not in head):
            raise DocumentError(f"{path}: is {what}. Bring its text as PDF, Word or plain text.")
    return ""


def zip_kind(path: Path, content: bytes) -> str:
    """Return ".docx", ".pptx", ".xlsx" or ".epub" for what a zip holds.

    Raises:
        DocumentError: it is damaged, or another kind of zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError) as error:
        raise DocumentError(
            f"{path}: is damaged or cut off ({error}). Get the file again, or open it and save it "
            "anew."
        ) from error
    if "META-INF/container.xml" in names:
        return ".epub"
    for folder, suffix in _OFFICE.items():
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return suffix
    if any(name.endswith("content.xml") for name in names):
        raise DocumentError(
            f"{path}: is an OpenDocument file (LibreOffice). Save it as .docx, .pptx or .xlsx."
        )
    raise DocumentError(
        f"{path}: is a zip, but no Word, PowerPoint, Excel or EPUB file. Unpack it and bring what "
        "it holds."
    )


def without_macros(suffix: str) -> str:
    """Return the suffix of the same kind of file without macros."""
    return _WITH_MACROS.get(suffix, suffix)

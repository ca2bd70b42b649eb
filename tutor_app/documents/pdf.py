"""Read PDFs: paragraphs with their pages, sections from the outline or the size of the letters."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tutor_app.documents.document import HIDDEN_REMARK, Document
from tutor_app.documents.limits import MAX_CHARACTERS, MAX_PAGES, PDF_CPU_S, PDF_MEMORY
from tutor_app.documents.pdf_layout import Line, Page, is_readable, write_pages
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_CHILD = Path(__file__).with_name("pdf_pages.py")
_TAIL = 2_048
_END = b"%%EOF"
_MANY = 12


def read_pdf(path: Path) -> Document:
    """Read a PDF page by page, in a process of its own; an empty password is tried.

    Letters that no reader sees (white, tiny, painted over, off the page) are kept apart.

    Raises:
        DocumentError: it is cut off, damaged, locked, too large, or a scan without text.
    """
    _check_end(path)
    writing = Writing(path)
    pages, outline = _read(path, writing.hidden)
    garbled = {n for n, page in enumerate(pages, 1) if page.lines and not is_readable(page)}
    write_pages(writing, pages, outline)
    silent = [
        n for n, page in enumerate(pages, 1) if not page.lines and (page.scan or n in garbled)
    ]
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no text; {len(silent)} of its {len(pages)} pages are pictures or "
            "cannot be read, as in a scan. Recognise the text first (OCR, for example with "
            "OCRmyPDF), then bring it again."
        )
    if writing.hidden:
        writing.remarks.append(
            f"{HIDDEN_REMARK} (white, tiny, painted over or off the page): "
            f"{writing.hidden[0][:80]!r}."
        )
    if silent:
        writing.remarks.append(
            f"Pages without text, perhaps scanned: {_ranges(silent)}. Nothing on them was read."
        )
    return writing.document()


def _check_end(path: Path) -> None:
    """Refuse a file that was cut off: PDFium would quietly read what is left."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        if _END not in file.read():
            raise DocumentError(
                f"{path}: is cut off: a PDF ends with {_END.decode()}, this one does not. Get the "
                "file again."
            )


def _read(path: Path, hidden: list[str]) -> tuple[list[Page], list[Any]]:
    command = [sys.executable, "-P", str(_CHILD), str(path.resolve())]
    limits = [str(PDF_MEMORY), str(PDF_CPU_S), str(MAX_CHARACTERS)]
    pages: list[Page] = []
    outline: list[Any] = []
    announced = -1
    with subprocess.Popen(
        command + limits, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as child:
        try:
            for text in child.stdout or ():
                line = json.loads(text)
                if "error" in line:
                    raise DocumentError(_explained(path, line["error"]))
                if "pages" in line:
                    announced = line["pages"]
                    _check_pages(path, announced)
                elif "outline" in line:
                    outline = line["outline"]
                else:
                    hidden.extend(line["hidden"])
                    lines = [Line(*one) for one in line["lines"]]
                    pages.append(Page(lines, line["scan"], *line["edges"]))
        except ValueError as error:
            raise DocumentError(_explained(path, "a page ended in the middle")) from error
        finally:
            child.kill()
    if len(pages) != announced:
        reason = f"reading stopped at page {len(pages) + 1} of {announced}"
        raise DocumentError(_explained(path, reason if announced >= 0 else "nothing can be read"))
    return pages, outline


def _check_pages(path: Path, count: int) -> None:
    if count > MAX_PAGES:
        raise DocumentError(
            f"{path}: has {count:,} pages, more than {MAX_PAGES:,}. Split the file."
        )


def _explained(path: Path, error: str) -> str:
    if error == "password":
        return f"{path}: needs a password to open. Save a copy without a password."
    if error == "characters":
        return f"{path}: has more than {MAX_CHARACTERS:,} characters. Split the file."
    return (
        f"{path}: is damaged as a PDF ({error}). Get the file again, or open it and print it as a "
        "new PDF."
    )


def _ranges(numbers: list[int]) -> str:
    """Write page numbers briefly: "2, 5-9, 12", and how many more."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in spans[:_MANY]]
    rest = sum(b - a + 1 for a, b in spans[_MANY:])
    return ", ".join(shown) + (f" and {rest} more" if rest else "")

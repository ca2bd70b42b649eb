"""A process of its own that reads a PDF and prints one JSON line per page.

PDFium is native code, is not safe with threads, and gets files from strangers: so it runs apart,
within limits of memory and time, and may crash without harm. Run as
`python -P pdf_pages.py FILE MEMORY_BYTES CPU_SECONDS MAX_CHARACTERS`; imports nothing of ours.

Lines: {"pages": n}, then {"outline": [[level, title, page from 0, y or null], ...]}, then a line
per page {"lines": [[text, left, bottom, height], ...], "scan": bool, "edges": [bottom, top]},
lengths in points; or {"error": "..."} and the end. A page of few lines with a picture, or without
lines and not blank, may be a scan.
"""

import json
import sys
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_MAX_OUTLINE = 20_000
# A scanner's own stamp, a header, a page number.
_FEW_LINES = 3
_UNREADABLE: dict[str, Any] = {"lines": [], "scan": True, "edges": [0, 0]}


def main() -> None:
    """Read the file named on the command line."""
    path, memory, cpu_s, characters = sys.argv[1], *map(int, sys.argv[2:5])
    _limit(memory, cpu_s)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        _say({"error": "password" if locked else str(error)})
        return
    _say({"pages": len(document)})
    _say({"outline": _outline(document)})
    for number in range(len(document)):
        page = _page(document, number)
        characters -= sum(len(line[0]) for line in page["lines"])
        if characters < 0:
            _say({"error": "characters"})
            return
        _say(page)


def _limit(memory: int, cpu_s: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - it talks over its output


def _outline(document: pdfium.PdfDocument) -> list[list[Any]]:
    found: list[list[Any]] = []
    try:
        for bookmark in document.get_toc():
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            if page is not None and len(found) < _MAX_OUTLINE:
                mode, view = target.get_view()
                y = view[1] if mode == raw.PDFDEST_VIEW_XYZ and len(view) > 1 else None
                found.append([bookmark.level, bookmark.get_title(), page, y])
    except pdfium.PdfiumError:
        return []
    return found


def _page(document: pdfium.PdfDocument, number: int) -> dict[str, Any]:
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return _UNREADABLE
    try:
        _, bottom, _, top = page.get_cropbox()
        text_page = page.get_textpage()
        try:
            lines = _lines(text_page)
        finally:
            text_page.close()
        scan = len(lines) <= _FEW_LINES and _draws(page, pictures=bool(lines))
    except pdfium.PdfiumError:
        return _UNREADABLE
    finally:
        page.close()
    return {"lines": lines, "scan": scan, "edges": [bottom, top]}


def _draws(page: pdfium.PdfPage, pictures: bool) -> bool:
    """Tell whether anything is on a page, or any picture."""
    wanted = [raw.FPDF_PAGEOBJ_IMAGE] if pictures else None
    return next(iter(page.get_objects(filter=wanted, max_depth=2)), None) is not None


def _lines(text_page: pdfium.PdfTextPage) -> list[list[Any]]:
    lines = []
    start = 0
    for line in text_page.get_text_range(errors="replace").split("\r\n"):
        body = line.strip()
        if body:
            first = start + _units(line[: len(line) - len(line.lstrip())])
            length = _units(body)
            boxes = [
                text_page.get_charbox(first + at, loose=True)
                for at in (0, length // 2, max(0, length - 2))
            ]
            # The middle height of three: a line may begin with a large sign.
            height = sorted(top - bottom for _, bottom, _, top in boxes)[1]
            lines.append([body, round(boxes[0][0], 1), round(boxes[0][1], 1), round(height, 1)])
        start += _units(line) + 2
    return lines


def _units(text: str) -> int:
    """Return the length in PDFium's characters, which are UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


if __name__ == "__main__":
    main()

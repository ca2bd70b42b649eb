"""A process of its own that reads a PDF and prints one JSON line per page.

PDFium is native code, is not safe with threads, and gets files from strangers: so it runs apart,
within limits of memory and time, and may crash without harm. Run as
`python -P pdf_pages.py FILE MEMORY_BYTES CPU_SECONDS MAX_CHARACTERS`; imports nothing of ours.

Lines: {"pages": n}, then {"outline": [[level, title, page from 0, y or null], ...]}, then a line
per page {"lines": [[text, left, bottom, height], ...], "scan": bool, "edges": [bottom, top],
"hidden": [text, ...]}, lengths in points; hidden is what nobody sees on the page (white, tiny,
painted over, outside of it) and no part of the lines; or {"error": "..."} and the end. A page of
few lines with a picture, or without lines and not blank, may be a scan.
"""

import json
import sys
from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint, c_void_p, cast
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_MAX_OUTLINE = 20_000
# A scanner's own stamp, a header, a page number.
_FEW_LINES = 3
_UNREADABLE: dict[str, Any] = {"lines": [], "scan": True, "edges": [0, 0], "hidden": []}
# Letters of less than this many points are specks.
_TINY = 3.0
_NEARLY_WHITE = 0xF0
_INVISIBLE = 3
# A picture of this part of the page under invisible letters is a scan that was recognised.
_SCAN = 0.3
_MAX_FORMS = 8
# Charts are drawn of thousands of areas; the ones on top are enough.
_MOST_COVERS = 300
_SLACK = 1.0
Edges = tuple[float, float, float, float]


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
        left, bottom, right, top = page.get_cropbox()
        text_page = page.get_textpage()
        try:
            unseen = _unseen_objects(page, (left, bottom, right, top))
            lines, hidden = _lines(text_page, unseen)
        finally:
            text_page.close()
        scan = len(lines) <= _FEW_LINES and _draws(page, pictures=bool(lines))
    except pdfium.PdfiumError:
        return _UNREADABLE
    finally:
        page.close()
    return {"lines": lines, "scan": scan, "edges": [bottom, top], "hidden": hidden}


def _draws(page: pdfium.PdfPage, pictures: bool) -> bool:
    """Tell whether anything is on a page, or any picture."""
    wanted = [raw.FPDF_PAGEOBJ_IMAGE] if pictures else None
    return next(iter(page.get_objects(filter=wanted, max_depth=2)), None) is not None


def _lines(
    text_page: pdfium.PdfTextPage, unseen: frozenset[int]
) -> tuple[list[list[Any]], list[str]]:
    """Return the lines of a page that a reader sees, and the text of those parts that none sees."""
    lines = []
    hidden: list[str] = []
    start = 0
    for line in text_page.get_text_range(errors="replace").split("\r\n"):
        body = line.strip()
        if body:
            first = start + _units(line[: len(line) - len(line.lstrip())])
            if unseen:
                body, first, lost = _seen(text_page, unseen, body, first)
                hidden += [lost] if lost else []
        if body:
            length = _units(body)
            boxes = [
                text_page.get_charbox(first + at, loose=True)
                for at in (0, length // 2, max(0, length - 2))
            ]
            # The middle height of three: a line may begin with a large sign.
            height = sorted(top - bottom for _, bottom, _, top in boxes)[1]
            lines.append([body, round(boxes[0][0], 1), round(boxes[0][1], 1), round(height, 1)])
        start += _units(line) + 2
    return lines, hidden


def _seen(
    text_page: pdfium.PdfTextPage, unseen: frozenset[int], body: str, first: int
) -> tuple[str, int, str]:
    """Part a line into what is seen, where that begins, and what is not seen."""
    seen: list[str] = []
    lost: list[str] = []
    begins = at = first
    for char in body:
        if _address(raw.FPDFText_GetTextObject(text_page, at)) in unseen:
            lost.append(char)
        else:
            if not "".join(seen).strip():
                begins = at
            seen.append(char)
        at += _units(char)
    return "".join(seen).strip(), begins, "".join(lost).strip()


def _unseen_objects(page: pdfium.PdfPage, edges: Edges) -> frozenset[int]:
    """Return the addresses of text objects that nobody sees who looks at the page."""
    unseen = _painted_over(page)
    white = []
    scan: bool | None = None
    for one in _objects(page, raw.FPDF_PAGEOBJ_TEXT):
        mode = raw.FPDFTextObj_GetTextRenderMode(one)
        if _is_tiny(one) or _is_outside(_bounds(one), edges):
            unseen.add(_address(one))
        elif mode == _INVISIBLE:
            scan = _is_scan(page, edges) if scan is None else scan
            if not scan:
                unseen.add(_address(one))
        elif _is_white(one):
            white.append(one)
    grounds = _grounds(page) if white else []
    return frozenset(unseen | {_address(one) for one in white if not _stands_on(one, grounds)})


def _objects(page: pdfium.PdfPage, *kinds: int) -> Iterator[Any]:
    """Yield objects of some kinds, those in forms too; without wrappers, pages have thousands."""
    waiting: list[tuple[Any, int]] = [
        (raw.FPDFPage_GetObject(page, n), 0) for n in range(raw.FPDFPage_CountObjects(page))
    ]
    while waiting:
        one, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(one)
        if kind in kinds:
            yield one
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_FORMS:
            inner = range(raw.FPDFFormObj_CountObjects(one))
            waiting += [(raw.FPDFFormObj_GetObject(one, n), depth + 1) for n in inner]


def _painted_over(page: pdfium.PdfPage) -> set[int]:
    """Return the addresses of text objects below an area that was drawn later.

    Pictures are no such areas: some programs put the text that they recognised below the scan.
    """
    found: set[int] = set()
    covers: list[Edges] = []
    for n in reversed(range(raw.FPDFPage_CountObjects(page))):
        one = raw.FPDFPage_GetObject(page, n)
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_PATH and len(covers) < _MOST_COVERS and _is_cover(one):
            covers.append(_bounds(one))
        elif kind == raw.FPDF_PAGEOBJ_TEXT and covers:
            left, bottom, right, top = _bounds(one)
            if any(
                c[0] - _SLACK <= left and c[1] - _SLACK <= bottom
                and right <= c[2] + _SLACK and top <= c[3] + _SLACK
                for c in covers
            ):  # fmt: skip
                found.add(_address(one))
    return found


def _is_cover(path: Any) -> bool:
    """Tell a filled upright rectangle that nothing shines through and nothing cuts."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    matrix = raw.FS_MATRIX()
    if (
        not _is_filled(path)
        or not raw.FPDFPageObj_GetFillColor(
            path, byref(red), byref(green), byref(blue), byref(alpha)
        )
        or alpha.value < 255
        or raw.FPDFPageObj_HasTransparency(path)
        or raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(path)) > 0
        or not raw.FPDFPageObj_GetMatrix(path, byref(matrix))
        or matrix.b
        or matrix.c
    ):
        return False
    corners = set()
    for n in range(min(raw.FPDFPath_CountSegments(path), 8)):
        segment, x, y = raw.FPDFPath_GetPathSegment(path, n), c_float(), c_float()
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO:
            return False
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        corners.add((x.value, y.value))
    across, up = {x for x, _ in corners}, {y for _, y in corners}
    few = raw.FPDFPath_CountSegments(path) <= 6
    return few and len(corners) == 4 and len(across) == 2 and len(up) == 2


def _is_white(one: Any) -> bool:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(one, byref(red), byref(green), byref(blue), byref(alpha)):
        return False
    return alpha.value < 256 - _NEARLY_WHITE or (
        min(red.value, green.value, blue.value) >= _NEARLY_WHITE
    )


def _is_tiny(one: Any) -> bool:
    size, matrix = c_float(), raw.FS_MATRIX()
    if not raw.FPDFTextObj_GetFontSize(one, byref(size)):
        return False
    if not raw.FPDFPageObj_GetMatrix(one, byref(matrix)):
        return False
    points: float = size.value * (matrix.c**2 + matrix.d**2) ** 0.5
    return 0 < points < _TINY


def _bounds(one: Any) -> Edges:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(one, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value


def _is_outside(bounds: Edges, edges: Edges) -> bool:
    left, bottom, right, top = bounds
    return right < edges[0] or top < edges[1] or left > edges[2] or bottom > edges[3]


def _is_scan(page: pdfium.PdfPage, edges: Edges) -> bool:
    area = max(1.0, (edges[2] - edges[0]) * (edges[3] - edges[1]))
    for image in _objects(page, raw.FPDF_PAGEOBJ_IMAGE):
        left, bottom, right, top = _bounds(image)
        if (right - left) * (top - bottom) >= _SCAN * area:
            return True
    return False


def _grounds(page: pdfium.PdfPage) -> list[Edges]:
    """Return the bounds of pictures, shades and coloured areas that white letters may stand on."""
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    return [
        _bounds(one)
        for one in _objects(page, *kinds)
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_PATH
        or (_is_filled(one) and not _is_white(one))
    ]


def _is_filled(path: Any) -> bool:
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    return bool(fill.value != raw.FPDF_FILLMODE_NONE)


def _stands_on(one: Any, grounds: list[Edges]) -> bool:
    left, bottom, right, top = _bounds(one)
    x, y = (left + right) / 2, (bottom + top) / 2
    return any(g[0] <= x <= g[2] and g[1] <= y <= g[3] for g in grounds)


def _address(one: Any) -> int:
    return cast(one, c_void_p).value or 0


def _units(text: str) -> int:
    """Return the length in PDFium's characters, which are UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


if __name__ == "__main__":
    main()

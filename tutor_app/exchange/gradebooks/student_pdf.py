"""Write one PDF per student: points, feedback, and the answer with what the points rest on."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from tutor_app.exchange.gradebooks.letters import BOLD, REGULAR, doubtful, markup, register
from tutor_app.exchange.gradebooks.mark import Export, LeftOut, MarkedCriterion, MarkRow, number
from tutor_app.exchange.gradebooks.writing import write_bytes

_LONGEST_ANSWER = 20_000
_GREY = "#5a6270"
_MARKED = "#fff1b8"
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def write_student_pdfs(
    rows: Iterable[MarkRow], folder: Path, *, title: str, unreleased: bool = False
) -> Export:
    """Write a PDF for each student who has a released mark.

    Args:
        rows: marks; those of one student share a file. Questions whose mark is pending or not
            released are named without points.
        folder: where the files go; it is made.
        title: title of the batch, at the head of each page.
        unreleased: marks that were not released are shown too, each page saying so.

    Raises:
        StorageError: a file cannot be written; those before it are there.
    """
    register()
    grouped: dict[str, list[MarkRow]] = {}
    for row in rows:
        grouped.setdefault(row.submission.learner, []).append(row)
    absent: list[LeftOut] = []
    remarks: dict[str, int] = {}
    taken: set[str] = set()
    for learner, marks in grouped.items():
        name = next((m.submission.name for m in marks if m.submission.name), "")
        if not any(_shown(one, unreleased) for one in marks):
            absent.append(LeftOut(learner, name, f"The mark is {marks[0].state}."))
            continue
        path = folder / _file_name(name, learner, taken)
        why = doubtful(" ".join([name, *(one.submission.text for one in marks)]))
        remarks |= {why: remarks.get(why, 0) + 1} if why else {}
        write_bytes(path, _drawn(title, name or learner, marks, unreleased))
    said = tuple(f"In {count} files {why}." for why, count in remarks.items())
    return Export(folder, len(grouped) - len(absent), tuple(absent), said)


def _shown(row: MarkRow, unreleased: bool) -> bool:
    return row.state == "released" or (unreleased and row.state == "not released")


def _drawn(title: str, name: str, marks: list[MarkRow], unreleased: bool) -> bytes:
    draft = any(row.state == "not released" and unreleased for row in marks)

    def page(canvas: Canvas, document: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(_GREY)
        foot = f"{document.page}" + (" - not released, for the instructor only" if draft else "")
        canvas.drawString(20 * mm, 12 * mm, foot)

    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=22 * mm,
        title=title,
        author="",
        invariant=1,  # the same marks make the same file
    )
    story: list[Flowable] = [_said(title, 9, _GREY), _said(name, 16, bold=True)]
    if draft:
        story.append(_said("Not released: for the instructor only.", 10, "#a33a00"))
    if all(_shown(row, unreleased) for row in marks) and len(marks) > 1:
        total = sum(row.total or 0 for row in marks)
        most = sum(row.max_total for row in marks)
        story.append(_said(f"Total: {number(total)} of {number(most)} points", 12, bold=True))
    for row in marks:
        story += _question(row, _shown(row, unreleased))
    document.build(story, onFirstPage=page, onLaterPages=page)
    return file.getvalue()


def _question(row: MarkRow, shown: bool) -> list[Flowable]:
    heading = row.submission.question or "Your mark"
    story: list[Flowable] = [Spacer(1, 5 * mm), _said(heading, 12, bold=True)]
    if not shown or row.total is None:
        return [*story, _said("This mark is not out yet.", 10)]
    story.append(_said(f"{number(row.total)} of {number(row.max_total)} points", 11))
    if row.rule:
        story.append(_said(f"Decided by rule: {row.rule}", 10))
    if row.feedback:
        story.append(_said(row.feedback, 10))
    for one in row.criteria:
        story += _criterion(one)
    if row.submission.text:
        story += [Spacer(1, 3 * mm), _said("Your answer", 10, bold=True)]
        story.append(_paragraph(_highlighted(row), 9.5))
    return story


def _criterion(one: MarkedCriterion) -> list[Flowable]:
    points = "" if one.points is None else f"{number(one.points)} of {number(one.max_points)}"
    head = " · ".join(filter(None, (f"<b>{markup(one.title)}</b>", points, markup(one.level))))
    story: list[Flowable] = [Spacer(1, 2 * mm), _paragraph(head, 10)]
    if one.feedback:
        story.append(_said(one.feedback, 10))
    if one.quote:
        story.append(_said(f"You wrote: “{one.quote}”", 9, _GREY))
    return story


def _highlighted(row: MarkRow) -> str:
    """Return the answer with the quotes that points rest on marked."""
    text = row.submission.text[:_LONGEST_ANSWER]
    marked = bytearray(len(text))
    for one in row.criteria:
        at = text.find(one.quote) if one.quote else -1
        if at >= 0:
            marked[at : at + len(one.quote)] = b"\x01" * len(one.quote)
    parts = []
    for found in re.finditer(rb"\x00+|\x01+", bytes(marked)):
        piece = markup(text[found.start() : found.end()])
        if marked[found.start()]:
            piece = f'<font backColor="{_MARKED}">{piece}</font>'
        parts.append(piece)
    more = len(row.submission.text) > _LONGEST_ANSWER
    return "".join(parts) + (" ..." if more else "")


def _said(text: str, size: float, colour: str = "#16181d", *, bold: bool = False) -> Paragraph:
    return _paragraph(markup(text), size, colour, bold=bold)


def _paragraph(xml: str, size: float, colour: str = "#16181d", *, bold: bool = False) -> Paragraph:
    style = ParagraphStyle(
        "said",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=1.35 * size,
        textColor=colour,
        spaceAfter=1.5 * mm,
        splitLongWords=1,
    )
    return Paragraph(xml, style)


def _file_name(name: str, learner: str, taken: set[str]) -> str:
    """Return a file name of the student's that no other student has, whatever the name holds."""
    both = f"{name} {learner}" if name and name != learner else learner
    safe = _UNSAFE.sub("_", both).strip(" ._") or "student"
    while len(safe.encode("utf-8", "replace")) > 150:
        safe = safe[:-1]
    if _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    unique, n = safe, 2
    while unique.casefold() in taken:
        unique, n = f"{safe} ({n})", n + 1
    taken.add(unique.casefold())
    return f"{unique}.pdf"

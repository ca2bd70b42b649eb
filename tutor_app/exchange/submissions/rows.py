"""Turn the rows of a table into submissions, one at a time, and tell what is odd about them."""

import re
from collections.abc import Iterator
from pathlib import Path

from tutor_app.documents.html import parse_html, write_html
from tutor_app.documents.writing import Writing
from tutor_app.domain.submission import Submission
from tutor_app.exchange.gradebooks.writing import as_typed
from tutor_app.exchange.records import Record, Table
from tutor_app.exchange.submissions.files import only_pictures
from tutor_app.exchange.submissions.layout import Layout
from tutor_app.exchange.submissions.report import Report

# About a hundred pages. What is longer, a person reads.
MAX_ANSWER = 200_000
_LONG_NAME = 200
_NO_WIDTH = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")


def submissions_in(
    table: Table, layout: Layout, source: Path, language: str, report: Report | None = None
) -> Iterator[Submission]:
    """Yield a submission per row and answer; notes go to the report where there is one."""
    file = source.name
    for record in table.read():
        where = f"row {record.number}"
        passed = layout.skip(record.cells)
        name = _shown_name(record, layout)
        key = _key(record, layout)
        if passed:
            if report:
                report.add(where, key if passed[0] == "missing" else "", *passed)
            continue
        for column in layout.answers:
            one = _submission(record, layout, column, (key, name, f"{file}, {where}", language))
            if report:
                note(report, where, one)
            yield one


def note(report: Report, where: str, one: Submission) -> None:
    """Add to the report what is odd about a submission."""
    if one.problem:
        report.add(where, one.learner, "problem", one.problem)
    elif not one.text:
        report.add(where, one.learner, "empty", "The answer is empty.")
    for hidden in one.hidden:
        report.add(where, one.learner, "hidden", f"No reader sees it, not graded: {hidden[:300]}")
    for remark in one.remarks:
        report.add(where, one.learner, "remark", remark)


def check_answer(text: str) -> str:
    """Return why an answer may not be graded by a program; "" where it may."""
    if len(text) > MAX_ANSWER:
        return (
            f"The answer has {len(text):,} characters, more than {MAX_ANSWER:,}. Read it yourself, "
            "or ask for a shorter one."
        )
    if "\0" in text or text.count("\ufffd") > max(3, len(text) // 50):
        return "The answer holds bytes that are no text. Look at it where it was handed in."
    return ""


def _submission(
    record: Record, layout: Layout, column: int, about: tuple[str, str, str, str]
) -> Submission:
    key, name, source, language = about
    cells = record.cells
    text, remarks, hidden = _answer(record, layout, column)
    problem = record.problems.get(column, "") or layout.held(cells) or check_answer(text)
    if not text and column in layout.html:
        problem = problem or only_pictures(cells[column])
    students = [n for n in layout.student if n in record.problems]
    if students and not problem:
        problem = record.problems[students[0]]
    if not key:
        problem = "The row names no student. Fill the student's cell."
    question = _question(record, layout, column)
    learner = key or f"(row {record.number})"
    details = {
        **{_heading(layout, n): cells[n].strip() for n in layout.keep if cells[n].strip()},
        **{name: cells[n].strip() for name, n in layout.also.items()},
        **{
            name: cells[n].strip()
            for name, n in layout.beside.get(column, ())
            if cells[n].strip() not in layout.blank
        },
    }
    spoken = cells[layout.language].strip().lower()[:2] if layout.language is not None else ""
    return Submission(
        id=f"{learner}|{question}" if question else learner,
        learner=learner,
        name=name[:_LONG_NAME],
        question=question,
        text=text,
        source=source,
        language=spoken if len(spoken) == 2 and spoken.isalpha() else language,
        groups={_heading(layout, n): cells[n].strip() for n in layout.groups if cells[n].strip()},
        details={k: v for k, v in details.items() if v},
        remarks=remarks,
        hidden=hidden,
        problem=problem,
        nameless=not key,
    )


def _answer(
    record: Record, layout: Layout, column: int
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    raw = record.cells[column]
    remarks = [record.remarks[column]] if column in record.remarks else []
    unseen: tuple[str, ...] = ()
    if raw.strip() in layout.blank:
        raw = ""
    if column in layout.html:
        raw, unseen = text_of_html(raw)
    return as_typed(raw.strip()).strip(), tuple(remarks), unseen


def text_of_html(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a piece of HTML, and what a browser would not show of it."""
    if "<" not in text and "&" not in text:
        return text, ()
    root = parse_html(text)
    writing = Writing(Path("answer.html"))
    if root is not None:
        write_html(writing, root)
    document = writing.document()
    return document.text, document.hidden


def _question(record: Record, layout: Layout, column: int) -> str:
    if layout.question is not None:
        return record.cells[layout.question].strip()
    if column in layout.varying and (told := record.cells[layout.varying[column]].strip()):
        return told
    return layout.questions.get(column, layout.headings[column])


def _shown_name(record: Record, layout: Layout) -> str:
    return " ".join(filter(None, (_said(record.cells[n]) for n in layout.name)))


def _heading(layout: Layout, column: int) -> str:
    return layout.headings[column] or f"column {column + 1}"


def _said(cell: str) -> str:
    """Return a name or key without signs of programs: two spellings would be two people."""
    return as_typed(_NO_WIDTH.sub("", cell).strip()).strip()


def _key(record: Record, layout: Layout) -> str:
    for column in layout.student:
        key = layout.key(_said(record.cells[column]))
        if column in layout.name:
            key = _shown_name(record, layout)
        if key:
            return key
    return ""

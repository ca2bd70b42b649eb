"""Recognise the tables that learning platforms export: Moodle, Canvas, Gradescope, Blackboard."""

import re
from collections.abc import Callable, Sequence

from tutor_app.exchange.headings import (
    NUMBERED_ANSWER,
    NUMBERED_KEY,
    NUMBERED_QUESTION,
    columns_of,
    named,
    people,
    plain,
    role_of,
)
from tutor_app.exchange.records import Record
from tutor_app.exchange.submissions.layout import Layout, Skip
from tutor_app.exchange.submissions.report import ColumnUse, NoteKind
from tutor_app.exchange.worksheet import WorksheetColumns, participant, worksheet_columns

_CANVAS_QUESTION = re.compile(r"\d+:\s")
_NO_ANSWER = frozenset(("-", "–", "—"))
_COMPLETED = ("completed", "beendet", "abgeschlossen", "termine", "finalizado", "completado")
_STARTED = ("started on", "started", "begonnen am", "begonnen", "commence le", "comenzado el")
_STATE = ("state", "status", "estado", "etat", "statut")
# A pool of random questions is no larger; more texts than this are one question with numbers.
_POOL = 12


def recognise(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    """Return the layout of a known export, or None."""
    for reader in (_gradescope, _canvas_gradebook, _canvas_quiz, _worksheet, _numbered):
        if layout := reader(headings, sample):
            return layout
    return None


def _numbered(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    """Moodle's quiz responses: Question n, Response n, Right answer n."""
    answers = _by_number(headings, NUMBERED_ANSWER)
    if not answers:
        return None
    questions, keys = _by_number(headings, NUMBERED_QUESTION), _by_number(headings, NUMBERED_KEY)
    beside = {
        column: tuple(
            (name, found[number])
            for name, found in (("Question", questions), ("Right answer", keys))
            if number in found
        )
        for number, column in answers.items()
    }
    ids, name = people(headings)
    student = (*ids, *name)
    completed, started, state = (named(headings, *w) for w in (_COMPLETED, _STARTED, _STATE))
    is_quiz = completed is not None or started is not None or state is not None

    def held(cells: Sequence[str]) -> str:
        if completed is None or cells[completed].strip() not in ("", "-"):
            return ""
        said = cells[state].strip() if state is not None else "not completed"
        return (
            f"The attempt has not been handed in ({said or 'no time of completion'}). "
            "Close the quiz in Moodle and export the responses again."
        )

    varying = {
        n: questions[number]
        for number, n in answers.items()
        if number in questions
        and 1 < len({r.cells[questions[number]].strip() for r in sample} - {"", "-"}) <= _POOL
    }
    first = next(iter(answers.values()))
    return Layout(
        kind="Moodle quiz responses" if is_quiz else "table with numbered answers",
        reason=f"It has the column {headings[first]!r}"
        + (f" and {headings[completed]!r}." if completed is not None else "."),
        student=student,
        name=name,
        answers=tuple(answers.values()),
        questions={n: "" for n in answers.values() if len(answers) == 1},
        keep=tuple(
            n
            for n, h in enumerate(headings)
            if role_of(h) in ("id", "email", "login", "name", "first name", "last name", "group")
        ),
        groups=columns_of(headings, "group"),
        beside=beside,
        blank=_NO_ANSWER,
        skip=_summary_rows(student, name, (completed, started, state), tuple(answers.values())),
        held=held,
        columns=_uses(
            headings,
            {n: "answer" for n in answers.values()}
            | {n: "question" for n in questions.values()}
            | {n: "right answer" for n in keys.values()},
            (student, name),
        ),
        varying=varying,
    )


def _summary_rows(
    student: Sequence[int], name: Sequence[int], about: Sequence[int | None], answers: Sequence[int]
) -> Skip:
    """The last row is an average: a name and no more; who did not come has "-" everywhere."""
    info = [n for n in about if n is not None]

    def skip(cells: Sequence[str]) -> tuple[NoteKind, str] | None:
        identified = any(cells[n].strip() for n in student if n not in name)
        filled = [cells[n].strip() for n in answers]
        if not any(one.strip("-–— ") for one in filled):
            if not identified and not any(cells[n].strip() for n in info):
                return "skipped", f"No student's row: {' '.join(filter(None, cells))[:60]!r}."
            if info and all(cells[n].strip() in ("", "-") for n in info):
                return "missing", "The student made no attempt."
        return None

    return skip


def _worksheet(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    """Moodle's offline grading worksheet of an assignment."""
    columns = worksheet_columns(headings, [row.cells for row in sample])
    if columns is None:
        return None
    text = columns.online_text
    return Layout(
        kind="Moodle assignment worksheet",
        reason=f"It has the columns {headings[columns.identifier]!r} and "
        f"{headings[columns.grade]!r}, and the first holds participants.",
        student=(columns.identifier,),
        name=columns_of(headings, "name"),
        answers=(text,) if text is not None else (),
        questions={text: ""} if text is not None else {},
        keep=tuple(
            n
            for n, h in enumerate(headings)
            if n == columns.identifier or role_of(h) in ("id", "email", "login", "name")
        ),
        html=frozenset((text,)) if text is not None else frozenset(),
        skip=_worksheet_nothing(columns),
        held=_worksheet_held(columns),
        key=participant,
        columns=_uses(
            headings,
            ({text: "answer"} if text is not None else {}) | {columns.grade: "grade"},
            ((columns.identifier,), columns_of(headings, "name")),
        ),
    )


def _worksheet_nothing(columns: WorksheetColumns) -> Skip:
    def skip(cells: Sequence[str]) -> tuple[NoteKind, str] | None:
        status = cells[columns.status].strip() if columns.status is not None else ""
        never = columns.submitted is not None and not cells[columns.submitted].strip("- ")
        if not _online_text(columns, cells) and (never or "no submission" in status.casefold()):
            return "missing", f"The student handed in nothing ({status or 'no date'})."
        return None

    return skip


def _worksheet_held(columns: WorksheetColumns) -> Callable[[Sequence[str]], str]:
    def held(cells: Sequence[str]) -> str:
        told = columns.status is not None or columns.submitted is not None
        if _online_text(columns, cells) or not told:
            return ""
        return (
            "Moodle says that something was handed in, but there is no online text: perhaps a "
            "file. Bring the zip of all submissions."
        )

    return held


def _online_text(columns: WorksheetColumns, cells: Sequence[str]) -> str:
    text = cells[columns.online_text] if columns.online_text is not None else ""
    return re.sub(r"<[^>]*>|&nbsp;", "", text).strip()


def _canvas_quiz(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    """Canvas's student analysis: "1234: What is work?", each followed by its points."""
    answers = tuple(n for n, h in enumerate(headings) if _CANVAS_QUESTION.match(h))
    if not answers or named(headings, "n correct", "score") is None:
        return None
    ids = _present(headings, "id")
    student = (*ids, *_present(headings, "sis_id"))
    name = columns_of(headings, "name")
    return Layout(
        kind="Canvas quiz, student analysis",
        reason=f"It has a column {headings[answers[0]][:40]!r} with a question's number, and "
        "counts of correct answers.",
        student=student or name,
        name=name,
        answers=answers,
        keep=tuple(n for n, h in enumerate(headings) if n < answers[0]),
        also={"Canvas ID": ids[0]} if ids else {},
        groups=_present(headings, "section"),
        columns=_uses(headings, dict.fromkeys(answers, "answer"), (student, name)),
    )


def _canvas_gradebook(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    if len(headings) < 4 or "Student" not in headings[0] or headings[1] != "ID":
        return None
    if named(headings, "section") is None:
        return None

    def skip(cells: Sequence[str]) -> tuple[NoteKind, str] | None:
        if "Points Possible" in cells[0] or not cells[0].strip():
            return "skipped", "No student's row."
        return None

    return Layout(
        kind="Canvas gradebook",
        reason="It begins with the columns Student and ID, and has Section. It holds marks, no "
        "answers: bring the submissions too.",
        student=(1,),
        name=(0,),
        keep=tuple(n for n, h in enumerate(headings) if role_of(h) in ("id", "login", "group")),
        groups=columns_of(headings, "group"),
        skip=skip,
        columns=_uses(headings, {}, ((1,), (0,))),
    )


def _gradescope(headings: Sequence[str], sample: Sequence[Record]) -> Layout | None:
    plainly = {plain(h) for h in headings}
    scores = {"total score", "max points", "status"} <= plainly
    if not scores and "question submission id" not in plainly:
        return None
    status = named(headings, "status")

    def skip(cells: Sequence[str]) -> tuple[NoteKind, str] | None:
        if status is not None and cells[status].strip() == "Missing":
            return "missing", "Gradescope has no submission of this student."
        return None

    ids, name = people(headings)
    student = (*ids, *name)
    return Layout(
        kind="Gradescope scores" if scores else "Gradescope evaluations",
        reason="It has Gradescope's columns. It holds marks, no answers: bring the answers too.",
        student=student,
        name=name,
        keep=tuple(n for n, h in enumerate(headings) if n < 8),
        groups=columns_of(headings, "group"),
        skip=skip,
        columns=_uses(headings, {}, (student, name)),
    )


def _present(headings: Sequence[str], *words: str) -> tuple[int, ...]:
    return tuple(n for word in words if (n := named(headings, plain(word))) is not None)


def _by_number(headings: Sequence[str], pattern: re.Pattern[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for n, heading in enumerate(headings):
        if match := pattern.fullmatch(plain(heading)):
            found.setdefault(int(match[1]), n)
    return found


def _uses(
    headings: Sequence[str], uses: dict[int, str], people: tuple[tuple[int, ...], tuple[int, ...]]
) -> tuple[ColumnUse, ...]:
    student, name = people
    uses = dict.fromkeys(student, "student") | dict.fromkeys(name, "name") | uses
    return tuple(
        ColumnUse(heading=h, use=uses.get(n, "left out"), reason="the export's own heading")
        for n, h in enumerate(headings)
    )

"""Find the student's and the answers' columns of any table, say why, and ask where in doubt."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tutor_app.errors import ContentError
from tutor_app.exchange.headings import Role, columns_of, people, plain, role_of
from tutor_app.exchange.records import Record
from tutor_app.exchange.submissions.layout import Layout
from tutor_app.exchange.submissions.report import Asked, Choices, ColumnUse

# An answer is prose: longer than a name, a date or a choice.
_PROSE = 25
# At least so many of the sampled answers must differ from each other.
_DISTINCT = 0.3
# "Q1", "Question 2b", "Aufgabe 3": one column for each question.
_NUMBERED = re.compile(
    r"(?:q|question|item|task|problem|exercise|frage|aufgabe|pregunta|ejercicio|exercice)"
    r"\s*\d+\s*[a-z]?"
)


def any_table(headings: Sequence[str], sample: Sequence[Record], choices: Choices) -> Layout:
    """Lay out a table by its headings, then by what its cells look like, then by the choices.

    Raises:
        ContentError: a choice names a heading that is not there.
    """
    asked: list[Asked] = []
    student = _chosen(headings, (choices.student,), "student")
    by_heading, told_name = people(headings)
    name = _chosen(headings, (choices.name,), "name") or told_name
    reason = "you chose it" if student else "its heading"
    student = student or (*by_heading, *name)
    answers = _chosen(headings, choices.answers, "answers")
    question_column = _chosen(headings, (choices.question,), "question")
    why = "you chose it" if answers else "its heading"
    if not answers:
        answers = _answers_by_heading(headings)
    if not question_column and not choices.answers:
        question_column = _long_form(headings, sample, student, answers)
    if not answers:
        taken = {*student, *name, *question_column}
        answers = _prose(headings, sample, taken)
        why = "its cells are prose"
        guess = headings[answers[0]] if answers else ""
        read = ", ".join(headings[n] for n in answers)
        question = f"Which columns hold the answers?{' Read so: ' + read if read else ''}"
        asked.append(_ask("answers", question, headings, guess))
    if not student:
        student = _keys(headings, sample, {*answers, *question_column})
        reason = "its cells are short and all different"
        guess = headings[student[0]] if student else ""
        asked.append(_ask("student", "Which column identifies the student?", headings, guess))
    groups = _chosen(headings, choices.groups, "groups") or columns_of(headings, "group")
    language = columns_of(headings, "language")
    used = {n: ("answer", why) for n in answers}
    used |= {n: ("question", "its heading") for n in question_column}
    used |= {n: ("group", "its heading") for n in groups}
    used |= {n: ("student", reason) for n in student}
    used |= {n: ("name", "its heading") for n in name if n != student[0]}
    used |= {n: ("language", "its heading") for n in language[:1]}
    long = bool(question_column)
    return Layout(
        kind="table, one row per answer" if long else "table, one row per student",
        reason="Its headings are those of no learning platform that is known here.",
        student=student,
        name=name,
        answers=answers[:1] if long else answers,
        question=question_column[0] if long else None,
        questions={answers[0]: ""} if len(answers) == 1 else {},
        keep=tuple(sorted({*student, *name, *groups, *by_heading})),
        groups=groups,
        language=language[0] if language else None,
        columns=tuple(
            ColumnUse(heading=h or f"column {n + 1}", use=used[n][0], reason=used[n][1])
            if n in used
            else ColumnUse(
                heading=h or f"column {n + 1}", use="left out", reason=_left_out(role_of(h))
            )
            for n, h in enumerate(headings)
        ),
        asked=tuple(asked),
    )


def with_choices(layout: Layout, headings: Sequence[str], choices: Choices) -> Layout:
    """Return the layout of a known export with the columns that a person chose.

    Raises:
        ContentError: a choice names a heading that is not there.
    """
    student = _chosen(headings, (choices.student,), "student")
    name = _chosen(headings, (choices.name,), "name")
    answers = _chosen(headings, choices.answers, "answers")
    question = _chosen(headings, (choices.question,), "question")
    groups = _chosen(headings, choices.groups, "groups")
    chosen = dict.fromkeys(answers, "answer") | dict.fromkeys(student, "student")
    return replace(
        layout,
        student=student or layout.student,
        name=name or layout.name,
        answers=answers or layout.answers,
        question=question[0] if question else layout.question,
        groups=groups or layout.groups,
        columns=tuple(
            ColumnUse(heading=use.heading, use=chosen[n], reason="you chose it")
            if n in chosen
            else use
            for n, use in enumerate(layout.columns)
        ),
    )


def _chosen(headings: Sequence[str], chosen: Sequence[str], field: str) -> tuple[int, ...]:
    found = []
    for heading in filter(None, chosen):
        if heading not in headings:
            listed = ", ".join(filter(None, headings))
            raise ContentError(
                f"choice {field!r}: there is no column {heading!r}. Choose among: {listed}."
            )
        found.append(list(headings).index(heading))
    return tuple(found)


def _answers_by_heading(headings: Sequence[str]) -> tuple[int, ...]:
    direct = columns_of(headings, "answer")
    if direct:
        return tuple(sorted(direct))
    return tuple(n for n, heading in enumerate(headings) if _NUMBERED.fullmatch(plain(heading)))


def _long_form(
    headings: Sequence[str],
    sample: Sequence[Record],
    student: Sequence[int],
    answers: Sequence[int],
) -> tuple[int, ...]:
    """Return the question's column where each row is one answer: questions come again and again."""
    if len(answers) != 1:
        return ()
    for column in columns_of(headings, "question"):
        values = [row.cells[column].strip() for row in sample]
        keys = ["|".join(row.cells[n] for n in student) for row in sample]
        again = len(set(values)) < len(values) or len(set(keys)) < len(keys)
        if all(values) and (again or len(values) < 3):
            return (column,)
    return ()


def _prose(headings: Sequence[str], sample: Sequence[Record], taken: set[int]) -> tuple[int, ...]:
    found = []
    for n, heading in enumerate(headings):
        cells = [text for row in sample if (text := row.cells[n].strip())]
        if n in taken or role_of(heading) in ("score", "time", "group", "language") or not cells:
            continue
        length = sum(map(len, cells)) / len(cells)
        if length >= _PROSE and len(set(cells)) >= _DISTINCT * len(cells):
            found.append(n)
    return tuple(found)


def _keys(headings: Sequence[str], sample: Sequence[Record], taken: set[int]) -> tuple[int, ...]:
    for n, heading in enumerate(headings):
        cells = [row.cells[n].strip() for row in sample]
        if n in taken or not cells or role_of(heading) in ("time", "score"):
            continue
        if all(cells) and len(set(cells)) == len(cells) and max(map(len, cells)) <= 80:
            return (n,)
    return ()


def _ask(field: str, question: str, headings: Sequence[str], guess: str) -> Asked:
    return Asked(id=field, question=question, options=tuple(filter(None, headings)), guess=guess)


def _left_out(role: Role) -> str:
    if role == "other":
        return "its heading is no word for an answer and its cells are not taken for prose"
    return f"its heading says {role}" if role != "score" else "its heading says marks or comments"

"""How a table of answers is laid out: which columns are the student, which the answers, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tutor_app.exchange.submissions.report import Asked, ColumnUse, NoteKind

# Why a row is passed over: the kind of the note and its words; None for a row that counts.
Skip = Callable[[Sequence[str]], tuple[NoteKind, str] | None]


def every_row(_: Sequence[str]) -> None:
    """Pass over no row."""


@dataclass(frozen=True)
class Layout:
    """Where a table keeps what; columns count from 0.

    Attributes:
        kind: what the source was recognised as, for people.
        reason: by what it was recognised, a whole sentence.
        headings: all headings.
        student: columns that identify the student; the first that is filled counts.
        name: columns that make up the name, in order.
        answers: columns with answers.
        question: column that names the question where each row is one answer, else None.
        questions: names of the questions by answer column, where they are not the headings.
        keep: columns that an export may need back.
        also: details under names of ours, by their columns.
        groups: columns with groups of students.
        language: column with a language code.
        beside: by answer column, what belongs to it: name of the detail and its column.
        varying: by answer column, the column with the question's text where students got
            different questions: there the text is the question's name.
        blank: what a cell holds that stands for no answer.
        html: columns that hold HTML.
        skip: tells the rows that are no submissions.
        held: tells why a row's answers may not be graded; "" where they may.
        key: turns the cell that identifies the student into the learner's key.
        columns: how each column is used, for people.
        asked: what a person should settle.
    """

    kind: str
    reason: str
    headings: tuple[str, ...] = ()
    student: tuple[int, ...] = ()
    name: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()
    question: int | None = None
    questions: Mapping[int, str] = field(default_factory=dict)
    keep: tuple[int, ...] = ()
    also: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[int, ...] = ()
    language: int | None = None
    beside: Mapping[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    varying: Mapping[int, int] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    html: frozenset[int] = frozenset()
    skip: Skip = every_row
    held: Callable[[Sequence[str]], str] = lambda _: ""
    key: Callable[[str], str] = lambda cell: cell
    columns: tuple[ColumnUse, ...] = ()
    asked: tuple[Asked, ...] = ()

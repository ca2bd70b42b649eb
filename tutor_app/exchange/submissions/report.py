"""What the reader of a batch noticed: how it read the source, and a row for all that is odd."""

from collections import Counter
from typing import Literal, NamedTuple

from tutor_app.domain.base import Strict

NoteKind = Literal[
    "skipped", "problem", "duplicate", "joined", "missing", "unknown", "empty", "hidden", "remark"
]
# Of one kind; the rest are counted. A batch of empty answers must not fill the memory.
MAX_NOTES = 2_000


class Note(NamedTuple):
    """One row of the report.

    Attributes:
        where: "row 7", or the member of an archive.
        learner: the learner's key; "" for none.
        kind: skipped (no submission came of it), problem (a submission that is not graded),
            duplicate, joined (several files in one submission), missing (a learner without a
            submission), unknown (a learner who is not on the roster), empty, hidden, remark.
        message: whole sentences.
    """

    where: str
    learner: str
    kind: NoteKind
    message: str


class ColumnUse(Strict):
    """How one column was read, and why; `use` is "student", "answer", "left out", ..."""

    heading: str
    use: str
    reason: str


class Asked(Strict):
    """Something that the reader could not tell, for a person to settle.

    Attributes:
        id: field of `Choices` that settles it.
        options: headings or values to choose from.
        guess: what was read meanwhile; "" where nothing can be read until it is settled.
    """

    id: str
    question: str
    options: tuple[str, ...]
    guess: str = ""


class Choices(Strict):
    """What a person settled about a source; empty fields are left to the reader.

    Attributes:
        sheet: name of the sheet of a workbook.
        student: heading of the column that identifies the student.
        name: heading of the column with the student's name.
        answers: headings of the columns that hold answers.
        question: heading of the column that names the question, where each row is one answer.
        groups: headings of columns with groups for the fairness report.
        duplicates: which of several differing answers of one student counts; "ask" holds all of
            them back with a problem.
        files: what becomes of several files of one student: joined in the order of their names,
            or held back with a problem.
    """

    sheet: str = ""
    student: str = ""
    name: str = ""
    answers: tuple[str, ...] = ()
    question: str = ""
    groups: tuple[str, ...] = ()
    duplicates: Literal["ask", "first", "last"] = "ask"
    files: Literal["join", "ask"] = "join"


class Report:
    """Notes on one source, as they were made; every one counts, the first 2,000 a kind are kept."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.counts: Counter[NoteKind] = Counter()

    def add(self, where: str, learner: str, kind: NoteKind, message: str) -> None:
        """Add a row."""
        self.counts[kind] += 1
        if self.counts[kind] <= MAX_NOTES:
            self.notes.append(Note(where, learner, kind, message))

    def of(self, *kinds: NoteKind) -> list[Note]:
        """Return the rows of some kinds."""
        return [note for note in self.notes if note.kind in kinds]

    @property
    def not_listed(self) -> int:
        """How many rows were counted but not kept."""
        return self.counts.total() - len(self.notes)

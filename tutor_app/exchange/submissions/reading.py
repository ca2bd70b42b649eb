"""Read a batch of submissions from whatever an instructor brings."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tutor_app.documents.decoding import decode
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.domain.submission import Submission
from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.opening import open_table
from tutor_app.exchange.submissions.archives import (
    Entry,
    copy_entry,
    entries_of,
    is_archive,
    read_files,
)
from tutor_app.exchange.submissions.blackboard import recognise_blackboard
from tutor_app.exchange.submissions.columns import any_table, with_choices
from tutor_app.exchange.submissions.doubles import Doubles
from tutor_app.exchange.submissions.evaluations import (
    Evaluation,
    is_evaluation,
    read_evaluation,
)
from tutor_app.exchange.submissions.gradescope import recognise_gradescope
from tutor_app.exchange.submissions.naming import Naming, recognise_names
from tutor_app.exchange.submissions.report import Asked, Choices, ColumnUse, Report
from tutor_app.exchange.submissions.roster import Student, compare, keys_of, read_roster
from tutor_app.exchange.submissions.rows import submissions_in
from tutor_app.exchange.submissions.systems import recognise

_NO_CHOICES = Choices()


class SubmissionSet:
    """Submissions of one source; iterate as often as needed, tables are read anew each time.

    Attributes:
        source: the file or folder.
        kind: what the source was recognised as.
        reason: by what.
        columns: how each column of a table was read.
        asked: what a person should settle; where a guess is "", nothing is read until then.
        report: a row for all that is odd, complete from the start.
        questions: the source's names of the questions, in the order they come.
        learners: how many there are.
        evaluations: marks that the source holds instead of answers, as Gradescope exports them.
        start: yields all submissions, doubled ones too, with notes to a report.
        doubles: which of the doubled ones count.
    """

    def __init__(
        self,
        kind: str,
        reason: str,
        report: Report,
        start: Callable[[Report | None], Iterator[Submission]],
        *,
        source: Path,
        columns: tuple[ColumnUse, ...] = (),
        asked: tuple[Asked, ...] = (),
    ) -> None:
        self.source = source
        self.kind = kind
        self.reason = reason
        self.report = report
        self.columns = columns
        self.asked = asked
        self.questions: tuple[str, ...] = ()
        self.learners = 0
        self.evaluations: tuple[Evaluation, ...] = ()
        self.start = start
        self.doubles = Doubles("ask")

    def __iter__(self) -> Iterator[Submission]:
        """Yield the submissions in the source's order.

        Raises:
            ContentError: something must be settled first.
        """
        open_questions = [one.question for one in self.asked if not one.guess]
        if open_questions:
            raise ContentError(
                f"{self.source}: {' '.join(open_questions)} Nothing in the file tells. Choose."
            )
        return self.doubles.resolved(self.start(None))

    def __len__(self) -> int:
        return self.doubles.kept


def read_submissions(
    path: Path,
    *,
    choices: Choices = _NO_CHOICES,
    roster: Path | None = None,
    language: str = "",
) -> SubmissionSet:
    """Recognise and read a batch: CSV, TSV, Excel, a zip of files, or a folder that was unzipped.

    Args:
        path: what the instructor brings.
        choices: what a person settled; see `SubmissionSet.asked`.
        roster: a class list, to tell who is missing and who is unknown.
        language: two-letter code of the answers, where their source names none.

    Raises:
        DocumentError: the source as a whole cannot be read. What is wrong with one row or file is
            a note in the report and, where there is something to grade, a submission with a
            problem.
        ContentError: a choice names a column that is not there.
    """
    if path.is_dir() or is_archive(path):
        found = _read_archive(path, choices, language)
    else:
        found = _read_table(path, choices, language)
    if found.asked and not all(one.guess for one in found.asked):
        return found
    return _count(found, choices, read_roster(roster) if roster else None)


def _read_table(path: Path, choices: Choices, language: str) -> SubmissionSet:
    table = open_table(path, choices.sheet)
    sample = table.sample()
    known = recognise(table.headings, sample)
    layout = (
        with_choices(known, table.headings, choices)
        if known
        else any_table(table.headings, sample, choices)
    )
    layout = replace(layout, headings=table.headings)
    report = Report()
    for remark in table.remarks:
        report.add(path.name, "", "remark", remark)
    for text in table.above:
        report.add(path.name, "", "skipped", f"Above the headings: {text[:120]!r}.")

    def start(notes: Report | None) -> Iterator[Submission]:
        return submissions_in(table, layout, path, language, notes)

    asked = layout.asked
    if len(table.sheets) > 1:
        question = f"The file has {len(table.sheets)} sheets. Which holds the answers?"
        guess = table.sheets[0]
        asked += (Asked(id="sheet", question=question, options=table.sheets, guess=guess),)
    return SubmissionSet(
        layout.kind,
        layout.reason,
        report,
        start,
        source=path,
        columns=layout.columns,
        asked=asked,
    )


def _read_archive(path: Path, choices: Choices, language: str) -> SubmissionSet:
    report = Report()
    with ExitStack() as stack:
        entries = entries_of(path, report, stack)
        if not entries:
            raise DocumentError(f"{path}: holds no file of a student. Bring the zip that does.")
        evaluations = _evaluations(entries)
        if evaluations:
            found = SubmissionSet(
                "Gradescope evaluations",
                "Its tables have a column 'Question Submission ID'. They hold marks, no answers: "
                "bring the answers too.",
                report,
                lambda _: iter(()),
                source=path,
            )
            found.evaluations = evaluations
            return found
        if len(entries) == 1 and entries[0].name.lower().endswith((".csv", ".tsv", ".xlsx")):
            raise DocumentError(
                f"{path}: holds one table, {entries[0].name}, and no student's file. Unpack it and "
                "bring the table."
            )
        naming = _recognised(entries)
        read = read_files(entries, naming, choices, path.name, report)
        submissions = [one.model_copy(update={"language": language}) for one in read]
    return SubmissionSet(
        naming.kind, naming.reason, report, lambda _: iter(submissions), source=path
    )


def _recognised(entries: list[Entry]) -> Naming:
    names = [one.name for one in entries]
    by_name = {one.name: one for one in entries}

    def read_text(name: str) -> str:
        if problem := by_name[name].problem:
            raise DocumentError(problem)
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.txt"
            copy_entry(by_name[name], copy, MAX_BYTES)
            return decode(Path(name), copy.read_bytes())[0]

    return (
        recognise_gradescope(names, read_text)
        or recognise_blackboard(names, read_text)
        or recognise_names(names)
    )


def _evaluations(entries: list[Entry]) -> tuple[Evaluation, ...]:
    """Return Gradescope's marks where all files are its tables; () for any other batch."""
    if not all(one.name.lower().endswith(".csv") and not one.problem for one in entries):
        return ()
    found: list[Evaluation] = []
    with TemporaryDirectory() as folder:
        for entry in entries:
            copy = Path(folder) / "table.csv"
            copy_entry(entry, copy, MAX_BYTES)
            if not is_evaluation(open_table(copy)):
                return ()
            found += read_evaluation(copy, PurePosixPath(entry.name).stem)
    return tuple(found)


def _count(
    found: SubmissionSet, choices: Choices, students: tuple[Student, ...] | None
) -> SubmissionSet:
    """Go through a source once: its questions, its learners, what comes twice, who is missing."""
    doubles = Doubles(choices.duplicates)
    questions: dict[str, None] = {}
    learners: set[str] = set()
    seen: dict[str, str] = {}
    for one in found.start(found.report):
        doubles.count(one)
        questions.setdefault(one.question)
        learners.add(one.learner)
        if students is not None:
            seen |= dict.fromkeys(keys_of(one), one.learner)
    if doubles.found:
        doubles.kept = sum(1 for _ in doubles.resolved(found.start(None), found.report))
    found.doubles = doubles
    found.questions = tuple(questions)
    found.learners = len(learners)
    _tell_alike(learners, found.report)
    if students is not None:
        compare(students, seen, found.report)
    found.asked += _asked_of(found, choices)
    return found


def _tell_alike(learners: set[str], report: Report) -> None:
    """Add a remark for each group of learners whose keys differ in case or spaces only."""
    alike: dict[str, list[str]] = {}
    for one in sorted(learners):
        plain = "".join(unicodedata.normalize("NFKC", one).casefold().split())
        alike.setdefault(plain, []).append(one)
    for group in alike.values():
        if len(group) > 1:
            told = ", ".join(repr(one) for one in group)
            message = (
                f"{told} count as {len(group)} students and differ in case or spaces only. "
                "If they are one student, write them alike in the table."
            )
            report.add("students", group[0], "remark", message)


def _asked_of(found: SubmissionSet, choices: Choices) -> tuple[Asked, ...]:
    """Ask what only the whole source shows: which of several answers or files counts."""
    asked = []
    if found.doubles.differing:
        asked.append(
            Asked(
                id="duplicates",
                question=f"{found.doubles.differing} students have several different answers to "
                "one question. Which counts? Those asked about are not graded.",
                options=("ask", "first", "last"),
                guess=choices.duplicates,
            )
        )
    if joined := found.report.counts["joined"]:
        asked.append(
            Asked(
                id="files",
                question=f"{joined} students handed in several files. Are they joined in the "
                "order of their names, or held back?",
                options=("join", "ask"),
                guess=choices.files,
            )
        )
    return tuple(asked)

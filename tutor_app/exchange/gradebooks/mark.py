"""What the writers of gradebooks are given: one row per submission, plain and already decided."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.submission import Submission

State = Literal["released", "not released", "pending"]


class MarkedCriterion(Strict):
    """One criterion of one mark.

    Attributes:
        points: None while nobody and nothing has scored it.
        level: title of the level, "" for none.
        feedback: the instructor's words for the student.
        quote: what of the submission the points rest on, verbatim.
    """

    id: Text
    title: Text
    points: float | None
    max_points: float
    level: str = ""
    feedback: str = ""
    quote: str = ""


class MarkRow(Strict):
    """The mark of one submission.

    Attributes:
        total: points as the rubric sums them; None while any criterion has none.
        max_total: points of a perfect answer.
        released: the instructor has released this mark.
        feedback: words about the whole answer.
        rule: by what code decided the mark for certain, a sentence; "" for a person or a model.
        origin: how it came to be ("decided one by one"), "" where nothing is to be said.
    """

    submission: Submission
    criteria: tuple[MarkedCriterion, ...]
    total: float | None
    max_total: float
    released: bool = False
    feedback: str = ""
    rule: str = ""
    origin: str = ""

    @property
    def state(self) -> State:
        """Pending without a total, whatever else was decided."""
        if self.total is None:
            return "pending"
        return "released" if self.released else "not released"


class LeftOut(NamedTuple):
    """A learner whose mark is not in a file, and why."""

    learner: str
    name: str
    reason: str


class Export(NamedTuple):
    """A file that was written.

    Attributes:
        path: the file, or the folder of several.
        written: how many marks are in it.
        left_out: whose are not.
        remarks: what to know before it is imported, whole sentences.
    """

    path: Path
    written: int
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()


class LearnerMark(NamedTuple):
    """All marks of one learner, as a gradebook has one cell for them.

    Attributes:
        total: the sum over the learner's questions; None where any is pending.
        questions: how many questions the learner has rows for; `released` of how many the mark is.
    """

    learner: str
    name: str
    details: dict[str, str]
    total: float | None
    max_total: float
    state: State
    feedback: str
    questions: int
    released: int = 0

    def exported(self, unreleased: bool) -> float | None:
        """Return the total if it may stand in a file; None is an empty cell, never a zero."""
        return self.total if unreleased or self.state == "released" else None


def by_learner(rows: Iterable[MarkRow]) -> list[LearnerMark]:
    """Sum the marks of each learner, in the order in which learners first come."""
    grouped: dict[str, list[MarkRow]] = {}
    for row in rows:
        grouped.setdefault(row.submission.learner, []).append(row)
    return [_summed(learner, marks) for learner, marks in grouped.items()]


def _summed(learner: str, marks: list[MarkRow]) -> LearnerMark:
    totals = [row.total for row in marks]
    worth = {row.submission.question: row.max_total for row in marks}
    # of two answers to one question it is not said yet which counts
    pending = len(marks) > len(worth) or any(total is None for total in totals)
    state: State = "released" if all(row.released for row in marks) else "not released"
    details: dict[str, str] = {}
    for row in marks:
        details |= row.submission.details
    return LearnerMark(
        learner,
        next((row.submission.name for row in marks if row.submission.name), ""),
        details,
        None if pending else sum(total for total in totals if total is not None),
        sum(worth.values()),
        "pending" if pending else state,
        feedback_text(marks),
        len(worth),
        len({row.submission.question for row in marks if row.released}),
    )


def feedback_text(marks: list[MarkRow]) -> str:
    """Return what a student reads: per question, the words on the whole, then each criterion's."""
    parts = []
    for row in marks:
        lines = [row.feedback] if row.feedback else []
        lines += [f"Decided by rule: {row.rule}"] if row.rule else []
        for one in row.criteria:
            said = said_of(one)
            worth = f"/{number(one.max_points)}" if one.max_points else ""
            points = "" if one.points is None else f" {number(one.points)}{worth}"
            lines.append(f"{one.title}:{points}{'. ' + said if said else ''}")
        heading = [f"{row.submission.question}:"] if len(marks) > 1 else []
        parts.append("\n".join([*heading, *lines]))
    return "\n\n".join(parts)


def said_of(one: MarkedCriterion) -> str:
    """Return what a student reads about one criterion: its level, and the words."""
    return " - ".join(filter(None, (one.level, one.feedback)))


def criteria_of(rows: Iterable[MarkRow]) -> dict[tuple[str, str], str]:
    """Return the heading of each criterion by (question, id), in the order in which they come."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        question = row.submission.question
        for one in row.criteria:
            part = f"{question}: {one.title}" if question else one.title
            found.setdefault((question, one.id), f"{part} ({number(one.max_points)} pts)")
    return found


def left_out(marks: Iterable[LearnerMark], unreleased: bool) -> list[LeftOut]:
    """Return whose marks may not stand in a file: pending ones never, unreleased unless asked."""
    return [
        LeftOut(one.learner, one.name, _why_not(one))
        for one in marks
        if one.exported(unreleased) is None
    ]


def _why_not(one: LearnerMark) -> str:
    if one.state == "not released" and one.released:
        return f"Released: {one.released} of {one.questions} questions. It is written when all are."
    return f"The mark is {one.state}."


def incomplete(marks: list[LearnerMark]) -> tuple[str, ...]:
    """Return a remark where learners have marks for fewer questions than others."""
    most = max((one.questions for one in marks), default=0)
    fewer = [one.name or one.learner for one in marks if one.questions < most]
    if not fewer:
        return ()
    return (
        f"{len(fewer)} learners have marks for fewer than {most} questions, so their totals are of "
        f"fewer: {', '.join(fewer[:5])}{' and others' if len(fewer) > 5 else ''}.",
    )


def number(points: float) -> str:
    """Write points as gradebooks do: at most two decimals, with a point."""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

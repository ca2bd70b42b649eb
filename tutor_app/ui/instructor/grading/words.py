"""The words of the grading pages: points, levels, how sure."""

from dataclasses import dataclass

from tutor_app.domain.grade import CriterionGrade
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.agreement import Agreement
from tutor_app.ui.words import percent

QUESTION_SHOWN = 60
BAR, POINT = "#2F7F79", "#B5762A"
"""Colours of charts: told apart by colour-blind people, 3:1 against both backgrounds."""
PERCENT = "format(100 * datum.value, '.0f') + '\u00a0%'"
SIGNED_PERCENT = "(datum.value ? format(100 * datum.value, '+.0f') : '0') + '\u00a0%'"
"""How an axis of shares writes its labels, as `percent` does elsewhere."""


@dataclass(frozen=True)
class Option:
    """One score that a criterion can get, as a button shows it."""

    title: str
    points: float
    description: str = ""
    feedback: str = ""


def decided_words(together: int) -> str:
    """Say how a person decided: "decided" for one answer alone, "decided in a group of 8"."""
    return "decided" if together <= 1 else f"decided in a group of {together}"


def question_words(question: str) -> str:
    """Return the name of a question, short enough for a line."""
    words = " ".join(question.split())
    return words if len(words) <= QUESTION_SHOWN else f"{words[:QUESTION_SHOWN].rstrip()} ..."


def options(criterion: Criterion) -> list[Option]:
    """Return what a criterion can get, in the order of its keys 1, 2, ..."""
    if criterion.type == "penalty":
        return [Option("Does not apply", 0.0), Option("Applies", criterion.points)]
    if criterion.type == "checklist":
        parts = len(criterion.key_elements)
        return [
            Option(f"{n} of {parts} shown", points)
            for n, points in zip(range(parts, -1, -1), criterion.possible_points, strict=True)
        ]
    return [
        Option(level.title, level.points, level.description, level.feedback)
        for level in criterion.levels
    ]


def option_of(criterion: Criterion, points: float | None) -> Option | None:
    """Return what has these points, the first one where several have; None where none has."""
    if points is None:
        return None
    return next((one for one in options(criterion) if abs(one.points - points) < 1e-6), None)


def number(points: float) -> str:
    """Return points in as few digits as say them: "2", "1.33", "−1"."""
    return f"{round(points, 2):g}".replace("-", "\N{MINUS SIGN}")


def points_words(points: float) -> str:
    """Return "1 point", "2.5 points", "−1 point"."""
    return f"{number(points)} point" if abs(points) == 1 else f"{number(points)} points"


def standing_words(criterion: Criterion, points: float | None) -> str:
    """Say what a criterion has: "Clear, 2 of 2"."""
    if points is None:
        return "no score yet"
    option = option_of(criterion, points)
    best = max(criterion.points, 0.0)
    worth = f"{number(points)} of {number(best)}" if best else number(points)
    return f"{option.title}, {worth}" if option else worth


def sure_words(grade: CriterionGrade) -> str:
    """Say how sure a proposal is, as what the number means."""
    if grade.auto_score is None:
        return "no proposal"
    return f"{percent(grade.confidence)} sure"


def share_words(one: Agreement) -> str:
    """Say how often two raters gave the same points: "90 % (77 % to 100 %)"."""
    exact = one.exact
    if exact.value is None:
        return "no share"
    if exact.low is None or exact.high is None:
        return percent(exact.value)
    return f"{percent(exact.value)} ({percent(exact.low)} to {percent(exact.high)})"

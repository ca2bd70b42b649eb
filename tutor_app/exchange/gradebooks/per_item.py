"""Write one row per submission with a column per criterion, in the manner of Gradescope."""

from collections.abc import Iterable
from pathlib import Path

from tutor_app.exchange.gradebooks.mark import Export, LeftOut, MarkRow, criteria_of, number
from tutor_app.exchange.gradebooks.writing import defused, write_csv

_STATUS = {"released": "Graded", "not released": "Not released", "pending": "Ungraded"}


def write_per_item(rows: Iterable[MarkRow], path: Path, *, unreleased: bool = False) -> Export:
    """Write marks per criterion: student, question, total, and points, level, feedback, evidence.

    Every submission has its row; the points of one that is pending or not released are empty and
    its Status says why.

    Args:
        rows: marks, one per submission; criteria of all questions make up the columns.
        path: the CSV file to write.
        unreleased: points that were not released are written too; the Status says so.

    Raises:
        StorageError: the file cannot be written.
    """
    rows = list(rows)
    columns = criteria_of(rows)
    head = ["Name", "SID", "Email", "Question", "Submission ID", "Total Score", "Max Points",
            "Status", "How"]  # fmt: skip
    for place, heading in enumerate(columns.values(), 1):
        head.append(f"{place}: {heading}")
        head += [f"{place}: {kind}" for kind in ("Level", "Feedback", "Evidence")]
    lines = [[defused(cell) for cell in head]]
    absent = []
    for row in rows:
        shown = row.state == "released" or (unreleased and row.state == "not released")
        if not shown:
            reason = row.submission.problem or f"The mark is {row.state}."
            absent.append(LeftOut(row.submission.learner, row.submission.name, reason))
        lines.append(_line(row, columns, shown))
    write_csv(path, lines)
    return Export(path, len(rows) - len(absent), tuple(absent))


def _line(row: MarkRow, columns: Iterable[tuple[str, str]], shown: bool) -> list[str]:
    one = row.submission
    email = next((v for v in (one.learner, *one.details.values()) if "@" in v), "")
    total = number(row.total) if shown and row.total is not None else ""
    who = [one.name, one.learner, email, one.question, one.id]
    cells = [
        *map(defused, who),
        total,
        number(row.max_total),
        _STATUS[row.state],
        row.origin if shown else "",
    ]
    given = {(one.question, c.id): c for c in row.criteria} if shown else {}
    for key in columns:
        part = given.get(key)
        if part is None:
            cells += ["", "", "", ""]
        else:
            points = "" if part.points is None else number(part.points)
            cells += [points, *map(defused, (part.level, part.feedback, part.quote))]
    return cells

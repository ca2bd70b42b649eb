"""Read what Gradescope exports as evaluations: which rubric items a grader gave to whom."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tutor_app.domain.submission import Submission
from tutor_app.exchange.headings import columns_of, named, people, plain
from tutor_app.exchange.opening import open_table
from tutor_app.exchange.records import Table
from tutor_app.exchange.submissions.roster import keys_of, name_keys


class Evaluation(NamedTuple):
    """The marks that one learner got for one question.

    Attributes:
        question: the name of its file, without the suffix.
        learner: for people.
        keys: forms in which the learner may be named elsewhere.
        score: points; None where there are none.
        items: which rubric items were given, by their titles.
        worth: points of each item; empty where the export does not tell.
        comment: the grader's words.
    """

    question: str
    learner: str
    keys: frozenset[str]
    score: float | None
    items: Mapping[str, bool]
    worth: Mapping[str, float]
    comment: str


def is_evaluation(table: Table) -> bool:
    """Tell whether a table is one question of an Export Evaluations zip."""
    return named(table.headings, "question submission id") is not None


def read_evaluation(path: Path, question: str) -> Iterator[Evaluation]:
    """Yield the marks for one question.

    Raises:
        DocumentError: the table cannot be read.
    """
    table = open_table(path)
    first = named(table.headings, "submission time")
    last = named(table.headings, "adjustment")
    items = range((first or 0) + 1, last if last is not None else len(table.headings))
    score, comment = named(table.headings, "score"), named(table.headings, "comments")
    ids = [n for n in columns_of(table.headings, "id", "email") if n < items.start]
    _, name = people(table.headings)
    worth = _worth(table, items)
    for record in table.read():
        cells = record.cells
        if not cells[0].strip().isdecimal() or record.problems:
            continue
        shown = " ".join(filter(None, (cells[n].strip() for n in name)))
        keys = {cells[n].strip().casefold() for n in ids if cells[n].strip()} - {cells[0].strip()}
        yield Evaluation(
            question,
            shown or cells[0],
            frozenset(keys | name_keys(shown)),
            _number(cells[score]) if score is not None else None,
            {table.headings[n]: cells[n].strip().casefold() == "true" for n in items},
            worth,
            cells[comment].strip() if comment is not None else "",
        )


def graded_by(
    evaluations: Iterable[Evaluation], submissions: Iterable[Submission]
) -> Iterator[tuple[Submission, Evaluation]]:
    """Join marks to the answers they were given for; what has no answer is passed over.

    Args:
        evaluations: of one question.
        submissions: answers to the same question.
    """
    by_key = {key: one for one in evaluations for key in one.keys}
    for submission in submissions:
        found = next((by_key[key] for key in keys_of(submission) if key in by_key), None)
        if found and submission.text and not submission.problem:
            yield submission, found


def _worth(table: Table, items: range) -> dict[str, float]:
    for record in table.read():
        if plain(record.cells[0]) in ("point values", "points", "rubric points"):
            values = {table.headings[n]: _number(record.cells[n]) for n in items}
            return {title: value for title, value in values.items() if value is not None}
    return {}


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip())
    except ValueError:
        return None

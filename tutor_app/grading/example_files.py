"""Answers that people have graded elsewhere, brought with a batch to teach its grader.

Either a table with a column for the answer and one for each criterion, headed by its id or title
(and one for the question, where the batch has several); or the zip that Gradescope's "Export
Evaluations" makes, whose marks are those of the batch's own answers: they stay what a person gave.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tutor_app.domain.grade import GradedExample
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.exchange.headings import columns_of, plain
from tutor_app.exchange.opening import open_table
from tutor_app.exchange.submissions.archives import is_archive
from tutor_app.exchange.submissions.evaluations import Evaluation, graded_by
from tutor_app.exchange.submissions.reading import read_submissions
from tutor_app.grading.deciding import check_points
from tutor_app.grading.teaching import Brought


def read_examples(
    path: Path, rubrics: Mapping[str, Rubric], submissions: Iterable[Submission]
) -> Brought:
    """Read answers that people have graded.

    Args:
        path: a table, or a zip or folder of Gradescope's evaluations.
        rubrics: by question of the batch.
        submissions: the batch's own, for marks that come without their answers.

    Raises:
        DocumentError: the file cannot be read.
        GradingError: nothing in it teaches one of these rubrics.
    """
    if path.is_dir() or is_archive(path):
        found = _from_evaluations(path, rubrics, list(submissions))
    else:
        found = _from_table(path, rubrics)
    if not found.examples and not found.marks:
        told = " ".join(found.remarks)
        raise GradingError(f"{path}: no graded answer in it fits a rubric of this batch. {told}")
    return found


def _from_table(path: Path, rubrics: Mapping[str, Rubric]) -> Brought:
    table = open_table(path)
    answers = columns_of(table.headings, "answer")
    if not answers:
        raise GradingError(
            f"{path}: has no column for the answer. Head it Answer; the columns are "
            f"{', '.join(filter(None, table.headings))}."
        )
    asked = columns_of(table.headings, "question")
    if len(rubrics) > 1 and not asked:
        raise GradingError(f"{path}: the batch has several questions. Add a column Question.")
    columns = {
        question: {
            one.id: place
            for one in rubric.criteria
            for place, heading in enumerate(table.headings)
            if _names(heading, one)
        }
        for question, rubric in rubrics.items()
    }
    examples: dict[str, list[GradedExample]] = {}
    passed: list[str] = []
    for record in table.read():
        question = record.cells[asked[0]].strip() if asked else ""
        question = next(iter(rubrics)) if len(rubrics) == 1 else question
        text = record.cells[answers[0]].strip()
        if question not in rubrics or not text or record.problems:
            passed.append(f"Row {record.number}: no answer to a question of this batch.")
            continue
        cells = {key: record.cells[place].strip() for key, place in columns[question].items()}
        given = {key: _number(cell) for key, cell in cells.items() if cell}
        points, why = _checked(given, rubrics[question])
        if why:
            passed.append(f"Row {record.number}: {why}")
        else:
            examples.setdefault(question, []).append(GradedExample(text=text, points=points))
    return Brought(examples=examples, remarks=_few(passed))


def _from_evaluations(
    path: Path, rubrics: Mapping[str, Rubric], submissions: list[Submission]
) -> Brought:
    evaluations = read_submissions(path).evaluations
    if not evaluations:
        raise GradingError(
            f"{path}: holds no marks. Bring a table of graded answers, or the zip of Gradescope's "
            "Export Evaluations."
        )
    theirs = dict.fromkeys(one.question for one in evaluations)
    marks: dict[str, dict[str, float]] = {}
    passed: list[str] = []
    for question, rubric in rubrics.items():
        name = next((one for one in theirs if plain(one) == plain(question)), None)
        if name is None and len(theirs) == len(rubrics) == 1:
            name = next(iter(theirs))
        if name is None:
            passed.append(f"No table is named like the question {question!r}: {', '.join(theirs)}.")
            continue
        given = [one for one in evaluations if one.question == name]
        items = {
            title: one.id
            for title in given[0].items
            for one in rubric.criteria
            if _names(title, one)
        }
        if other := [title for title in given[0].items if title not in items]:
            passed.append(f"Named like no criterion, not counted: {', '.join(other)}.")
        own = [one for one in submissions if one.question == question]
        for submission, mark in graded_by(given, own):
            points, why = _checked(dict(_points(mark, items, rubric)), rubric)
            if why:
                passed.append(f"{submission.source or submission.learner}: {why}")
            else:
                marks[submission.id] = points
    return Brought(marks=marks, remarks=_few(passed))


def _points(
    mark: Evaluation, items: Mapping[str, str], rubric: Rubric
) -> Iterator[tuple[str, float]]:
    """Yield the points of each criterion that some item stands for."""
    for criterion in rubric.criteria:
        worth = {
            title: mark.worth.get(title, criterion.points)
            for title, name in items.items()
            if name == criterion.id
        }
        if not worth:
            continue
        # items that only deduct start from full points
        deducting = criterion.points > 0 and max(worth.values()) <= 0
        given = sum(points for title, points in worth.items() if mark.items[title])
        yield criterion.id, given + (criterion.points if deducting else 0.0)


def _checked(given: Mapping[str, float | None], rubric: Rubric) -> tuple[dict[str, float], str]:
    """Return the points by criterion, and why they do not count, "" where they do."""
    known = {one.id: one for one in rubric.criteria}
    points = {key: value for key, value in given.items() if value is not None}
    if len(points) < len(given) or not points:
        return points, "points are missing, or are no numbers."
    try:
        for key, value in points.items():
            check_points(known[key], value)
    except GradingError as error:
        return points, str(error)
    return points, ""


def _names(heading: str, criterion: Criterion) -> bool:
    """Tell whether a heading, or what stands before its colon, is a criterion's id or title."""
    own = {plain(criterion.id), plain(criterion.title)}
    return bool(own & {plain(heading), plain(heading.partition(":")[0])})


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _few(remarks: list[str], most: int = 8) -> tuple[str, ...]:
    more = len(remarks) - most
    return (*remarks[:most], *([f"And {more} more."] if more > 0 else []))

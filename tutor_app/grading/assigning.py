"""Which rubric, or which item of a course, each question of a batch is graded by.

A line reads QUESTION=RUBRIC, QUESTION=item:COURSE/ITEM, QUESTION=item:COURSE/ITEM:POINTS or
QUESTION=skip; a rubric alone is for the only question of a source.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import RootModel

from tutor_app.answers.filling import fill
from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.yaml_files import read_yaml
from tutor_app.domain.item import ChoiceAnswer, CodeAnswer, ExactAnswer, Item, TextAnswer
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.errors import GradingError, TutorError
from tutor_app.exchange.opening import open_table
from tutor_app.grading.by_answer import ANSWER, NEARLY_SHARE
from tutor_app.grading.start import ANY_QUESTION, Assigned

SKIP = "skip"
ITEM = "item:"


class _Map(RootModel[dict[str, str]]):
    """A file of lines `question: rubric`."""


@dataclass(frozen=True)
class Assignment:
    """Read lines: what each question is graded by, and the questions that are left out."""

    assigned: dict[str, Assigned]
    left_out: frozenset[str]


def read_assignment(given: Sequence[str], catalogue: Catalogue) -> Assignment:
    """Read what an instructor says about rubrics.

    Args:
        given: each a rubric, a line (see above), several joined by commas, or the path of a YAML
            file ({question: rubric}) or of a table with columns "question" and "rubric".
        catalogue: rubrics and courses.

    Raises:
        GradingError: lists every line that names nothing that exists.
        ContentError: the file, or a rubric that it names, cannot be read.
    """
    lines: dict[str, str] = {}
    for one in given:
        lines |= _lines(one)
    assigned: dict[str, Assigned] = {}
    trouble: list[str] = []
    for question, target in lines.items():
        if target == SKIP:
            continue
        try:
            assigned[question] = assign(target, catalogue)
        except TutorError as error:
            trouble.append(f"{question or 'the only question'}: {error}")
    if trouble:
        raise GradingError("Rubrics:\n" + "\n".join(f"  {one}" for one in trouble))
    return Assignment(assigned, frozenset(q for q, target in lines.items() if target == SKIP))


def assign(target: str, catalogue: Catalogue) -> Assigned:
    """Return what a rubric's id or "item:COURSE/ITEM[:POINTS]" stands for.

    Raises:
        NotFoundError: no such rubric, course or item.
        GradingError: the points are no positive number.
    """
    if not target.startswith(ITEM):
        return Assigned(catalogue.rubric(target))
    reference, _, points = target.removeprefix(ITEM).partition(":")
    item = find_item(catalogue, reference)
    if isinstance(item.answer, TextAnswer):
        return Assigned(catalogue.rubric(item.answer.rubric))
    return Assigned(rubric_of_item(reference, item, _points(points)), reference)


def find_item(catalogue: Catalogue, reference: str) -> Item:
    """Return the item "course/item"; raises NotFoundError."""
    course_id, _, item_id = reference.partition("/")
    return catalogue.course(course_id).item(item_id)


def rubric_of_item(reference: str, item: Item, points: float = 1.0) -> Rubric:
    """Return the rubric of an item whose answer is computed: one criterion.

    Half of the points are for an answer that is right but for its unit, sign or rounding, and for
    a program that passes some of its tests. It is another rubric as soon as the item checks
    answers otherwise, by a tolerance or a test, so that proposals under the item as it was do not
    count any more.
    """
    names = solve(item).names
    return Rubric(
        id=f"item-{item.id}"[:80],
        title=item.title,
        version=1,
        question=fill(item.prompt, names),
        reference_answers=[_right(item, names)],
        criteria=[
            Criterion(
                id=ANSWER,
                title=item.title,
                points=points,
                type="holistic",
                levels=_levels(item, points),
                grader_note=f"Checked as the item {reference} ({_version(item)}) is checked.",
            )
        ],
    )


def _levels(item: Item, points: float) -> list[Level]:
    code = isinstance(item.answer, CodeAnswer)
    right = "Passes every test." if code else "The answer is right."
    some = (
        ("Some tests pass", "The program runs, and passes at least one test but not all.")
        if code
        else ("Nearly right", "Right but for the unit, the sign or the rounding.")
    )
    between = Level(title=some[0], points=points * NEARLY_SHARE, description=some[1])
    return [
        Level(title="Right", points=points, description=right),
        # an option is never nearly the right one
        *([] if isinstance(item.answer, ChoiceAnswer) else [between]),
        Level(title="Wrong", points=0, description="The answer is not right."),
    ]


def _version(item: Item) -> str:
    """Return a digest of all that decides about an answer."""
    steps = {"__all__": {"id", "value", "unit"}}
    decides = item.model_dump_json(include={"answer": True, "quantities": True, "steps": steps})
    return sha256(decides.encode()).hexdigest()[:8]


def renewed(known: Mapping[str, Assigned], catalogue: Catalogue) -> dict[str, Assigned]:
    """Return the rubrics of a batch as their files say now.

    Raises:
        GradingError: lists the rubrics and items that are gone.
    """
    found, trouble = {}, []
    for question, one in known.items():
        try:
            if one.item:
                points = one.rubric.criteria[0].points
                item = find_item(catalogue, one.item)
                rubric = rubric_of_item(one.item, item, points)
                found[question] = Assigned(rubric, one.item)
            else:
                found[question] = Assigned(catalogue.rubric(one.rubric.id))
        except TutorError as error:
            trouble.append(f"{question or 'the only question'}: {error}")
    if trouble:
        raise GradingError("Rubrics:\n" + "\n".join(f"  {one}" for one in trouble))
    return found


def _lines(one: str) -> dict[str, str]:
    path = Path(one)
    if path.suffix.lower() in (".yaml", ".yml"):
        return {key.strip(): value.strip() for key, value in read_yaml(path, _Map).root.items()}
    if path.suffix.lower() in (".csv", ".tsv", ".xlsx"):
        return _table(path)
    if "=" not in one:
        return {ANY_QUESTION: one.strip()}
    parts = one.split(",")
    pairs = parts if all("=" in part for part in parts) else [one]
    found = {}
    for pair in pairs:
        # a question may hold "=", a rubric's id does not
        question, _, target = pair.rpartition("=")
        found[question.strip()] = target.strip()
    return found


def _table(path: Path) -> dict[str, str]:
    table = open_table(path)
    headings = [one.strip().lower() for one in table.headings]
    if not {"question", "rubric"} <= set(headings):
        raise GradingError(
            f"{path}: needs the columns question and rubric; it has {', '.join(table.headings)}."
        )
    question, rubric = headings.index("question"), headings.index("rubric")
    found = {}
    for record in table.read():
        cells = [one.strip() for one in record.cells]
        if len(cells) > max(question, rubric) and cells[rubric]:
            found[cells[question]] = cells[rubric]
    return found


def _points(text: str) -> float:
    try:
        points = float(text or 1)
    except ValueError:
        points = math.nan
    if not 0 < points < math.inf:
        raise GradingError(f"{text!r} is no number of points. Write item:COURSE/ITEM:5, say.")
    return points


def _right(item: Item, names: Mapping[str, str]) -> str:
    answer = item.answer
    if isinstance(answer, ChoiceAnswer):
        return next(option.text for option in answer.options if option.id == answer.correct)
    if isinstance(answer, ExactAnswer):
        return answer.accepted[0]
    if isinstance(answer, CodeAnswer):
        return answer.solution
    if isinstance(answer, TextAnswer):
        raise GradingError(f"item {item.id!r}: it has the rubric {answer.rubric}. Give that.")
    return names.get(answer.value, answer.value)

"""Check a draft as `course check` would check its file: every mistake, at its field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tutor_app.answers.filling import fill
from tutor_app.answers.solution import Solution, examine
from tutor_app.answers.units import format_measure
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import item_findings, own_faults, rubric_findings
from tutor_app.courses.drafts import (
    Draft,
    Place,
    course_data,
    item_data,
    rubric_data,
)
from tutor_app.courses.yaml_files import mistake_sentence
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError, TutorError

C = TypeVar("C", bound=BaseModel)
Found = Iterator[tuple[Place, str]]
NEEDED = "is empty. Fill it in"
"""What is said of a field that must be filled in and is not yet."""


@dataclass(frozen=True)
class Checked:
    """What a draft stands for.

    Attributes:
        content: the item, rubric or course; None while its schema is broken.
        mistakes: place in the draft to what is wrong there; () is the draft as a whole.
        values: (name, text) of everything an item computes, in its order.
        prompt: an item's prompt with its numbers filled in, as far as they can be computed.
        solution: the computed item, for trying an answer.
    """

    content: BaseModel | None
    mistakes: dict[Place, tuple[str, ...]]
    values: tuple[tuple[str, str], ...] = ()
    prompt: str = ""
    solution: Solution = field(default_factory=Solution)

    @property
    def count(self) -> int:
        """How many mistakes there are."""
        return sum(len(messages) for messages in self.mistakes.values())


def check_item_draft(
    draft: Draft,
    course: Course,
    sections: set[str],
    catalogue: Catalogue,
    taken: Sequence[str] = (),
    *,
    question_too: bool = False,
) -> Checked:
    """Check an item; what can be computed is, even while other fields are empty.

    Args:
        draft: the draft.
        course: the course that the item belongs to.
        sections: every "document#Heading" of the course.
        catalogue: where rubrics are found.
        taken: ids of other items of the course.
        question_too: the item's prompt is to become the question of its rubric.
    """
    data = item_data(draft)
    _leave_out_unfinished(data)
    found = [*_row_names(draft), *_taken(data["id"], taken, "item")]
    item, wrong = _read(Item, data)
    found += [(_item_place(place, draft), message) for place, message in wrong]
    known = item or _computable(data)
    if known is None:
        return Checked(None, _by_place(found), prompt=data["prompt"])
    solution, faults = examine(known)
    if item is not None:
        if question_too and item.answer.kind == "text":
            catalogue = with_question(catalogue, item.answer.rubric, item.prompt)
        found += [
            (_item_place(place, draft), message)
            for place, message in item_findings(item, course, sections, catalogue)
        ]
    else:
        found += [(_item_place(at, draft), message) for at, message in own_faults(known, faults)]
    values = tuple(_values(known, solution))
    return Checked(item, _by_place(found), values, _filled(data["prompt"], solution), solution)


def with_question(catalogue: Catalogue, rubric_id: str, question: str) -> Catalogue:
    """Return the catalogue with another question in a rubric, where there is that rubric."""
    try:
        rubric = catalogue.rubric(rubric_id)
    except TutorError:
        return catalogue
    return catalogue.with_rubric(rubric.model_copy(update={"question": question}))


def check_rubric_draft(
    draft: Draft, sections: set[str], taken: Sequence[str] = (), items: Sequence[Item] = ()
) -> Checked:
    """Check a rubric.

    Args:
        draft: the draft.
        sections: every "document#Heading" that it may name.
        taken: ids of other rubrics.
        items: the items that are judged by it.
    """
    data = rubric_data(draft)
    found: list[tuple[Place, str]] = list(_taken(data["id"], taken, "rubric"))
    rubric, wrong = _read(Rubric, data)
    found += wrong
    if rubric is not None:
        found += rubric_findings(rubric)
        for n, name in enumerate(rubric.course_sections):
            if name not in sections:
                found.append((("course_sections", n), f"there is no section {name!r} in the notes"))
        found += [found_one for item in items for found_one in _item_disagrees(rubric, item)]
    return Checked(rubric, _by_place(found))


def items_with_rubric(catalogue: Catalogue, rubric_id: str) -> list[Item]:
    """Return the items of all readable courses that a rubric judges."""
    found = []
    for course_id in catalogue.course_ids():
        try:
            items = catalogue.course(course_id).items.values()
        except TutorError:
            # its own page says what is wrong with it
            continue
        found += [i for i in items if i.answer.kind == "text" and i.answer.rubric == rubric_id]
    return found


def _item_disagrees(rubric: Rubric, item: Item) -> Found:
    if " ".join(rubric.question.split()) != " ".join(item.prompt.split()):
        yield ("question",), f"differs from the question of item {item.id!r}. Change it there"
    known = {criterion.id for criterion in rubric.criteria}
    for step in item.steps:
        if step.criterion not in known:
            yield ("criteria",), f"item {item.id!r} names the criterion {step.criterion!r}"


def check_course_draft(draft: Draft, used: dict[str, int]) -> Checked:
    """Check a course's own fields; `used` counts the items of each skill, which cannot go."""
    data = course_data(draft)
    course, found = _read(Course, data)
    kept = {skill["id"] for skill in data["skills"]}
    found += [
        (("skills",), f"{skill!r} is trained by {count} of the items. Change those first")
        for skill, count in used.items()
        if count and skill not in kept
    ]
    return Checked(course, _by_place(found))


def points_changed(before: Rubric, after: Rubric) -> bool:
    """Say whether grades given by one rubric would no longer mean the same by the other."""
    return bool(_scoring(before) != _scoring(after))


def _scoring(rubric: Rubric) -> Any:
    return rubric.min_points, rubric.max_extra, [
        (c.id, c.type, c.points, [level.points for level in c.levels],
         [e.id for e in c.key_elements] if c.type == "checklist" else [])
        for c in rubric.criteria
    ]  # fmt: skip


def _read(kind: type[C], data: dict[str, Any]) -> tuple[C | None, list[tuple[Place, str]]]:
    try:
        return kind.model_validate(data), []
    except ValidationError as error:
        return None, [
            (tuple(e["loc"]), NEEDED if _is_blank(e) else mistake_sentence(e))
            for e in error.errors(include_url=False)
            # an id that is still empty is made from the title, whose place says that it is empty
            if not (e["loc"] == ("id",) and _is_blank(e))
        ]


def _is_blank(error: Any) -> bool:
    return error.get("input") in ("", [], None) and error["type"] in (
        "string_too_short",
        "string_pattern_mismatch",
        "too_short",
        "float_type",
    )


def _row_names(draft: Draft) -> Found:
    """Names that a mapping would lose: empty ones, and those given twice."""
    lists: list[Place] = [("quantities",)]
    if draft["answer"]["kind"] == "symbolic":
        lists.append(("answer", "symbolic", "symbols"))
    for place in lists:
        rows = draft
        for part in place:
            rows = rows[part]  # type: ignore[index]
        names = [row["name"] for row in rows]  # type: ignore[index]
        for n, name in enumerate(names):
            if not name:
                yield (*place, n, "name"), NEEDED
            elif name in names[:n]:
                yield (*place, n, "name"), f"{name!r} is given twice"
    others = [bool(row["other"]) for row in draft["quantities"]]
    if any(others):
        for n, given in enumerate(others):
            if not given:
                yield (
                    ("quantities", n, "other"),
                    "is empty. Give all of them another value, or none",
                )


def _leave_out_unfinished(data: dict[str, Any]) -> None:
    """Take other values out that some quantities have and some lack: `_row_names` says it."""
    parallel = data["parallel"]
    if parallel and 0 < len(parallel["quantities"]) < len(data["quantities"]):
        parallel["quantities"] = {}
        data["parallel"] = parallel if parallel["prompt"] and parallel["answer"] else None


def _taken(name: str, taken: Sequence[str], kind: str) -> Found:
    if name in taken:
        yield ("id",), f"there is another {kind} called {name!r}. Choose another id"


def _item_place(place: Place, draft: Draft) -> Place:
    """Return the place in the draft of a place in the item's data."""
    if place[:1] == ("answer",):
        kind = draft["answer"]["kind"]
        rest = place[1:] if place[1:2] != (kind,) else place[2:]
        if rest[:1] == ("symbols",):
            return _row_place(
                ("answer", kind, "symbols"), rest[1:], draft["answer"][kind]["symbols"]
            )
        return ("answer", kind, *rest)
    if place[:1] == ("quantities",):
        return _row_place(("quantities",), place[1:], draft["quantities"])
    if place[:2] == ("parallel", "quantities"):
        return _row_place(("quantities",), (*place[2:], "other"), draft["quantities"])
    return place


def _row_place(start: Place, rest: Place, rows: list[Draft]) -> Place:
    """Return the row that has the name; pydantic adds "[key]" where the name itself is wrong."""
    if not rest:
        return start
    number = next((n for n, row in enumerate(rows) if row["name"] == rest[0]), None)
    if number is None:
        return start
    part = "name" if "[key]" in rest else "other" if "other" in rest else "value"
    return (*start, number, part)


def _computable(data: dict[str, Any]) -> Item | None:
    """Return an item of just what is computed, so that values show while others are written."""
    least = {
        "id": "draft",
        "title": "draft",
        "skills": ["draft"],
        "prompt": data["prompt"] or "-",
        "quantities": data["quantities"],
        "answer": data["answer"],
        "steps": [{**step, "goal": step["goal"] or "-"} for step in data["steps"]],
    }
    return _read(Item, least)[0] or _read(Item, {**least, "answer": _NO_ANSWER})[0]


_NO_ANSWER = {"kind": "choice", "options": [{"id": c, "text": c} for c in "ab"], "correct": "a"}


def _values(item: Item, solution: Solution) -> Iterator[tuple[str, str]]:
    digits = item.answer.digits if item.answer.kind == "numeric" else 3
    for name in (*item.quantities, *(step.id for step in item.steps)):
        if name in solution.names:
            yield name, solution.names[name]
    if solution.answer is not None:
        yield "the answer", format_measure(solution.answer, digits)
    for misconception in item.misconceptions:
        if misconception.id in solution.mal_rules:
            yield misconception.title, f"{solution.mal_rules[misconception.id]:.{digits}g}"


def _filled(prompt: str, solution: Solution) -> str:
    try:
        return fill(prompt, solution.names)
    except ContentError:
        return prompt


def _by_place(found: Sequence[tuple[Place, str]]) -> dict[Place, tuple[str, ...]]:
    mistakes: dict[Place, tuple[str, ...]] = {}
    for place, message in found:
        if message not in mistakes.get(place, ()):
            mistakes[place] = (*mistakes.get(place, ()), message)
    return mistakes

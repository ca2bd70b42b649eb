"""Drafts: an item or a rubric while it is being edited, right or wrong.

A draft is plain data in the shape of the file, so that every field of the file has a place in it,
with four differences: a mapping of names (quantities, symbols) is a list of rows; an answer holds
the fields of its kind under the kind's name, and so those of other kinds while somebody tries one;
the parallel's quantities stand in the rows of the item's own; and every row carries an id (`ROW`)
that stays with it when rows are moved.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from uuid import uuid4

from tutor_app.courses.new_course import slug
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric

Draft = dict[str, Any]
Place = tuple[str | int, ...]
"""The way to a field: ("steps", 0, "value")."""
ROW = "#"

BLANK_ANSWERS: dict[str, Draft] = {
    "numeric": {"value": "", "unit": "", "tolerance": 0.02, "tolerance_abs": None, "digits": 3},
    "symbolic": {"value": "", "symbols": [], "target": ""},
    "choice": {"options": [], "correct": ""},
    "text": {"rubric": ""},
    "exact": {"accepted": [], "any_order": False},
    "code": {"language": "python", "starter": "", "solution": "", "without": [], "tests": []},
}
"""The kinds of answer that have fields in the editor; another kind is kept as it is."""
_TEST = {"id": "", "about": "", "call": "", "expect": None, "stdin": "", "stdout": None}
BLANK_ROWS: dict[str, Draft] = {
    "quantities": {"name": "", "value": "", "other": ""},
    "symbols": {"name": "", "value": ""},
    "options": {"id": "", "text": ""},
    "tests": {**_TEST, "step": "", "hidden": False},
    "steps": dict.fromkeys("id goal value unit work why skill criterion".split(), ""),
    "misconceptions": {
        **dict.fromkeys("id title question value option step program".split(), ""),
        "says": [],
    },
    "hints": {"level": "nudge", "text": "", "step": "", "answer": "", "cite": ""},
    "criteria": {
        "id": "", "title": "", "points": 1.0, "negative_allowed": False, "type": "levels",
        "levels": [], "key_elements": [], "grader_note": "",
    },
    "levels": {"title": "", "points": 0.0, "description": "", "example": "", "feedback": ""},
    "key_elements": {"id": "", "text": "", "variants": []},
    "skills": {"id": "", "title": "", "prerequisites": [], "bkt": {}},
}  # fmt: skip
"""What a new row of a list holds."""


def draft_of_item(item: Item) -> Draft:
    """Return the draft of an item; `item_data` gives back the very same item."""
    draft: Draft = _with_rows(item.model_dump(mode="json"))
    parallel = draft.pop("parallel") or {"quantities": {}, "prompt": "", "answer": "", "worked": []}
    other = parallel.pop("quantities")
    draft["quantities"] = [
        {**row, "other": other.get(row["name"], "")} for row in _rows_of(draft["quantities"])
    ]
    draft["parallel"] = parallel
    answer = draft["answer"]
    kind = answer.pop("kind")
    if "symbols" in answer:
        answer["symbols"] = _rows_of(answer["symbols"])
    draft["answer"] = {"kind": kind, **deepcopy(BLANK_ANSWERS), kind: answer}
    return draft


def new_item(skills: Sequence[str] = (), kind: str = "numeric") -> Draft:
    """Return the draft of an item of which nothing is written yet, with one empty step."""
    return {
        "id": "", "title": "", "prompt": "", "skills": list(skills),
        "answer": {"kind": kind, **deepcopy(BLANK_ANSWERS)},
        "steps": [new_row("steps")], "quantities": [], "difficulty": None, "misconceptions": [],
        "hints": [], "hints_in_order": False,
        "parallel": {"prompt": "", "answer": "", "worked": []}, "sections": [], "spoilers": [],
        "licence": "", "not_askable": "",
    }  # fmt: skip


def item_data(draft: Draft) -> dict[str, Any]:
    """Return the data of the item file that a draft stands for, right or wrong.

    An id that was left empty is made from the title: people name things, files need ids.
    """
    data: dict[str, Any] = _without_rows(draft)
    rows, parallel = data["quantities"], data.pop("parallel")
    data["quantities"] = {row["name"]: row["value"] for row in rows}
    parallel["quantities"] = {row["name"]: row["other"] for row in rows if row["other"]}
    data["parallel"] = parallel if any(parallel.values()) else None
    kind = data["answer"]["kind"]
    answer = {"kind": kind, **data["answer"].get(kind, {})}
    if "symbols" in answer:
        answer["symbols"] = {row["name"]: row["value"] for row in answer["symbols"]}
    data["answer"] = answer
    data["id"] = data["id"] or slug(data["title"])
    _name_rows(data["misconceptions"], "title", "misconception")
    _name_rows(answer.get("tests", []), "about", "test")
    for number, step in enumerate(data["steps"], 1):
        step["id"] = step["id"] or f"step_{number}"
    return data


def draft_of_rubric(rubric: Rubric) -> Draft:
    """Return the draft of a rubric; `rubric_data` gives back the very same rubric."""
    draft: Draft = _with_rows(rubric.model_dump(mode="json"))
    return draft


def draft_of_rubric_data(data: dict[str, Any]) -> Draft:
    """Return the draft of a rubric read elsewhere: every field is there, maybe wrong."""
    draft: Draft = _with_rows(deepcopy(data))
    return draft


def new_rubric(question: str = "", title: str = "") -> Draft:
    """Return the draft of a rubric with one criterion of three levels."""
    criterion = new_row("criteria")
    for name, points in (("", 1.0), ("", 0.5), ("", 0.0)):
        criterion["levels"].append({**new_row("levels"), "title": name, "points": points})
    return {
        "id": "", "title": title, "version": 1, "question": question, "reference_answers": [],
        "criteria": [criterion], "min_points": 0.0, "max_extra": 0.0, "course_sections": [],
    }  # fmt: skip


def rubric_data(draft: Draft) -> dict[str, Any]:
    """Return the data of the rubric file that a draft stands for, right or wrong."""
    data: dict[str, Any] = _without_rows(draft)
    data["id"] = data["id"] or slug(data["title"])
    _name_rows(data["criteria"], "title", "criterion")
    for criterion in data["criteria"]:
        _name_rows(criterion["key_elements"], "text", "idea")
    return data


def draft_of_course(course: Course) -> Draft:
    """Return the draft of a course; `course_data` gives back the very same course."""
    draft: Draft = _with_rows(course.model_dump(mode="json"))
    return draft


def course_data(draft: Draft) -> dict[str, Any]:
    """Return the data of the course file that a draft stands for, right or wrong."""
    data: dict[str, Any] = _without_rows(draft)
    _name_rows(data["skills"], "title", "skill")
    return data


def value_at(draft: Draft, place: Place) -> Any:
    """Return what stands at a place."""
    found: Any = draft
    for part in place:
        found = found[part]
    return found


def put(draft: Draft, place: Place, value: Any) -> None:
    """Write a value to a place."""
    value_at(draft, place[:-1])[place[-1]] = value


def new_row(kind: str) -> Draft:
    """Return an empty row of a list, with an id of its own."""
    return {**deepcopy(BLANK_ROWS[kind]), ROW: uuid4().hex[:8]}


def add_row(draft: Draft, place: Place) -> None:
    """Add an empty row at the end of the list at a place; options get the next letter."""
    rows, kind = value_at(draft, place), str(place[-1])
    row = new_row(kind)
    if kind == "options":
        used = {other["id"] for other in rows}
        row["id"] = next((c for c in "abcdefghijklmnopqrstuvwxyz" if c not in used), "")
    rows.append(row)


def remove_row(draft: Draft, place: Place) -> None:
    """Take out the row at a place."""
    *parent, number = place
    del value_at(draft, tuple(parent))[number]


def move_row(draft: Draft, place: Place, by: int) -> None:
    """Move the row at a place up (-1) or down (1); at either end nothing happens."""
    *parent, number = place
    rows = value_at(draft, tuple(parent))
    target = int(number) + by
    if 0 <= target < len(rows):
        rows[int(number)], rows[target] = rows[target], rows[int(number)]


def lines_of(entries: Sequence[str], apart: str = "\n") -> str:
    """Return a list of texts as one text, one a line or, with two line breaks, one a paragraph."""
    inside = "\n" if apart == "\n\n" else " "
    return apart.join(inside.join(split_lines(entry, apart)) for entry in entries)


def split_lines(text: str, apart: str = "\n") -> list[str]:
    """Return the texts of `lines_of`; empty ones are left out."""
    parts = re.split(r"\n\s*\n", text) if apart == "\n\n" else text.split(apart)
    return [part.strip() for part in parts if part.strip()]


def _name_rows(rows: list[dict[str, Any]], source: str, fallback: str) -> None:
    used = {row["id"] for row in rows if row["id"]}
    for number, row in enumerate(rows, 1):
        if row["id"]:
            continue
        wanted = "-".join(slug(row[source]).split("-")[:5]) or f"{fallback}-{number}"
        name = next(n for n in (wanted, *(f"{wanted}-{k}" for k in range(2, 99))) if n not in used)
        used.add(name)
        row["id"] = name


def _rows_of(mapping: dict[str, str]) -> list[Draft]:
    return [{"name": k, "value": v, ROW: uuid4().hex[:8]} for k, v in mapping.items()]


def _with_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_rows(one) for key, one in value.items()}
    if isinstance(value, list):
        return [
            {**_with_rows(one), ROW: uuid4().hex[:8]} if isinstance(one, dict) else _with_rows(one)
            for one in value
        ]
    return value


def _without_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_rows(one) for key, one in value.items() if key != ROW}
    if isinstance(value, list):
        return [_without_rows(one) for one in value]
    return value

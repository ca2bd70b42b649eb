"""What is written is read by the rules of the system that it is for, written down here anew."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from tutor_app.domain.rubric import Rubric
from tutor_app.exchange.rubrics.canvas import write_canvas
from tutor_app.exchange.rubrics.read import read_rubrics
from tutor_app.exchange.rubrics.write import write_rubric

HOSTILE = '=HYPERLINK("http://example.org")'


def rubric(title: str = "Cell", name: str = "Osmosis") -> Rubric:
    return Rubric.model_validate(
        {
            "id": "cell", "title": title, "version": 1, "question": "Why?",
            "reference_answers": ["Because."],
            "criteria": [
                {
                    "id": "a", "title": name, "points": 2,
                    "levels": [
                        {"title": "Clear", "points": 2, "description": "Says, “it” \"is\"; so."},
                        {"title": "Partly", "points": 0.5, "description": "Half of it\nor so."},
                        {"title": "Missing", "points": 0, "description": "Nothing."},
                    ],
                },
                {
                    "id": "b", "title": "Facts", "points": 1, "type": "checklist",
                    "key_elements": [{"id": "x", "text": "X."}, {"id": "y", "text": "Y."}],
                },
                {"id": "c", "title": "Blames air", "points": -1, "type": "penalty"},
            ],
        }
    )  # fmt: skip


def canvas_import(content: bytes) -> dict[str, list[dict[str, object]]]:
    """As Canvas: columns by what their headings include, rows by their Rubric Name."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    head = [cell.lower() for cell in rows[0]]
    at = {part: [n for n, h in enumerate(head) if f"rating {part}" in h]
          for part in ("name", "description", "points")}  # fmt: skip
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows[1:]:
        assert row[head.index("rubric name")], "Missing 'Rubric Name' in some rows."
        assert row[head.index("criteria name")], "Missing 'Criteria Name'"
        ratings = [
            (row[a], row[b], float(row[c].replace(",", ".")))
            for a, b, c in zip(*at.values(), strict=True)
            if c < len(row) and row[c]
        ]
        assert ratings, "Missing ratings"
        # Canvas's own assistant refuses what is empty
        assert all(name and text for name, text, _ in ratings)
        found.setdefault(row[head.index("rubric name")], []).append(
            {
                "name": row[head.index("criteria name")],
                "description": row[head.index("criteria description")],
                "range": row[head.index("criteria enable range")],
                "ratings": ratings,
            }
        )
    return found


def test_canvas_takes_every_criterion_with_its_ratings() -> None:
    (criteria,) = canvas_import(write_rubric(rubric(), "canvas").content).values()
    assert [c["name"] for c in criteria] == ["Osmosis", "Facts", "Blames air"]
    assert all(c["description"] and c["range"] == "false" for c in criteria)
    points = [[r[2] for r in c["ratings"]] for c in criteria]  # type: ignore[attr-defined]
    assert points == [[2.0, 0.5, 0.0], [1.0, 0.5, 0.0], [0.0, -1.0]]


def test_canvas_takes_several_rubrics_from_one_file() -> None:
    content = write_canvas([rubric("One"), rubric("Two")])
    assert list(canvas_import(content)) == ["One", "Two"]
    readings = read_rubrics("both.csv", content)
    assert [reading.rubric.title for reading in readings] == ["One", "Two"]
    assert [len(reading.rubric.criteria) for reading in readings] == [3, 3]


def markus_import(text: str) -> list[dict[str, object]]:
    """As MarkUs: names differ, marks above 0, levels of different names and marks in between."""
    criteria = []
    for name, body in YAML(typ="safe", pure=True).load(text).items():
        most = float(body["max_mark"])
        assert name
        assert most > 0
        assert body["type"] in ("rubric", "flexible", "checkbox")
        levels = [
            (k, float(v["mark"]), v["description"]) for k, v in body.get("levels", {}).items()
        ]
        marks = [mark for _, mark, _ in levels]
        if body["type"] == "rubric":
            assert levels
            assert len(set(marks)) == len(marks)
            assert max(marks) == most
            assert min(marks) >= 0
        criteria.append({"name": name, "type": body["type"], "max": most, "levels": levels})
    return criteria


def test_markus_takes_levels_and_a_counted_checklist() -> None:
    written = write_rubric(rubric(), "markus")
    criteria = markus_import(written.content.decode())
    assert [(c["name"], c["type"], c["max"]) for c in criteria] == [
        ("Osmosis", "rubric", 2.0),
        ("Facts", "rubric", 1.0),
    ]
    assert "Blames air" in " ".join(written.lost)


def test_markus_gets_names_that_differ() -> None:
    one = rubric()
    same = one.model_copy(update={"criteria": [one.criteria[0]] * 2})
    assert [c["name"] for c in markus_import(write_rubric(same, "markus").content.decode())] == [
        "Osmosis", "Osmosis (2)",
    ]  # fmt: skip


class Item(BaseModel):
    """ExportedRubricItemSchema of PrairieLearn."""

    model_config = ConfigDict(strict=True, extra="forbid")
    order: int
    points: float
    description: str
    explanation: str
    grader_note: str
    always_show_to_students: bool


class Settings(BaseModel):
    """ExportedRubricDataSchema of PrairieLearn."""

    model_config = ConfigDict(strict=True, extra="forbid")
    max_extra_points: float
    min_points: float
    replace_auto_points: bool
    starting_points: float
    max_points: float | None
    max_manual_points: float | None
    max_auto_points: float | None
    grader_guidelines: str
    rubric_items: list[Item]


def test_prairielearn_takes_items_whose_points_are_those_of_the_levels() -> None:
    settings = Settings.model_validate(json.loads(write_rubric(rubric(), "prairielearn").content))
    assert [item.order for item in settings.rubric_items] == list(range(7))
    assert settings.max_points == 3.0
    assert [item.points for item in settings.rubric_items] == [2.0, 0.5, 0.0, 1.0, 0.5, 0.0, -1.0]
    assert settings.rubric_items[0].description == "Osmosis: Clear"
    assert settings.rubric_items[0].grader_note == "Tick exactly one item of “Osmosis”."


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1 or so", "@SUM(A1)", "  =1", HOSTILE])
def test_a_csv_never_holds_a_cell_that_a_spreadsheet_runs(start: str) -> None:
    content = write_rubric(rubric(start, start), "canvas").content
    for row in csv.reader(io.StringIO(content.decode(), newline="")):
        for cell in row:
            number = cell.replace("-", "", 1).replace(".", "").isdigit()
            assert number or not cell.lstrip().startswith(("=", "+", "-", "@", "\t"))
    (reading,) = read_rubrics("x.csv", content)
    assert reading.rubric.criteria[0].title == start.strip(), "and it comes back as it was"


@pytest.mark.parametrize("start", ["=1+1", "@SUM(A1)", HOSTILE])
def test_a_workbook_holds_texts_and_numbers_and_no_formula(start: str) -> None:
    content = write_rubric(rubric(start, start), "xlsx").content
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    (reading,) = read_rubrics("x.xlsx", content)
    assert reading.rubric.criteria[0].title == start
    assert reading.remarks == ()

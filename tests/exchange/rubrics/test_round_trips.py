"""Every rubric that is shipped goes out in every format and comes back as far as it carries it."""

from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.exchange.rubrics.levelled import as_levels
from tutor_app.exchange.rubrics.read import read_rubrics
from tutor_app.exchange.rubrics.reading import ReadRubric
from tutor_app.exchange.rubrics.write import FORMATS, write_rubric

CATALOGUE = Catalogue([], [Path(__file__).parents[3] / "rubrics"])
IDS = CATALOGUE.rubric_ids()
# every type of criterion, penalties and checklists of one and of several ideas are among them
SOME = [*IDS[::6], "python-basics-input-joined", "cell-biology-active-rehydration"]
Scored = list[tuple[str, float | None, list[tuple[str, float | None, str]]]]


def back(rubric: Rubric, format: str) -> ReadRubric:
    written = write_rubric(rubric, format)
    (reading,) = read_rubrics(written.name, written.content)
    return reading.rubric


def as_scored(criterion: Criterion) -> tuple[str, float, list[tuple[str, float, str]]]:
    levels = [] if criterion.type == "penalty" else as_levels(criterion)
    return criterion.title, criterion.points, [(v.title, v.points, v.description) for v in levels]


def read_scored(rubric: ReadRubric) -> Scored:
    return [
        (c.title, c.points, [(v.title, v.points, v.description) for v in c.levels])
        for c in rubric.criteria
    ]


def test_the_shipped_rubrics_have_every_type_of_criterion() -> None:
    types = {c.type for one in SOME for c in CATALOGUE.rubric(one).criteria}
    assert types == {"levels", "checklist", "penalty", "holistic"}


@pytest.mark.parametrize("rubric_id", SOME)
def test_an_excel_file_brings_back_the_very_same_rubric(rubric_id: str) -> None:
    rubric = CATALOGUE.rubric(rubric_id)
    assert Rubric.model_validate(back(rubric, "xlsx").data()) == rubric


@pytest.mark.parametrize("format", ["canvas", "docx", "prairielearn"])
@pytest.mark.parametrize("rubric_id", SOME)
def test_criteria_levels_and_points_come_back(rubric_id: str, format: str) -> None:
    rubric = CATALOGUE.rubric(rubric_id)
    assert read_scored(back(rubric, format)) == [as_scored(c) for c in rubric.criteria]


@pytest.mark.parametrize("rubric_id", SOME)
def test_a_word_document_also_brings_back_title_and_question(rubric_id: str) -> None:
    rubric = CATALOGUE.rubric(rubric_id)
    found = back(rubric, "docx")
    assert found.title == rubric.title
    assert found.question.split() == rubric.question.split()


@pytest.mark.parametrize("rubric_id", SOME)
def test_markus_brings_back_all_but_penalties(rubric_id: str) -> None:
    rubric = CATALOGUE.rubric(rubric_id)
    found = back(rubric, "markus")
    positive = [c for c in rubric.criteria if c.points > 0]
    assert [(c.title, c.points) for c in found.criteria] == [(c.title, c.points) for c in positive]
    for read, criterion in zip(found.criteria, positive, strict=True):
        if read.type == "checklist":
            assert [i.text for i in read.key_elements] == [i.text for i in criterion.key_elements]
        else:
            assert [(v.title, v.points, v.description) for v in read.levels] == as_scored(
                criterion
            )[2]


def rubric_with(**more: Any) -> Rubric:
    criterion: dict[str, Any] = {
        "id": "a", "title": "Names osmosis", "points": 1.5,
        "levels": [
            {"title": "Yes", "points": 1.5, "description": "Names it.", "example": "Osmosis."},
            {"title": "No", "points": 0, "description": "Does not."},
        ],
        "key_elements": [{"id": "o", "text": "It is osmosis."}], "grader_note": "Look twice.",
    }  # fmt: skip
    return Rubric.model_validate(
        {
            "id": "cell", "title": "Cell", "version": 3, "question": "Why?",
            "reference_answers": ["Because."], "criteria": [{**criterion, **more}],
            "min_points": 0.5, "max_extra": 1,
        }
    )  # fmt: skip


@pytest.mark.parametrize("format", [f for f in FORMATS if f != "xlsx"])
def test_what_a_format_cannot_carry_is_said(format: str) -> None:
    lost = " ".join(write_rubric(rubric_with(), format).lost)
    assert "eference answers are left out" in lost
    assert "Key elements are left out" in lost
    assert "Examples of the levels are left out" in lost


def test_an_excel_file_loses_nothing_and_says_nothing() -> None:
    assert write_rubric(rubric_with(), "xlsx").lost == ()


def test_notes_for_graders_never_leave_in_formats_that_students_may_see() -> None:
    for format in ("canvas", "markus", "docx"):
        written = write_rubric(rubric_with(grader_note="SECRET"), format)
        reading = read_rubrics(written.name, written.content)[0]
        assert "SECRET" not in str(reading)
        assert b"SECRET" not in written.content


def test_prairielearn_keeps_bounds_and_the_note_for_graders() -> None:
    found = back(rubric_with(), "prairielearn")
    assert (found.min_points, found.max_extra) == (0.5, 1.0)
    assert found.criteria[0].grader_note == "Look twice."

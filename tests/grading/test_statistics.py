"""Figures about a batch."""

import pytest

from tutor_app.documents.wording import clauses
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.statistics import batch_statistics, element_shares
from tutor_app.retrieval.embedder import load_embedder

LEVELS = [{"title": str(p), "points": p, "description": "d"} for p in (2, 1, 0)]
RUBRIC = Rubric.model_validate(
    {
        "id": "ice", "title": "Ice", "version": 1, "question": "Why does ice float on water?",
        "reference_answers": ["Ice is less dense than water."],
        "criteria": [
            {"id": "a", "title": "A", "points": 2, "levels": LEVELS},
            {"id": "b", "title": "B", "points": 2, "type": "checklist", "key_elements": [
                {"id": "dense", "text": "ice is less dense than liquid water"},
                {"id": "bonds", "text": "hydrogen bonds hold the molecules further apart"},
            ]},
            {"id": "air", "title": "Says air", "points": -1, "type": "penalty"},
        ],
    }
)  # fmt: skip


def test_totals_criteria_and_the_hardest_come_with_their_n() -> None:
    marks = [{"a": 2.0, "b": 1.0, "air": 0.0}, {"a": 2.0, "b": 0.0, "air": -1.0},
             {"a": 0.0, "b": 1.0, "air": -1.0}, {"a": 2.0, "b": 0.0, "air": 0.0}]  # fmt: skip
    got = batch_statistics(RUBRIC, marks)
    assert (got.n, got.mean, got.hardest) == (4, 1.5, "b")
    assert got.totals == ((0.0, 1), (1.0, 1), (2.0, 1), (3.0, 1))
    assert got.quartiles == (0.75, 1.5, 2.25)
    first = got.criteria[0]
    assert (first.n, first.mean, first.share) == (4, 1.5, 0.75)
    assert first.counts == ((2.0, 3), (0.0, 1))
    assert first.low == pytest.approx(1.5 - 1.96 * 1 / 2)
    assert got.criteria[2].share is None


def test_one_mark_has_no_spread_and_none_is_refused() -> None:
    one = batch_statistics(RUBRIC, [{"a": 1.0, "b": 2.0, "air": 0.0}]).criteria[0]
    assert one.low == one.high == 1.0
    with pytest.raises(ValueError, match="no marks"):
        batch_statistics(RUBRIC, [])


def test_the_element_that_few_answers_show_comes_first() -> None:
    answers = [
        "Ice is less dense than liquid water.",
        "It floats because solid ice has a lower density than water.",
        "Hydrogen bonds keep the molecules further apart, so ice is less dense than water.",
        "",
    ]
    got = element_shares(RUBRIC, [clauses(a) for a in answers], load_embedder().embed_array)
    assert [(e.element, e.n) for e in got] == [("bonds", 4), ("dense", 4)]
    assert got[0].share < got[1].share <= 0.75
    assert [e.share for e in element_shares(RUBRIC, [[]], load_embedder().embed_array)] == [0, 0]

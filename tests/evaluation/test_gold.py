"""Gold answers: the files that are shipped, and the figures."""

import json
from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.grade import Judgement
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.evaluation.gold import (
    GoldAnswer,
    load_gold,
    measure_gold,
)

CHECKOUT = Path(__file__).parents[2]
RUBRIC = Rubric.model_validate(
    {
        "id": "ice",
        "title": "Ice",
        "version": 1,
        "question": "Why does ice float?",
        "reference_answers": ["It is less dense."],
        "criteria": [
            {
                "id": "density",
                "title": "Density",
                "points": 2,
                "levels": [
                    {"title": "full", "points": 2, "description": "d"},
                    {"title": "half", "points": 1, "description": "d"},
                    {"title": "none", "points": 0, "description": "d"},
                ],
            },
            {
                "id": "parts",
                "title": "Parts",
                "points": 1,
                "type": "checklist",
                "key_elements": [{"id": n, "text": n} for n in ("a", "b", "c")],
            },
            {"id": "air", "title": "Says air", "points": -1, "type": "penalty"},
        ],
    }
)


def scores(density: float, parts: float, air: float = 0) -> dict[str, float]:
    return {"density": density, "parts": parts, "air": air}


def answer(number: int, first: Any, second: Any, resolved: Any) -> GoldAnswer:
    return GoldAnswer(
        id=f"ice-{number}", rubric="ice", kind="near", language="en", answer=f"words {number}",
        first=first, second=second, resolved=resolved,
    )  # fmt: skip


def write(folder: Path, *answers: dict[str, Any]) -> Path:
    text = "".join(json.dumps(one) + "\n" for one in answers)
    (folder / "ice.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_each_kind_of_criterion_gives_the_points_that_it_can_give() -> None:
    density, parts, air = RUBRIC.criteria
    assert density.possible_points == [2, 1, 0]
    assert parts.possible_points == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert air.possible_points == [0, -1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": {"density": 1.5, "parts": 0, "air": 0}}, "cannot give 1.5"),
        ({"second": {"density": 1, "parts": 0}}, "are not for the criteria"),
        ({"rubric": "snow"}, "no rubric 'snow'"),
        ({"language": "latin"}, "no gold answer"),
    ],
)
def test_a_line_that_cannot_be_right_is_named(
    tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    good = answer(1, scores(2, 0.33), scores(2, 0.33), scores(2, 0.33)).model_dump()
    assert len(load_gold(write(tmp_path, good), {"ice": RUBRIC})) == 1
    with pytest.raises(ContentError, match="line 2") as caught:
        load_gold(write(tmp_path, good, {**good, **wrong}), {"ice": RUBRIC})
    assert said in str(caught.value)


def test_agreement_and_the_judge_are_counted_by_hand() -> None:
    answers = [
        answer(1, scores(2, 1), scores(2, 1), scores(2, 1)),
        answer(2, scores(1, 0), scores(2, 0), scores(1, 0)),
        answer(3, scores(0, 0, -1), scores(0, 0, -1), scores(0, 0, -1)),
    ]

    def judge(text: str, rubric: Rubric) -> list[Judgement]:
        # right on the first answer's density, wrong on the second's, silent on parts
        met = text in ("words 1", "words 2")
        return [Judgement(criterion="density", verdict="met" if met else "unmet")]

    (row, whole) = measure_gold(answers, {"ice": RUBRIC}, judge).rows
    assert (row.answers, row.decisions) == (3, 9) == (whole.answers, whole.decisions)
    assert row.same == pytest.approx(8 / 9)
    assert row.precision == pytest.approx(1 / 2)
    assert row.recall == pytest.approx(1 / 2)


def test_the_shipped_gold_sets_are_whole() -> None:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    answers = load_gold(CHECKOUT / "datasets/gold", rubrics)
    per_rubric = {one.rubric: 0 for one in answers}
    for one in answers:
        per_rubric[one.rubric] += 1
    assert len(per_rubric) >= 18
    assert min(per_rubric.values()) >= 40
    assert len({one.id for one in answers}) == len(answers)
    for one in answers:
        for criterion, points in one.resolved.items():
            if one.first[criterion] == one.second[criterion]:
                assert points == one.first[criterion], one.id

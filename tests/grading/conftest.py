"""A small rubric, and a grader whose rule a test can know."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from tutor_app.domain.grade import CriterionGrade, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission

LEVELS = [
    {"title": "Density, with the reason", "points": 2, "description": "Both halves."},
    {"title": "Density", "points": 1, "description": "One half.", "example": "It is less dense."},
    {"title": "Missing", "points": 0, "description": "Neither.", "example": "Because it is cold."},
]


class RuleGrader:
    """Gives the points that a rule says; None is pending. Keeps what it was given."""

    def __init__(self, rule: Callable[[str], float | None], needs_review: bool = False):
        self.name = "rule:1"
        self.rule = rule
        self.needs_review = needs_review
        self.seen: list[Submission] = []

    def grade(
        self,
        submission: Submission,
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Grade:
        self.seen.append(submission)
        points = self.rule(submission.text)
        return Grade(
            submission=submission.id,
            rubric=rubric.id,
            rubric_hash=rubric.digest,
            grader=self.name,
            criteria=tuple(
                CriterionGrade(
                    criterion=one.id,
                    auto_score=None if points is None else min(points, one.points),
                    confidence=0.9,
                    needs_review=self.needs_review or points is None,
                )
                for one in rubric.criteria
            ),
        )

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        for one in submissions:
            yield self.grade(one, rubric, item=item, examples=examples)


@pytest.fixture
def rule_grader() -> type[RuleGrader]:
    return RuleGrader


@pytest.fixture
def ice_rubric() -> Rubric:
    return Rubric.model_validate(
        {
            "id": "ice-floats",
            "title": "Why ice floats",
            "version": 1,
            "question": "Why does an ice cube float on water? Explain it in two sentences.",
            "reference_answers": [
                "Water expands when it freezes, so the same mass takes up a larger volume. "
                "Ice is therefore less dense than the liquid water around it and floats on it."
            ],
            "criteria": [
                {"id": "density", "title": "Compares densities", "points": 2, "levels": LEVELS}
            ],
        }
    )


@pytest.fixture
def full_rubric(ice_rubric: Rubric) -> Rubric:
    """Levels, a checklist and a penalty."""
    more = [
        {
            "id": "places",
            "title": "Names two places",
            "points": 2,
            "type": "checklist",
            "key_elements": [
                {"id": "lakes", "text": "Lakes freeze from the top."},
                {"id": "bursting", "text": "Freezing water bursts bottles."},
            ],
        },
        {"id": "air-mistake", "title": "Blames air", "points": -1, "type": "penalty"},
    ]
    data = ice_rubric.model_dump()
    return Rubric.model_validate(data | {"criteria": [*data["criteria"], *more]})

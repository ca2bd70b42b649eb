"""A rubric: criteria with levels or key elements, and the reference answers."""

import hashlib
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from tutor_app.domain.base import Slug, Strict, Text

_ROUNDED = 1e-9


class Level(Strict):
    """One level of a criterion, best first."""

    title: Text
    points: float
    description: Text
    example: str = ""
    feedback: str = ""


class KeyElement(Strict):
    """One idea an answer must show; `variants` are other right ways of saying it."""

    id: Slug
    text: Text
    variants: list[Text] = []


class Criterion(Strict):
    """One thing that is judged.

    Attributes:
        type: levels (pick one), checklist (a share of `points` per key element), penalty
            (negative points when it applies), holistic (one overall level).
        grader_note: for graders; never shown to students.
    """

    id: Slug
    title: Text
    points: float
    negative_allowed: bool = False
    type: Literal["levels", "checklist", "penalty", "holistic"] = "levels"
    levels: list[Level] = []
    key_elements: list[KeyElement] = []
    grader_note: str = ""

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.type in ("levels", "holistic") and len(self.levels) < 2:
            raise ValueError(f"criterion {self.id!r} of type {self.type} needs two levels or more")
        if self.type == "checklist" and not self.key_elements:
            raise ValueError(f"criterion {self.id!r} of type checklist needs key_elements")
        if self.levels:
            best = max(level.points for level in self.levels)
            if self.type in ("levels", "holistic") and abs(best - self.points) > 1e-9:
                points = "point" if abs(self.points) == 1 else "points"
                raise ValueError(
                    f"criterion {self.id!r} is worth {self.points:g} {points}, "
                    f"but its best level gives {best:g}"
                )
        every = [self.points, *(level.points for level in self.levels)]
        if min(every) < 0 and not (self.negative_allowed or self.type == "penalty"):
            raise ValueError(
                f"criterion {self.id!r} has negative points; set negative_allowed: true"
            )
        return self

    @property
    def possible_points(self) -> list[float]:
        """Every score that this criterion can give, best first."""
        if self.type == "penalty":
            return [0.0, self.points]
        if self.type == "checklist":
            parts = len(self.key_elements)
            return [self.points * n / parts for n in range(parts, -1, -1)]
        return sorted({level.points for level in self.levels}, reverse=True)

    def can_give(self, points: float) -> bool:
        """Say whether it can give these points; between two levels it can."""
        possible = self.possible_points
        return min(possible) - _ROUNDED <= points <= max(possible) + _ROUNDED


class Rubric(Strict):
    """rubrics/<id>.yaml."""

    id: Slug
    title: Text
    version: int = Field(ge=1)
    question: Text
    reference_answers: list[Text] = Field(min_length=1)
    criteria: list[Criterion] = Field(min_length=1)
    min_points: float = 0.0
    max_extra: float = Field(0.0, ge=0)
    course_sections: list[Text] = []

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        if len(set(ids)) < len(ids):
            raise ValueError("two criteria have the same id")
        return self

    @property
    def max_points(self) -> float:
        """Sum of the criteria's positive points."""
        return sum(c.points for c in self.criteria if c.points > 0)

    @property
    def digest(self) -> str:
        """The first 16 hex digits of the sha256 over everything that can change a mark."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def criterion(self, criterion_id: str) -> Criterion:
        """Return a criterion by its id; KeyError when there is none."""
        return {criterion.id: criterion for criterion in self.criteria}[criterion_id]

    def total(self, points: Mapping[str, float]) -> float:
        """Sum the points of the criteria, between `min_points` and `max_points + max_extra`.

        Raises:
            KeyError: a criterion has no points.
        """
        given = sum(points[criterion.id] for criterion in self.criteria)
        return max(self.min_points, min(given, self.max_points + self.max_extra))

"""A rubric: criteria with levels or key elements, and the reference answers."""

from typing import Literal, Self

from pydantic import Field, model_validator

from tutor_app.domain.base import Slug, Strict, Text


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

"""A course: skills with prerequisites, and the policy on help and answers."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from tutor_app.domain.base import Slug, Strict, Text


class HintLevel(StrEnum):
    """The rungs of the ladder, lowest first."""

    NUDGE = "nudge"
    QUESTION = "question"
    CONCEPT = "concept"
    EXAMPLE = "similar example"
    ANSWER = "answer"

    @property
    def rank(self) -> int:
        """0 for nudge to 4 for answer."""
        return list(HintLevel).index(self)


class BktParameters(Strict):
    """Bayesian knowledge tracing (Corbett & Anderson 1995); probabilities in (0, 1)."""

    p_init: float = Field(0.3, gt=0, lt=1)
    p_learn: float = Field(0.15, gt=0, lt=1)
    p_slip: float = Field(0.1, gt=0, lt=0.5)
    p_guess: float = Field(0.2, gt=0, lt=0.5)
    p_forget: float = Field(0.0, ge=0, lt=1)


class Skill(Strict):
    """One thing a learner can master."""

    id: Slug
    title: Text
    prerequisites: list[Slug] = []
    bkt: BktParameters = BktParameters()


class Policy(Strict):
    """What the instructor allows in this course.

    Attributes:
        checks_per_item: wrong answers that may be checked before the item is put aside.
        attempts_before: counted attempts a learner needs before a ladder level opens.
        show_answer: whether the answer of an item may ever be shown.
    """

    checks_per_item: int = Field(6, ge=1, le=50)
    attempts_before: dict[HintLevel, int] = Field(
        default_factory=lambda: {
            HintLevel.NUDGE: 0,
            HintLevel.QUESTION: 0,
            HintLevel.CONCEPT: 1,
            HintLevel.EXAMPLE: 1,
            HintLevel.ANSWER: 3,
        }
    )
    show_answer: bool = False

    def attempts_for(self, level: HintLevel) -> int:
        """Return how many counted attempts open this level."""
        return self.attempts_before.get(level, 0)


class Course(Strict):
    """course.yaml.

    Attributes:
        position: where it stands among the courses beside it, lowest first.
    """

    id: Slug
    title: Text
    language: str = Field("en", pattern=r"^[a-z]{2}$")
    licence: Text
    description: str = ""
    contact: str = ""
    position: int = Field(100, ge=0)
    skills: list[Skill] = Field(min_length=1)
    policy: Policy = Policy()

    @model_validator(mode="after")
    def _skills_form_a_graph(self) -> Self:
        ids = [skill.id for skill in self.skills]
        for name in {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"skill {name!r} is defined twice")
        seen: set[str] = set()
        for skill in self.skills:
            for before in skill.prerequisites:
                if before not in seen:
                    raise ValueError(
                        f"skill {skill.id!r} needs {before!r}, which is not defined above it"
                    )
            seen.add(skill.id)
        return self

    def skill(self, skill_id: str) -> Skill:
        """Return a skill by id; KeyError when there is none."""
        return {skill.id: skill for skill in self.skills}[skill_id]

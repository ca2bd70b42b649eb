from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue, LoadedCourse
from tutor_app.distillation.collect import collect
from tutor_app.distillation.intake import rubrics_of
from tutor_app.domain.course import Course
from tutor_app.domain.demonstration import Demonstration, Situation
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.evaluation.rehearsal import Stage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue([ROOT / "datasets/courses"], [ROOT / "rubrics"])


@pytest.fixture(scope="session")
def mechanics(catalogue: Catalogue) -> LoadedCourse:
    return catalogue.course("mechanics")


@pytest.fixture(scope="session")
def rubrics(catalogue: Catalogue) -> dict[str, Rubric]:
    return rubrics_of(catalogue, "mechanics")


@pytest.fixture(scope="session")
def situations(mechanics: LoadedCourse) -> list[Situation]:
    return collect(mechanics)


@pytest.fixture
def small(course: Course, item: Item, tmp_path: Path) -> LoadedCourse:
    """A course of one item, the dropped ball."""
    return LoadedCourse(course, {item.id: item}, tmp_path)


@pytest.fixture
def stage(small: LoadedCourse) -> Stage:
    return Stage(small, {})


Make = Callable[..., Demonstration]


@pytest.fixture
def demonstration(small: LoadedCourse) -> Make:
    """Make a demonstration of the dropped ball: the first situation with these properties."""
    known = collect(small)

    def make(
        reply: str,
        learner: str = "no idea how to begin",
        held_out: str = "",
        changed: dict[str, object] | None = None,
        **where: object,
    ) -> Demonstration:
        where = where or {"row": "nudge", "state": "stuck", "step": "square"}
        found = next(s for s in known if all(getattr(s, k) == v for k, v in where.items()))
        return Demonstration(
            situation=found.model_copy(update={"held_out": held_out, **(changed or {})}),
            learner=learner,
            reply=reply,
            any_learner=True,
            persona="a confident learner",
            teacher="big-1",
            request="f" * 32,
            prompt="0" * 12,
        )

    return make

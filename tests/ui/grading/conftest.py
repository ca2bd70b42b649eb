"""A batch of a few answers with proposals that a test can foresee."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tutor_app import factory
from tutor_app.domain.grade import CriterionGrade, Evidence, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.batch import run_batch
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.grading.unread import unanswered
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

RUBRIC = "cell-biology-active-flooded-roots"
TEXTS = (
    "There is no oxygen, so no ATP for the pumps.",
    "there is no oxygen so no ATP for the pumps",
    "It diffuses in with the water <b>easily</b>.",
    "",
)


class PlainGrader:
    """Best points where the word ATP stands in the answer, least points elsewhere, never sure."""

    name = "plain:1"

    def grade_batch(
        self, submissions: Iterable[Submission], rubric: Rubric, **_: Any
    ) -> Iterator[Grade]:
        for one in submissions:
            at = one.text.find("ATP")
            points = [c.possible_points for c in rubric.criteria]
            yield Grade(
                submission=one.id, rubric=rubric.id, rubric_hash=rubric.digest, grader=self.name,
                criteria=tuple(
                    CriterionGrade(
                        criterion=c.id,
                        auto_score=0.0 if c.type == "penalty" else p[0] if at >= 0 else p[-1],
                        evidence=(Evidence(start=at, end=at + 3, quote="ATP"),) if at >= 0 else (),
                        confidence=0.5 + 0.1 * place, reasons=("Names the ATP.",),
                    )
                    for place, (c, p) in enumerate(zip(rubric.criteria, points, strict=True))
                ),
            )  # fmt: skip


class Letters:
    """Stands in for the encoder: equal letters, equal vector."""

    def embed_array(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([[text.count(c) + 0.01 for c in "abcdefghijklmnop"] for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "build_grader", lambda settings: PlainGrader())
    monkeypatch.setattr(factory, "build_embedder", lambda settings: Letters())


@pytest.fixture
def batch_id() -> str:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [
        Submission(id=f"s{n}", learner=f"u{n}", name=f"Ada {n}", text=text)
        for n, text in enumerate(TEXTS)
    ]
    started = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Week 5", who="teacher",
        grader=PlainGrader.name,
    )  # fmt: skip
    run_batch(resources.store(), started.batch.id, PlainGrader(), lambda reference: None)
    return started.batch.id


class SureGrader:
    """Gives every criterion its least points and is sure of it."""

    name = "sure:1"

    def grade_batch(self, submissions: Any, rubric: Any, **_: Any) -> Iterator[Grade]:
        for one in submissions:
            criteria = unanswered(rubric) if not one.text else tuple(
                {"criterion": c.id, "confidence": 0.97, "needs_review": False,
                 "auto_score": 0.0 if c.type == "penalty" else c.possible_points[-1]}
                for c in rubric.criteria
            )  # fmt: skip
            yield Grade.model_validate(
                {"submission": one.id, "rubric": rubric.id, "rubric_hash": rubric.digest,
                 "grader": self.name, "criteria": criteria}
            )  # fmt: skip


@pytest.fixture
def sure_batch() -> str:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [Submission(id=f"s{n}", learner=f"u{n}", text=f"Word {n}") for n in range(40)]
    started = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Sure", who="me",
        grader=SureGrader.name,
    )  # fmt: skip
    run_batch(resources.store(), started.batch.id, SureGrader(), lambda reference: None)
    return started.batch.id


@pytest.fixture
def view(page: Callable[..., Any]) -> Callable[..., Any]:
    def draw(batch_id: str, name: str, **more: Any) -> Any:
        reviewing = Reviewing(batch_id=batch_id, view=name, **more)
        return page("instructor.grading.page", "instructor", reviewing=reviewing)

    return draw


def press(screen: Any, key: str) -> Any:
    screen.test.button(key=key).click().run()
    assert not screen.test.exception, screen.test.exception
    return screen

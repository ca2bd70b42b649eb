"""A small batch and a small honest grader; child processes import this file as a module."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from tutor_app.domain.batch import Batch
from tutor_app.domain.grade import CriterionGrade, Evidence, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.start import Assigned, Started, start_batch
from tutor_app.grading.unread import unanswered
from tutor_app.storage.records import AccountRow
from tutor_app.storage.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tutor.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


@pytest.fixture
def accounts(store: Store) -> Callable[..., None]:
    """Add learners by name."""

    def add(*names: str) -> None:
        for name in names:
            account = AccountRow(
                id=f"id-{name}",
                name=name,
                role="learner",
                password_hash="",
                demo=False,
                simulated=False,
                created_at=datetime(2026, 3, 1, tzinfo=UTC),
            )
            store.accounts.add(account)

    return add


@pytest.fixture
def made() -> ModuleType:
    """All of what follows."""
    return sys.modules[__name__]


class WordGrader:
    """A criterion is met where its title stands in the answer; "" is pending."""

    def __init__(self, pause_s: float = 0.0, unsure_of: str = "", fails: bool = True) -> None:
        self.name = "words-0.1:abc"
        self.pause_s = pause_s
        self.unsure_of = unsure_of
        self.fails = fails
        self.seen: list[Submission] = []
        self.examples: list[tuple[GradedExample, ...]] = []

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        self.examples.append(tuple(examples))
        for one in submissions:
            time.sleep(self.pause_s)
            self.seen.append(one)
            failed = bool(self.unsure_of) and self.unsure_of in one.text and self.fails
            yield Grade(
                submission=one.id,
                failed=failed,
                rubric=rubric.id,
                rubric_hash=rubric.digest,
                grader=self.name,
                criteria=tuple(self._criterion(one.text, each) for each in rubric.criteria)
                if one.text
                else unanswered(rubric),
            )

    def _criterion(self, text: str, criterion: Criterion) -> CriterionGrade:
        if self.unsure_of and self.unsure_of in text:
            return CriterionGrade(criterion=criterion.id, reasons=("The call failed.",))
        word = criterion.title.lower()
        at = text.lower().find(word)
        points = criterion.possible_points
        return CriterionGrade(
            criterion=criterion.id,
            auto_score=points[0] if at >= 0 else points[-1],
            evidence=(Evidence(start=at, end=at + len(word), quote=text[at : at + len(word)]),)
            if at >= 0
            else (),
            confidence=0.9,
            needs_review=False,
        )


def make_rubric(
    rubric_id: str = "motion", points: float = 2.0, words: str = "force mass"
) -> Rubric:
    return Rubric(
        id=rubric_id,
        title="Motion",
        version=1,
        question="Why does it accelerate?",
        reference_answers=["The force on the mass."],
        criteria=[
            Criterion(
                id=word,
                title=word.title(),
                points=points,
                levels=[
                    Level(title="Met", points=points, description="named", feedback="Well named."),
                    Level(title="Half", points=points / 2, description="hinted at"),
                    Level(title="Not met", points=0, description="not named"),
                ],
            )
            for word in words.split()
        ],
    )


ANSWERS = ("The force acts on the mass.", "A force.", "Only mass.", "Nothing of the kind.")


def make_submissions(count: int, question: str = "Q1") -> list[Submission]:
    return [
        Submission(
            id=f"{question}-ada-{n}",
            learner=f"ada{n}@school.example",
            name=f"Ada {n}",
            question=question,
            text=f"{ANSWERS[n % 4]} ({n})",
            source=f"ada{n}.txt",
            groups={"section": "B"},
            details={"ID": str(n)},
            remarks=(f"From ada{n}.txt.",),
        )
        for n in range(count)
    ]


def start(store: Store, count: int = 8, grader: str = "words-0.1:abc", **more) -> Started:
    return start_batch(
        store,
        more.pop("submissions", None) or make_submissions(count),
        more.pop("assigned", None) or {"Q1": Assigned(make_rubric())},
        title="Week 1",
        who="teacher",
        grader=grader,
        **more,
    )


def no_item(reference: str) -> Item:
    raise AssertionError(reference)


def settled(batch: Batch, store: Store) -> dict[str, list[dict]]:
    """Every proposal of every submission."""
    return {
        one.submission.id: [
            grade.model_dump() for grade in store.grading.proposals(batch.id, one.submission.id)
        ]
        for one in store.grading.marked(batch.id)
    }

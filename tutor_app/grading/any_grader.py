"""What every grader offers: the local one, and the one that asks a chat model."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from tutor_app.domain.grade import Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission


class AnyGrader(Protocol):
    """Proposes grades; `name` changes with whatever can change a grade."""

    @property
    def name(self) -> str:
        """Name and digest, as the audit keeps them."""

    def grade(
        self,
        submission: Submission,
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Grade:
        """Propose a grade for one submission."""

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        """Yield one grade per submission, in their order."""

from collections.abc import Callable

import pytest

from tutor_app.domain.submission import Submission
from tutor_app.exchange.gradebooks.mark import MarkedCriterion, MarkRow

MakeMark = Callable[..., MarkRow]


@pytest.fixture
def mark() -> MakeMark:
    def make(
        learner: str,
        points: float | None,
        *,
        name: str = "",
        question: str = "",
        released: bool = True,
        feedback: str = "Say which way the force points.",
        **details: str,
    ) -> MarkRow:
        submission = Submission(
            id=f"{learner}|{question}",
            learner=learner,
            name=name,
            question=question,
            text="Work is force times distance.",
            details={k.replace("_", " "): v for k, v in details.items()},
        )
        criterion = MarkedCriterion(
            id="force",
            title="Names the force",
            points=points,
            max_points=4,
            level="Partly",
            feedback=feedback,
            quote="force times distance",
        )
        return MarkRow(
            submission=submission,
            criteria=(criterion,),
            total=points,
            max_total=4,
            released=released,
        )

    return make

"""What the checks may know about the turn a candidate belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor_app.answers.solution import Solution
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Diagnosis, TutorMove
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage
from tutor_app.domain.rubric import Rubric


@dataclass(frozen=True)
class VerificationContext:
    """One turn, as the checks see it.

    Attributes:
        learner_texts: all that the learner wrote in this dialogue, this turn last.
        counted_texts: the texts of attempts already counted, this one included when it counts.
        previous_replies: the tutor's earlier replies in this dialogue, oldest first.
        passages: what the candidate may cite; [1] is passages[0].
        computed: numbers that code computed and allows, such as the values of a worked parallel.
        rubric: for text items; its reference answers and key elements are withheld.
        language: ISO 639-1 code of the course.
    """

    item: Item
    solution: Solution
    move: TutorMove
    diagnosis: Diagnosis
    learner_texts: Sequence[str] = ()
    counted_texts: Sequence[str] = ()
    previous_replies: Sequence[str] = ()
    passages: Sequence[Passage] = ()
    computed: frozenset[float] = field(default_factory=frozenset)
    rubric: Rubric | None = None
    language: str = "en"

    @property
    def level(self) -> HintLevel:
        """The rung that the wording may reach."""
        return self.move.level

"""A batch of submissions that is graded together, and what people decide about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Self

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission

ANOTHER_COUNTS = "Another answer of this student counts."
BatchState = Literal["open", "paused", "undone"]
DecisionKind = Literal[
    "score", "feedback", "accept", "audit", "blind", "release", "withdraw", "regrade", "answered",
    "undo", "plan", "verdict", "improve", "examples", "rescore", "canaries", "counterfactuals",
    "state", "counts",
]  # fmt: skip

POINTS: frozenset[DecisionKind] = frozenset({"score", "accept", "audit", "blind"})
"""Kinds of decisions whose value is points."""


class Batch(Strict):
    """One set of submissions that is graded together.

    Attributes:
        source_key: digest of the submissions, the rubrics and the grader: a second run of the
            same inputs finds this batch and does nothing.
        settings: what the run was asked for (grader, seed, release rule), JSON values.
    """

    id: Text
    title: Text
    course_id: str = ""
    source_key: Text
    who: Text
    created_at: datetime
    state: BatchState = "open"
    settings: dict[str, str | int | float | bool] = {}


class BatchRubric(Strict):
    """The rubric of one question as it stood at a time; the newest one counts.

    `item` is "course/item" where answers are numbers, formulas or programs, else "".
    """

    question: str
    rubric: Rubric
    item: str = ""
    at: datetime


class Decision(Strict):
    """What a person decided, or asked for, about one criterion or (criterion "") all of it.

    Attributes:
        action: one click; undo takes back a whole action.
        submission: "" for what concerns the batch, or (with `question`) one question of it.
        level: title of the level whose words these are (feedback with no submission).
        kind: score (value: points; a manual score), feedback (value: words), accept (value: the
            proposed points, which are right), audit and blind (value: points given with the
            proposal hidden), release (value: JSON of a Released), withdraw,
            regrade (value: the learner's words), answered (value: words), undo (value: the action
            taken back), plan and verdict (value: JSON of the release rule and how its audit came
            out), improve (value: JSON, the manual scores that later proposals rest on), examples
            (value: JSON, graded answers that were brought with the batch), rescore
            (value: the number of the last proposal before it), canaries (value: JSON of what
            answers of known score got), state (value: the batch's new state), counts (value: which
            of several different answers of one learner counts, written for each of them).
    """

    action: Text
    submission: str = ""
    question: str = ""
    criterion: str = ""
    level: str = ""
    kind: DecisionKind
    value: str | float = ""
    who: Text
    at: datetime


class Released(Strict):
    """A mark as the instructor released it: what the learner sees until the next act."""

    points: dict[str, float]
    total: float
    max_points: float
    words: dict[str, str] = {}


class Marked(Strict):
    """A submission with its newest proposal and the decisions that stand, oldest first."""

    submission: Submission
    grade: Grade | None = None
    decisions: tuple[Decision, ...] = ()
    account_id: str = ""

    @classmethod
    def of(
        cls,
        submission: Submission,
        grade: Grade | None,
        decisions: tuple[Decision, ...],
        account_id: str = "",
        rubric: Rubric | None = None,
    ) -> Self:
        """Lay what stands over a submission.

        Points that the rubric as it stands now cannot give count no longer: the criterion has been
        edited since, and is open again.
        Of several different answers of a learner the one that was said to count is as any other;
        the rest are set aside, with whatever was proposed or decided about them.
        """
        chosen = [one.value for one in decisions if one.kind == "counts"]
        if chosen and chosen[-1] != submission.id:
            submission = submission.model_copy(update={"problem": ANOTHER_COUNTS})
            decisions = tuple(one for one in decisions if one.kind == "counts")
        elif chosen and submission.rival:
            submission = submission.model_copy(update={"problem": ""})
        if rubric is not None:
            now = {criterion.id: criterion for criterion in rubric.criteria}
            decisions = tuple(
                one
                for one in decisions
                if one.kind not in POINTS or one.criterion not in now or one.value == ""
                or now[one.criterion].can_give(float(one.value))
            )  # fmt: skip
        return cls(
            submission=submission,
            grade=None if submission.problem else grade,
            decisions=decisions,
            account_id=account_id,
        )

    @property
    def aside(self) -> bool:
        """Another answer of the same learner counts."""
        return self.submission.problem == ANOTHER_COUNTS

    @property
    def chosen(self) -> bool:
        """A person said which of several answers of the learner counts."""
        return any(one.kind == "counts" for one in self.decisions)

    def manual(self, criterion: str) -> float | None:
        """Return the points that a person gave last (an audit's count too), or None."""
        given = [
            one.value
            for one in self.decisions
            if one.kind in ("score", "audit") and one.criterion == criterion
        ]
        return float(given[-1]) if given else None

    def score(self, criterion: str) -> float | None:
        """Return the points that count: a person's, else the proposal's, else None."""
        manual = self.manual(criterion)
        if manual is not None:
            return manual
        return self.grade.points.get(criterion) if self.grade else None

    def decided(self, criterion: str) -> bool:
        """A person gave these points, or accepted the proposal as it stands now."""
        if self.manual(criterion) is not None:
            return True
        proposed = self.score(criterion)
        accepted = self._values("accept", criterion) or self._values("accept", "")
        return proposed is not None and bool(accepted) and accepted[-1] in ("", proposed)

    @property
    def released(self) -> bool:
        """The instructor has released this mark and not withdrawn it since."""
        return self.release is not None

    @property
    def release(self) -> Released | None:
        """The mark as it was released last, unless it was withdrawn since."""
        acts = [d for d in self.decisions if d.kind in ("release", "withdraw")]
        if not acts or acts[-1].kind == "withdraw":
            return None
        return Released.model_validate_json(str(acts[-1].value))

    @property
    def regrade(self) -> Decision | None:
        """The learner's request that nobody has answered yet."""
        acts = [d for d in self.decisions if d.kind in ("regrade", "answered")]
        return acts[-1] if acts and acts[-1].kind == "regrade" else None

    def _values(self, kind: str, criterion: str) -> list[str | float]:
        return [d.value for d in self.decisions if d.kind == kind and d.criterion == criterion]


def standing_decisions(decisions: Iterable[Decision]) -> list[Decision]:
    """Leave out what was undone, and the undoing."""
    every = list(decisions)
    undone = {str(one.value) for one in every if one.kind == "undo"}
    return [one for one in every if one.kind != "undo" and one.action not in undone]

"""The types of a measured release: who could go out, the plan, and the verdict."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.batch import Marked
from tutor_app.domain.rubric import Rubric

Differs = Literal["total", "any criterion"]
Outcome = Literal["release", "not enough evidence", "too many differ", "given up"]
_ROUNDED = 1e-6


class Candidate(Strict):
    """A proposal that could be released unread.

    Attributes:
        confidence: calibrated, of the whole grade, in [0, 1].
        points: proposed, by criterion; `total` is the rubric's sum of them.
        floor, ceiling: what the rubric lets a total be.
    """

    submission: Text
    question: str = ""
    confidence: float = Field(ge=0, le=1)
    points: dict[str, float]
    floor: float = float("-inf")
    ceiling: float = float("inf")

    def total(self, points: Mapping[str, float]) -> float:
        """Sum points under this question's rubric; raises KeyError for a missing criterion."""
        return max(self.floor, min(sum(points[name] for name in self.points), self.ceiling))


class ReleasePlan(Strict):
    """Everything that is fixed before the audit; its digest stands in the audit trail.

    Attributes:
        target: share of the marks released unread that may differ.
        confidence: of all attempts on this batch together; `delta` is this attempt's part.
        thresholds: strictest first; `sizes` are how many candidates each releases.
        audit_size: drawn from the candidates of the last threshold.
        differs: what counts as an error; `tolerance` in points.
        questions: pooled in this plan: the promise holds for them together.
        candidates: digest of the proposals; when they change the plan is void.
    """

    target: float = Field(gt=0, lt=1)
    confidence: float = Field(gt=0, lt=1)
    thresholds: tuple[float, ...] = Field(min_length=1)
    sizes: tuple[int, ...]
    audit_size: int = Field(ge=1)
    seed: int
    attempt: int = Field(ge=1)
    differs: Differs = "total"
    tolerance: float = Field(0.0, ge=0)
    questions: tuple[str, ...] = ("",)
    candidates: str

    @model_validator(mode="after")
    def _is_a_sequence(self) -> Self:
        if list(self.thresholds) != sorted(set(self.thresholds), reverse=True):
            raise ValueError(f"thresholds {self.thresholds} do not fall from the strictest on")
        if len(self.sizes) != len(self.thresholds) or list(self.sizes) != sorted(self.sizes):
            raise ValueError(f"sizes {self.sizes} do not grow with thresholds {self.thresholds}")
        return self

    @property
    def delta(self) -> float:
        """Error probability that this attempt may spend: (1 - confidence) / 2**attempt."""
        return (1 - self.confidence) / float(2**self.attempt)

    @property
    def digest(self) -> str:
        """The first 16 hex digits of the sha256 over all of it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def differ(self, one: Candidate, points: Mapping[str, float]) -> bool:
        """Tell whether a person's points differ from the proposal, as this plan counts it."""
        limit = self.tolerance + _ROUNDED
        if self.differs == "total":
            return abs(one.total(points) - one.total(one.points)) > limit
        return any(abs(points[name] - value) > limit for name, value in one.points.items())


class ThresholdTest(Strict):
    """What the audit shows for one threshold.

    Attributes:
        candidates: marks at or above the threshold, audited ones included.
        upper_bound: exact, on the share of the unread that differ, for this threshold taken
            alone. The promise of a sequence is the plan's target, not this number.
    """

    threshold: float
    candidates: int
    audited: int
    errors: int
    upper_bound: float
    tested: bool
    passed: bool


class CriterionCheck(Strict):
    """The same audit for one criterion, taken alone; for orientation, not part of the promise."""

    criterion: str
    audited: int
    errors: int
    upper_bound: float


class ReleaseVerdict(Strict):
    """What may be released, and in which words.

    Attributes:
        plan: digest of the plan.
        threshold: the widest that stands, or None.
        released: candidates at or above it that were not audited; empty without a threshold.
        audited, errors, upper_bound: at that threshold, else at the strictest.
        criteria: per criterion, where the plan is about one question.
        more: size of a fresh audit that would probably do, at the error rate seen; None where
            none would.
    """

    plan: str
    outcome: Outcome
    threshold: float | None
    released: tuple[str, ...]
    audited: int
    errors: int
    upper_bound: float
    target: float
    confidence: float
    tests: tuple[ThresholdTest, ...]
    criteria: tuple[CriterionCheck, ...] = ()
    more: int | None = None
    sentence: str


def candidates(
    marked: Iterable[Marked],
    rubrics: Mapping[str, Rubric],
    *,
    unread: Collection[str] = (),
    questions: Collection[str] | None = None,
) -> list[Candidate]:
    """Return who could be released unread, ordered by submission id.

    Left out: pending, flagged for review, already released, whatever a person has touched (points
    given, accepted, audited, read blind), because that is no longer unread, and what code decided
    for certain (`rule_of`): it is no evidence about the marks that a model decided, and
    empty answers that are right to get nothing would thin out the wrong ones among them.

    Args:
        marked: the batch.
        rubrics: the one that counts now, by question.
        unread: submissions whose points came from one click on a group and that nobody read.
            They are candidates with those points, at confidence 1, so that the audit covers them.
        questions: only these; None is all of them.
    """
    found = []
    for one in marked:
        question = one.submission.question
        if one.released or (questions is not None and question not in questions):
            continue
        if one.grade is not None and one.grade.rule:
            continue
        kinds = {d.kind for d in one.decisions}
        rubric = rubrics[question]
        if one.submission.id in unread and not kinds & {"audit", "blind", "accept"}:
            points = {c.id: one.score(c.id) for c in rubric.criteria}
            sure = 1.0
        elif one.grade is None or one.grade.needs_review or kinds & _TOUCHED:
            continue
        else:
            points, sure = one.grade.points, one.grade.confidence
        known = {name: value for name, value in points.items() if value is not None}
        if len(known) == len(rubric.criteria):
            found.append(
                Candidate(
                    submission=one.submission.id, question=question, confidence=sure,
                    points=known, floor=rubric.min_points,
                    ceiling=rubric.max_points + rubric.max_extra,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.submission)


def rule_of(one: Marked) -> str:
    """Return by what code decided a mark for certain; "" where a person decided since, or none did.

    No audit is about such marks, and no promise: the instructor may release them for what they are.
    """
    touched = {d.kind for d in one.decisions} & _TOUCHED
    return one.grade.rule if one.grade is not None and not touched else ""


_TOUCHED = {"score", "accept", "audit", "blind"}


def candidates_digest(found: Sequence[Candidate]) -> str:
    """Return a digest of the proposals, whatever their order."""
    lines = sorted(one.model_dump_json() for one in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

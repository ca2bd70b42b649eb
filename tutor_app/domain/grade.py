"""What a judge says about one criterion of one answer, and what a grader proposes for all."""

from typing import Literal, Self

from pydantic import Field, model_validator

from tutor_app.domain.base import Strict, Text


class Judgement(Strict):
    """Verdict on one criterion; `evidence` is a verbatim quote from the answer, or "".

    `similarity` in [0, 1] is how near the best sentence comes to the criterion's key elements.
    """

    criterion: str
    verdict: Literal["met", "unclear", "unmet"]
    evidence: str = ""
    similarity: float = 0.0
    reason: str = ""


class Evidence(Strict):
    """A quote that code has found in the submission: text[start:end] == quote."""

    start: int = Field(ge=0)
    end: int
    quote: Text

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"evidence {self.start}-{self.end} is not as long as its quote")
        return self


class CriterionGrade(Strict):
    """The proposal for one criterion.

    Attributes:
        level: title of the level, "applies" or "does not apply" for a penalty, or "".
        auto_score: points; None where the grader came to no score (a failed call, a language it
            does not know): that is pending, never a zero.
        evidence: where the submission shows it; empty is "no evidence", shown as such.
        passages: "document#Section" of the course that the criterion rests on.
        confidence: calibrated probability in [0, 1] that the instructor would give these points.
        reasons: short sentences, the most telling first.
        needs_review: a person has to look before this is released.
        rule: by what code decided these points for certain, a sentence; "" where a model decided,
            or where what was read may be misread.
    """

    criterion: Text
    level: str = ""
    auto_score: float | None = None
    evidence: tuple[Evidence, ...] = ()
    passages: tuple[str, ...] = ()
    confidence: float = Field(0.0, ge=0, le=1)
    reasons: tuple[str, ...] = ()
    needs_review: bool = True
    rule: str = ""


class Grade(Strict):
    """The proposal for one submission, one entry per criterion in the rubric's order.

    Attributes:
        rubric: the rubric's id; `rubric_hash` is `Rubric.digest` at the time.
        grader: name and digest of what graded: "grader-0.2:ab12...", "openai:model + prompt hash".
        flags: what concerns the whole submission (hidden text, copied question, no answer).
        failed: a call failed, or its reply could not be used: asked again, it may give a score.
    """

    submission: Text
    rubric: Text
    rubric_hash: str
    grader: str
    criteria: tuple[CriterionGrade, ...]
    flags: tuple[str, ...] = ()
    failed: bool = False

    @property
    def pending(self) -> bool:
        """Some criterion has no score yet."""
        return any(one.auto_score is None for one in self.criteria)

    @property
    def needs_review(self) -> bool:
        """A person has to look at some criterion."""
        return any(one.needs_review for one in self.criteria)

    @property
    def confidence(self) -> float:
        """The least sure criterion's confidence."""
        return min((one.confidence for one in self.criteria), default=0.0)

    @property
    def rule(self) -> str:
        """By what code decided all of it for certain; "" where anything is left to doubt."""
        rules = list(dict.fromkeys(one.rule for one in self.criteria))
        return " ".join(rules) if all(rules) and not self.needs_review else ""

    @property
    def points(self) -> dict[str, float | None]:
        """Proposed points by criterion."""
        return {one.criterion: one.auto_score for one in self.criteria}


class GradedExample(Strict):
    """An answer to the same question that a person has graded; points by criterion."""

    text: str
    points: dict[str, float]

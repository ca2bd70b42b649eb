"""What the learner's latest work shows, next to the reference."""

from dataclasses import dataclass, field
from enum import StrEnum

from tutor_app.tutoring.outside.amounts import Amount
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.reference import Step


class Kind(StrEnum):
    """How the learner's work departs from the reference, or does not."""

    RIGHT = "right"
    STEP_RIGHT = "step right"
    UNIT = "another unit"
    EXAMPLE = "right about an example"
    SLIP = "wrong arithmetic"
    OPERATION = "another operation"
    QUANTITY = "another quantity"
    MISSING = "a quantity left out"
    EXTRA = "a quantity too many"
    TWICE = "a quantity counted twice"
    EARLY = "stopped early"
    BEYOND = "went on after the answer"
    EQUATION = "an equation that does not fit"
    TRANSFORMED = "an equation changed wrongly"
    SKIPPED = "a step left out"
    PLAN = "another plan"
    GIVEN = "a number of the problem, said again"
    UNEXPLAINED = "a number without working"
    WORDS = "words without a number"
    NOTHING = "no work yet"


class Act(StrEnum):
    """What the learner does with the last line, apart from the mathematics."""

    WORKS = "works"
    AGREES = "agrees"
    ASKS = "asks"
    STUCK = "stuck"
    WANTS_ANSWER = "asks for the answer"
    SOCIAL = "social"
    SAYS = "says"


@dataclass(frozen=True)
class Finding:
    """The first departure, with what a reply may be built from.

    Attributes:
        step: the reference step at which the work departs, or the next one where it is right.
        claim: the learner's line, where there is one.
        number: the learner's number as written, with its currency and noun.
        got: the given quantity that the learner used there.
        wants: the given quantity that belongs there; None when it is an earlier result.
        held: the learner's lines of this turn that hold.
        before: the learner's line just before, for equations.
        shown: ids of the steps shown so far.
        stale: the work stands in an earlier turn than the last.
        repeated: the learner had claimed the same before.
        inverse: the step undoes what the words of `wants` say.
        results: the learner's own results that the next step joins, as written.
        base: the learner's own number that the step works on, as written.
        result_missing: what the line leaves out is one of the learner's own results.
        spot: the number behind the operator that is wrong in a line of several, as written.
        last_words: the learner's last line where it is short, verbatim.
        first_words: how that line begins.
    """

    kind: Kind
    act: Act
    step: Step | None = None
    claim: Claim | None = None
    number: str = ""
    got: Amount | None = None
    wants: Amount | None = None
    held: tuple[Claim, ...] = ()
    before: Claim | None = None
    shown: frozenset[str] = field(default_factory=frozenset)
    stale: bool = False
    repeated: bool = False
    last_words: str = ""
    first_words: str = ""
    inverse: bool = False
    results: tuple[str, ...] = ()
    base: str = ""
    result_missing: bool = False
    spot: str = ""

    @property
    def is_departure(self) -> bool:
        """Something is wrong in the learner's work."""
        return self.kind not in (
            Kind.RIGHT,
            Kind.STEP_RIGHT,
            Kind.EXAMPLE,
            Kind.GIVEN,
            Kind.NOTHING,
            Kind.WORDS,
            Kind.UNIT,
        )

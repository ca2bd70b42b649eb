"""One thing that a text claims: an expression and what it is said to come to."""

import re
from dataclasses import dataclass

from tutor_app.tutoring.outside.comparing import is_rounding, same
from tutor_app.tutoring.outside.expressions import Expression

_UNIT_WORDS = re.compile(
    r"\b(hours?|minutes?|seconds?|days?|weeks?|months?|years?|cents?|dollars?|km|kg|cm|mm|meters?|"
    r"metres?|feet|foot|inch(?:es)?|yards?|ounces?|pounds?|grams?|lit(?:er|re)s?)\b|\$",
    re.IGNORECASE,
)
_UNIT_FACTORS = (7.0, 10.0, 12.0, 16.0, 24.0, 60.0, 100.0, 1000.0, 3600.0)


@dataclass(frozen=True)
class Claim:
    """An expression, and what the writer says it comes to.

    Attributes:
        stated: the number after the equals sign; None where there is none.
        right: the other side of an equation with an unknown.
        quote: the text of the claim, verbatim.
        sentence: the sentence it stands in.
        noun: the words after the stated number ("white beads"), or "".
    """

    left: Expression
    stated: float | None
    right: Expression | None
    quote: str
    start: int
    end: int
    sentence: str
    noun: str = ""

    @property
    def computed(self) -> float | None:
        """What the left side really comes to."""
        return self.left.value()

    @property
    def value(self) -> float | None:
        """What the writer goes on with."""
        return self.stated if self.stated is not None else self.computed

    @property
    def is_algebra(self) -> bool:
        """It has an unknown."""
        return bool(self.left.variables or (self.right and self.right.variables))

    @property
    def holds(self) -> bool:
        """The arithmetic is right, allowing for rounding; True where it cannot be checked."""
        if self.stated is None or (computed := self.computed) is None:
            return True
        scaled = self.stated * 100 if self.in_percent else self.stated
        if same(computed, self.stated) or same(computed, scaled):
            return True
        return is_rounding(computed, self.stated) or self._changes_unit(computed, self.stated)

    def _changes_unit(self, computed: float, stated: float) -> bool:
        """3 * 30 minutes = 1.5 hours."""
        if not _UNIT_WORDS.search(f"{self.quote} {self.noun}"):
            return False
        return any(same(computed, stated * f) or same(computed * f, stated) for f in _UNIT_FACTORS)

    @property
    def in_percent(self) -> bool:
        """The stated number is written with a percent sign."""
        return bool(self.right and self.right.leaves and self.right.leaves[0].how == "percent")

    def satisfied_by(self, unknown: float) -> bool | None:
        """Say whether an equation holds for this value of its unknown; None if unclear."""
        left = self.left.value(unknown=unknown)
        right = self.right.value(unknown=unknown) if self.right else self.stated
        return None if left is None or right is None else same(left, right, 0.006)

"""Which reference step does a learner's line stand for, and how does it differ from it?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tutor_app.tutoring.outside.amounts import Amount
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import is_rounding, same
from tutor_app.tutoring.outside.findings import Kind
from tutor_app.tutoring.outside.reference import Step, expanded

_UNIT_WORDS = {
    7.0: r"\bweek|\bdays?\b",
    10.0: r"\bmm\b|\bcm\b|millimet|centimet",
    12.0: r"\bmonth|\byear|\bdozen|\binch|\bfeet\b|\bfoot\b",
    24.0: r"\bhour|\bdays?\b",
    30.0: r"\bmonth",
    52.0: r"\bweek|\byear",
    60.0: r"\bminute|\bhour|\bsecond",
    100.0: r"%|percent|\bcents?\b|\bdollar|\$|\bcm\b|\bmet(er|re)",
    365.0: r"\byear|\bdays?\b",
    1000.0: r"\bkm\b|\bkg\b|kilo|milli|\bmet(er|re)|\bgram|\blit(er|re)",
}
_UNITS = (60.0, 3600.0, 24.0, 7.0, 12.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Match:
    """A learner's line next to one reference step.

    Attributes:
        got: the first given amount that does not belong there.
        wants: the first given amount that is missing.
        source: the step that brings in what is missing.
    """

    kind: Kind
    step: Step
    score: float
    got: Amount | None = None
    wants: Amount | None = None
    got_value: float | None = None
    wants_value: float | None = None
    source: Step | None = None


@dataclass(frozen=True)
class Matcher:
    """A problem's amounts and the reference's steps."""

    amounts: Sequence[Amount]
    steps: Sequence[Step]
    _names: dict[float, frozenset[str]] = field(default_factory=dict)

    def shown_by(self, value: float) -> Step | None:
        """Return the step with this result, or None."""
        for step in self.steps:
            if step.value is not None and alike(value, step.value):
                return step
        return None

    def in_other_unit(self, value: float, step: Step) -> bool:
        """Say whether a value is a step's result in minutes instead of hours, and the like."""
        return step.value is not None and any(
            same(value, step.value * factor) or same(value, step.value / factor)
            for factor in _UNITS
        )

    def is_harmless(self, claim: Claim) -> bool:
        """Say whether a line that is no reference step does no harm.

        Part of a step's sum, a given number written otherwise, or a change of unit.
        """
        value = claim.value
        if value is None or claim.is_algebra:
            return True
        if self.is_partial(value):
            return True
        operands = claim.left.operands
        if self._is_given(value, operands):
            undone = any(self.shown_by(v) and not self.amount_of(v) for v in operands)
            return len(self._sources(operands)) < 2 and not undone
        if set(claim.left.operators) <= {"*", "/"} and len(operands) == 2:
            a, b = operands
            if self._is_constant(a, claim.sentence) or self._is_constant(b, claim.sentence):
                return any(self.in_other_unit(value, step) for step in self.steps) or (
                    self.amount_of(b) is None or self.amount_of(a) is None
                )
        return self.only_changes_unit(value, claim.sentence)

    def only_changes_unit(self, value: float, sentence: str) -> bool:
        """Say whether a value is some step's result in another unit that the sentence names."""
        return any(
            self.in_other_unit(value, step) and self._names_units(value, step, sentence)
            for step in self.steps
        )

    def _names_units(self, value: float, step: Step, sentence: str) -> bool:
        """Say whether a sentence has the units between which this factor changes."""
        if not step.value:
            return False
        ratio = max(value / step.value, step.value / value) if value else 0.0
        words = next((w for factor, w in _UNIT_WORDS.items() if same(ratio, factor)), "")
        return bool(words and re.search(words, sentence, re.I))

    def amount_of(self, value: float, words: str = "", avoid: str = "") -> Amount | None:
        """Return the given amount with this value.

        Args:
            value: the number.
            words: of several amounts with this value, the one whose clause shares most of them.
            avoid: and of those, the one whose clause shares least of these.
        """
        return next(iter(self.amounts_of(value, words, avoid)), None)

    def amounts_of(self, value: float, words: str = "", avoid: str = "") -> list[Amount]:
        """Return every given amount with this value, those written so first."""
        wanted, unwanted = _words(words), _words(avoid)

        def rank(amount: Amount) -> tuple[bool, int, int]:
            there = _words(amount.clause)
            written = same(value, amount.values[0])
            return not written, -len(wanted & there), len(unwanted & there)

        found = [a for a in self.amounts if any(same(value, v) for v in a.values)]
        return sorted(found, key=rank)

    def best(self, claim: Claim, shown: Iterable[str], ends: bool = False) -> Match | None:
        """Return the step that a line most likely stands for, with the difference.

        Args:
            claim: the learner's line.
            shown: ids of the steps that the learner has shown.
            ends: the line gives the learner's final number.
        """
        done = set(shown)
        ready = self.first_open(done)
        found: list[Match] = []
        for step in self.steps:
            short = self._compare(claim, step, [(v, step) for v in step.operands])
            long = self._compare(claim, step, expanded(step, self.steps))
            if long is not None and long.kind is Kind.OPERATION and len(step.operands) < 3:
                long = replace(long, score=0.75)
            match = max(
                (m for m in (short, long) if m is not None), key=lambda m: m.score, default=None
            )
            if match is None:
                continue
            bonus = 0.1 if ready is not None and step.id == ready.id else 0.0
            given = [a for a in self.amounts if a.is_in(step.operands)]
            bonus += 0.15 if any(a.is_in(claim.left.operands) for a in given) else 0.0
            if ends and step is self.steps[-1] and claim.left.operators == step.operators:
                bonus += 0.35
            malus = 0.3 if step.id in done else 0.0
            found.append(replace(match, score=match.score + bonus - malus))
        best = max(found, key=lambda m: m.score, default=None)
        return best if best is not None and best.score > 0.4 else None

    def first_open(self, shown: Iterable[str]) -> Step | None:
        """Return the first step that is not shown yet, or None."""
        done = set(shown)
        return next((step for step in self.steps if step.id not in done), None)

    def _compare(
        self, claim: Claim, step: Step, operands: Sequence[tuple[float, Step]]
    ) -> Match | None:
        if not operands or not claim.left.operands:
            return None
        own, theirs, shared = _pair(
            [self._name(v) for v in claim.left.operands], [self._name(v) for v, _ in operands]
        )
        score = shared / max(len(claim.left.operands), len(operands))
        left = [claim.left.operands[n] for n in own]
        right = [operands[n] for n in theirs]
        words = claim.sentence
        got = self.amount_of(left[0], words) if left else None
        wants = self.amount_of(right[0][0], right[0][1].sentence, words) if right else None
        details = (
            got,
            wants,
            left[0] if left else None,
            right[0][0] if right else None,
            right[0][1] if right else None,
        )
        if not left and not right:
            mixed = [set(o) <= {"+", "-"} for o in (claim.left.operators, step.operators)]
            return Match(Kind.OPERATION, step, 1.0 if mixed[0] == mixed[1] else 0.8, *details)
        if not left:
            return Match(Kind.MISSING, step, score + 0.1, *details)
        if not right:
            return Match(Kind.EXTRA, step, score + 0.05, *details)
        if len(left) == len(right) == 1:
            same_operators = sorted(claim.left.operators) == sorted(step.operators)
            kind = Kind.QUANTITY if same_operators or shared else Kind.PLAN
            return Match(kind, step, score + (0.1 if same_operators else -0.1), *details)
        return Match(Kind.PLAN, step, score - 0.05, *details) if shared else None

    def is_unit_fact(self, value: float, sentence: str) -> bool:
        """Say whether a line only tells how two units hang together: 7 days in a week."""
        words = _UNIT_WORDS.get(value, "")
        both = {m[0].lower() for m in re.finditer(words, sentence, re.I)} if words else set()
        return len(both) > 1 and self._is_constant(value, sentence)

    def is_partial(self, value: float) -> bool:
        """Say whether a value is what some terms of a step come to."""
        return any(same(value, part) for step in self.steps for part in step.partial_values)

    def _is_constant(self, value: float, sentence: str) -> bool:
        """Say whether a number changes a unit here: 60 beside minutes, 7 beside weeks."""
        words = _UNIT_WORDS.get(value)
        return bool(words and re.search(words, sentence, re.I) and not self.shown_by(value))

    def _is_given(self, value: float, operands: Sequence[float]) -> bool:
        """Say whether a value is a given number, or what a given percentage leaves."""
        for amount in self.amounts:
            if same(value, amount.values[0]):
                return True
            if amount.how == "percent" and any(same(value, v) for v in amount.values):
                return amount.is_in(operands) or same(value, amount.values[1])
        return False

    def _sources(self, values: Iterable[float]) -> list[float]:
        return [v for v in values if self.amount_of(v) is not None]

    def _name(self, value: float) -> frozenset[str]:
        """Return every given amount or result that a number may be."""
        if value not in self._names:
            names = {
                f"a{n}" for n, a in enumerate(self.amounts) if any(same(value, v) for v in a.values)
            }
            names |= {s.id for s in self.steps if s.value is not None and alike(value, s.value)}
            names.add(f"{value:.6g}")
            self._names[value] = frozenset(names)
        return self._names[value]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _pair(
    own: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]
) -> tuple[list[int], list[int], int]:
    """Pair what the two have in common; return what is left over on both sides, and the count."""
    open_theirs = list(range(len(theirs)))
    left: list[int] = []
    for n, names in enumerate(own):
        partner = next((m for m in open_theirs if theirs[m] & names), None)
        if partner is None:
            left.append(n)
        else:
            open_theirs.remove(partner)
    return left, open_theirs, len(own) - len(left)


def alike(a: float, b: float) -> bool:
    """Compare results: equal, rounded, or one of them in percent."""
    return (
        same(a, b, 1e-4)
        or (same(a, b, 0.02) and (is_rounding(a, b) or is_rounding(b, a)))
        or same(a * 1e6, b)
        or same(a, b * 1e6)
        or (0 < min(abs(a), abs(b)) < 1 and (same(a * 100, b) or same(a, b * 100)))
    )

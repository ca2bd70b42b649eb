"""Which single change to one line would have led to the right answer?

One operator or one number is changed at a time, and the lines after it are computed anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same

_MAX_LINES = 8
_MAX_TERMS = 6


@dataclass(frozen=True)
class Repair:
    """The line at fault.

    Attributes:
        value: what the line should have come to.
        operator: position of the wrong operator in the line, or None where a number was wrong.
    """

    claim: Claim
    value: float
    operator: int | None = None


def find_repair(
    claims: Sequence[Claim], answer: float, known: Sequence[float], results: Sequence[float]
) -> Repair | None:
    """Return the earliest line that one change would put right, all the way to the answer.

    Args:
        claims: the learner's lines that lead to the final number, in order.
        answer: the right answer.
        known: numbers that may be put in the place of another.
        results: results of the reference; the changed line has to give one of them.
    """
    if not 0 < len(claims) <= _MAX_LINES:
        return None
    for at, claim in enumerate(claims):
        right = claim.value is not None and any(same(claim.value, r, 1e-4) for r in results)
        if right or claim.is_algebra or len(claim.left.leaves) > _MAX_TERMS:
            continue
        # a number made by an earlier line is that line's fault
        made = [c.value for c in claims[:at] if c.value is not None]
        for repair in _changes(claim, known, made):
            if not any(same(repair.value, r, 1e-4) for r in results):
                continue
            final = _final(claims, at, repair.value)
            if final is not None and same(final, answer, 1e-4):
                return repair
    return None


def _changes(claim: Claim, known: Sequence[float], made: Sequence[float]) -> Iterator[Repair]:
    operators, operands = claim.left.operators, claim.left.operands
    for n, old in enumerate(operators):
        for new in "+-*/":
            if new != old and (new in "+-") == (old in "+-") and old != "^":
                value = claim.left.value(operators=(*operators[:n], new, *operators[n + 1 :]))
                if value is not None:
                    yield Repair(claim, value, n)
    for n in range(len(operands)):
        if any(same(operands[n], value) for value in made):
            continue
        for number in known:
            value = claim.left.value((*operands[:n], number, *operands[n + 1 :]))
            if value is not None and not same(number, operands[n]):
                yield Repair(claim, value)


def _final(claims: Sequence[Claim], at: int, value: float) -> float | None:
    """Compute the last line anew after the value of one line has changed."""
    now = {at: value}
    last: float | None = value
    for n in range(at + 1, len(claims)):
        operands = list(claims[n].left.operands)
        for m, number in enumerate(operands):
            for earlier in range(n - 1, at - 1, -1):
                old = claims[earlier].value
                if earlier in now and old is not None and same(old, number):
                    operands[m] = now[earlier]
                    break
        if tuple(operands) != claims[n].left.operands:
            computed = claims[n].left.value(tuple(operands))
            if computed is None:
                return None
            now[n] = computed
        last = now.get(n, claims[n].value)
    return last

"""Exact bounds on how many proposals of a finite batch are wrong, from a uniform audit of some.

Design based: the marks and the instructor's judgement are fixed, only the draw of the audit is
random. Nothing is assumed about the grader, its confidence, or how answers resemble each other.

Notation: of `population` marks E are wrong, `audited` of them are drawn without replacement, x of
those are wrong: X is hypergeometric. The wrong ones that are found are put right, so what matters
is E - x among the population - audited that nobody reads.
"""

from functools import lru_cache

import numpy as np
from scipy.stats import beta, hypergeom

MOST_AUDITED = 500


def clopper_pearson(errors: int, audited: int, confidence: float = 0.9) -> float:
    """Return the one-sided upper bound on a rate (Clopper & Pearson 1934, Biometrika 26:404).

    For a batch so large that the audit is a negligible part of it, or a sample of a process.
    """
    if errors >= audited:
        return 1.0
    return float(beta.ppf(confidence, errors + 1, audited - errors))


def most_errors(population: int, audited: int, errors: int, delta: float) -> int:
    """Return the exact upper bound on E: the largest with P(X <= errors) > delta.

    P(E > bound) <= delta, whatever E is.
    """
    low, high = errors, population - (audited - errors)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(errors, population, middle, audited) > delta:
            low = middle
        else:
            high = middle - 1
    return low


def allowed_errors(population: int, audited: int, target: float) -> int:
    """Return how many errors may stay among the population - audited marks that nobody reads."""
    return int(np.floor(target * (population - audited) + 1e-9))


@lru_cache(maxsize=65_536)
def critical_errors(population: int, audited: int, allowed: int, delta: float) -> tuple[int, int]:
    """Return up to how many errors found the sequence goes on, and a release stands; -1 is never.

    The first number rejects "E > allowed" at level `delta`: fixed before the audit, as testing in
    sequence needs. The second credits what the audit finds and puts right: with x found it
    rejects "E > allowed + x", for this x and for every smaller one. If E > allowed, then

        P(X <= first) <= delta    and    P(X <= second and E - X > allowed) <= delta,

    both being lower tails of the same X. first <= second.
    """
    if allowed >= population - audited:
        return audited, audited

    def ruled_out(found: int, wrong: int) -> bool:
        if wrong > population - (audited - found):
            return True
        return bool(hypergeom.cdf(found, population, wrong, audited) <= delta)

    first = second = -1
    while first < audited and ruled_out(first + 1, allowed + 1):
        first += 1
    while second < audited and ruled_out(second + 1, allowed + second + 2):
        second += 1
    return first, max(first, second)


@lru_cache(maxsize=512)
def needed_audit(
    population: int, target: float, delta: float, expected: float = 0.0, power: float = 0.8
) -> int | None:
    """Return a small audit that shows `target` with probability `power`, or None.

    Args:
        population: marks that the rule would release, audited ones included.
        target: share of the marks released unread that may differ.
        delta: error probability of this one test.
        expected: share that really differs; 0 asks for the least audit that can do at all.
        power: chance that the audit comes out well if `expected` is true.

    Returns:
        At most `MOST_AUDITED` and less than the population; None where no such audit does it.
    """
    wrong = round(expected * population)

    def good(audited: int) -> bool:
        allowed = allowed_errors(population, audited, target)
        most = critical_errors(population, audited, allowed, delta)[1]
        return most >= 0 and bool(
            wrong == 0 or hypergeom.cdf(most, population, wrong, audited) >= power
        )

    last = min(population - 1, MOST_AUDITED)
    tried, size = 0, 4
    while tried < last:
        size = min(max(size, tried + 1), last)
        if good(size):
            return next(n for n in range(tried + 1, size + 1) if good(n))
        tried, size = size, int(size * 1.15) + 1
    return None

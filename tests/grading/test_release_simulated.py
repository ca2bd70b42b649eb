"""The promise of a release, kept in simulated batches, and broken by rules that cheat.

A batch is an array, most confident first: is this proposal wrong? Only the draw of the audit is
random, so any array is fair game, also one whose confidences mislead on purpose.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from tutor_app.grading.bounds import allowed_errors, critical_errors
from tutor_app.grading.release import ReleasePlan, in_sequence

Wrong = np.ndarray
Rule = Callable[[ReleasePlan, Wrong, np.ndarray], int]
BATCHES = 1_000
# Batch, audit and target for which one more error than may stay is found out just in time: there
# the error rate that a test spends is nearly all that it may.
SETTINGS = ((240, 46, 0.2), (400, 95, 0.1), (900, 77, 0.1))
SHARES = (0.6, 0.8, 1.0)


@cache
def plan_of(
    size: int, audit: int, target: float, shares: tuple[float, ...] = SHARES, attempt: int = 1
) -> ReleasePlan:
    return ReleasePlan(
        target=target, confidence=0.9, thresholds=tuple(1 - s for s in shares),
        sizes=tuple(int(size * s) for s in shares), audit_size=audit, seed=0, attempt=attempt,
        candidates="",
    )  # fmt: skip


def just_too_many(size: int, audit: int, target: float, rng: np.random.Generator) -> int:
    """Return as many errors as leave just too many, if the audit finds all that it may."""
    allowed = allowed_errors(size, audit, target)
    found = max(0, critical_errors(size, audit, allowed, 0.05)[1])
    return allowed + found + 1 + int(rng.integers(0, 2))


def spread(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    """Confidence says nothing."""
    wrong = np.zeros(size, dtype=bool)
    wrong[rng.choice(size, just_too_many(size, audit, target, rng), replace=False)] = True
    return wrong


def upside_down(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    """The most confident are the wrong ones."""
    return np.arange(size) < just_too_many(size, audit, target, rng)


def all_at_the_end(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    """All is well but in the widest set, where too much is wrong."""
    return upside_down(size, audit, target, rng)[::-1]


def beyond_the_strictest(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    """All is well in the strictest set, and too much is wrong in the next and the widest."""
    wrong = np.zeros(size, dtype=bool)
    first = int(size * SHARES[0])
    wrong[first : first + just_too_many(int(size * SHARES[1]), int(audit * 0.8), target, rng)] = (
        True
    )
    return wrong


def each_set_at_its_edge(
    size: int,
    audit: int,
    target: float,
    rng: np.random.Generator,
    shares: tuple[float, ...] = SHARES,
) -> Wrong:
    """Every set has a few errors more than may stay."""
    wrong = np.zeros(size, dtype=bool)
    for share in SHARES:
        inside = int(size * share)
        at = just_too_many(inside, int(audit * share), target, rng)
        free = np.flatnonzero(~wrong[:inside])
        wrong[rng.choice(free, max(0, at - int(wrong[:inside].sum())), replace=False)] = True
    return wrong


def a_fifth_too_many(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    wrong = np.zeros(size, dtype=bool)
    wrong[rng.choice(size, int(1.2 * target * size), replace=False)] = True
    return wrong


def any_accuracy(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
    """Some accuracy, some calibration, as graders have."""
    ease = np.linspace(0, 1, size) ** rng.uniform(0.2, 4)
    return rng.random(size) < np.clip(rng.uniform(0, 0.25) * ease + rng.uniform(0, 0.05), 0, 1)


def honest(plan: ReleasePlan, wrong: Wrong, drawn: np.ndarray) -> int:
    """Return the size of the set that the rule releases, 0 for nothing."""
    counts = [(int((drawn < n).sum()), int(wrong[drawn[drawn < n]].sum())) for n in plan.sizes]
    steps = in_sequence(plan, [m for m, _ in counts], [x for _, x in counts])
    return max([0, *(n for n, stands in zip(plan.sizes, steps, strict=False) if stands)])


def best_on_the_audit(plan: ReleasePlan, wrong: Wrong, drawn: np.ndarray) -> int:
    """Cheat: take the widest threshold at which few enough of the audited are wrong."""
    for n in (plan.sizes[-1] * step // 10 for step in range(10, 1, -1)):
        inside = drawn[drawn < n]
        if inside.size and wrong[inside].mean() <= plan.target:
            return n
    return 0


def unread_of(wrong: Wrong, end: int, drawn: np.ndarray) -> Wrong:
    read = np.zeros(wrong.size, dtype=bool)
    read[drawn] = True
    return wrong[:end][~read[:end]]


def share_broken(
    batch: Callable[..., Wrong], rule: Rule, shares: tuple[float, ...] = SHARES
) -> tuple[float, float]:
    """Return how often the promise is broken, and how often something is released."""
    rng = np.random.default_rng(0)
    broken = released = 0
    for number in range(BATCHES):
        size, audit, target = SETTINGS[number % len(SETTINGS)]
        wrong = batch(size, audit, target, rng)
        drawn = rng.choice(size, audit, replace=False)
        end = rule(plan_of(size, audit, target, shares), wrong, drawn)
        unread = unread_of(wrong, end, drawn)
        if unread.size:
            released += 1
            broken += bool(unread.sum() > target * unread.size + 1e-9)
    return broken / BATCHES, released / BATCHES


def at_most(delta: float) -> float:
    """Allow three standard errors of a share over the batches."""
    return delta + 3 * float(np.sqrt(delta * (1 - delta) / BATCHES))


@pytest.mark.parametrize(
    "batch",
    [spread, upside_down, all_at_the_end, beyond_the_strictest, each_set_at_its_edge, any_accuracy],
)
@pytest.mark.parametrize("shares", [(1.0,), SHARES])
def test_the_promise_is_broken_in_no_more_batches_than_it_says(
    batch: Callable[..., Wrong], shares: tuple[float, ...]
) -> None:
    broken, _ = share_broken(batch, honest, shares)
    assert broken <= at_most(0.05)  # a first attempt spends half of the 10 %


def test_the_simulation_reaches_the_edge_and_good_graders_are_released() -> None:
    assert share_broken(spread, honest, (1.0,))[0] > 0.025

    def good(size: int, audit: int, target: float, rng: np.random.Generator) -> Wrong:
        return rng.random(size) < target / 10

    assert share_broken(good, honest)[1] > 0.8


@pytest.mark.parametrize(("pooled", "kept"), [(True, False), (False, True)])
def test_empty_answers_in_the_audit_would_break_the_promise_about_what_a_model_decided(
    pooled: bool, kept: bool
) -> None:
    """As many empty answers, all right to get nothing, as answers that a model graded."""
    rng = np.random.default_rng(2)
    size, audit, target = 240, 46, 0.2
    broken = 0
    for _ in range(BATCHES):
        wrong = a_fifth_too_many(size, audit, target, rng)
        every = np.concatenate([np.zeros(size, dtype=bool), wrong]) if pooled else wrong
        drawn = rng.choice(every.size, audit, replace=False)
        end = honest(plan_of(every.size, audit, target, (1.0,)), every, drawn)
        read = np.isin(np.arange(every.size), drawn)[-size:]
        unread = wrong[~read] if end else wrong[:0]
        broken += bool(unread.sum() > target * unread.size + 1e-9)
    assert (broken / BATCHES <= at_most(0.05)) == kept


@pytest.mark.parametrize("batch", [spread, a_fifth_too_many])
def test_choosing_the_threshold_on_the_audit_breaks_the_promise(
    batch: Callable[..., Wrong],
) -> None:
    assert share_broken(batch, best_on_the_audit)[0] > at_most(0.05)
    assert share_broken(batch, honest)[0] <= at_most(0.05)


@pytest.mark.parametrize(("pays", "kept"), [(True, True), (False, False)])
def test_trying_again_keeps_the_promise_only_because_it_pays(pays: bool, kept: bool) -> None:
    rng = np.random.default_rng(1)
    broken = 0
    for _ in range(BATCHES):
        wrong = spread(600, 63, 0.1, rng)
        for attempt in range(1, 7):
            drawn = rng.choice(600, 63, replace=False)
            plan = plan_of(600, 63, 0.1, (1.0,), attempt if pays else 1)
            unread = unread_of(wrong, honest(plan, wrong, drawn), drawn)
            if unread.size:
                broken += bool(unread.mean() > 0.1)
                break
    assert (broken / BATCHES <= at_most(0.1)) == kept

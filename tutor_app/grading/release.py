"""Release marks that nobody reads one by one, with a guarantee that was measured.

It is about the marks that a model decided. What code decided for certain (nothing handed in, the
question itself, a bare result that was computed) is in no plan, no audit and no promise; see
`release_plan.rule_of`.

How to use it::

    can = candidates(store.grading.marked(batch), rubrics)      # who could be released unread
    thresholds, size = suggest(can, target=0.05)                # or the instructor's own
    plan = make_plan(can, target=0.05, thresholds=thresholds, audit_size=size, seed=secret)
    ...store plan.model_dump_json() now, before any audit grade is seen...
    ids = draw_audit(plan, can)                # graded by the instructor, proposals hidden
    verdict = decide_release(plan, can, audited)    # audited: submission -> points by criterion
    ...show verdict.sentence; the instructor releases verdict.released, or does not...

Two samples that never mix. Teaching answers train and calibrate, and are no candidates. The audit
is drawn uniformly at random from what the widest threshold would release, its size is in the
plan, and it serves no other purpose. After a verdict its grades count (they are marks by hand)
and may teach; the next attempt draws a fresh audit from the rest.

Why it holds. R1 < R2 < ... are the nested sets at or above each threshold, strictest first. The
audited ones in Rj, given how many they are, are a uniform sample of Rj, so the errors found among
them are hypergeometric. Fixed-sequence testing (Maurer, Hothorn & Lehmacher 1995; Bauer 1991,
Stat. Med. 10:871; Wiens 2003, Pharm. Stat. 2:211) spends the whole error rate on each test in
turn and stops at the first that fails. Let rj be the errors that may stay in Rj unread, from a
99 % quantile of how many are audited there: known before the draw. The first set with more than
rj errors in all is passed over wrongly with probability delta at most (`critical_errors`, first
number), sets before it cannot break the promise, and the release at it, which credits the errors
found and put right (second number), breaks it on a lower tail of the same count: together delta.
Trust or Escalate (arXiv:2407.18370) tests thresholds in this way with binomial bounds.

A second attempt pays: attempt k has delta = (1 - confidence) / 2**k, so all attempts on a batch
together, released sets included, stay within 1 - confidence. Attempts count over the whole batch,
also where they concern different questions, and over other batches with the same answers
(attempts.py, which says what it cannot recognise).

What it does not say: questions pooled in one plan are promised together, not one by one; the
instructor's own wavering counts as a difference; nothing is said about another batch.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import numpy as np
from scipy.stats import hypergeom

from tutor_app.errors import GradingError
from tutor_app.grading.bounds import (
    allowed_errors,
    critical_errors,
    most_errors,
    needed_audit,
)
from tutor_app.grading.release_plan import (
    Candidate,
    CriterionCheck,
    Differs,
    ReleasePlan,
    ReleaseVerdict,
    ThresholdTest,
    candidates,
    candidates_digest,
)
from tutor_app.grading.release_words import given_up, not_enough, released_words, too_many

__all__ = [
    "Candidate", "CriterionCheck", "ReleasePlan", "ReleaseVerdict", "ThresholdTest",
    "can_promise", "candidates", "decide_release", "draw_audit", "give_up_release", "make_plan",
    "suggest", "worth_auditing",
]  # fmt: skip

_SHARES = (0.7, 0.85, 1.0)
_SURELY = 0.99
_FEWEST = 2
Points = Mapping[str, float]


def suggest(
    found: Sequence[Candidate], *, target: float = 0.05, confidence: float = 0.9, attempt: int = 1
) -> tuple[tuple[float, ...], int]:
    """Return thresholds and an audit size, from the calibrated confidences alone.

    The widest threshold is the lowest at which the mean of 1 - confidence is half the target (or,
    where no third of the candidates is as good, the most confident third); the stricter ones
    keep 85 % and 70 % of it, where an audit is still a small part of so many. The size is the
    least that lets the strictest pass with no error found, more where errors are to be expected;
    for a batch too small for any, all but one: then reading everything is as quick.

    Raises:
        GradingError: there are no candidates, or only one.
    """
    if not found:
        raise GradingError(
            "The release: no mark of a model could go out unread; every one is graded by hand, "
            "pending, flagged for review or decided by rule. There is nothing to audit."
        )
    if len(found) < _FEWEST:
        raise GradingError(
            "The release: there is 1 mark that could go out unread, too small a number for an "
            "audit. Read that answer and accept or change its mark."
        )
    sure = np.sort([one.confidence for one in found])[::-1]
    expected = np.cumsum(1 - sure) / np.arange(1, sure.size + 1)
    good = int((expected <= target / 2).sum())
    widest = max(good, -(-sure.size // 3))
    delta = _delta(confidence, attempt)
    shares = [
        s for s in _SHARES if _cheap(needed_audit(int(widest * s), target, delta), widest * s)
    ]
    cuts = sorted({float(sure[max(1, int(widest * s)) - 1]) for s in shares or [1.0]}, reverse=True)
    sizes = [int((sure >= cut).sum()) for cut in cuts]
    least = needed_audit(sizes[0], target, delta) or sizes[0] - 1
    likely = needed_audit(sizes[-1], target, delta, float(expected[sizes[-1] - 1])) or 0
    spread = least * sizes[-1] / sizes[0]
    size = max(
        spread + np.sqrt(spread * (1 - sizes[0] / sizes[-1])), min(likely, 2 * spread, widest / 3)
    )
    return tuple(cuts), max(1, min(int(np.ceil(size)), sizes[-1] - 1))


def can_promise(size: int, target: float, *, confidence: float = 0.9, attempt: int = 1) -> bool:
    """Say whether any audit of so many marks could show that at most `target` differ."""
    return needed_audit(size, target, _delta(confidence, attempt)) is not None


def worth_auditing(target: float, *, confidence: float = 0.9, attempt: int = 1) -> int:
    """Return from about how many marks on an audit of half of them can show `target`."""
    delta = _delta(confidence, attempt)

    def enough(size: int) -> bool:
        audit = needed_audit(size, target, delta)
        return audit is not None and audit <= size / 2

    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def make_plan(
    found: Sequence[Candidate],
    *,
    target: float,
    thresholds: Sequence[float],
    audit_size: int,
    seed: int,
    confidence: float = 0.9,
    attempt: int = 1,
    differs: Differs = "total",
    tolerance: float = 0.0,
) -> ReleasePlan:
    """Freeze a plan over these candidates; store it before any audit grade is seen.

    Args:
        found: who could be released unread, from `candidates`.
        target: share of the marks released unread that may differ, in (0, 1).
        thresholds: on the confidence, in any order; tested from the strictest on.
        audit_size: how many are graded with the proposal hidden.
        seed: any number fixed now, for instance `secrets.randbits(63)`.
        confidence: of all attempts on this batch together.
        attempt: 1 for the first plan of a batch, then 2, 3, ...
        differs: "total" (sum of points) or "any criterion".
        tolerance: points by which it may differ and still count as the same.

    Raises:
        GradingError: a threshold releases nothing, or the audit would read all of them.
    """
    cuts = tuple(sorted({float(one) for one in thresholds}, reverse=True))
    sizes = tuple(sum(one.confidence >= cut for one in found) for cut in cuts)
    if not sizes or min(sizes) == 0:
        raise GradingError(
            f"The release plan: thresholds {list(cuts)} leave {list(sizes)} marks to release. "
            f"Give thresholds at or below the highest confidence."
        )
    if not 1 <= audit_size < sizes[-1]:
        raise GradingError(
            f"The release plan: an audit of {audit_size} leaves nothing of {sizes[-1]} marks "
            f"to release. Give a number from 1 to {sizes[-1] - 1}."
        )
    return ReleasePlan(
        target=target, confidence=confidence, thresholds=cuts, sizes=sizes,
        audit_size=audit_size, seed=seed, attempt=attempt, differs=differs, tolerance=tolerance,
        questions=tuple(sorted({one.question for one in found})),
        candidates=candidates_digest(found),
    )  # fmt: skip


def draw_audit(plan: ReleasePlan, found: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the submissions to grade with the proposal hidden, in random order.

    The order is that of sha256(seed, id): anybody can draw it again, with any program.

    Raises:
        GradingError: the candidates are not those of the plan.
    """
    _same(plan, found)
    pool = [one.submission for one in found if one.confidence >= plan.thresholds[-1]]
    pool.sort(key=lambda name: sha256(f"{plan.seed}\n{name}".encode()).digest())
    return tuple(pool[: plan.audit_size])


def decide_release(
    plan: ReleasePlan, found: Sequence[Candidate], audited: Mapping[str, Points]
) -> ReleaseVerdict:
    """Test the thresholds in sequence and say what may be released.

    Args:
        plan: as it was stored before the audit.
        found: the same candidates; those of the audit still with their proposed points.
        audited: points by criterion that the instructor gave, by submission. Others are ignored.

    Raises:
        GradingError: the candidates changed since, or an audit answer has no grade yet.
    """
    drawn = draw_audit(plan, found)
    if missing := [name for name in drawn if name not in audited]:
        raise GradingError(
            f"The audit: {len(missing)} of {len(drawn)} answers have no grade yet, the first is "
            f"{missing[0]!r}. Grade them all; leaving some out would void the guarantee."
        )
    by_name = {one.submission: one for one in found}
    sure = np.array([by_name[name].confidence for name in drawn])
    wrong = np.array([plan.differ(by_name[name], audited[name]) for name in drawn])
    inside = [sure >= cut for cut in plan.thresholds]
    counts = [(int(m.sum()), int(wrong[m].sum())) for m in inside]
    steps = in_sequence(plan, [m for m, _ in counts], [x for _, x in counts])
    tests = tuple(
        _test(plan, j, *counts[j], tested=j < len(steps), passed=j < len(steps) and steps[j])
        for j in range(len(counts))
    )
    passed = [j for j, one in enumerate(tests) if one.passed]
    shown = tests[passed[-1] if passed else 0]
    mask = inside[passed[-1] if passed else 0]
    criteria = [one for one in next(iter(by_name.values())).points] if found else []
    if len(plan.questions) > 1:
        criteria = []
    checks = tuple(
        _criterion(plan, name, [by_name[d] for d, m in zip(drawn, mask, strict=True) if m],
                   audited, shown.candidates)
        for name in criteria
    )  # fmt: skip
    released: tuple[str, ...] = ()
    more = None
    if passed:
        unread = set(by_name) - set(drawn)
        released = tuple(
            one.submission
            for one in found
            if one.submission in unread and one.confidence >= shown.threshold
        )
    if released:
        outcome, sentence = "release", released_words(plan, len(released), shown)
    else:
        rate = shown.errors / shown.audited if shown.audited else 0.0
        left = shown.candidates - shown.audited
        delta = _delta(plan.confidence, plan.attempt + 1)
        more = needed_audit(left, plan.target, delta, rate) if left > 1 else None
        if shown.audited and rate > plan.target:
            outcome, sentence = "too many differ", too_many(plan, shown)
        else:
            least = needed_audit(shown.candidates, plan.target, plan.delta)
            outcome, sentence = "not enough evidence", not_enough(plan, shown, least, more)
    return ReleaseVerdict(
        plan=plan.digest, outcome=outcome, threshold=shown.threshold if passed else None,
        released=released, audited=shown.audited, errors=shown.errors,
        upper_bound=shown.upper_bound, target=plan.target, confidence=plan.confidence,
        tests=tests, criteria=checks, more=more, sentence=sentence,
    )  # fmt: skip


def give_up_release(plan: ReleasePlan, graded: int) -> ReleaseVerdict:
    """Return the verdict of an audit that is left before its end; its attempt is spent."""
    return ReleaseVerdict(
        plan=plan.digest, outcome="given up", threshold=None, released=(), audited=graded,
        errors=0, upper_bound=1.0, target=plan.target, confidence=plan.confidence, tests=(),
        sentence=given_up(graded, plan.audit_size),
    )  # fmt: skip


def in_sequence(plan: ReleasePlan, audited: Sequence[int], errors: Sequence[int]) -> list[bool]:
    """Return for each threshold tested, strictest first, whether its release would stand.

    The last one that stands is released; what comes after the last one tested never was.
    """
    stands: list[bool] = []
    for m, x, size in zip(audited, errors, plan.sizes, strict=True):
        surely = _surely(plan.sizes[-1], size, plan.audit_size)
        allowed = allowed_errors(size, surely, plan.target)
        if m == 0 or m > surely:
            return [*stands, False]
        go_on, release = critical_errors(size, m, allowed, plan.delta)
        stands.append(x <= release)
        if x > go_on:
            break
    return stands


@lru_cache(maxsize=4_096)
def _surely(widest: int, size: int, audit: int) -> int:
    """Return the 99 % quantile of how many of `size` marks fall into the audit."""
    return int(hypergeom.ppf(_SURELY, widest, size, audit))


def _test(
    plan: ReleasePlan, j: int, audited: int, errors: int, *, tested: bool, passed: bool
) -> ThresholdTest:
    size = plan.sizes[j]
    return ThresholdTest(
        threshold=plan.thresholds[j], candidates=size, audited=audited, errors=errors,
        upper_bound=_upper(size, audited, errors, plan.delta), tested=tested, passed=passed,
    )  # fmt: skip


def _criterion(
    plan: ReleasePlan, name: str, drawn: Sequence[Candidate],
    audited: Mapping[str, Points], size: int,
) -> CriterionCheck:  # fmt: skip
    wrong = sum(
        abs(one.points[name] - audited[one.submission][name]) > plan.tolerance + 1e-6
        for one in drawn
    )
    return CriterionCheck(
        criterion=name, audited=len(drawn), errors=wrong,
        upper_bound=_upper(size, len(drawn), wrong, plan.delta),
    )  # fmt: skip


def _upper(size: int, audited: int, errors: int, delta: float) -> float:
    """Return the bound on the share of the marks that stay unread; 0 when all were read."""
    if audited >= size:
        return 0.0
    return (most_errors(size, audited, errors, delta) - errors) / (size - audited)


def _cheap(audit: int | None, size: float) -> bool:
    return audit is not None and audit <= size / 4


def _delta(confidence: float, attempt: int) -> float:
    return (1 - confidence) / float(2**attempt)


def _same(plan: ReleasePlan, found: Sequence[Candidate]) -> None:
    if candidates_digest(found) != plan.candidates:
        raise GradingError(
            "The audit is void: the proposals, or the marks it is about, have changed since it was "
            f"planned. Plan another; it is drawn afresh and counts as audit {plan.attempt + 1}. "
            "What was released under the old one stays released until you withdraw it."
        )

"""Mastery by Bayesian knowledge tracing, folded from evidence; review dates by FSRS.

BKT: Corbett & Anderson (1995), eqs. 1-3. Aided evidence moves the posterior by a share only
(`AIDED_WEIGHT`), because performance with help is not learning (Bastani et al. 2025).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Rating, Scheduler

from tutor_app.domain.course import BktParameters, Course
from tutor_app.domain.dialogue import Evidence

AIDED_WEIGHT = 0.3
MASTERED = 0.95
# no steps of minutes: a learner meets a skill again on another day
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class SkillState:
    """One learner's standing on one skill.

    Attributes:
        p: probability in [0, 1] that the skill is known.
        seen: number of observations.
        unaided: right without help, as (item, day) pairs.
        due: when a review is due; None before the first success.
    """

    skill_id: str
    p: float
    seen: int = 0
    unaided: frozenset[tuple[str, str]] = frozenset()
    due: datetime | None = None

    @property
    def unaided_successes(self) -> int:
        """Number of (item, day) pairs that were right without help."""
        return len(self.unaided)

    @property
    def mastered(self) -> bool:
        """P >= 0.95 and two unaided successes on different items on different days."""
        return self.p >= MASTERED and any(
            a[0] != b[0] and a[1] != b[1] for a in self.unaided for b in self.unaided
        )


def update(p: float, correct: bool, aided: bool, bkt: BktParameters) -> float:
    """Return p after one observation; result in (0, 1)."""
    if correct:
        seen = p * (1 - bkt.p_slip)
        posterior = seen / (seen + (1 - p) * bkt.p_guess)
    else:
        seen = p * bkt.p_slip
        posterior = seen / (seen + (1 - p) * (1 - bkt.p_guess))
    if aided:
        posterior = p + AIDED_WEIGHT * (posterior - p)
    learned = posterior + (1 - posterior) * bkt.p_learn * (AIDED_WEIGHT if aided else 1)
    return learned * (1 - bkt.p_forget)


def trace(
    course: Course, evidence: Iterable[Evidence], frozen_items: frozenset[str] = frozenset()
) -> dict[str, SkillState]:
    """Fold evidence, oldest first, into one SkillState per skill; disputed items are left out."""
    by_skill: dict[str, list[Evidence]] = {skill.id: [] for skill in course.skills}
    for one in sorted(evidence, key=lambda e: e.created_at):
        if one.skill_id in by_skill and one.item_id not in frozen_items:
            by_skill[one.skill_id].append(one)
    return {s.id: _trace_skill(s.id, s.bkt, by_skill[s.id]) for s in course.skills}


def _trace_skill(skill_id: str, bkt: BktParameters, evidence: Sequence[Evidence]) -> SkillState:
    p = bkt.p_init
    card: Card | None = None
    unaided: set[tuple[str, str]] = set()
    for one in evidence:
        p = update(p, one.correct, one.aided, bkt)
        if one.correct and not one.aided:
            unaided.add((one.item_id, one.created_at.date().isoformat()))
        if one.correct or card is not None:
            rating = Rating.Again if not one.correct else Rating.Hard if one.aided else Rating.Good
            card, _ = _SCHEDULER.review_card(card or Card(card_id=1), rating, one.created_at)
    return SkillState(
        skill_id, p, len(evidence), frozenset(unaided), card.due if card is not None else None
    )

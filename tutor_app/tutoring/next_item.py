"""What to do next: due reviews at most one in three, then the weakest ready skill."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.tutoring.mastery import SkillState

READY = 0.6
REVIEW_EVERY = 3
SITTING = timedelta(hours=12)
"""Dialogues this long ago are of the same sitting; what is put aside comes back on another day."""


@dataclass(frozen=True)
class LearnerState:
    """Everything the choice rests on.

    Attributes:
        skills: standing by skill id.
        history: item ids of the learner's dialogues, oldest first.
        reviews: for each of them, whether its skill had been shown before.
        solved: items solved without help.
        sitting: items of this sitting's dialogues; they wait while others are there.
    """

    course: Course
    items: Mapping[str, Item]
    skills: Mapping[str, SkillState]
    history: Sequence[str] = ()
    reviews: Sequence[bool] = ()
    solved: frozenset[str] = frozenset()
    sitting: frozenset[str] = frozenset()

    @cached_property
    def by_skill(self) -> Mapping[str, Sequence[Item]]:
        """The items of each skill that has any."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items.values():
            for skill in dict.fromkeys(item.skills):
                found[skill].append(item)
        return dict(found)

    @cached_property
    def last_seen(self) -> Mapping[str, int]:
        """The last position of each item in the history."""
        return {seen: n for n, seen in enumerate(self.history)}


@dataclass(frozen=True)
class Choice:
    """An item and why it was chosen, in words for the learner."""

    item: Item
    reason: str
    review: bool = False


def next_item(state: LearnerState, now: datetime) -> Choice | None:
    """Choose an item; None when the course has no items. Pure.

    Interleaved (Rohrer 2012): the skill of the last item is left alone when another is ready.
    """
    if not state.items:
        return None
    left = {i: item for i, item in state.items.items() if i not in state.sitting}
    here = replace(state, items=left or state.items)
    due = sorted(
        (s for s in state.skills.values() if s.due is not None and s.due <= now),
        key=lambda s: s.due or now,
    )
    last_skills = _skills_of(state, state.history[-1:])
    if due and _review_allowed(state):
        for skill in due:
            if (item := _best_item(here, skill.skill_id)) is not None:
                return Choice(item, f"A review that is due: {_title(state, skill)}.", True)
    ready = [s for s in _ready(state) if _has_items(here, s.skill_id)]
    fresh = [s for s in ready if s.skill_id not in last_skills] or ready
    for skill in sorted(fresh, key=lambda s: s.p):
        item = _best_item(here, skill.skill_id)
        if item is not None:
            return Choice(item, _reason(state, skill))
    return _beyond_what_is_ready(state, here)


def _beyond_what_is_ready(state: LearnerState, here: LearnerState) -> Choice:
    """Choose when nothing is ready: a step further, or what was seen longest ago."""
    waiting = [s for s in _ready(here) if _has_items(here, s.skill_id)]
    for skill in sorted(waiting, key=lambda s: s.p):
        if (item := _best_item(here, skill.skill_id)) is not None:
            title = _title(state, skill)
            return Choice(item, f"You have seen what is ready now; a step further: {title}.")
    oldest = min(here.items.values(), key=lambda i: (_last_seen(state, i.id), i.id))
    if all(s.mastered for s in state.skills.values() if _has_items(state, s.skill_id)):
        return Choice(oldest, "You have mastered what is here; this keeps it fresh.", True)
    return Choice(oldest, "You have seen the others lately; this keeps it fresh.", True)


def _ready(state: LearnerState) -> list[SkillState]:
    """Skills that are not mastered and whose prerequisites are known well enough."""
    ready = []
    for skill in state.course.skills:
        own = state.skills[skill.id]
        if own.mastered:
            continue
        if all(
            state.skills[before].p >= READY or not _has_items(state, before)
            for before in skill.prerequisites
        ):
            ready.append(own)
    return ready


def _review_allowed(state: LearnerState) -> bool:
    """At most one review in three: none of the two dialogues before was one."""
    return len(state.history) >= REVIEW_EVERY - 1 and not any(state.reviews[-(REVIEW_EVERY - 1) :])


def _best_item(state: LearnerState, skill_id: str) -> Item | None:
    """Return the skill's item seen least recently, easiest first; never the last one again."""
    last = set(state.history[-1:])
    found = [i for i in state.by_skill.get(skill_id, ()) if i.id not in last]
    return min(
        found,
        key=lambda i: (
            i.id in state.solved,
            _last_seen(state, i.id),
            i.skills[0] != skill_id,
            i.difficulty or 3,
            i.id,
        ),
        default=None,
    )


def _last_seen(state: LearnerState, item_id: str) -> int:
    """Return -1 for an item never seen, else its last position in the history."""
    return state.last_seen.get(item_id, -1)


def _has_items(state: LearnerState, skill_id: str) -> bool:
    return skill_id in state.by_skill


def _skills_of(state: LearnerState, item_ids: Sequence[str]) -> set[str]:
    return {s for i in item_ids if i in state.items for s in state.items[i].skills}


def _title(state: LearnerState, skill: SkillState) -> str:
    """Return the title as the course writes it: a name such as Newton keeps its capital."""
    return state.course.skill(skill.skill_id).title


def _reason(state: LearnerState, skill: SkillState) -> str:
    title = _title(state, skill)
    if not skill.seen:
        return f"Something new: {title}."
    if skill.p < 0.5:
        return f"More practice where it helps most now: {title}."
    return f"You are getting there; the next step: {title}."

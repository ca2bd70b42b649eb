"""Which step of an item is next, and which a shown step implies."""

import re
from collections.abc import Sequence

from tutor_app.domain.item import Item

_NAME = re.compile(r"[A-Za-z]\w*")


def open_step(item: Item, shown: frozenset[str]) -> str:
    """Return the first step that is not shown yet; the last one when all are."""
    return next((s.id for s in item.steps if s.id not in shown), item.steps[-1].id)


def with_implied(item: Item, shown: Sequence[str]) -> tuple[str, ...]:
    """Add the steps that a shown step is computed from, and earlier ones that have no value."""
    found = set(shown)
    for step in reversed(item.steps):
        if step.id in found:
            used = set(_NAME.findall(step.value))
            before = item.steps[: item.steps.index(step)]
            found |= {s.id for s in before if s.id in used or not s.value}
    return tuple(s.id for s in item.steps if s.id in found)

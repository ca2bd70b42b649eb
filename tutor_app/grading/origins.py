"""How a mark came to be: given on its own, by one click on a group, or proposed and not decided.

A click on a group is a person's decision, about answers of which they have read one for certain. An
audit takes the others as unread, so that its promise covers them as it covers proposals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tutor_app.domain.batch import Decision, standing_decisions

GIVING = frozenset({"score", "accept", "audit"})
"""Kinds of decisions that settle what a criterion gets."""


@dataclass(frozen=True)
class Origin:
    """How the points that count came to be.

    Attributes:
        decided: criteria that a person settled, of `criteria`.
        together: answers that got their points with the same click; 1 where some of them were
            given to this answer alone, 0 where nobody decided any.
    """

    decided: int
    criteria: int
    together: int

    def __str__(self) -> str:
        """Say it in a few words, for a table."""
        if not self.decided:
            return "proposed, not decided by a person"
        part = "" if self.decided == self.criteria else " in part"
        return f"decided{part} {self.how}"

    @property
    def how(self) -> str:
        """Say whether a person gave the points to one answer alone."""
        return "one by one" if self.together == 1 else f"in a group of {self.together}"


def origin_of(
    decisions: Sequence[Decision],
    points: Mapping[str, float | None],
    sizes: Mapping[str, int],
) -> Origin:
    """Return how the points of a submission came to be.

    Args:
        decisions: about the submission, those that stand.
        points: what counts, by criterion.
        sizes: `GradingTables.group_sizes`.
    """
    acts = {
        criterion: [
            sizes.get(one.action, 1)
            for one in decisions
            if one.kind in GIVING and one.criterion == criterion and one.value == value
        ]
        for criterion, value in points.items()
    }
    smallest = [min(found) for found in acts.values() if found]
    alone = 1 in smallest
    return Origin(len(smallest), len(points), 1 if alone else max(smallest, default=0))


def graded_by_click(
    decisions: Iterable[Decision], before: datetime | None = None
) -> frozenset[str]:
    """Return the submissions that were only graded together with others.

    The one that was on the page counts as read where it got a score of its own; where its proposal
    was taken over for all of them, it counts as unread too, which costs an audit nothing.

    Args:
        decisions: of one batch, oldest first; what was undone counts for nothing.
        before: only what was decided before this time.
    """
    concerned: dict[str, set[str]] = {}
    for one in standing_decisions(decisions):
        if one.kind == "score" and (before is None or one.at < before):
            concerned.setdefault(one.action, set()).add(one.submission)
    together: set[str] = set()
    alone: set[str] = set()
    for submissions in concerned.values():
        (together if len(submissions) > 1 else alone).update(submissions)
    return frozenset(together - alone)

"""Answers that got their points from one click on a group: a person decided, but read one of them.

An audit takes them as unread, so that its promise covers them as it covers proposals.
"""

from collections.abc import Iterable
from datetime import datetime

from tutor_app.domain.batch import Decision, standing_decisions


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

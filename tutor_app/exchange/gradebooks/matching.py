"""Find a learner's mark for a row of somebody else's table; a doubt is no match."""

from collections.abc import Iterable

from tutor_app.exchange.gradebooks.mark import LearnerMark
from tutor_app.exchange.headings import role_of
from tutor_app.exchange.submissions.roster import name_keys


class Marks:
    """Marks by every key that names exactly one learner.

    Attributes:
        used: the learners whose marks were found for a row.
    """

    def __init__(self, marks: Iterable[LearnerMark]) -> None:
        self.used: set[str] = set()
        self._by_key: dict[str, LearnerMark | None] = {}
        self._by_name: dict[str, LearnerMark | None] = {}
        for mark in marks:
            keys = {mark.learner.casefold()}
            keys |= {
                value.casefold()
                for heading, value in mark.details.items()
                if role_of(heading) in ("id", "login", "email") or heading == "Canvas ID"
            }
            _file(self._by_key, keys, mark)
            _file(self._by_name, name_keys(mark.name), mark)

    def find(self, keys: Iterable[str], name: str = "") -> LearnerMark | None:
        """Return the mark for the first key that is known, else for a name that only one has."""
        found = next(
            (mark for key in keys if key and (mark := self._by_key.get(key.casefold()))), None
        )
        if found is None:
            found = next(
                (mark for key in sorted(name_keys(name)) if (mark := self._by_name.get(key))), None
            )
        if found:
            self.used.add(found.learner)
        return found


def _file(index: dict[str, LearnerMark | None], keys: Iterable[str], mark: LearnerMark) -> None:
    for key in keys:
        index[key] = mark if index.get(key, mark) is mark else None

"""Find a learner's mark for a row of somebody else's table; a doubt is no match."""

from collections.abc import Iterable

from tutor_app.exchange.gradebooks.mark import LearnerMark, LeftOut
from tutor_app.exchange.headings import plain, role_of
from tutor_app.exchange.submissions.roster import name_keys

_Index = dict[str, LearnerMark | None]


class Marks:
    """Marks by every key that names exactly one learner."""

    def __init__(self, marks: Iterable[LearnerMark], system: str) -> None:
        """Index the marks.

        Args:
            marks: all of a batch.
            system: the detail under which submissions from the same system keep its own number of
                the learner ("Canvas ID"); the only key that needs no name beside it.
        """
        self._marks = list(marks)
        self._used: set[str] = set()
        self._doubts: dict[str, str] = {}
        self._by_system: _Index = {}
        self._by_key: _Index = {}
        self._by_name: _Index = {}
        for mark in self._marks:
            _file(self._by_system, [mark.details.get(system, "")], mark)
            details = mark.details.items()
            ids = [value for heading, value in details if role_of(heading) in _IDENTIFYING]
            _file(self._by_key, {mark.learner, *ids}, mark)
            _file(self._by_name, name_keys(mark.name), mark)

    def find(self, number: str, keys: Iterable[str], name: str) -> LearnerMark | None:
        """Return the mark of the learner of a row, or None.

        Args:
            number: the system's own number of the learner, or "".
            keys: what else identifies the learner; it counts where the names agree.
            name: the name in the row, or "".
        """
        found = self._by_system.get(number.casefold()) if number else None
        for key in filter(None, keys):
            candidate = self._by_key.get(key.casefold()) if found is None else None
            if candidate and _agree(name, candidate.name):
                found = candidate
            elif candidate:
                self._doubts[candidate.learner] = (
                    f"The row with the same key {key!r} has another name, {name!r}."
                )
        for form in sorted(name_keys(name)):
            found = found or self._by_name.get(form)
        if found:
            self._used.add(found.learner)
        return found

    def not_found(self, unreleased: bool) -> list[LeftOut]:
        """Return the learners whose marks could be written but whose rows were not found."""
        return [
            LeftOut(
                one.learner,
                one.name,
                self._doubts.get(one.learner, "The file has no row of this learner."),
            )
            for one in self._marks
            if one.learner not in self._used and one.exported(unreleased) is not None
        ]


_IDENTIFYING = ("id", "login", "email")


def _file(index: _Index, keys: Iterable[str], mark: LearnerMark) -> None:
    for key in filter(None, keys):
        folded = key.casefold()
        index[folded] = mark if index.get(folded, mark) is mark else None


def _agree(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: some part of one is in the other."""
    if not one.strip() or not other.strip():
        return True
    parts, others = plain(one).split(), plain(other).split()
    return any(a in b or b in a for a in parts for b in others if min(len(a), len(b)) > 1)

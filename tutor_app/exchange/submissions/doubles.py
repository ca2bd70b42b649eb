"""Tell when a student's answer comes twice, and decide which one counts."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Literal

from tutor_app.domain.submission import Submission
from tutor_app.exchange.submissions.report import Report

Policy = Literal["ask", "first", "last"]


class Doubles:
    """Counts the submissions of a source, in a few bytes each, and resolves those that clash.

    `kept` is how many count.
    """

    def __init__(self, policy: Policy) -> None:
        self.kept = 0
        self._policy = policy
        self._first: dict[bytes, bytes] = {}
        self._doubled: dict[bytes, list[bytes]] = {}
        self._emptied: set[bytes] = set()

    def count(self, one: Submission) -> None:
        """Look at one submission of the first pass."""
        key, content = _digest(one.id), _digest(one.text + one.problem)
        self.kept += 1
        if not (one.text or one.problem):
            self._emptied.add(content)
        if key in self._doubled:
            self._doubled[key].append(content)
        elif key in self._first:
            self._doubled[key] = [self._first[key], content]
        else:
            self._first[key] = content

    @property
    def differing(self) -> int:
        """How many learners have several different answers to one question."""
        return sum(len(set(one) - self._emptied) > 1 for one in self._doubled.values())

    @property
    def found(self) -> bool:
        """Some answer comes twice."""
        return bool(self._doubled)

    def resolved(
        self, submissions: Iterable[Submission], report: Report | None = None
    ) -> Iterator[Submission]:
        """Yield what counts, in the same order; ids are unique."""
        if not self._doubled:
            yield from submissions
            return
        come: dict[bytes, int] = {}
        for one in submissions:
            key = _digest(one.id)
            contents = self._doubled.get(key)
            if contents is None:
                yield one
                continue
            at = come.get(key, 0)
            come[key] = at + 1
            kept, message = self._verdict(contents, at)
            if report and message:
                report.add(one.source.rpartition(", ")[2], one.learner, "duplicate", message)
            if kept and message.startswith("The student has"):
                id_ = one.id if at == 0 else f"{one.id} #{at + 1}"
                held = {"problem": one.problem or message, "rival": not one.problem}
                yield one.model_copy(update={"id": id_} | held)
            elif kept:
                yield one

    def _verdict(self, contents: list[bytes], at: int) -> tuple[bool, str]:
        """Return whether the occurrence at a place counts, and what to say about it."""
        content = contents[at]
        filled = [one for one in contents if one not in self._emptied] or contents
        distinct = list(dict.fromkeys(filled))
        if content in contents[:at]:
            return False, "The same answer of the same student again; it counts once."
        if content not in filled:
            return False, "An empty answer beside one with content; the one with content counts."
        if len(distinct) == 1:
            return True, ""
        if self._policy == "ask":
            return True, (
                f"The student has {len(distinct)} different answers here. Say which one counts; "
                "until then none is graded."
            )
        counts = filled[0] if self._policy == "first" else filled[-1]
        word = "first" if self._policy == "first" else "last"
        said = f"One of {len(distinct)} different answers of this student; the {word} counts."
        return (content == counts, "" if content == counts else said)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()

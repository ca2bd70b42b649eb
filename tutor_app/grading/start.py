"""A batch is begun: every submission with its rubric, once, whole or not at all."""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO
from uuid import uuid4

from tutor_app.domain.batch import Batch, BatchRubric
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.grading.integrity import clean
from tutor_app.grading.teaching import Brought, bring
from tutor_app.storage.accounts import name_key
from tutor_app.storage.store import Store

IN_MEMORY = 8_000_000
"""Bytes of submissions that are kept in memory before a file takes them."""
ANY_QUESTION = ""
NOTHING_BROUGHT = Brought()
LISTED = 8


@dataclass(frozen=True)
class Assigned:
    """What one question is graded by; `item` is "course/item" or ""."""

    rubric: Rubric
    item: str = ""


@dataclass(frozen=True)
class Started:
    """A batch that stands in the database.

    Attributes:
        fresh: False when the same inputs had made this batch before; nothing was written then.
        left_out: submissions to questions that the instructor left out, by question.
    """

    batch: Batch
    fresh: bool
    left_out: dict[str, int] = field(default_factory=dict)


def start_batch(
    store: Store,
    submissions: Iterable[Submission],
    assigned: Mapping[str, Assigned],
    *,
    title: str,
    who: str,
    grader: str,
    course_id: str = "",
    seed: int = 0,
    spec: str = "",
    leave_out: Collection[str] = (),
    brought: Brought = NOTHING_BROUGHT,
) -> Started:
    """Write a batch from a stream of submissions; nothing is graded yet.

    Args:
        store: the database.
        submissions: in the source's order; read once, in flat memory. In the batch their ids
            are "1", "2", ... in that order.
        assigned: by question; under "" alone for a source with only one question.
        title: for people.
        who: account id of the instructor, or what else starts it.
        grader: name of the grader, with its digest.
        course_id: course that the batch belongs to, or "".
        seed: of the neutral order in which answers are graded.
        spec: how the grader is built again ("local", "openai:..."); "" for the default.
        leave_out: questions that are not graded.
        brought: what people graded elsewhere; its marks by the ids of `submissions`.

    Raises:
        GradingError: a question has no rubric, a rubric no question, two submissions one id, or
            there is nothing to grade; nothing was written.
    """
    reading = _Reading(store, assigned, frozenset(leave_out))
    with tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") as spool:
        for one in submissions:
            reading.take(one, spool)
        rubrics = reading.rubrics()
        key = sha256(reading.digest.digest())
        for question, chosen in sorted(rubrics.items()):
            key.update(f"\n{question}|{chosen.rubric.digest}|{chosen.item}".encode())
        key.update(f"\n{grader}|{course_id}".encode())
        key.update(brought.digest.encode())
        now = datetime.now(UTC)
        batch = Batch(
            id=f"{now:%y%m%d-%H%M%S}-{uuid4().hex[:4]}",
            title=title,
            course_id=course_id,
            source_key=key.hexdigest(),
            who=who,
            created_at=now,
            settings={"seed": seed, "grader": grader, "spec": spec},
        )
        spool.seek(0)
        written = store.grading.add_batch(
            batch,
            [
                BatchRubric(question=question, rubric=chosen.rubric, item=chosen.item, at=now)
                for question, chosen in rubrics.items()
            ],
            ((one, reading.account(one)) for one in _read(spool)),
        )
        marks = {
            number: brought.marks[one]
            for one, number in reading.numbers.items()
            if one in brought.marks
        }
        bring(store, written.id, who, replace(brought, marks=marks))
    return Started(written, written.id == batch.id, dict(reading.left_out))


class _Reading:
    """What is noticed while the submissions stream by."""

    def __init__(
        self, store: Store, assigned: Mapping[str, Assigned], leave_out: frozenset[str]
    ) -> None:
        self.digest = sha256()
        self.left_out: dict[str, int] = {}
        self._assigned = assigned
        self._leave_out = leave_out
        self.numbers: dict[str, str] = {}
        self._questions: dict[str, int] = {}
        self._accounts = {
            name_key(one.name): one.id for one in store.accounts.read_all() if one.role == "learner"
        }
        self._named: dict[str, set[str]] = {}

    def take(self, one: Submission, spool: IO[str]) -> None:
        """Note a submission and write it down."""
        if one.question in self._leave_out:
            self.left_out[one.question] = self.left_out.get(one.question, 0) + 1
            return
        if one.id in self.numbers:
            raise GradingError(
                f"{one.source or one.id}: two submissions have the id {one.id!r}. "
                "Give every submission its own."
            )
        self.numbers[one.id] = str(len(self.numbers) + 1)
        self._questions[one.question] = self._questions.get(one.question, 0) + 1
        key = name_key(one.name)
        if key in self._accounts:
            self._named.setdefault(key, set()).add(one.learner)
        # where a file lies does not make it another one; of rivals the problem tells
        self.digest.update(one.model_dump_json(exclude={"source", "rival"}).encode())
        # the source's ids name learners; what stands in records for good must not
        kept = clean(one).model_copy(update={"id": self.numbers[one.id]})
        spool.write(kept.model_dump_json() + "\n")

    def rubrics(self) -> dict[str, Assigned]:
        """Return what each question is graded by."""
        if not self._questions:
            raise GradingError(
                "Submissions: there is nothing to grade. Look at what was skipped, and why."
            )
        chosen = dict(self._assigned)
        if list(chosen) == [ANY_QUESTION] and len(self._questions) == 1:
            return {next(iter(self._questions)): chosen[ANY_QUESTION]}
        if list(self._questions) == [ANY_QUESTION]:
            raise GradingError(
                f"Rubrics: the file has one question, without a name, so {_listed(list(chosen))} "
                "cannot be found in it. Give one rubric alone, without QUESTION= before it."
            )
        without = [q for q in self._questions if q not in chosen]
        if without:
            raise GradingError(
                f"Rubrics: no rubric for {_listed(without)}. Give one for each "
                "(QUESTION=RUBRIC), or leave a question out (QUESTION=skip)."
            )
        strange = [q for q in chosen if q not in self._questions]
        if strange:
            raise GradingError(
                f"Rubrics: nobody answered {_listed(strange)}. "
                f"The questions are {_listed(list(self._questions))}."
            )
        return chosen

    def account(self, one: Submission) -> str:
        """Return the account of the learner, "" where that is not certain.

        The key counts; a name does only where one learner alone bears it.
        """
        if found := self._accounts.get(name_key(one.learner)):
            return found
        key = name_key(one.name)
        return self._accounts[key] if len(self._named.get(key, ())) == 1 else ""


def _read(spool: IO[str]) -> Iterator[Submission]:
    for line in spool:
        yield Submission.model_validate_json(line)


def _listed(questions: list[str]) -> str:
    named = ", ".join(repr(one) for one in questions[:LISTED])
    more = len(questions) - LISTED
    return f"{named} and {more} more" if more > 0 else named

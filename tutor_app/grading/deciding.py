"""What people decide about a batch: each act is one action, which `undo` takes back whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from tutor_app.domain.batch import BatchState, Decision, DecisionKind, Marked, Released
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.errors import GradingError
from tutor_app.grading.marks import level_words, mark_of
from tutor_app.storage.store import Store

UNDOABLE: frozenset[DecisionKind] = frozenset(
    {"score", "accept", "feedback", "release", "withdraw", "answered", "improve", "counts"}
)


@dataclass(frozen=True)
class Done:
    """One act.

    Attributes:
        action: its id; "" when it came to nothing, and nothing was written.
        count: submissions that it concerned.
        left: submissions that it could not concern: released ones need a score everywhere.
    """

    action: str
    count: int
    left: int = 0


class Decisions:
    """Writes what one person decides about one batch; GradingError for what cannot be."""

    def __init__(self, store: Store, batch_id: str, who: str) -> None:
        """Take the batch and the account id (or other name) that goes into the record."""
        self._store = store
        self._tables = store.grading
        self._batch_id = batch_id
        self._who = who
        self._rubrics = store.grading.rubrics(batch_id)

    def give(self, submissions: Iterable[str], points: Mapping[str, float]) -> Done:
        """Give points by criterion to one submission or a group; a manual score wins for good."""
        return self._write(self._scores("score", submissions, points))

    def give_each(self, points: Mapping[str, Mapping[str, float]]) -> Done:
        """Give each submission its own points by criterion, in one act."""
        return self._write(
            decision
            for submission, given in points.items()
            for decision in self._scores("score", [submission], given)
        )

    def accept(self, submissions: Iterable[str] | None = None) -> Done:
        """Confirm every proposal that no person has decided, of some submissions or of all.

        An acceptance counts as long as the proposal stays as it is.
        """
        return self._write(
            self._decision("accept", one, each.criterion, each.auto_score)
            for one in self._marked(submissions)
            for each in (one.grade.criteria if one.grade else ())
            if each.auto_score is not None and not one.decided(each.criterion)
        )

    def audit(self, submission: str, points: Mapping[str, float]) -> Done:
        """Grade an answer of the audit sample, the proposal hidden, once and for good.

        Raises:
            GradingError: it has its audit grade, or points are missing or impossible.
        """
        with self._store.transaction():
            one = self._tables.marked_one(self._batch_id, submission)
            if any(each.kind == "audit" for each in one.decisions):
                raise GradingError(
                    f"Submission {submission}: its audit grade is given, and the first one counts. "
                    "Change the mark in the review; the audit stays as it is."
                )
            return self._write(self._scores("audit", [submission], points, whole=True))

    def blind(self, submission: str, points: Mapping[str, float]) -> Done:
        """Grade an answer a second time, all hidden; changes no mark and is not taken back."""
        return self._write(self._scores("blind", [submission], points, whole=True))

    def say(self, submissions: Iterable[str], words: str, criterion: str = "") -> Done:
        """Give feedback to some submissions, on one criterion or on the whole."""
        return self._write(
            self._decision("feedback", one, criterion, words) for one in self._marked(submissions)
        )

    def say_for_level(self, question: str, criterion: str, level: str, words: str) -> Done:
        """Word the feedback of everybody in a level once; "" goes back to the rubric's words."""
        if question not in self._rubrics:
            raise GradingError(f"Batch {self._batch_id}: it has no question {question!r}.")
        one = self._decision("feedback", None, criterion, words)
        return self._write([one.model_copy(update={"question": question, "level": level})])

    def choose_answer(self, submission: str) -> Done:
        """Say which of several different answers of one learner to one question counts.

        It is queued to be graded; the others are set aside, and none of them is ever exported.

        Raises:
            GradingError: the learner has no other answer to this question.
        """
        rivals = self._tables.rivals(self._batch_id, submission)
        if len(rivals) < 2:
            raise GradingError(
                f"Submission {submission}: it is the student's only answer to this question."
            )
        with self._store.transaction():
            done = self._write(
                self._decision("counts", one, "", submission) for one in self._marked(rivals)
            )
            self._admit(rivals)
        return done

    def _admit(self, submissions: Iterable[str]) -> None:
        gradable = {one.submission.id: not one.submission.problem
                    for one in self._marked(submissions)}  # fmt: skip
        seed = int(self._tables.batch(self._batch_id).settings.get("seed", 0))
        self._tables.queue.admit(self._batch_id, seed, gradable)

    def release(self, submissions: Iterable[str] | None = None) -> Done:
        """Release marks to their learners, as they are now, of some submissions or of all.

        What is pending stays back. Undo, or `withdraw`, hides them again.
        """
        left = 0
        words = level_words(self._store, self._batch_id)

        def acts() -> Iterator[Decision]:
            nonlocal left
            for one in self._marked(submissions):
                if one.aside:
                    continue
                mark = mark_of(one, self._rubrics[one.submission.question], words)
                given = {key: points for key, points in mark.points.items() if points is not None}
                if mark.total is None:
                    left += 1
                    continue
                what = Released(
                    points=given, total=mark.total, max_points=mark.max_points, words=mark.words
                )
                if what != one.release:
                    yield self._decision("release", one, "", what.model_dump_json())

        if self._tables.batch(self._batch_id).state == "undone":
            raise GradingError(
                f"Batch {self._batch_id}: it was undone. Take it back before you release it."
            )
        done = self._write(acts())
        return Done(done.action, done.count, left)

    def withdraw(self, submissions: Iterable[str] | None = None) -> Done:
        """Hide released marks from their learners again."""
        return self._write(
            self._decision("withdraw", one) for one in self._marked(submissions) if one.released
        )

    def answer(self, submission: str, words: str) -> Done:
        """Answer a regrade request; a new score is given with `give` and released again."""
        one = self._tables.marked_one(self._batch_id, submission)
        if one.regrade is None:
            raise GradingError(f"Submission {submission}: no regrade request waits for an answer.")
        return self._write([self._decision("answered", one, "", words)])

    def note(self, kind: DecisionKind, value: str, question: str = "") -> Done:
        """Write a record about the batch that nobody can change: a plan, a verdict."""
        one = self._decision(kind, None, "", value)
        return self._write([one.model_copy(update={"question": question})])

    def set_state(self, state: BatchState) -> None:
        """Pause a batch, go on with it, undo it as a whole, or (open) take that back.

        Of an undone batch nothing is graded, exported or shown to a learner; nothing is lost.
        """
        with self._store.transaction():
            if self._tables.batch(self._batch_id).state != state:
                self._tables.set_state(self._batch_id, state)
                self.note("state", state)

    def undo(self, action: str) -> Done:
        """Take a whole action back; what was decided before it counts again."""
        found = self._tables.action(self._batch_id, action)
        if found is None:
            raise GradingError(f"Batch {self._batch_id}: there is no action {action!r} to undo.")
        kind, count = found
        if kind not in UNDOABLE:
            raise GradingError(
                f"Batch {self._batch_id}: a record of kind {kind!r} is never taken back."
            )
        with self._store.transaction():
            done = self._write([self._decision("undo", None, "", action)])
            if kind == "counts":
                every = self._tables.decisions(self._batch_id)
                self._admit([one.submission for one in every if one.action == action])
        return Done(done.action, count)

    def last_action(self) -> str:
        """Return this person's newest action that can be undone, or ""."""
        return self._tables.last_action(self._batch_id, self._who, UNDOABLE)

    def _scores(
        self,
        kind: DecisionKind,
        submissions: Iterable[str],
        points: Mapping[str, float],
        *,
        whole: bool = False,
    ) -> list[Decision]:
        found = list(self._marked(submissions))
        for one in found:
            for criterion, given in points.items():
                check_points(self._criterion(one, criterion), given)
            missing = {each.id for each in self._rubric(one).criteria} - points.keys()
            if whole and missing:
                raise GradingError(
                    f"Submission {one.submission.id}: no points for {', '.join(sorted(missing))}. "
                    "Grade every criterion."
                )
        return [
            self._decision(kind, one, criterion, given)
            for one in found
            for criterion, given in points.items()
        ]

    def _marked(self, submissions: Iterable[str] | None) -> Iterator[Marked]:
        if submissions is None:
            return self._tables.marked(self._batch_id)
        return (self._tables.marked_one(self._batch_id, one) for one in submissions)

    def _rubric(self, one: Marked) -> Rubric:
        return self._rubrics[one.submission.question].rubric

    def _criterion(self, one: Marked, criterion: str) -> Criterion:
        known = {each.id: each for each in self._rubric(one).criteria}
        if criterion not in known:
            raise GradingError(
                f"Rubric {self._rubric(one).id}: it has no criterion {criterion!r}. "
                f"It has: {', '.join(known)}."
            )
        return known[criterion]

    def _decision(
        self,
        kind: DecisionKind,
        one: Marked | None,
        criterion: str = "",
        value: str | float | None = "",
    ) -> Decision:
        return Decision(
            action="new",
            submission=one.submission.id if one else "",
            question=one.submission.question if one else "",
            criterion=criterion,
            kind=kind,
            value="" if value is None else value,
            who=self._who,
            at=datetime.now(UTC),
        )

    def _write(self, decisions: Iterable[Decision]) -> Done:
        action, concerned, written = uuid4().hex, set[str](), 0

        def named() -> Iterator[Decision]:
            nonlocal written
            for one in decisions:
                written += 1
                concerned.add(one.submission)
                yield one.model_copy(update={"action": action})

        self._tables.decide(self._batch_id, named())
        return Done(action if written else "", len(concerned))


def ask_regrade(store: Store, batch_id: str, submission: str, account_id: str, words: str) -> None:
    """Write a learner's request to look at a released mark again.

    Raises:
        GradingError: it is not theirs, not released, asked already, or the words are missing.
    """
    one = store.grading.marked_one(batch_id, submission)
    if one.account_id != account_id or not account_id:
        raise GradingError(f"Submission {submission}: it is not yours.")
    if not one.released or store.grading.batch(batch_id).state == "undone":
        raise GradingError(f"Submission {submission}: its mark is not released.")
    if one.regrade is not None:
        raise GradingError(f"Submission {submission}: you have asked already. Wait for the answer.")
    if not words.strip():
        raise GradingError(f"Submission {submission}: say what should be looked at again.")
    decision = Decision(
        action=uuid4().hex,
        submission=submission,
        question=one.submission.question,
        kind="regrade",
        value=words.strip(),
        who=account_id,
        at=datetime.now(UTC),
    )
    store.grading.decide(batch_id, [decision])


def check_points(criterion: Criterion, points: float) -> None:
    """Raise GradingError for points that a criterion cannot give; between levels is allowed."""
    possible = criterion.possible_points
    if not criterion.can_give(points):
        raise GradingError(
            f"{criterion.id}: {points:g} points are not possible. "
            f"Give between {min(possible):g} and {max(possible):g}."
        )

"""A grader that asks a chat model, and holds what it says against the text and the local grader.

How to use: `factory.build_grader(settings, "openai:MODEL@URL")`; it has the same `name`, `grade`
and `grade_batch` as the local grader. `usage` says what was asked and what it took;
`llm_cost.estimate` makes an estimate of that after five tried answers.

The model gives verdicts with quotes. Code finds the quotes, maps levels to points and compares
with the local grader; what differs goes to a person. A call that fails is pending, never a score.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from langchain_core.language_models import BaseChatModel

from tutor_app.domain.grade import CriterionGrade, Evidence, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import StorageError
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.evidence import locate, span
from tutor_app.grading.injection import find_injections
from tutor_app.grading.integrity import clean, only_repeats, with_signs
from tutor_app.grading.llm_call import CallOptions, ModelCaller, Unanswered, Usage
from tutor_app.grading.llm_points import Compared, proposals
from tutor_app.grading.llm_prompt import (
    Task,
    balanced,
    messages_for,
    prompts_digest,
    repair_messages,
)
from tutor_app.grading.llm_reply import Reading, Reply, read_reply
from tutor_app.storage.verdicts import VerdictCache

GROUP = 32
Passages = Callable[[Rubric], Sequence[tuple[str, str]]]
"""Returns ("document#Section", text) of the course that a rubric rests on."""


@dataclass(frozen=True)
class LlmOptions:
    """What can be set.

    Attributes:
        examples: graded answers that the model is shown at most.
        longest: characters of a submission; a longer one is pending.
        parallel: calls at the same time.
        call: how long and how often one question is tried.
    """

    examples: int = 4
    longest: int = 24_000
    parallel: int = 4
    call: CallOptions = field(default_factory=CallOptions)


class LlmGrader:
    """Grades with a chat model; numbers, choices, programs and empty answers are the local one's.

    Attributes:
        name: the model, and a digest of the prompts, the options and the local grader.
    """

    def __init__(
        self,
        model: BaseChatModel,
        local: AnyGrader,
        *,
        label: str,
        passages: Passages = lambda rubric: (),
        cache: VerdictCache | None = None,
        speaks: Callable[[str], str] = lambda text: "",
        options: LlmOptions | None = None,
    ):
        """Take the model and what it is held against.

        Args:
            model: any chat model of LangChain.
            local: the grader without words.
            label: the model's name, for the audit and the cache.
            passages: text of the course for a rubric.
            cache: replies that were paid for already.
            speaks: returns the sentence of a text that speaks to the grader, or "".
            options: see `LlmOptions`.
        """
        self._speaks = speaks
        self._options = options or LlmOptions()
        self._caller = ModelCaller(model, self._options.call)
        self._local = local
        self._label = label
        self._passages = passages
        self._cache = cache
        self._prompts = prompts_digest()
        stands_on = f"{self._prompts}|{self._options.examples}|{local.name}"
        self.name = f"{label} + {sha256(stands_on.encode()).hexdigest()[:12]}"

    @property
    def usage(self) -> Usage:
        """What was asked since it was built."""
        return self._caller.usage

    @property
    def parallel(self) -> int:
        """Calls at the same time."""
        return self._options.parallel

    def grade(
        self,
        submission: Submission,
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Grade:
        """Propose a grade for one submission; see `Grader.grade`."""
        return next(self.grade_batch([submission], rubric, item=item, examples=examples))

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        """Yield one grade per submission, in their order, a few calls at a time."""
        passages = tuple(self._passages(rubric)) if item is None else ()

        def one(pair: tuple[Submission, Grade]) -> Grade:
            return self._grade(*pair, rubric, examples, passages)

        stream = iter(submissions)
        with ThreadPoolExecutor(self._options.parallel) as pool:
            while group := list(islice(stream, GROUP)):
                local = list(self._local.grade_batch(group, rubric, item=item, examples=examples))
                if item is not None:
                    yield from local
                    continue
                yield from pool.map(one, zip(group, local, strict=True))

    def _grade(
        self,
        submission: Submission,
        local: Grade,
        rubric: Rubric,
        examples: Sequence[GradedExample],
        passages: tuple[tuple[str, str], ...],
    ) -> Grade:
        seen = clean(submission)
        known = submission.problem or local.rule or not seen.text.strip()
        if known or only_repeats(seen.text, rubric.question):
            return with_signs(local, submission, rubric)
        task = Task(
            rubric,
            seen.text,
            balanced(examples, self._options.examples, submission.text, rubric),
            tuple(text for _, text in passages),
        )
        too_long = len(seen.text) > self._options.longest
        if too_long:
            reading = Reading(
                {}, (f"it has more than {self._options.longest:,} characters; read it yourself",)
            )
        else:
            reading = self._ask(task)
        compared = Compared(
            {one.criterion: one for one in local.criteria},
            lambda quote: _shown_by(quote, submission.text, seen.text, rubric.question),
            tuple(name for name, _ in passages),
        )
        problem = " ".join(reading.problems).rstrip(".")
        criteria = proposals(rubric, reading.verdicts, compared, problem)
        failed = bool(reading.problems) and not too_long
        grade = with_signs(self._as_grade(local, criteria, failed), submission, rubric)
        told = self._speaks(seen.text)
        return _doubted(grade, told) if told else grade

    def _as_grade(self, local: Grade, criteria: tuple[CriterionGrade, ...], failed: bool) -> Grade:
        own = {"grader": self.name, "criteria": criteria, "failed": failed}
        return local.model_copy(update=own)

    def _ask(self, task: Task) -> Reading:
        key = sha256(f"{self._label}\x00{self._prompts}\x00{task.digest}".encode()).hexdigest()
        if kept := self._kept(key):
            self._caller.count(cached=1)
            return read_reply(kept, task.asks)
        self._caller.count(asked=1)
        try:
            reading = self._asked(task)
        except Unanswered as none:
            reading = Reading({}, (str(none),))
        if reading.problems:
            self._caller.count(failed=1)
        elif self._cache is not None:
            reply = Reply(criteria=list(reading.verdicts.values())).model_dump_json()
            self._keep(key, reply)
        return reading

    def _asked(self, task: Task) -> Reading:
        messages = messages_for(task)
        said = self._caller.ask(messages)
        reading = read_reply(said, task.asks)
        if not reading.problems:
            return reading
        try:
            mended = self._caller.ask(repair_messages(messages, said, reading.problems))
        except Unanswered as none:
            return Reading(reading.verdicts, (str(none),))
        return reading.mended_by(read_reply(mended, task.asks), task.asks)

    def _kept(self, key: str) -> str | None:
        try:
            return self._cache.find(key) if self._cache else None
        except StorageError:
            return None

    def _keep(self, key: str, reply: str) -> None:
        try:
            if self._cache:
                self._cache.keep(key, reply)
        except StorageError:
            # a full disk stops the batch where it saves grades, and says so there
            return


def _doubted(grade: Grade, told: str) -> Grade:
    """Send a grade to a person because a sentence seems to speak to the grader."""
    criteria = tuple(one.model_copy(update={"needs_review": True}) for one in grade.criteria)
    flags = (*grade.flags, f"May speak to the grader: {told}")
    return grade.model_copy(update={"criteria": criteria, "flags": flags})


def _shown_by(quote: str, text: str, seen: str, question: str) -> Evidence | None:
    """Find a quote that says something of its own, and not to the grader."""
    found = locate(quote, text)
    if found is None and len(seen) == len(text) and (there := locate(quote, seen)):
        # the model saw the text with the name blanked
        found = span(text, there.start, there.end)
    if found is None or find_injections(found.quote) or not re.search(r"\w", found.quote):
        return None
    return None if only_repeats(found.quote, question) else found

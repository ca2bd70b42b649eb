"""An item: a prompt, its quantities, the answer, the steps to it and the ways to go wrong.

Expressions (`value`) are text over the names of the quantities and of the steps above;
`answers.formula` parses them with a grammar of its own. A double-bracketed name in learner-facing
text, `[[h]]`, is replaced by that quantity or step value; `[[yours]]` by what the learner wrote,
for a code item by what the learner's program gave in the first failing visible test.
"""

import ast
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tutor_app.domain.base import Identifier, Slug, Strict, Text
from tutor_app.domain.course import HintLevel


class NumericAnswer(Strict):
    """A number with a unit. `tolerance` is relative (0.02 = 2 %) unless `tolerance_abs` is set."""

    kind: Literal["numeric"]
    value: Text
    unit: str = ""
    tolerance: float = Field(0.02, gt=0, lt=0.5)
    tolerance_abs: float | None = Field(None, gt=0)
    digits: int = Field(3, ge=1, le=8)


class SymbolicAnswer(Strict):
    """A formula in named symbols; all symbols stand for positive reals.

    Attributes:
        symbols: what each symbol means; a learner may use these names only.
        target: the symbol on the left of "v = ...", which a learner may write too.
    """

    kind: Literal["symbolic"]
    value: Text
    symbols: dict[Identifier, Text] = Field(min_length=1)
    target: str = ""


class Option(Strict):
    """One choice."""

    id: Annotated[str, Field(pattern=r"^[a-z]$")]
    text: Text


class ChoiceAnswer(Strict):
    """Exactly one option is right."""

    kind: Literal["choice"]
    options: list[Option] = Field(min_length=2, max_length=8)
    correct: str

    @model_validator(mode="after")
    def _correct_is_an_option(self) -> Self:
        ids = [option.id for option in self.options]
        if self.correct not in ids:
            raise ValueError(f"correct: {self.correct!r} is not one of the options {ids}")
        if len(set(ids)) < len(ids):
            raise ValueError("two options have the same id")
        return self

    def option(self, option_id: str) -> Option:
        """Return an option by its letter; KeyError when there is none."""
        return {option.id: option for option in self.options}[option_id]


class TextAnswer(Strict):
    """A short answer in words, judged against a rubric; key elements live only there."""

    kind: Literal["text"]
    rubric: Slug


class ExactAnswer(Strict):
    """An answer written out: a number, formula, equation, inequality, point, interval, list, words.

    Attributes:
        accepted: what is right, each as a learner would type it: "3/4", "x >= -3", "(-inf, 2]",
            "y = 2x + 1", "(1, 2), (3, 4)", "no solution". Equivalent forms need not be listed; the
            first one is shown where the answer may be shown.
        any_order: the parts of a list may come in any order.
    """

    kind: Literal["exact"]
    accepted: list[Text] = Field(min_length=1, max_length=20)
    any_order: bool = False


Program = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]


class CodeTest(Strict):
    """One run of the learner's program.

    Attributes:
        about: what this test tries, in words that a learner reads whether it is hidden or not.
        call: a Python expression, evaluated after the program ran; a program that only reads and
            prints needs none.
        expect: the value of `call`, a Python literal.
        stdin: what the program finds on its input.
        stdout: what it prints; white space at line ends and at the end is ignored, and so is what
            `input` asks.
        step: the step that this test speaks for, or empty.
        hidden: learners see `about`, but neither the call nor what was expected.
    """

    id: Slug
    about: Text
    call: str = ""
    expect: str | None = None
    stdin: str = Field("", max_length=10_000)
    stdout: str | None = Field(None, max_length=10_000)
    step: str = ""
    hidden: bool = False

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.expect is None and self.stdout is None:
            raise ValueError(f"test {self.id!r} needs expect (with call) or stdout")
        if self.expect is not None and not self.call:
            raise ValueError(f"test {self.id!r}: expect needs a call")
        try:
            if self.call:
                ast.parse(self.call.strip(), mode="eval")
        except (SyntaxError, ValueError) as error:
            raise ValueError(f"test {self.id!r}: call is no expression: {error}") from error
        try:
            if self.expect is not None:
                ast.literal_eval(self.expect)
        except (SyntaxError, ValueError, TypeError) as error:
            raise ValueError(
                f"test {self.id!r}: expect is no literal: {self.expect!r}. Text needs quotation "
                "marks inside the YAML's own"
            ) from error
        return self


class CodeAnswer(Strict):
    """A Python program, judged by what it does in the tests; the solution is never shown.

    Attributes:
        starter: what stands in the editor at the start; it need not run.
        solution: a program that passes every test.
        without: functions, methods or modules that a program may not use (or `global`), where the
            prompt says so; one that does is not run and costs no attempt.
    """

    kind: Literal["code"]
    language: Literal["python"] = "python"
    starter: str = ""
    solution: Program
    without: list[Identifier] = Field([], max_length=20)
    tests: list[CodeTest] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _tests_have_names(self) -> Self:
        ids = [test.id for test in self.tests]
        if len(set(ids)) < len(ids):
            raise ValueError("two tests have the same id")
        return self

    def test(self, test_id: str) -> CodeTest:
        """Return a test by its id; KeyError when there is none."""
        return {test.id: test for test in self.tests}[test_id]


Answer = Annotated[
    NumericAnswer | SymbolicAnswer | ChoiceAnswer | TextAnswer | ExactAnswer | CodeAnswer,
    Field(discriminator="kind"),
]


class Step(Strict):
    """One step of the solution, in order.

    Attributes:
        goal: what this step is after, in words that do not give the step away.
        value: expression over quantities and earlier steps, if the step has a value.
        work: the worked line, shown for the parallel item and at the answer level.
        why: one sentence that answers "why this step?".
        criterion: for text answers, the rubric criterion that this step settles.
    """

    id: Identifier
    goal: Text
    value: str = ""
    unit: str = ""
    work: str = ""
    why: str = ""
    skill: str = ""
    criterion: str = ""


class Misconception(Strict):
    """A known way to go wrong, and the question that makes the idea fail.

    Attributes:
        value: mal-rule: an expression over the quantities' plain numbers (units stripped, as the
            problem states them); matches when the learner's number equals it. For exact answers,
            the wrong answer itself.
        option: the choice that shows it.
        says: for text answers, sentences a learner with this idea writes.
        program: for code answers, a whole wrong program; matches when the learner's program gives
            the same results in all tests.
        question: at most 45 words with one question; may use [[yours]].
        step: the step that it breaks.
    """

    id: Slug
    title: Text
    question: Text
    value: str = ""
    option: str = ""
    says: list[Text] = []
    program: str = ""
    step: str = ""

    @model_validator(mode="after")
    def _can_be_recognised(self) -> Self:
        if not (self.value or self.option or self.says or self.program):
            raise ValueError(f"misconception {self.id!r} needs one of value, option, says, program")
        return self


class Hint(Strict):
    """One rung for one step (the first step when `step` is empty).

    Attributes:
        text: at most 45 words and one question.
        answer: what the hint's own question comes to, where its author wrote that down; a learner
            who says it has answered the hint. Never shown before.
        cite: "document#Section heading" of the course notes this rests on, or empty.
    """

    level: HintLevel
    text: Text
    step: str = ""
    answer: str = ""
    cite: str = ""


class Parallel(Strict):
    """The same item with other numbers, or with another prompt where nothing is computed.

    `worked` holds the lines of its solution when there are no quantities to compute with; the
    last line is left to the learner.
    """

    quantities: dict[Identifier, Text] = {}
    prompt: str = ""
    answer: str = ""
    worked: list[Text] = []

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not self.quantities and not (self.prompt and self.answer):
            raise ValueError("parallel needs quantities, or a prompt and an answer")
        return self


class Item(Strict):
    """items/<id>.yaml, one exercise.

    Attributes:
        hints_in_order: the hints are one path of solution, opened as they are written whatever
            their levels are; otherwise the ladder goes by level.
        not_askable: why no learner can be given this item (a figure is missing), or empty.
        spoilers: "document#Heading" of notes that solve this very item. For a code item also
            sentences that say the decisive change in words ("move the return out of the loop"):
            no reply may say one of them.
    """

    id: Slug
    title: Text
    prompt: Text
    skills: list[Slug] = Field(min_length=1)
    answer: Answer
    steps: list[Step] = Field(min_length=1)
    quantities: dict[Identifier, Text] = {}
    difficulty: int | None = Field(None, ge=1, le=5)
    misconceptions: list[Misconception] = []
    hints: list[Hint] = []
    hints_in_order: bool = False
    parallel: Parallel | None = None
    sections: list[Text] = []
    spoilers: list[Text] = []
    licence: str = ""
    not_askable: str = ""

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        steps = [step.id for step in self.steps]
        if len(set(steps)) < len(steps):
            raise ValueError("two steps have the same id")
        if both := set(steps) & set(self.quantities):
            raise ValueError(f"names used for a quantity and a step: {sorted(both)}")
        for place, name in (
            [(f"hint {n + 1}", h.step) for n, h in enumerate(self.hints)]
            + [(f"misconception {m.id!r}", m.step) for m in self.misconceptions]
            + [
                (f"test {test.id!r}", test.step)
                for test in (self.answer.tests if isinstance(self.answer, CodeAnswer) else [])
            ]
        ):
            if name and name not in steps:
                raise ValueError(f"{place}: there is no step {name!r}; known: {steps}")
        ids = [m.id for m in self.misconceptions]
        if len(set(ids)) < len(ids):
            raise ValueError("two misconceptions have the same id")
        other = self.parallel.quantities if self.parallel else {}
        if other and set(other) != set(self.quantities):
            raise ValueError("parallel.quantities must name the same quantities as the item")
        return self

    @property
    def spoiler_sections(self) -> list[str]:
        """The spoilers that name a section of the notes."""
        return [spoiler for spoiler in self.spoilers if "#" in spoiler]

    @property
    def spoiler_sentences(self) -> list[str]:
        """The spoilers in words."""
        return [spoiler for spoiler in self.spoilers if "#" not in spoiler]

    def step(self, step_id: str) -> Step:
        """Return a step by id; the first one when the id is empty."""
        if not step_id:
            return self.steps[0]
        return {step.id: step for step in self.steps}[step_id]

    def hints_for(self, step_id: str) -> list[Hint]:
        """Return the hints of one step, lowest rung first or in the order written."""
        first = self.steps[0].id
        chosen = [hint for hint in self.hints if (hint.step or first) == step_id]
        if self.hints_in_order:
            return chosen
        return sorted(chosen, key=lambda hint: hint.level.rank)

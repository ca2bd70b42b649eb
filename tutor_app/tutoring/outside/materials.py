"""From one outside context to everything that a wording may use, held in memory."""

import re
from dataclasses import dataclass
from functools import cached_property

from tutor_app.answers.solution import Solution, solve
from tutor_app.domain.course import Course, Skill
from tutor_app.domain.item import Item, NumericAnswer, TextAnswer
from tutor_app.domain.item import Step as ItemStep
from tutor_app.tutoring.outside.amounts import Amount, clause_at, find_amounts, question_of
from tutor_app.tutoring.outside.prose import sentences
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.slips import write

_SKILL = "outside"
MIN_FIT = 0.9
_WORD = re.compile(r"[a-z]{4,}")
_COMMON = frozenset(
    "that this they them their there then than with have from what when which were will would "
    "many much more number total first each does into some only".split()
)


@dataclass(frozen=True)
class Problem:
    """A problem with its steps and amounts."""

    text: str
    steps: tuple[Step, ...]
    amounts: tuple[Amount, ...]

    @property
    def question(self) -> str:
        """The words of the question, short enough to quote."""
        asking = question_of(self.text)
        if not asking:
            return ""
        word = re.search(r"\b(how|what|which|find|calculate|where|who|by how)\b", asking, re.I)
        return clause_at(asking, word.start() if word else 0)

    @cached_property
    def clauses(self) -> list[str]:
        """Every clause of the problem, in order, without repetition."""
        found = []
        for _, sentence in sentences(self.text):
            at = 0
            while at < len(sentence):
                clause = clause_at(sentence, at)
                where = sentence.find(clause, at)
                found.append(clause)
                at = max(at + 1, (where if where >= 0 else at) + len(clause) + 1)
        return list(dict.fromkeys(c for c in found if len(c.split()) >= 3))

    def clause_for(self, step: Step, spoken: str = "") -> tuple[str, float]:
        """Return the clause whose words come nearest to a step, and how near ("" below 0.9)."""
        scored = [
            (self.fit(clause, step, spoken), clause)
            for clause in self.clauses
            if not clause.endswith("?") and clause != self.question
        ]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
        return (best[1], best[0]) if best[0] >= MIN_FIT else ("", 0.0)

    def fit(self, clause: str, step: Step, spoken: str = "") -> float:
        """Add up the words that a clause shares with a step and with what the learner said.

        A word weighs the less, the more clauses and steps have it.
        """
        there = _words(clause)
        shared = [*(_words(step.sentence) & there), *(_words(spoken) & there)]
        in_clauses = [_words(c) for c in self.clauses]
        in_steps = [_words(s.sentence) for s in self.steps]
        return sum(
            1
            / max(1, sum(word in words for words in in_clauses))
            / max(1, sum(word in words for words in in_steps))
            for word in shared
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(w.rstrip("s") for w in _WORD.findall(text.lower())) - _COMMON


def build_problem(text: str, steps: list[Step]) -> Problem:
    """Read a tidy problem text."""
    return Problem(text, tuple(steps), tuple(find_amounts(text)))


def build_item(problem: Problem) -> tuple[Item, Solution]:
    """Build the item in memory: given quantities, one step a line, results withheld."""
    quantities = {f"q{n + 1}": write(a.values[0]) for n, a in enumerate(problem.amounts)}
    steps = [
        ItemStep(
            id=step.id,
            goal=problem.clause_for(step)[0] or problem.question or "the next step",
            value="" if step.value is None else _literal(step.value),
        )
        for step in problem.steps
    ] or [ItemStep(id="step1", goal=problem.question or "what is asked")]
    last = problem.steps[-1] if problem.steps else None
    answer: NumericAnswer | TextAnswer
    if last is not None and last.value is not None:
        answer = NumericAnswer(kind="numeric", value=last.id, tolerance=0.005)
    else:
        answer = TextAnswer(kind="text", rubric=_SKILL)
    item = Item(
        id="outside",
        title="Outside problem",
        prompt=problem.text.replace("[[", "[ [") or "The question that was asked last.",
        skills=[_SKILL],
        answer=answer,
        steps=steps,
        quantities={name: value.replace(",", "") for name, value in quantities.items()},
    )
    return item, solve(item)


def _literal(value: float) -> str:
    text = f"{abs(value):.10g}"
    return f"0-{text}" if value < 0 else text


def build_course() -> Course:
    """Build the course that an outside item belongs to."""
    return Course(
        id=_SKILL,
        title="Outside problems",
        licence="unknown",
        skills=[Skill(id=_SKILL, title="Outside problems")],
    )

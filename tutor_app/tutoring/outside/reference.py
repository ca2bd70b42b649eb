"""The reference solution as steps, each with its goal, its operands and its withheld result."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.finals import final_number
from tutor_app.tutoring.outside.prose import sentences, stated_numbers
from tutor_app.tutoring.outside.tokens import tidy

MAX_STEPS = 24
MAX_TERMS = 6
_MISSING = re.compile(r"\s*(not available|n/?a|none|null|-*)\.?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One line of the reference.

    Attributes:
        value: its result; None for a step in words.
        operands: the numbers it is computed from; empty where the line does not show them.
        operators: the operators of the line, left to right.
        sentence: the reference's own words; never shown.
        noun: what the result counts ("white beads"), or "".
    """

    id: str
    value: float | None
    operands: tuple[float, ...]
    operators: tuple[str, ...]
    sentence: str
    noun: str = ""
    claim: Claim | None = None

    @property
    def partial_values(self) -> tuple[float, ...]:
        """Results on the way: what some of its terms come to on their own."""
        if self.value is None or not 2 < len(self.operands) <= MAX_TERMS:
            return ()
        first, *rest = self.operands
        found: list[float] = []
        for width in range(1, len(rest)):
            for some in combinations(rest, width):
                if same(sum(self.operands), self.value):
                    found += [first + sum(some), sum(some)]
                elif same(first - sum(rest), self.value):
                    found += [first - sum(some), sum(some)]
                elif same(prod(self.operands), self.value):
                    found += [first * prod(some), prod(some)]
        if same(first - sum(rest), self.value):
            found.append(sum(rest))
        return (*found, *self._beginnings())

    def _beginnings(self) -> Iterator[float]:
        """Yield what "a + b" comes to in "a + b - c", where all operators bind alike."""
        alike = set(self.operators) <= {"+", "-"} or set(self.operators) <= {"*", "/"}
        if not alike or len(self.operators) != len(self.operands) - 1:
            return
        value = self.operands[0]
        for operator, operand in zip(self.operators[:-1], self.operands[1:-1], strict=True):
            match operator:
                case "+":
                    value += operand
                case "-":
                    value -= operand
                case "*":
                    value *= operand
                case "/" if operand:
                    value /= operand
            yield value


def find_steps(reference: str) -> list[Step]:
    """Read a reference solution; empty where there is none."""
    if _MISSING.fullmatch(reference):
        return []
    text = tidy(reference)
    steps: list[Step] = []
    for line in text.split("\n"):
        steps += _steps_of(line)
    if not steps:
        return [
            Step(f"step{n + 1}", None, (), (), sentence)
            for n, (_, sentence) in enumerate(sentences(text)[:MAX_STEPS])
        ]
    ending = _ending_in(final_number(text, []), steps)[-MAX_STEPS:]
    return [replace(step, id=f"step{n}") for n, step in enumerate(ending, 1)]


def _steps_of(line: str) -> list[Step]:
    found: list[Step] = []
    claims = find_claims(line)
    for n, claim in enumerate(claims):
        value = claim.value
        if claim.in_percent and claim.computed is not None and claim.holds:
            value = claim.computed
        if claim.is_algebra and (value is None or claim.left.operators):
            continue
        if value is None:
            continue
        operands, operators = claim.left.operands, claim.left.operators
        if claim.is_algebra and n and claims[n - 1].is_algebra:
            earlier = claims[n - 1]
            known = () if earlier.stated is None else (earlier.stated,)
            operands, operators = earlier.left.operands + known, earlier.left.operators
        elif not claim.holds:
            # the line has words between its numbers that hide some of them
            operands = tuple(t.value for t in stated_numbers(line[: claim.end]))[:-1]
        found.append(
            Step(
                id="",
                value=value,
                operands=operands,
                operators=operators,
                sentence=claim.sentence,
                noun=claim.noun,
                claim=None if claim.is_algebra else claim,
            )
        )
    return found


def _ending_in(answer: float | None, steps: list[Step]) -> list[Step]:
    """Drop what follows the final answer; add the answer where no step reaches it."""
    unique: list[Step] = []
    for step in steps:
        if not unique or step.value != unique[-1].value:
            unique.append(step)
    if answer is None:
        return unique
    reached = [n for n, s in enumerate(unique) if s.value is not None and same(s.value, answer)]
    if reached:
        return unique[: reached[-1] + 1]
    sentence = unique[-1].sentence if unique else ""
    return [*unique, Step("", answer, (), (), sentence)]


def expanded(step: Step, steps: Sequence[Step]) -> list[tuple[float, Step]]:
    """Return a step's operands with every earlier result replaced by what it came from.

    Each operand comes with the step that brings it in.
    """
    before = [s for s in steps[: steps.index(step)] if s.operands]
    found: list[tuple[float, Step]] = []
    for value in step.operands:
        source = next((s for s in before if s.value is not None and same(s.value, value)), None)
        found += expanded(source, steps) if source else [(value, step)]
    return found[:MAX_STEPS]

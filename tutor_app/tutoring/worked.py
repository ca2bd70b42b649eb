"""Worked lines of an item or its parallel, and what is given at the start."""

from dataclasses import dataclass

from tutor_app.answers.repetition import repeated
from tutor_app.answers.solution import Solution, fill, solve
from tutor_app.domain.dialogue import Support
from tutor_app.domain.item import Item, Step


@dataclass(frozen=True)
class Worked:
    """A solved item: its prompt and one line per step, with every number that stands in it."""

    prompt: str
    lines: tuple[str, ...]
    last: str


@dataclass(frozen=True)
class Opening:
    """What the learner sees under the prompt before the first turn (Markdown).

    `given` are the ids of the steps that were worked out for the learner.
    """

    text: str
    given: frozenset[str] = frozenset()


def parallel(item: Item) -> Worked | None:
    """Solve the parallel item; None when the item has none, or one that gives the item away."""
    other = item.parallel
    if other is None or repeated(item):
        return None
    if other.quantities:
        solution = solve(item, other.quantities)
        return Worked(
            prompt=fill(other.prompt or item.prompt, solution.names).strip(),
            lines=tuple(_line(step, solution) for step in item.steps[:-1]),
            last=_line(item.steps[-1], solution),
        )
    lines = tuple(line.strip() for line in other.worked) or (other.answer,)
    return Worked(prompt=other.prompt.strip(), lines=lines[:-1], last=lines[-1])


def chain(item: Item, solution: Solution) -> list[str]:
    """Return the full worked solution of the item itself, one line a step."""
    return [_line(step, solution) for step in item.steps]


def opening(item: Item, solution: Solution, support: Support) -> Opening:
    """Return what is given at the start.

    worked: the solved parallel item; faded: the first steps of this very item, the last ones left
    open (Renkl & Atkinson 2003), but of a program no line is given; open: nothing. Either ends with
    one thing to do.
    """
    if support == "worked" and (example := parallel(item)):
        lines = "\n".join(
            f"{n}. {line}" for n, line in enumerate((*example.lines, example.last), 1)
        )
        return Opening(
            f"**First, one of the same kind, solved.** {example.prompt}\n\n{lines}\n\n"
            "Now go on with your own."
        )
    done = item.steps[: len(item.steps) - max(1, (len(item.steps) + 1) // 2)]
    if support == "faded" and done and item.answer.kind != "code":
        lines = "\n".join(f"{n}. {_line(step, solution)}" for n, step in enumerate(done, 1))
        return Opening(
            f"**The first part is done for you.**\n\n{lines}\n\nGo on from here.",
            frozenset(step.id for step in done),
        )
    return Opening("")


def _line(step: Step, solution: Solution) -> str:
    return fill(step.work or step.goal, solution.names)

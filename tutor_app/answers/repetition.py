"""Where a similar item would show the solution of the item itself."""

from collections.abc import Iterator, Mapping

from tutor_app.answers.candidates import measures_in
from tutor_app.answers.filling import fill
from tutor_app.answers.solution import Place, Solution, solve
from tutor_app.answers.units import Measure
from tutor_app.domain.item import Item

_SAME = 0.005


def repeated(item: Item) -> list[Place]:
    """Return the fields that read the same in the item and in its parallel, and may not.

    With other quantities these are the prompt, and the worked lines with a number that should have
    changed; a line without one (a rule, a law) may stand in both. With another prompt they are the
    prompt, and the worked lines if they are the item's own from first to last.

    Raises:
        ContentError: the item or its parallel cannot be computed or filled in.
    """
    other = item.parallel
    if other is None:
        return []
    own = solve(item)
    if not other.quantities:
        return list(_written_out(item, own.names))
    new = solve(item, other.quantities)
    found: list[Place] = []
    if _reads_the_same(fill(item.prompt, own.names), fill(other.prompt or item.prompt, new.names)):
        found.append(("prompt",))
    changed = list(_changed(own, new))
    for n, step in enumerate(item.steps):
        line = fill(step.work, own.names)
        if line == fill(step.work, new.names) and _holds(line, changed):
            found.append(("steps", n, "work"))
    return found


def _written_out(item: Item, names: Mapping[str, str]) -> Iterator[Place]:
    other = item.parallel
    assert other is not None
    if _reads_the_same(fill(item.prompt, names), other.prompt):
        yield ("parallel", "prompt")
    own = [_words(fill(step.work, names)) for step in item.steps if step.work]
    if other.worked and own == [_words(line) for line in other.worked]:
        yield ("parallel", "worked")


def _changed(own: Solution, new: Solution) -> Iterator[Measure]:
    """Yield the item's values that are others in the parallel."""
    pairs = [(own.quantities[name], new.quantities[name]) for name in own.quantities]
    pairs += [(own.steps[name], new.steps[name]) for name in own.steps]
    if own.answer and new.answer:
        pairs.append((own.answer, new.answer))
    for mine, others in pairs:
        if mine != others:
            yield mine


def _holds(line: str, values: list[Measure]) -> bool:
    return any(
        abs(found.value - known.value) <= _SAME * abs(known.value)
        for found in measures_in(line)
        for known in values
    )


def _reads_the_same(one: str, other: str) -> bool:
    return _words(one) == _words(other)


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()

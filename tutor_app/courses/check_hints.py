"""Find hints below the answer level that state the final answer; these are never said."""

import re
from collections.abc import Iterator

from tutor_app.answers.candidates import measures_in
from tutor_app.answers.solution import Solution, examine, fill
from tutor_app.answers.units import Measure, convert, same_dimension
from tutor_app.domain.course import HintLevel
from tutor_app.domain.item import Item
from tutor_app.errors import AnswerSyntaxError, ContentError

_SAME = 0.005


def telling_hints(item: Item) -> Iterator[int]:
    """Yield the places of hints that state the answer though their level is below the answer's.

    A number counts with the answer's unit only, and not where the item gives it; an option or an
    exact answer counts as a whole, and not where it stands in the prompt.
    """
    solution, faults = examine(item)
    if faults:
        return
    for n, hint in enumerate(item.hints):
        if hint.level is not HintLevel.ANSWER and _tells(hint.text, item, solution):
            yield n


def _tells(text: str, item: Item, solution: Solution) -> bool:
    try:
        said, prompt = fill(text, solution.names), fill(item.prompt, solution.names)
    except ContentError:
        return False
    if solution.answer is not None:
        given = [*solution.quantities.values(), *measures_in(prompt)]
        is_given = any(_same(one, solution.answer) for one in given)
        return not is_given and any(_same(one, solution.answer) for one in measures_in(said))
    if item.answer.kind == "choice":
        whole = [item.answer.option(item.answer.correct).text]
    elif item.answer.kind == "exact":
        whole = item.answer.accepted
    else:
        return False
    return any(_stands_in(one, said) and not _stands_in(one, prompt) for one in whole)


def _same(found: Measure, answer: Measure) -> bool:
    if bool(found.unit) != bool(answer.unit) or not same_dimension(found.unit, answer.unit):
        return False
    try:
        value = convert(found, answer.unit).value
    except AnswerSyntaxError:
        return False
    return abs(value - answer.value) <= _SAME * abs(answer.value)


def _stands_in(whole: str, text: str) -> bool:
    """Tell whether an answer of more than one sign stands in a text, as words of its own."""
    plain = " ".join(whole.replace("$", "").split()).strip(" .").casefold()
    if len(plain) < 2:
        return False
    within = " ".join(text.replace("$", "").split()).casefold()
    return re.search(rf"(?<![\w.]){re.escape(plain)}(?![\w]|\.\d)", within) is not None

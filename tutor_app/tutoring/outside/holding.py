"""Where no line is wrong: on the way, finished too early, or a number without its working."""

import re
from collections.abc import Callable
from dataclasses import replace

from tutor_app.tutoring.outside.amounts import CONSTANTS, Amount
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.differences import is_inverse
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.prose import sentence_at
from tutor_app.tutoring.outside.tokens import Token
from tutor_app.tutoring.outside.work import (
    MAX_BARE_WORDS,
    Work,
    amount_of_step,
    claims_in,
    loose_numbers,
    number_text,
    token_text,
)

_HAS_UNIT = re.compile(
    r"\b(hours?|minutes?|seconds?|days?|weeks?|months?|years?|cents?|dollars?|km|kg|cm|mm|m|g|"
    r"met(?:er|re)s?|kilomet(?:er|re)s?|feet|inches|yards?|miles?|pounds?|ounces?|grams?)\b",
    re.IGNORECASE,
)


def every_line_holds(
    work: Work, held: tuple[Claim, ...], examine: Callable[[Work], Finding]
) -> Finding:
    """Say where a learner stands whose lines are all right as far as they go.

    Args:
        work: the work with no wrong line in it.
        held: its lines that are steps of the reference.
        examine: looks at an earlier line when this one only repeats its number.
    """
    step = work.open_step or next(reversed(work.matcher.steps), None)
    wants = amount_of_step(work.matcher, step, work.text) if step else None
    found = Finding(
        Kind.STEP_RIGHT,
        Act.WORKS,
        step,
        held[-1] if held else None,
        wants=wants,
        held=held,
        inverse=step is not None and is_inverse(wants, step),
    )
    final = _final(work)
    if final is None:
        return found
    number = number_text(work.text, final)
    again = any(same(final, value) for value in work.finals_before())
    found = replace(found, number=number, repeated=again)
    reached = work.matcher.shown_by(final)
    if reached is None and _in_another_unit(work, number, final):
        return replace(found, kind=Kind.UNIT)
    if reached is not None and (held or not work.is_given_as(final, number)):
        return _reached(work, found, again)
    if work.matcher.is_unit_fact(final, work.text) and len(work.text.split()) <= MAX_BARE_WORDS:
        return found
    if loose := _unknown_numbers(work):
        return _unexplained(work, found, loose, final, examine)
    if held:
        return found
    if work.is_given(final):
        if len(work.text.split()) > MAX_BARE_WORDS and (before := _line_before(work, examine)):
            return before
        offered = work.offers() and not again
        return replace(found, kind=Kind.UNEXPLAINED if offered else Kind.GIVEN, claim=None)
    return replace(found, kind=Kind.UNEXPLAINED, claim=None)


def _line_before(work: Work, examine: Callable[[Work], Finding]) -> Finding | None:
    """Where a line only talks about given numbers, go by what is wrong in the line before it."""
    for n in range(len(work.earlier) - 1, -1, -1):
        if any(c.left.operators for c in claims_in(work.texts[n])):
            found = examine(work.before(n))
            return replace(found, repeated=True) if found.is_departure else None
    return None


def _final(work: Work) -> float | None:
    """Return the number of the line that counts: a new result before a mere constant."""
    final = work.final
    if final is None or final not in CONSTANTS or work.matcher.shown_by(final) is not None:
        return final
    new = work.shown - (work.before(len(work.texts) - 2).shown if work.earlier else frozenset())
    results = [s.value for s in work.matcher.steps if s.id in new and s.value is not None]
    written = [value for value in results if number_text(work.text, value)]
    return written[-1] if written else final


def _reached(work: Work, found: Finding, again: bool) -> Finding:
    """A result of the reference: the step just made, an old one again, or taken for the end."""
    held = found.held
    sure = work.finishes() or len(work.claims) > 1 or again or not held
    early = work.concludes() and sure
    if early:
        wants = found.wants
        if wants is not None and (wants.how != "digits" or _is_used(wants, work)):
            found = replace(found, wants=None, inverse=False)
        return replace(found, kind=Kind.EARLY)
    before = work.before(len(work.texts) - 2).shown if work.earlier else frozenset()
    return replace(found, repeated=bool(before) and work.shown == before and not held)


def _unexplained(
    work: Work,
    found: Finding,
    loose: list[Token],
    final: float,
    examine: Callable[[Work], Finding],
) -> Finding:
    token = next((t for t in loose if same(t.value, final)), loose[0])
    found = replace(found, number=token_text(work.text, token), claim=None)
    if source := _source_of(work, token.value, examine):
        return replace(source, number=found.number, repeated=True)
    return replace(found, kind=Kind.UNEXPLAINED, results=_summands(work, token.value))


def _summands(work: Work, value: float) -> tuple[str, ...]:
    """Return two of the learner's own numbers whose sum the unexplained number is, as written."""
    at = next((t.start for t in loose_numbers(work.text) if same(t.value, value)), 0)
    own = [c.value for c in work.claims if c.value is not None and c.end <= at]
    own += [t.value for t in loose_numbers(work.text) if t.end <= at]
    for n, one in enumerate(own):
        for other in own[n + 1 :]:
            if not same(one, other) and same(one + other, value):
                written = (number_text(work.text, one), number_text(work.text, other))
                return written if all(written) else ()
    return ()


def _source_of(work: Work, value: float, examine: Callable[[Work], Finding]) -> Finding | None:
    """Examine the earlier line in which a number without working was first computed."""
    for n in range(len(work.earlier) - 1, -1, -1):
        claims = claims_in(work.texts[n])
        if any(c.left.operators and c.value is not None and same(c.value, value) for c in claims):
            found = examine(work.before(n))
            return found if found.claim is not None and found.is_departure else None
    return None


def _in_another_unit(work: Work, number: str, final: float) -> bool:
    if not work.claims or not work.matcher.steps or not _HAS_UNIT.search(number):
        return False
    return work.matcher.in_other_unit(final, work.matcher.steps[-1])


def _is_used(amount: Amount, work: Work) -> bool:
    return any(amount.is_in(c.left.operands) for t in work.texts for c in claims_in(t))


def _unknown_numbers(work: Work) -> list[Token]:
    """Return the numbers of the line that are neither given nor a result of the reference."""
    return [
        t
        for t in loose_numbers(work.text)
        if t.text[0].isdigit()
        and (t.value > 2 or work.offers())
        and work.matcher.shown_by(t.value) is None
        and work.matcher.amount_of(t.value) is None
        and not work.matcher.only_changes_unit(t.value, sentence_at(work.text, t.start))
    ]

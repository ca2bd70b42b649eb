"""How a learner's line that is no reference step differs from the step it stands for."""

from collections.abc import Sequence
from dataclasses import replace

from tutor_app.tutoring.outside.amounts import Amount
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.cues import cue_of
from tutor_app.tutoring.outside.expressions import Leaf
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.matching import Match, Matcher
from tutor_app.tutoring.outside.reference import Step, expanded
from tutor_app.tutoring.outside.tokens import tokenize
from tutor_app.tutoring.outside.work import Work, amount_of_step, claims_in, number_text

_CERTAIN = 0.6
_RATES = frozenset({"each", "ratio", "speed"})


def departed(work: Work, claim: Claim, held: tuple[Claim, ...]) -> Finding:
    """Say how the first line that leaves the reference does so."""
    matcher = work.matcher
    found = Finding(
        Kind.PLAN, Act.WORKS, work.open_step, claim, number_text(work.text, claim.value, claim.end),
        held=held, repeated=work.said_before(claim),
    )  # fmt: skip
    if twice := _counted_twice(matcher, claim, _all_claims(work)):
        return replace(found, kind=Kind.TWICE, got=twice[0], before=twice[1])
    ends = work.final is not None and claim.value is not None and same(claim.value, work.final)
    match = matcher.best(_unfolded(matcher, claim, work.claims), work.shown, ends)
    text = work.text
    direct = match is not None and match.wants is not None and match.kind is Kind.QUANTITY
    if not (direct and match is not None and match.score >= _CERTAIN):
        origin = _origin(matcher, claim, work.earlier)
        if origin is not None:
            claim, text = origin
            number = number_text(text, claim.value, claim.end)
            found = replace(found, claim=claim, number=number, repeated=True)
            match = matcher.best(claim, work.shown)
    if match is None:
        step = work.open_step
        wants = amount_of_step(matcher, step, text, claim) if step else None
        inverse = step is not None and is_inverse(wants, step)
        return replace(found, wants=wants or unused_amount(work), inverse=inverse)
    return _described(work, found, _at_skipped_step(work, match), text)


def _all_claims(work: Work) -> list[Claim]:
    """Return the claims of all lines, oldest first."""
    return [c for text in work.earlier for c in claims_in(text)] + work.claims


def _described(work: Work, found: Finding, match: Match, text: str) -> Finding:
    """Add the step, and which quantity belongs where which one stands."""
    matcher, claim = work.matcher, found.claim
    kind, wants = match.kind, match.wants
    if kind is Kind.OPERATION:
        wants = telling_amount(matcher, match.step)
    elif wants is None and kind is not Kind.EXTRA:
        source = None
        if kind is not Kind.SKIPPED and match.wants_value is not None:
            source = matcher.shown_by(match.wants_value)
        # a result that the learner has needs no words of the problem
        known = source is not None and source.id in work.shown
        wants = None if known else amount_of_step(matcher, source or match.step, text, claim)
    got_value = match.got_value if match.got is None else None
    own_part = got_value is not None and matcher.is_partial(got_value)
    made = any(
        c.value is not None and got_value is not None and same(c.value, got_value)
        for c in _all_claims(work)
    )
    if kind is Kind.QUANTITY and own_part and made:
        kind, wants = Kind.MISSING, unused_amount(work)
    result_missing = False
    if kind is Kind.MISSING and match.wants is None and match.wants_value is not None:
        wants = None
        step = matcher.shown_by(match.wants_value)
        result_missing = step is not None and step.id in work.shown
    if kind is Kind.EXTRA and match.got is None:
        kind = Kind.PLAN
    return replace(
        found,
        kind=kind,
        step=match.step,
        got=match.got,
        wants=wants,
        inverse=is_inverse(wants, match.step),
        result_missing=result_missing,
    )


def _origin(matcher: Matcher, claim: Claim, earlier: Sequence[str]) -> tuple[Claim, str] | None:
    """Follow a wrong number back to the line of an earlier turn that it came from."""
    for value in claim.left.operands:
        if matcher.amount_of(value) is not None or matcher.shown_by(value) is not None:
            continue
        for text in reversed(earlier):
            for before in claims_in(text):
                made = before.left.operators and before.value is not None
                if made and same(before.value or 0.0, value) and not matcher.is_harmless(before):
                    return before, text
    return None


def _at_skipped_step(work: Work, match: Match) -> Match:
    """Where the number that belongs there is a result not reached yet, the gap is that step."""
    earlier = match.source is not None and match.source != match.step
    if match.kind is Kind.MISSING and earlier and match.source is not None:
        if match.source.id not in work.shown:
            return replace(match, step=match.source, kind=Kind.SKIPPED)
        return match
    if match.wants is not None or match.wants_value is None or match.kind is Kind.EXTRA:
        return match
    step = work.matcher.shown_by(match.wants_value)
    if step is None or step.id in work.shown or step == match.step:
        return match
    return replace(match, step=work.open_step or step, kind=Kind.SKIPPED, wants=None)


def _counted_twice(
    matcher: Matcher, claim: Claim, claims: Sequence[Claim]
) -> tuple[Amount, Claim | None] | None:
    """Find "20 + 15 = 35, 35 + 20 = 55": a given number that is inside another operand already."""
    sums = not set(claim.left.operators) - {"+", "-"}
    for value in claim.left.operands:
        amount = matcher.amount_of(value, claim.sentence)
        made = any(c.value is not None and same(c.value, value) for c in claims if c is not claim)
        if made:
            continue
        if amount is None or cue_of(amount.clause, amount.text, amount.at).name in _RATES:
            continue
        if sums and claim.left.operands.count(value) > 1 and _is_unique(matcher, value):
            return amount, None
    for value in claim.left.operands:
        amount = matcher.amount_of(value, claim.sentence)
        if amount is None or not _is_unique(matcher, value) or _belongs_twice(matcher, amount):
            continue
        if cue_of(amount.clause, amount.text, amount.at).name in _RATES:
            continue
        for before in _ancestors(claim, claims):
            if before.quote == claim.quote:
                continue
            alike = (set(before.left.operators) <= {"+"}) if sums else "*" in before.left.operators
            if alike and any(same(value, v) for v in before.left.operands):
                return amount, before
    return None


def _belongs_twice(matcher: Matcher, amount: Amount) -> bool:
    """Say whether the reference itself uses a given number more than once."""
    last = next(reversed(matcher.steps), None)
    used = [v for v, _ in expanded(last, matcher.steps)] if last else []
    return sum(any(same(v, w) for w in amount.values) for v in used) > 1


def _ancestors(claim: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """Return the lines whose results a line rests on, nearest first."""
    found: list[Claim] = []
    wanted = list(claim.left.operands)
    for before in reversed(claims[: claims.index(claim) if claim in claims else len(claims)]):
        value = before.value
        if before.left.operators and value is not None and any(same(value, w) for w in wanted):
            found.append(before)
            wanted += before.left.operands
    return found


def _is_unique(matcher: Matcher, value: float) -> bool:
    return sum(any(same(value, v) for v in a.values) for a in matcher.amounts) == 1


def _unfolded(matcher: Matcher, claim: Claim, claims: Sequence[Claim]) -> Claim:
    """Replace the learner's own harmless results in a line by what they were made from."""
    leaves: list[Leaf] = []
    for leaf in claim.left.leaves:
        own = [
            c
            for c in claims[: claims.index(claim) if claim in claims else 0]
            if c.value is not None and same(c.value, leaf.value) and c.left.operators
        ]
        known = matcher.amount_of(leaf.value) or matcher.shown_by(leaf.value)
        leaves += own[-1].left.leaves if own and not known else (leaf,)
    if len(leaves) == len(claim.left.leaves):
        return claim
    return replace(claim, left=replace(claim.left, leaves=tuple(leaves)))


def telling_amount(matcher: Matcher, step: Step) -> Amount | None:
    """Return the given amount behind a step whose words say most clearly what to do with it."""
    found = [matcher.amount_of(v, step.sentence) for v in reversed(step.operands)]
    made_of = reversed(expanded(step, matcher.steps))
    found += [matcher.amount_of(v, s.sentence) for v, s in made_of]
    there = [a for a in found if a is not None]
    return min(there, key=lambda a: cue_of(a.clause, a.text, a.at).weak, default=None)


def unused_amount(work: Work) -> Amount | None:
    """Return the first given amount that the reference needs and this line does not use."""
    numbers = [t.value for t in tokenize(work.text) if t.kind == "num"]
    for step in work.matcher.steps:
        for value in step.operands:
            amount = work.matcher.amount_of(value, step.sentence)
            if amount is not None and not amount.is_in(numbers):
                return amount
    return None


def is_inverse(amount: Amount | None, step: Step) -> bool:
    """Say whether a step undoes what the words say: "half" multiplied, "twice" divided."""
    if amount is None:
        return False
    if amount.how in ("fraction", "percent"):
        part = amount.values[0]
        if step.claim is None and step.operands:
            return True
        times = [part, 1 - part, 1 + part] if "*" in step.operators else []
        over = [1 / part] if "/" in step.operators and part else []
        if any(same(v, w) for v in step.operands for w in times + over):
            return False
        undone = [part, 1 - part] if "/" in step.operators else [1 / part] if part else []
        return any(same(v, w) for v in step.operands for w in undone)
    if amount.how == "multiple" or "times" in amount.clause:
        return "/" in step.operators
    return False

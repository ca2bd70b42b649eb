"""Find the first step at which the learner's numbers, equations or words leave the reference."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tutor_app.tutoring.outside.acts import act_of
from tutor_app.tutoring.outside.amounts import find_amounts, question_of
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.differences import departed, unused_amount
from tutor_app.tutoring.outside.equations import first_false
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.holding import every_line_holds
from tutor_app.tutoring.outside.matching import Matcher, alike
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.repair import find_repair
from tutor_app.tutoring.outside.tokens import tidy, tokenize
from tutor_app.tutoring.outside.work import (
    Work,
    claims_in,
    has_work,
    loose_numbers,
    number_text,
)

MAX_QUOTED_WORDS = 12
FIRST_WORDS = 7
MAX_EXAMPLE_WORDS = 70
_EXAMPLE = re.compile(
    r"\b(example|suppose|imagine|pretend|(let'?s|lets) (say|use|take|try)|say (i|you|we)|"
    r"if (i|you|we|he|she|a|an|one|1)\b)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\s*(does\s+(that|this|it)\s+(make\s+sense|help|look\s+right)|is\s+(that|this|it)\s+(right|correct)|"
    r"right|correct|am\s+i\s+(right|correct))\?\s*$",
    re.IGNORECASE,
)


def find_departure(
    problem: str, steps: Sequence[Step], texts: Sequence[str], asked: str = ""
) -> Finding:
    """Compare what the learner wrote with the reference.

    Args:
        problem: the tidy problem text.
        steps: the reference's steps, in order.
        texts: the learner's lines, oldest first; at least one.
        asked: the tutor's last line; it may hold an example with numbers of its own.

    Returns:
        the finding for the latest line that holds work; `stale` when that is not the last one.
    """
    tidied = tuple(_POLITE.sub("", tidy(text)) or tidy(text) for text in texts)
    matcher = Matcher(find_amounts(problem), tuple(steps))
    worked = [
        has_work(text, matcher) and not _only_agrees(text, tidied[:n])
        for n, text in enumerate(tidied)
    ]
    last = tidied[-1]
    act = act_of(last, worked[-1])
    words, beginning = _shortened(last), " ".join(last.split()[:FIRST_WORDS]).strip(" .,;:")
    if not any(worked):
        kind = Kind.WORDS if act is Act.SAYS else Kind.NOTHING
        step = matcher.first_open(())
        return Finding(kind, act, step, last_words=words, first_words=beginning)
    at = max(n for n, has in enumerate(worked) if has)
    work = Work(matcher, tidied[: at + 1], question_of(problem), asked)
    found = _about_example(work, asked) or _examine(work)
    if found.kind in (Kind.STEP_RIGHT, Kind.EARLY) and found.step is not None:
        found = replace(found, results=_joined_results(work, found.step))
    if found.step is not None:
        found = replace(found, base=_base(work, found.step))
    return replace(
        found,
        act=act,
        stale=at < len(tidied) - 1,
        last_words=words,
        first_words=beginning,
        shown=work.shown,
    )


def _only_agrees(text: str, earlier: Sequence[str]) -> bool:
    """Say whether a line says yes to something with numbers that were all said before."""
    if act_of(text, False) is not Act.AGREES or claims_in(text):
        return False
    before = {t.value for line in earlier for t in tokenize(line) if t.kind == "num"}
    return all(t.value in before for t in tokenize(text) if t.kind == "num")


def shown_steps(problem: str, steps: Sequence[Step], texts: Sequence[str]) -> frozenset[str]:
    """Return the ids of the steps whose results the learner's lines show."""
    matcher = Matcher(find_amounts(problem), tuple(steps))
    return Work(matcher, tuple(tidy(text) for text in texts)).shown


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words).strip(" .,;:") if len(words) <= MAX_QUOTED_WORDS else ""


def _about_example(work: Work, asked: str) -> Finding | None:
    """Recognise a right line, or a number, about an example that the tutor made up."""
    if len(asked.split()) > MAX_EXAMPLE_WORDS:
        return None
    numbers = [t.value for t in tokenize(asked) if t.kind == "num" and t.how == "digits"]
    foreign = [n for n in numbers if not work.is_given(n) and not work.matcher.shown_by(n)]
    if not foreign:
        return None
    found = Finding(Kind.EXAMPLE, Act.WORKS, work.open_step)
    for claim in (c for c in work.claims if c.left.operators and not c.is_algebra):
        inside = any(same(v, f) for v in claim.left.operands for f in foreign)
        if inside and claim.holds and _EXAMPLE.search(asked) and not work.said_before(claim):
            number = number_text(work.text, claim.value, claim.end)
            return replace(found, claim=claim, number=number, held=(claim,))
    final = work.final
    if work.claims or final is None or work.is_given(final) or work.matcher.shown_by(final):
        return None
    repeated = len(foreign) > 1 and any(same(final, f) for f in foreign)
    if repeated or _EXAMPLE.search(asked):
        return replace(found, number=number_text(work.text, final))
    return None


def _joined_results(work: Work, step: Step) -> tuple[str, ...]:
    """Return the learner's own numbers for a step that joins earlier results only."""
    found: list[str] = []
    for value in step.operands:
        if work.matcher.amount_of(value) is not None or not work.matcher.shown_by(value):
            return ()
        wrote = next((w for text in reversed(work.texts) if (w := number_text(text, value))), "")
        if not wrote:
            return ()
        found.append(wrote)
    return tuple(dict.fromkeys(found))


def _base(work: Work, step: Step) -> str:
    """Return the learner's own number for the first earlier result that a step works on."""
    for value in step.operands:
        if not work.is_given(value) and work.matcher.shown_by(value) is not None:
            for text in reversed(work.texts):
                if wrote := number_text(text, value):
                    return wrote
    return ""


def _examine(work: Work) -> Finding:
    """Look at one line of work, claim by claim."""
    if right := _right(work):
        return right
    values = [s.value for s in work.matcher.steps if s.value is not None]
    chain = _relevant(work.claims, work.final)
    false = first_false(_equations(work), values)
    if beyond := _beyond(work, chain):
        return beyond
    held: list[Claim] = []
    for claim in work.claims:
        if claim.is_algebra:
            if false is not None and claim is false.claim:
                kind = Kind.TRANSFORMED if false.transformed else Kind.EQUATION
                return Finding(
                    kind, Act.WORKS, work.open_step, claim, before=false.before,
                    held=tuple(held), wants=unused_amount(work),
                )  # fmt: skip
        elif not claim.holds:
            return _slip(work, claim, tuple(held))
        elif work.settles(claim):
            held.append(claim)
        elif claim in chain and (
            not work.matcher.is_harmless(claim) or _ends_with_a_part(work, claim)
        ):
            found = _at_fault(work, claim, chain, tuple(held))
            slips = [c for c in work.claims if not c.holds and not c.is_algebra]
            # a sum that does not come out is certain; a line of another plan is not
            unsure = found.kind is Kind.PLAN or (found.wants is None and found.got is None)
            return _slip(work, slips[0], tuple(held)) if slips and unsure else found
    return every_line_holds(work, tuple(held), _examine)


def _beyond(work: Work, chain: Sequence[Claim]) -> Finding | None:
    """Find the line that goes on computing with what was the answer already."""
    steps = work.matcher.steps
    answer = steps[-1].value if steps else None
    if answer is None or work.is_given(answer):
        return None
    before = [c.value for text in work.texts for c in claims_in(text) if c.value is not None]
    if not any(same(value, answer) for value in before):
        return None
    for claim in chain:
        if claim.is_algebra or not claim.left.operators or claim.value is None:
            continue
        if any(same(v, answer) for v in claim.left.operands) and not alike(claim.value, answer):
            spot = number_text(work.text[: claim.end], answer)
            number = number_text(work.text, claim.value, claim.end)
            return Finding(Kind.BEYOND, Act.WORKS, steps[-1], claim, number, spot=spot)
    return None


def _equations(work: Work) -> list[Claim]:
    """Return the learner's equations, those of the line before first."""
    own = [c for c in work.claims if c.is_algebra]
    if not own or not work.earlier:
        return own
    quotes = {c.quote for c in own}
    return [c for c in claims_in(work.earlier[-1]) if c.is_algebra and c.quote not in quotes] + own


def _at_fault(work: Work, first: Claim, chain: Sequence[Claim], held: tuple[Claim, ...]) -> Finding:
    """Take the first line that is no step, unless one change to a later line puts all right."""
    values = [s.value for s in work.matcher.steps if s.value is not None]
    given = [a.values[0] for a in work.matcher.amounts]
    ordered = sorted(chain, key=lambda c: c.start)
    repair = find_repair(ordered, values[-1], given + values, values) if values else None
    if repair is None or repair.claim is first:
        return departed(work, first, held)
    found = departed(work, repair.claim, held)
    if repair.operator is None:
        return found
    leaf = repair.claim.left.leaves[repair.operator + 1]
    spot = number_text(work.text[: leaf.end], leaf.value)
    step = work.matcher.shown_by(repair.value) or found.step
    return replace(found, kind=Kind.OPERATION, claim=repair.claim, step=step, spot=spot)


def _ends_with_a_part(work: Work, claim: Claim) -> bool:
    """Say whether a part of a step's sum is put forward as the answer."""
    value, final = claim.value, work.final
    if value is None or final is None or not same(value, final):
        return False
    return work.matcher.is_partial(value) and work.matcher.shown_by(value) is None


def _right(work: Work) -> Finding | None:
    """The final answer, with no false line before it."""
    if work.final is None or not work.matcher.steps or not _is_answer(work, work.final):
        return None
    if any(not c.holds for c in work.claims):
        return None
    key = tuple(c for c in work.claims if c.left.operators and not c.is_algebra)
    spelled = [t for t in loose_numbers(work.text) if t.how == "spelled"]
    if any(same(t.value, work.final) for t in spelled) and not work.concludes():
        return None
    written = [w for text in reversed(work.texts) if (w := number_text(text, work.final))]
    if not written:
        return None
    return Finding(
        Kind.RIGHT, Act.WORKS, work.matcher.steps[-1], key[-1] if key else None, written[0],
        held=key,
    )  # fmt: skip


def _is_answer(work: Work, final: float) -> bool:
    """Say whether a number is meant as the answer, where an earlier result may equal it."""
    *before, last = work.matcher.steps
    if last.value is None or not alike(final, last.value):
        return False
    twins = [s for s in before if s.value is not None and alike(s.value, last.value)]
    words = set(number_text(work.text, final).lower().split())
    if any(words & (set(s.noun.lower().split()) - set(last.noun.lower().split())) for s in twins):
        return False
    return not twins or {s.id for s in before if s not in twins} <= work.shown


def _slip(work: Work, claim: Claim, held: tuple[Claim, ...]) -> Finding:
    computed = claim.computed
    step = work.matcher.shown_by(computed) if computed is not None else None
    match = work.matcher.best(claim, ())
    return Finding(
        Kind.SLIP, Act.WORKS, step or (match.step if match else None) or work.open_step, claim,
        number_text(work.text, claim.stated, claim.end), held=held,
        repeated=work.said_before(claim),
    )  # fmt: skip


def _relevant(claims: Sequence[Claim], final: float | None) -> list[Claim]:
    """Return the claims that the final number rests on; all of them when that is unclear."""
    ends = [c for c in claims if c.value is not None and final is not None and same(c.value, final)]
    if not ends or any(c.is_algebra for c in claims):
        return list(claims)
    kept: list[Claim] = [ends[-1]]
    at = claims.index(ends[-1])
    wanted = set(ends[-1].left.operands)
    for claim in reversed(claims[:at]):
        if claim.value is not None and any(same(claim.value, w) for w in wanted):
            kept.append(claim)
            wanted |= set(claim.left.operands)
    return kept

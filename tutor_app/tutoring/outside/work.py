"""The learner's lines of one dialogue, as the comparison with the reference needs them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor_app.tutoring.outside.amounts import Amount
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.finals import final_number
from tutor_app.tutoring.outside.matching import Matcher, alike
from tutor_app.tutoring.outside.prose import noun_after
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.tokens import Token, tokenize

MAX_BARE_WORDS = 14
_ANSWERS = re.compile(
    r"\b(therefore|answer|total|thus|hence|final(?:ly)?|conclud\w*|altogether)\b", re.IGNORECASE
)
_FINISHES = re.compile(r"\b(therefore|answer|conclud\w*)\b", re.IGNORECASE)
_ABOUT_ALL = re.compile(
    r"\b(explain|walk|talk|solution|answer|method|approach|how (did|do) you|tell me|"
    r"your (work|think))",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"\b(therefore|answer|thus|hence|figured|think|needs?\s+to|on\s+average|average|i\s+got|"
    r"so\s+(he|she|it|they|the|there)|(would|will)\s+be)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(steps?|parts?|lines?|question|number|page)\s+(\d+(,|\s+and)?\s+)*$", re.I)
_STEM = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class Work:
    """Tidy lines of the learner up to and including the one that is examined, the last.

    Attributes:
        question: what the problem asks.
        asked: the tutor's last line.
    """

    matcher: Matcher
    texts: tuple[str, ...]
    question: str = ""
    asked: str = ""

    @property
    def text(self) -> str:
        """The line that is examined."""
        return self.texts[-1]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The lines before it."""
        return self.texts[:-1]

    def before(self, at: int) -> "Work":
        """Return the work up to an earlier line."""
        return Work(self.matcher, self.texts[: at + 1], self.question, self.asked)

    @cached_property
    def claims(self) -> list[Claim]:
        """The claims of the examined line, without scores such as "37-23"."""
        return claims_in(self.text)

    @cached_property
    def final(self) -> float | None:
        """The number that the examined line ends up with."""
        given = [v for a in self.matcher.amounts for v in a.written]
        number = final_number(self.text, self.claims, given)
        if number is None or self.matcher.shown_by(number) is not None or self.is_given(number):
            return number
        # "the two numbers" is no result
        spelled = [t for t in loose_numbers(self.text) if same(t.value, number)]
        return None if spelled and not any(t.text[0].isdigit() for t in spelled) else number

    @cached_property
    def shown(self) -> frozenset[str]:
        """Ids of the steps whose results the learner has reached so far."""
        found: set[str] = set()
        for text in self.texts:
            for claim in claims_in(text):
                if claim.value is not None and claim.holds and not claim.is_algebra:
                    found |= {s.id for s in self._reached(claim)}
            for token in loose_numbers(text):
                step = self.matcher.shown_by(token.value)
                if step is not None and not self.is_given(token.value):
                    found.add(step.id)
        return frozenset(self._with_inputs(found))

    @property
    def open_step(self) -> Step | None:
        """The first step that is not shown."""
        return self.matcher.first_open(self.shown)

    def is_given(self, value: float) -> bool:
        """Say whether a number stands in the problem."""
        return any(same(value, v) for a in self.matcher.amounts for v in a.written)

    def is_given_as(self, value: float, written: str) -> bool:
        """Say whether a number stands in the problem, and as money or not: $100 is no 100 cards."""
        money = bool(re.match(r"[$£€]", written)) or "dollar" in written or "cent" in written
        bare = len(written.split()) < 2
        return any(
            same(value, v)
            for a in self.matcher.amounts
            for v in a.written
            if bare or money == (a.text[0] in "$£€" or a.noun.startswith(("dollar", "cent")))
        )

    def concludes(self) -> bool:
        """Say whether the line puts its number forward as the answer to the whole question."""
        if self._answers_the_tutor():
            return False
        if _ANSWERS.search(self.text):
            return True
        asked = {w.rstrip("s") for w in _STEM.findall(self.question.lower())} - _FUNCTION_WORDS
        said = {w.rstrip("s") for w in _STEM.findall(self.text.lower())}
        return len(asked) >= 2 and len(asked & said) >= 0.7 * len(asked)

    def finishes(self) -> bool:
        """Say whether the line calls its number the answer."""
        return bool(_FINISHES.search(self.text))

    def _answers_the_tutor(self) -> bool:
        """Say whether a short line answers a question of the tutor's about one step."""
        if "?" not in self.asked or len(self.text.split()) > 2 * MAX_BARE_WORDS:
            return False
        if _ABOUT_ALL.search(self.asked):
            return False
        words = {w.rstrip("s") for w in _STEM.findall(self.asked.lower())} - _FUNCTION_WORDS
        own = {w.rstrip("s") for w in _STEM.findall(self.question.lower())} - _FUNCTION_WORDS
        said = {w.rstrip("s") for w in _STEM.findall(self.text.lower())}
        return len((words - own) & said) >= 2

    def offers(self) -> bool:
        """Say whether the line offers a number as a result, rather than quoting the problem."""
        return bool(_OFFERS.search(self.text))

    def finals_before(self) -> list[float]:
        """Return the numbers that the earlier lines ended up with."""
        found = [final_number(text, claims_in(text)) for text in self.earlier]
        return [number for number in found if number is not None]

    def settles(self, claim: Claim) -> bool:
        """Say whether a line is a step of the reference, and not by chance one of its numbers.

        A result that stood in an earlier line counts again only if it comes from the same numbers.
        """
        step = self.matcher.shown_by(claim.value) if claim.value is not None else None
        if step is None or not claim.left.operators:
            return False
        before = self.before(len(self.texts) - 2).shown if self.earlier else frozenset()
        if step.id not in before or not step.operands:
            return True
        operands = self._made_from(claim)
        return self.said_before(claim) or all(
            self._enters(value, operands) for value in step.operands
        )

    def _made_from(self, claim: Claim) -> list[float]:
        """Return a line's operands and those of the lines that it builds on."""
        found = list(claim.left.operands)
        for before in reversed(self.claims[: self.claims.index(claim)]):
            if before.value is not None and any(same(before.value, v) for v in found):
                found += before.left.operands
        return found

    def _enters(self, value: float, operands: Sequence[float]) -> bool:
        amount = self.matcher.amount_of(value)
        written = amount is not None and amount.is_in(operands)
        return written or any(same(value, operand) for operand in operands)

    def said_before(self, claim: Claim) -> bool:
        """Say whether an earlier line has the same claim."""
        quote = claim.quote.replace(" ", "")
        return any(quote in text.replace(" ", "") for text in self.earlier)

    def _reached(self, claim: Claim) -> list[Step]:
        """Return the step a line settles: equal result, and the best fitting operands."""
        value = claim.value or 0.0
        equal = [s for s in self.matcher.steps if s.value is not None and alike(value, s.value)]
        if len(equal) < 2:
            return equal
        match = self.matcher.best(claim, ())
        return [match.step] if match is not None and match.step in equal else equal[:1]

    def _with_inputs(self, shown: set[str]) -> set[str]:
        """Add the steps whose results a shown step was computed from."""
        steps = self.matcher.steps
        for at in range(len(steps) - 1, -1, -1):
            if steps[at].id in shown:
                shown |= {
                    s.id
                    for s in steps[:at]
                    if s.value is not None and any(same(s.value, v) for v in steps[at].operands)
                }
        return shown


_FUNCTION_WORDS = frozenset(
    "how many much what which are there does did have has the and for will would was were they "
    "that this with who doe".split()
)


def claims_in(text: str) -> list[Claim]:
    """Return the claims of a line; "37-23" without spaces or a result is a score, not one."""
    return [
        c
        for c in find_claims(text)
        if c.stated is not None or c.right is not None or not re.fullmatch(r"\d+-\d+", c.quote)
    ]


def has_work(text: str, matcher: Matcher) -> bool:
    """Say whether a line holds mathematics to look at: a claim, a new number, a short answer."""
    if any(c.left.operators or c.is_algebra for c in claims_in(text)):
        return True
    numbers = [
        t
        for t in tokenize(text)
        if t.kind == "num" and (t.text[0].isdigit() or matcher.shown_by(t.value))
    ]
    if not numbers or text.rstrip().endswith("?"):
        return False
    given = [v for a in matcher.amounts for v in a.written]
    new = [t for t in numbers if not any(same(t.value, g) for g in given)]
    return bool(new) or len(text.split()) <= MAX_BARE_WORDS or bool(_FINISHES.search(text))


def loose_numbers(text: str) -> list[Token]:
    """Return the numbers that stand in no claim."""
    spans = [(claim.start, claim.end) for claim in claims_in(text)]
    return [
        t
        for t in tokenize(text)
        if t.kind == "num"
        and not any(start <= t.start < end for start, end in spans)
        and not _LABEL.search(text[: t.start])
    ]


def number_text(text: str, value: float | None, near: int = -1) -> str:
    """Return a number as the learner wrote it, with currency and noun; "" when it is not there."""
    if value is None:
        return ""
    tokens = [t for t in tokenize(text) if t.kind == "num" and same(t.value, value)]
    if near >= 0:
        tokens = [t for t in tokens if t.end <= near] or tokens
    return token_text(text, tokens[-1]) if tokens else ""


def token_text(text: str, token: Token) -> str:
    """Return one number as written, with its currency and noun."""
    start = token.start
    if start and text[start - 1] in "$£€":
        start -= 1
    return f"{text[start : token.end]} {noun_after(text, token.end, 2)}".strip()


def amount_of_step(
    matcher: Matcher, step: Step, text: str, claim: Claim | None = None
) -> Amount | None:
    """Return a given amount of a step that the line, or else the text, does not use."""
    there = [
        amount
        for value in step.operands
        for amount in matcher.amounts_of(value, step.sentence)
        if claim is None or not _is_used(amount, claim)
    ]
    numbers = [t.value for t in tokenize(text) if t.kind == "num"]
    unused = [a for a in there if not a.is_in(numbers)]
    return next(iter(unused or there), None)


def _is_used(amount: Amount, claim: Claim) -> bool:
    """Say whether a line uses an amount; a 2 that is added is no half."""
    operands = claim.left.operands
    if any(same(v, o) for v in amount.written for o in operands):
        return True
    return amount.is_in(operands) and bool({"/", "*"} & set(claim.left.operators))

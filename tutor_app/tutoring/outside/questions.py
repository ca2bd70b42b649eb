"""What the tutor asked last, and what it comes to where it is plain arithmetic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.tutoring.outside.expressions import Expression, Leaf, expression_at
from tutor_app.tutoring.outside.prose import sentences
from tutor_app.tutoring.outside.tokens import Token, tokenize

MAX_ASKED_WORDS = 16
_N = r"[$£€]?\s?(\d[\d,]*(?:\.\d+)?)"
_LESS = "eats|loses|gives away|uses|sells|spends"
_MORE = "gets|buys|finds|receives|wins"
_SAYINGS = (
    (rf"sum of {_N} and {_N}", "+", False),
    (rf"product of {_N} and {_N}", "*", False),
    (rf"multiply {_N} (?:and|by|with) {_N}", "*", False),
    (rf"difference (?:between|of) {_N} and {_N}", "-", False),
    (rf"quotient of {_N} and {_N}", "/", False),
    (rf"divide {_N} by {_N}", "/", False),
    (rf"add {_N} (?:and|to) {_N}", "+", False),
    (rf"subtract {_N} from {_N}", "-", True),
    (rf"what (?:number )?times {_N} (?:is|equals|gives) {_N}", "/", True),
    (rf"{_N} times what (?:is|equals|gives) {_N}", "/", True),
    (rf"(?:will|does|do|can) {_N} goe?s? into {_N}", "/", True),
    (rf"times {_N} (?:will |does |can )?goe?s? into {_N}", "/", True),
    (rf"{_N} more than {_N}", "+", False),
    (rf"{_N} less than {_N}", "-", True),
    (rf"has {_N} \w+ and \w+ (?:{_LESS}) {_N}", "-", False),
    (rf"has {_N} \w+ and \w+ (?:{_MORE}) {_N}", "+", False),
)
_WORDED = tuple(
    (re.compile(rf"\b{saying}", re.IGNORECASE), operator, swapped)
    for saying, operator, swapped in _SAYINGS
)
_DECIMAL = re.compile(r"\bdecimal\b.*?(\d{1,3})\s?/\s?(\d{1,3})", re.I)
_ASKS = re.compile(r"\?|\b(what|which|how|who|when|where|find|calculate|is it)\b|_{2,}", re.I)

_ABOUT_THE_TALK = re.compile(
    r"\b(final answer|do you (understand|see|get|know what i)|are you (working|ready|there|sure|"
    r"done|with me)|any questions?|ready\?|does that (help|make sense)|is that (clear|ok(ay)?)|"
    r"how are you|"
    r"(can|shall|should) we (start|begin|move|go on)|can you (try|hear|see))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """The tutor's last question.

    Attributes:
        text: the sentence that asks, verbatim and short.
        expression: the arithmetic it asks for, or None.
    """

    text: str
    expression: Expression | None = None

    @property
    def value(self) -> float | None:
        """What the arithmetic comes to."""
        return self.expression.value() if self.expression else None


def last_question(lines: Sequence[str]) -> Asked:
    """Read the last question among the tutor's lines, newest last; empty where there is none."""
    for line in reversed(lines):
        asking = [
            text
            for _, text in sentences(line)
            if not _ABOUT_THE_TALK.search(text)
            and (_ASKS.search(text) or any(pattern.search(text) for pattern, _, _ in _WORDED))
        ]
        if asking:
            return Asked(_short(asking[-1]), _expression(asking[-1]) or _expression(line))
    return Asked("")


def _short(text: str) -> str:
    words = text.strip(" .").split()
    return " ".join(words[-MAX_ASKED_WORDS:]).strip()


def _expression(text: str) -> Expression | None:
    for pattern, operator, swapped in _WORDED:
        if match := pattern.search(text):
            first, second = (2, 1) if swapped else (1, 2)
            return _of_two(match, first, second, operator)
    if match := _DECIMAL.search(text):
        return _of_two(match, 1, 2, "/")
    tokens: tuple[Token, ...] = tokenize(text)
    found: Expression | None = None
    for at, token in enumerate(tokens):
        if token.kind in ("num", "open", "money"):
            read = expression_at(tokens, at)
            longer = read is not None and (
                found is None or len(read[0].operators) > len(found.operators)
            )
            if read is not None and longer and read[0].operators and not read[0].variables:
                found = read[0]
    return found


def _of_two(match: re.Match[str], first: int, second: int, operator: str) -> Expression:
    leaves = tuple(
        Leaf(float(match[n].replace(",", "")), match.start(n), match.end(n))
        for n in (first, second)
    )
    return Expression(("n0", operator, "n1"), leaves, match.start(), match.end())

"""What the tutor asked last, and what it comes to where it is plain arithmetic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.tutoring.outside.expressions import Expression, Leaf, expression_at
from tutor_app.tutoring.outside.prose import sentences
from tutor_app.tutoring.outside.talk import Talk, talk_of
from tutor_app.tutoring.outside.tokens import Token, tokenize

MAX_ASKED_WORDS = 16
_N = r"[$£€]?\s?(\d[\d,]*(?:\.\d+)?)"
_LESS = "eats|loses|gives away|uses|sells|spends"
_MORE = "gets|buys|finds|receives|wins"
_SAYINGS = (
    (rf"sum (?:value )?of {_N} and {_N}", "+", False),
    (rf"product (?:value )?of {_N} and {_N}", "*", False),
    (rf"multiply {_N} (?:and|by|with) {_N}", "*", False),
    (rf"difference (?:value )?(?:between|of) {_N} and {_N}", "-", False),
    (rf"quotient of {_N} and {_N}", "/", False),
    (rf"divide {_N} by {_N}", "/", False),
    (rf"add {_N} (?:and|to) {_N}", "+", False),
    (rf"subtract {_N} from {_N}", "-", True),
    (rf"what (?:number )?times {_N} (?:is|equals|gives) {_N}", "/", True),
    (rf"{_N} times what (?:is|equals|gives) {_N}", "/", True),
    (rf"(?:will|does|do|can) {_N} goe?s? into {_N}", "/", True),
    (rf"times {_N} (?:will |does |can )?goe?s? into {_N}", "/", True),
    (rf"times (?:will |does |can |do )?{_N} goe?s? in(?:to)? {_N}", "/", True),
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
_ASKS = re.compile(
    r"\?|_{2,}|=\s*$|^\W*(please )?(find|calculate|work out|solve|name|tell me|what|"
    r"which|how|who|where|why)\b",
    re.IGNORECASE,
)
_CHEERS = re.compile(
    r"\b(point|points|great|good|nice|awesome|excellent|well done|perfect|amazing|"
    r"whiteboard|question|session|"
    r"welcome|thanks?|thank you|sorry|hello|hi|keep|go ahead|try|let me|let us|let's|"
    r"here you go|correct|"
    r"chat|topic|lesson|computer|minutes left|time|incorrect|sounds)\b|\[student\]",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^\W*(so|therefore|hence|thus|now|then|and|here)\b,?\s*", re.IGNORECASE)
_TASK = re.compile(
    r"\b(we (need|have|will|are|can)|please|you (can|should|have|need|will)|final)\b", re.I
)
_MAX_TOLD_WORDS = 14
_MIN_TOLD_WORDS = 4
_TOLD_LINES = 4


@dataclass(frozen=True)
class Asked:
    """The tutor's last question.

    Attributes:
        text: the sentence that asks about the matter, verbatim and short.
        expression: the arithmetic it asks for, or None.
        talk: what the very last question was after, where it was about the talk itself.
        told: what the tutor stated about the matter just before.
        offered: the number that a question about the final answer names, as written.
    """

    text: str
    expression: Expression | None = None
    talk: Talk = Talk.NONE
    told: str = ""
    offered: str = ""

    @property
    def value(self) -> float | None:
        """What the arithmetic comes to."""
        return self.expression.value() if self.expression else None


def last_question(lines: Sequence[str]) -> Asked:
    """Read the last question among the tutor's lines, newest last; empty where there is none."""
    pieces = [text for line in lines for _, text in sentences(line)]
    asking = [text for text in pieces if _asks(text)]
    talk = talk_of(asking[-1]) if asking else Talk.NONE
    told = _told(lines[-_TOLD_LINES:])
    numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", asking[-1]) if talk is Talk.FINAL else []
    offered = numbers[0] if len(numbers) == 1 else ""
    for line in reversed(lines):
        matter = [text for _, text in sentences(line) if _asks(text) and not talk_of(text)]
        if matter:
            expression = _expression(matter[-1]) or _expression(line)
            return Asked(_short(matter[-1]), expression, talk, told, offered)
    return Asked("", None, talk, told, offered)


def _asks(text: str) -> bool:
    return bool(_ASKS.search(text)) or any(pattern.search(text) for pattern, _, _ in _WORDED)


def _told(lines: Sequence[str]) -> str:
    """Return the last short statement about the matter, verbatim and without its full stop."""
    for line in reversed(lines):
        for _, text in reversed(sentences(line)):
            words = len(text.split())
            if _MIN_TOLD_WORDS <= words <= _MAX_TOLD_WORDS and not (
                _asks(text) or _CHEERS.search(text) or _TASK.search(text)
            ):
                said = _BEFORE.sub("", text).strip(" .!")
                return said[:1].lower() + said[1:] if said != text.strip(" .!") else said
    return ""


def _short(text: str) -> str:
    words = text.strip(" .").split()
    return " ".join(words[-MAX_ASKED_WORDS:]).strip()


def _expression(text: str) -> Expression | None:
    for pattern, operator, swapped in _WORDED:
        if match := pattern.search(text):
            first, second = (2, 1) if swapped else (1, 2)
            found = _of_two(match, first, second, operator)
            counts = re.search(r"\bgo(es)?\b", match[0], re.IGNORECASE)
            return None if counts and (found.value() or 0.5) % 1 else found
    if match := _DECIMAL.search(text):
        return _of_two(match, 1, 2, "/")
    tokens: tuple[Token, ...] = tokenize(text)
    longest: Expression | None = None
    for at, token in enumerate(tokens):
        if token.kind in ("num", "open", "money"):
            read = expression_at(tokens, at)
            longer = read is not None and (
                longest is None or len(read[0].operators) > len(longest.operators)
            )
            if read is not None and longer and read[0].operators and not read[0].variables:
                longest = read[0]
    return longest


def _of_two(match: re.Match[str], first: int, second: int, operator: str) -> Expression:
    leaves = tuple(
        Leaf(float(match[n].replace(",", "")), match.start(n), match.end(n))
        for n in (first, second)
    )
    return Expression(("n0", operator, "n1"), leaves, match.start(), match.end())

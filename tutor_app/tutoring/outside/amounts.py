"""The numbers of a problem, each with the words around it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.prose import noun_after, sentences
from tutor_app.tutoring.outside.tokens import Token, tokenize

MAX_CLAUSE_WORDS = 14
MIN_CLAUSE_WORDS = 4
CONSTANTS = (2.0, 7.0, 10.0, 12.0, 24.0, 30.0, 52.0, 60.0, 100.0, 365.0, 1000.0)
_BREAK = re.compile(
    r"[,;:]\s+(?:and\s+|but\s+|so\s+|then\s+)?|\s+(?:and|but|while|because|although|if|when)\s+(?=(?:he|she|it|they|"
    r"the|his|her|their|a|an|each|every|one|there|you|i|we|in|on|at|for|half|[A-Z][a-z]+)\b)"
)
_OPENS = re.compile(
    r"(and|but|so|or|because|while|when|if|after|before|who|which|that|where|to|for|from|in|on|at|"
    r"with|than|as|by|of)\b",
    re.IGNORECASE,
)
_DANGLES = re.compile(
    r"(was|were|is|are|had|has|who|which|whose|where|would|will)\b", re.IGNORECASE
)
_LEADING = re.compile(r"^(if|and|but|so|then|also|however|however,)\s+", re.IGNORECASE)
_ASKS = re.compile(r"\?|^\s*(find|calculate|compute|determine|work out|how|what)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """A number that the problem gives.

    Attributes:
        values: what it may enter a computation as: 30 % is 30, 0.3, 0.7 or 1.3.
        text: as the problem writes it, with its currency: "$50", "three", "30%".
        noun: the words after it, or "".
        clause: the part of the sentence it stands in, verbatim.
        asked: it stands in the question itself.
        at: where it stands in the clause.
    """

    values: tuple[float, ...]
    text: str
    noun: str
    clause: str
    sentence: str
    start: int
    asked: bool = False
    how: str = "digits"
    at: int = 0

    def is_in(self, numbers: Iterable[float]) -> bool:
        """Say whether one of these numbers is this amount."""
        return any(same(value, number) for value in self.values for number in numbers)

    @property
    def written(self) -> tuple[float, ...]:
        """The ways to write this very number: 30 % is 0.3 and 30."""
        return self.values[:2] if self.how == "percent" else self.values[:1]

    @property
    def named(self) -> str:
        """The amount with its noun: "5 vacuum cleaners", "$50"."""
        return f"{self.text} {self.noun}".strip()


def find_amounts(problem: str) -> list[Amount]:
    """Return every number of a tidy problem text with its words, in order."""
    found = []
    for start, sentence in sentences(problem):
        for token in tokenize(sentence):
            if token.kind == "num":
                found.append(_amount(sentence, token, start))
    return found


def _amount(sentence: str, token: Token, offset: int) -> Amount:
    start = token.start
    if start and sentence[start - 1] in "$£€":
        start -= 1
    clause = clause_at(sentence, token.start)
    begins = [m.start() for m in re.finditer(re.escape(clause), sentence) if m.start() <= start]
    return Amount(
        values=_values(token, sentence[:start]),
        text=sentence[start : token.end],
        noun=noun_after(sentence, token.end),
        clause=clause,
        at=start - begins[-1] if begins else 0,
        sentence=sentence,
        start=offset + token.start,
        asked=bool(_ASKS.search(sentence)),
        how=token.how,
    )


def _values(token: Token, before: str) -> tuple[float, ...]:
    value = token.value
    if token.how == "fraction" and re.search(r"\band\s*$", before):
        return (1 + value, value)
    if token.how == "percent":
        return (value, value * 100, 1 - value, 1 + value, 100 - value * 100, 100 + value * 100)
    if token.how == "fraction":
        return (value, 1 / value, 1 - value, 1 + value)
    return (value,)


def clause_at(sentence: str, position: int) -> str:
    """Return the clause around a position, verbatim, at most 15 words."""
    cuts = [0, *(m.end() for m in _BREAK.finditer(sentence)), len(sentence)]
    ends = [*(m.start() for m in _BREAK.finditer(sentence)), len(sentence)]
    spans = list(zip(cuts[:-1], ends, strict=True))
    at = max(n for n, (start, _) in enumerate(spans) if start <= position)
    start, end = spans[at]
    if len(sentence[start:end].split()) < MIN_CLAUSE_WORDS:
        if at > 0:
            start = spans[at - 1][0]
        elif at + 1 < len(spans):
            end = spans[at + 1][1]
    if _DANGLES.match(sentence[start:end].strip()) and len(sentence[:end].split()) <= 20:
        start = 0
    return _LEADING.sub("", _window(sentence, start, end, position))


def _window(sentence: str, start: int, end: int, position: int) -> str:
    """Cut a long clause around the position, before words that open a phrase."""
    words = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", sentence[start:end])]
    if not words:
        return sentence[start:end]
    if len(words) > MAX_CLAUSE_WORDS:
        at = max(n for n, (begin, _) in enumerate(words) if begin <= position)
        opens = [n for n, w in enumerate(words) if _OPENS.match(sentence[w[0] : w[1]])]
        first = 0
        if at > MAX_CLAUSE_WORDS - 4:
            first = max((n for n in opens if at - 9 <= n <= at - 3), default=max(0, at - 6))
        last = min(len(words), first + MAX_CLAUSE_WORDS)
        if last < len(words):
            last = max((n for n in opens if at + 2 < n <= last), default=last)
        words = words[first:last]
    return sentence[words[0][0] : words[-1][1]].strip(" .,;:?!")


def question_of(problem: str) -> str:
    """Return what the problem asks: its last question, or its last sentence."""
    pieces = [sentence for _, sentence in sentences(problem)]
    asking = [sentence for sentence in pieces if sentence.endswith("?")]
    return (asking or pieces or [""])[-1]

"""Lines in words: "subtract 3 from 12 to get 9", "added 3, 10 and 30"."""

import re

from tutor_app.tutoring.outside.expressions import Expression, Leaf
from tutor_app.tutoring.outside.tokens import Token

_IMPERATIVES = (
    (re.compile(r"subtract\w*\s", re.I), re.compile(r"from", re.I), "-", True),
    (re.compile(r"(?:take|took|taking)(?:\s+away)?\s", re.I), re.compile(r"from", re.I), "-", True),
    (re.compile(r"divid\w*\s", re.I), re.compile(r"by", re.I), "/", False),
    (re.compile(r"multipl\w*\s", re.I), re.compile(r"by", re.I), "*", False),
    (re.compile(r"\badd\w*\s", re.I), re.compile(r"to|and|with", re.I), "+", False),
)
_ENDS = frozenset({".", ";", "?", "!", "\n", "since", "because"})
_GIVES_WORD = re.compile(r"get|got|gives|gave|giving|equals|is|was|makes|leaves|left|getting", re.I)
MAX_GAP_WORDS = 12

Worded = tuple[Expression, Expression | None, int]
"""The expression, what it is said to give, and the token after both."""


def worded_line(text: str, tokens: tuple[Token, ...], at: int) -> Worded | None:
    """Read "subtract 3 from 12 to get 9", "divided 50 by 10", where it begins at this token."""
    if tokens[at].kind != "word":
        return None
    for verb, joint, operator, swapped in _IMPERATIVES:
        if not verb.match(text, tokens[at].start):
            continue
        sentence_end = next(
            (n for n in range(at, len(tokens)) if tokens[n].text.lower() in _ENDS),
            len(tokens),
        )
        ends = range(at + 1, min(sentence_end, at + 1 + 2 * MAX_GAP_WORDS))
        middle = next((n for n in ends if joint.fullmatch(tokens[n].text)), None)
        if middle is None or (operator in "*/" and middle - at > 9):
            return None
        next_verb = next(
            (n for n in range(middle + 1, sentence_end) if _is_verb(tokens[n])), sentence_end
        )
        after = range(middle + 1, min(next_verb, middle + 1 + MAX_GAP_WORDS))
        gives = next((n for n in after if _gives(tokens, n)), after.stop)
        if operator == "+" and tokens[middle].text.lower() == "and":
            several = _several(tokens, at, gives, after.stop, sentence_end)
            if several is not None:
                return several
        if swapped:
            taken = [t for t in tokens[at + 1 : middle] if t.kind == "num"]
            if len(taken) > 1 and not any(t.kind == "open" for t in tokens[at + 1 : middle]):
                return None
        first = _number_in(tokens, at + 1, middle)
        second = _number_in(tokens, middle + 1, gives)
        if first is None or second is None:
            return None
        a, b = (second, first) if swapped else (first, second)
        left = Expression(
            ("n0", operator, "n1"), (_leaf(tokens[a]), _leaf(tokens[b])), tokens[at].start,
            tokens[second].end,
        )  # fmt: skip
        stated, end = None, second + 1
        if gives < after.stop:
            got = _number_in(tokens, gives + 1, min(sentence_end, gives + 1 + MAX_GAP_WORDS))
            if got is not None:
                token = tokens[got]
                stated = Expression(("n0",), (_leaf(token),), token.start, token.end)
                end = got + 1
        return left, stated, end
    return None


def _is_verb(token: Token) -> bool:
    return any(verb.match(token.text + " ") for verb, _, _, _ in _IMPERATIVES)


def _gives(tokens: tuple[Token, ...], at: int) -> bool:
    """Say whether "to get", "gave me" or "which is" stands here; a bare "is" may be anything."""
    if not _GIVES_WORD.fullmatch(tokens[at].text):
        return False
    return tokens[at].text.lower() not in ("is", "was") or tokens[at - 1].text.lower() == "which"


def _several(
    tokens: tuple[Token, ...], at: int, gives: int, stop: int, sentence_end: int
) -> Worded | None:
    """Read "added 3 customers, 10 shoplifters and 30 others to get 43"."""
    terms = [t for t in tokens[at + 1 : gives] if t.kind == "num"]
    if len(terms) < 3 or any(t.kind in ("eq", "op") for t in tokens[at:gives]):
        return None
    pieces = ["n0", *(piece for n in range(1, len(terms)) for piece in ("+", f"n{n}"))]
    left = Expression(
        tuple(pieces), tuple(_leaf(t) for t in terms), tokens[at].start, terms[-1].end
    )
    got = None
    if gives < stop:
        got = _number_in(tokens, gives + 1, min(sentence_end, gives + 1 + MAX_GAP_WORDS))
    if got is None:
        return left, None, tokens.index(terms[-1]) + 1
    token = tokens[got]
    stated = Expression(("n0",), (_leaf(token),), token.start, token.end)
    return left, stated, got + 1


def _number_in(tokens: tuple[Token, ...], start: int, end: int) -> int | None:
    """Return the number in brackets if there is one, "the unsold books (50)", else the first."""
    there = [n for n in range(start, end) if tokens[n].kind == "num" and tokens[n].how != "spelled"]
    if any(tokens[n].kind in ("eq", "op") for n in range(start, end)):
        return None
    bracketed = [n for n in there if tokens[n - 1].kind == "open"]
    return next(iter(bracketed or there), None)


def _leaf(token: Token) -> Leaf:
    return Leaf(token.value, token.start, token.end, token.how)

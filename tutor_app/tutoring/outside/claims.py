"""Find what a text claims: "12 - 3 = 9", "half of 26 is 13", "x + 5 = 9"."""

import re
from itertools import pairwise

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.expressions import Expression, expression_at, is_variable
from tutor_app.tutoring.outside.prose import noun_after, sentence_at
from tutor_app.tutoring.outside.tokens import Token, tokenize
from tutor_app.tutoring.outside.worded import worded_line

_GIVES = re.compile(
    r"""\s*(?:=|≈|,?\s*(?:(?:which|that|this|it)\s+)?(?:would\s+|will\s+)?
        (?:is|are|was|were|be|equals?|gives?|gave|makes?|made|leaves?|totals?|totaling|comes\s+to)\b
        |,?\s*(?:and\s+|so\s+)?(?:to\s+)?(?:i\s+|you\s+|we\s+)?(?:get|got|find|give)\b
        |,?\s*for\s+a\s+total\s+of\b)
        (?:\s+(?:me|us|you|him|her|them|about|approximately|equal\s+to|a\s+total\s+of|only|also))*\s*
        [$£€]?\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def find_claims(text: str) -> list[Claim]:
    """Return every claim in a tidy text, in order."""
    tokens = tokenize(text)
    found: list[Claim] = []
    at = 0
    while at < len(tokens):
        if worded := worded_line(text, tokens, at):
            left, stated, at = worded
            found.append(_claim(text, left, stated, stated))
            continue
        starts = tokens[at].kind in ("num", "open", "money") or is_variable(tokens, at)
        read = expression_at(tokens, at) if starts else None
        if read is None:
            at += 1
            continue
        parts, after = _chain(text, tokens, read)
        claims = _claims_of(text, tokens, parts)
        # "4s = 2πr" goes on behind what can be read here
        found += [c for c in claims if not text[c.end : c.end + 1].isalpha()]
        at = max(after if claims else at + 1, at + 1)
    return found


def _chain(
    text: str, tokens: tuple[Token, ...], first: tuple[Expression, int]
) -> tuple[list[Expression], int]:
    """Read "a = b = c" from its first part on."""
    parts, at = [first[0]], first[1]
    while at < len(tokens):
        gives = _GIVES.match(text, tokens[at - 1].end)
        if gives is None:
            break
        worded = "=" not in gives[0] and "≈" not in gives[0]
        if worded and not parts[-1].operators:
            break
        following = next(
            (n for n in range(at, len(tokens)) if tokens[n].start >= gives.end()), None
        )
        if following is None:
            break
        if tokens[following - 1].kind == "money":
            following -= 1
        read = expression_at(tokens, following)
        if read is None or read[0].start > gives.end() + 1:
            break
        if worded and (read[0].variables or parts[-1].variables):
            break
        parts.append(read[0])
        at = read[1]
    return parts, at


def _claims_of(text: str, tokens: tuple[Token, ...], parts: list[Expression]) -> list[Claim]:
    if any(part.variables for part in parts):
        pairs = pairwise(parts)
        return [
            _claim(text, left, None if right.variables or right.operators else right, right)
            for left, right in pairs
        ]
    found = []
    in_brackets = len(parts) == 1 and parts[0].operators and text[parts[0].start] == "("
    if in_brackets and (stated := _number_before(tokens, parts[0])) is not None:
        return [_claim_before(text, stated, parts[0])]
    for n, part in enumerate(parts):
        if not part.operators:
            continue
        following = parts[n + 1 :]
        goal = next((p for p in following if not p.operators), following[-1] if following else None)
        if following and following[0].operators:
            own, own_next = part.value(), following[0].value()
            if own is not None and own_next is not None and same(own, own_next):
                if sorted(part.operands) == sorted(following[0].operands):
                    continue
                goal = following[0]
            elif own is not None and same(following[0].operands[0], own):
                # "5 + 3 = 8 * 2 = 16" runs on; its first claim is 5 + 3 = 8
                head = following[0].leaves[0]
                goal = Expression(("n0",), (head,), head.start, head.end)
        found.append(_claim(text, part, goal, goal))
    return found


def _claim(
    text: str, left: Expression, literal: Expression | None, right: Expression | None
) -> Claim:
    end = right.end if right else left.end
    quote = text[left.start : end]
    if text[max(0, left.start - 1) : left.start] in "$£€" and left.start:
        quote = text[left.start - 1 : end]
    stated = literal.value() if literal is not None else None
    return Claim(
        left=left,
        stated=stated,
        right=right,
        quote=" ".join(quote.split()),
        start=left.start,
        end=end,
        sentence=sentence_at(text, left.start),
        noun=noun_after(text, end),
    )


def _number_before(tokens: tuple[Token, ...], part: Expression) -> Token | None:
    """Find the 36 of "36 vacuum cleaners (12 x 3)"."""
    at = next(n for n, token in enumerate(tokens) if token.start >= part.start)
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.kind == "num":
            return token
        if token.kind != "word":
            return None
    return None


def _claim_before(text: str, stated: Token, part: Expression) -> Claim:
    return Claim(
        left=part,
        stated=stated.value,
        right=None,
        quote=" ".join(text[stated.start : part.end].split()),
        start=stated.start,
        end=part.end,
        sentence=sentence_at(text, part.start),
        noun=noun_after(text, stated.end),
    )

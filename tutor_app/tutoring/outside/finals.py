"""The number that a text ends up with."""

import re
from collections.abc import Collection, Sequence

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.prose import sentences, stated_numbers
from tutor_app.tutoring.outside.tokens import tokenize

_CONCLUDES = re.compile(
    r"\b(therefore|so|thus|hence|total|altogether|answer|means|finally|cost|final|left|needs?|got|"
    r"get)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_LAST_BRACKET = re.compile(r"\([^()=]*\)(?=[.!]?\s*$)")
_NONE = re.compile(r"\bso\s+(none|nothing|no\s+\w+)\b[^\d]*$", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(not|isn't|instead\s+of|rather\s+than)\s+(?:\w+\s+){0,2}(?:\d+\s+and\s+)?[$£€]?$",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\b(is|are|was|were|costs?|equals?|has|have)\s+[$£€]?$", re.IGNORECASE)
_REASON = re.compile(r"\b(?:since|because|as\s+each|if|when)\b", re.IGNORECASE)


def final_number(text: str, claims: Sequence[Claim], given: Collection[float] = ()) -> float | None:
    """Return the number that a text ends up with, or None.

    A last line of its own counts first, then the last sentence that concludes, then the last claim.
    A number that is not among the `given` ones is preferred within a sentence.
    """
    lines = text.rstrip().split("\n")
    last = tokenize(lines[-1].strip().rstrip(".")) if lines else ()
    alone = [t for t in last if t.kind == "num"]
    if len(alone) == 1 and len(last) <= 4 and len(lines) > 1:
        return alone[0].value
    pieces = [piece for _, piece in sentences(text) if not piece.endswith("?")]
    if pieces and _NONE.search(pieces[-1]):
        return 0.0
    concluding = [s for s in reversed(pieces) if _CONCLUDES.search(s)]
    if pieces and find_claims(pieces[-1]):
        concluding.insert(0, pieces[-1])
    for sentence in concluding:
        own = find_claims(sentence)
        if own and own[-1].value is not None:
            tail = sentence[own[-1].end :]
            after = _asserted_in(tail, given) if _CONCLUDES.search(tail) else None
            return own[-1].value if after is None else after
        if (number := _asserted_in(sentence, given)) is not None:
            return number
    if claims and claims[-1].value is not None:
        return claims[-1].value
    for sentence in reversed(pieces):
        if (number := _asserted_in(sentence, given)) is not None:
            return number
    return None


def _asserted_in(sentence: str, given: Collection[float]) -> float | None:
    """Return the last new number of the main clause, or the last number at all."""
    main = _REASON.split(sentence)[0]
    at_the_end = _LAST_BRACKET.search(main)
    for part in (at_the_end[0] if at_the_end else "", _BRACKETS.sub(" ", main), main, sentence):
        tokens = [t for t in stated_numbers(part) if not _DENIED.search(part[: t.start])]
        in_digits = [t for t in tokens if t.text[0] in "0123456789."]
        if not in_digits and part is not sentence and re.search(r"\d", sentence):
            continue
        numbers = [token.value for token in in_digits or tokens]
        new = [n for n in numbers if not any(same(n, g) for g in given)]
        if new:
            return new[-1]
        if numbers:
            said = [t.value for t in tokens if _SAYS.search(part[: t.start])]
            return said[0] if said else numbers[0]
    return None

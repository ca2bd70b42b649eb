"""The learner's own lines and numbers, verbatim, short enough to stand in a sentence."""

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.findings import Finding
from tutor_app.tutoring.outside.materials import Problem
from tutor_app.tutoring.outside.tokens import Token, tokenize

MAX_QUOTED_CHARACTERS = 60
MAX_QUOTED_WORDS = 14
MAX_PLAIN_WORDS = 8


def quoted(text: str) -> str:
    """Put words between quotation marks."""
    inner = text.replace("“", "'").replace("”", "'").replace('"', "'").strip()
    return f"“{inner}”"


def quoted_claim(claim: Claim) -> str:
    """Quote a line; a long one only up to its last operand, or cut at a word."""
    quote = claim.quote
    if len(quote) > MAX_QUOTED_CHARACTERS:
        quote = quote[: max(1, claim.left.end - claim.start)].strip()
        if len(quote.split()) > MAX_QUOTED_WORDS and len(claim.left.leaves) == 2:
            return _in_symbols(claim)
        if len(quote.split()) > MAX_PLAIN_WORDS:
            return quoted(quote)
    if len(quote) > MAX_QUOTED_CHARACTERS:
        quote = quote[:MAX_QUOTED_CHARACTERS].rsplit(" ", 1)[0]
    if quote.startswith("(") and quote.endswith(")") and quote.count("(") == 1:
        quote = quote[1:-1]
    return quoted(quote)


def _in_symbols(claim: Claim) -> str:
    """Write "subtract the original mileage (100) from his goal (120)" as 120 - 100."""
    written = [
        next((_written(claim, t) for t in _numbers(claim) if same(t.value, leaf.value)), "")
        for leaf in claim.left.leaves
    ]
    sign = {"*": "×", "/": "÷"}.get(claim.left.operators[0], claim.left.operators[0])
    return f" {sign} ".join(written)


def first_operand(claim: Claim) -> str:
    """Return the first number of a line as written, or ""."""
    if not claim.left.leaves:
        return ""
    value = claim.left.leaves[0].value
    return next((_written(claim, t) for t in _numbers(claim) if same(t.value, value)), "")


def own_operand(finding: Finding, problem: Problem) -> str:
    """Return the operand that is neither given nor needed: the learner's own number, or ""."""
    claim, step = finding.claim, finding.step
    if claim is None or step is None:
        return ""
    expected = [*step.operands, *(v for a in problem.amounts for v in a.values)]
    for token in _numbers(claim):
        in_line = any(same(token.value, v) for v in claim.left.operands)
        if in_line and not any(same(token.value, e) for e in expected):
            return _written(claim, token)
    return ""


def _numbers(claim: Claim) -> list[Token]:
    return [t for t in tokenize(claim.quote) if t.kind == "num"]


def _written(claim: Claim, token: Token) -> str:
    start = token.start
    if start and claim.quote[start - 1] in "$£€":
        start -= 1
    return claim.quote[start : token.end]

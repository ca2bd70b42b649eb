"""Quotes are verbatim, and a sentence marked [n] is carried by passage n."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from statistics import fmean

from tutor_app.domain.dialogue import CheckResult
from tutor_app.errors import ContentError
from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.lexical import (
    OUTCOMES,
    is_claim,
    is_negated,
    sentences,
    stem_sequence,
    stems,
)
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.withheld import prompt_text

NAME = "grounding"

_MARK = re.compile(r"\s*\[(\d{1,2})\]")
_INDEXING = re.compile(r"`[^`\n]+`|(?<=[\w\])\[])\[[^\[\]]*\]")
"""Brackets of a program, which cite nothing."""
_QUOTE = re.compile(r"[“\"«]([^“”\"«»]{2,400})[”\"»]")
_ATTRIBUTED = re.compile(
    r"\b(?:you(?:'ve| have| just)? (?:wrote|write|written|said|say|put|typed|answered|claim(?:ed)?|"
    r"mention(?:ed)?|call(?:ed)?|told|asked|start(?:ed)? with|end(?:ed)? with)|"
    r"your (?:\w+ )?(?:words?|sentence|line|answer|phrase|text|claim|message)|"
    r"(?:course|notes?|text|book|chapter|passage|section|prompt|problem|question|learner|student)"
    r" (?:itself )?(?:says?|said|states?|reads?|puts?|calls?|tells?|asks?|wrote)|"
    r"according to [^.!?“\"«]{1,30})\b[^.!?“\"«]{0,25}$",
    re.I,
)
_FOLLOWED = re.compile(
    r"^\s*[,.]?\s*(?:you (?:wrote|said|say|write|put)|says? the|in your words|is what you)", re.I
)
THRESHOLD = 0.613
"""What `fit_threshold` chose on the even pairs of datasets/evaluation/grounding."""

_SMALL = frozenset({0.0, 1.0, 2.0, 3.0, 0.5})
_NEAR_PAIR, _PASSAGE_PAIR = 2, 4
_PENALTY = 0.1
_ASKED_TERMS = 0.3


@lru_cache(maxsize=1024)
def _pairs(text: str, reach: int) -> frozenset[tuple[str, str]]:
    """Return pairs of content words that stand near each other, in either order."""
    found = set()
    for sentence in sentences(text):
        words = stem_sequence(sentence)
        for place, word in enumerate(words):
            for other in words[place + 1 : place + 1 + reach]:
                if word != other:
                    found.add((min(word, other), max(word, other)))
    return frozenset(found)


@lru_cache(maxsize=1024)
def _numbers(text: str) -> frozenset[float]:
    return frozenset(
        round(value, 9) for token in tokenize(text) if token.kind == "num" for value in token.values
    )


def support(sentence: str, passage: str) -> float:
    """Return how well a passage carries a sentence: 1 is fully, 0 or less is not at all.

    The mean of the share of its terms and the share of its neighboring pairs of terms that stand in
    the passage; less a tenth for every word of outcome (larger, zero, opposite) that the best
    matching sentences lack, and for a denial that they do not share.
    """
    words = stems(sentence)
    if not words:
        return 1.0
    pairs = _pairs(sentence, _NEAR_PAIR)
    shared = pairs & _pairs(passage, _PASSAGE_PAIR)
    near = len(shared) / len(pairs) if pairs else 1.0
    best = max(_stretches(passage), key=lambda s: (len(words & stems(s)), -len(s)), default="")
    missing = len((words & OUTCOMES) - stems(best)) + (is_negated(sentence) != is_negated(best))
    return (len(words & stems(passage)) / len(words) + near) / 2 - _PENALTY * missing


@lru_cache(maxsize=256)
def _stretches(passage: str) -> tuple[str, ...]:
    """Return every run of one to three sentences."""
    parts = sentences(passage)
    return tuple(
        " ".join(parts[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(parts) - size + 1)
    )


def fit_threshold(pairs: Iterable[tuple[str, str, bool]]) -> float:
    """Return the threshold for (sentence, passage, supported): midway between the two means.

    That is the linear discriminant of one feature with equal priors (Fisher 1936); with a few dozen
    pairs it moves far less from sample to sample than the best cut itself.

    Raises:
        ContentError: one of the two kinds is missing.
    """
    scores: dict[bool, list[float]] = {True: [], False: []}
    for sentence, passage, supported in pairs:
        scores[supported].append(support(sentence, passage))
    if not (scores[True] and scores[False]):
        raise ContentError("grounding pairs: one kind is missing. Give supported and unsupported.")
    return (fmean(scores[True]) + fmean(scores[False])) / 2


def foreign_numbers(sentence: str, passage: str, allowed: frozenset[float] = frozenset()) -> bool:
    """Say whether a sentence has a number that neither the passage nor `allowed` has."""
    return bool(_numbers(sentence) - _numbers(passage) - allowed - _SMALL)


def check_grounding(text: str, context: VerificationContext) -> CheckResult:
    """Check the quotes and the citation marks of one wording."""
    marked = _INDEXING.sub(" ", text) if context.item.answer.kind == "code" else text
    for reason in (*_bad_quotes(text, context), *_bad_citations(marked, context)):
        return CheckResult(name=NAME, passed=False, reason=reason)
    return CheckResult(name=NAME, passed=True)


# --- quotes ------------------------------------------------------------------------------------


def _bad_quotes(text: str, context: VerificationContext) -> Iterator[str]:
    sources = None
    for match in _QUOTE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not (_ATTRIBUTED.search(before) or _FOLLOWED.match(after)):
            continue
        if sources is None:
            sources = [_squeezed(source) for source in _quotable(context)]
        for part in re.split(r"\.\.\.|…|\[\.\.\.\]", match[1]):
            quoted = _squeezed(part)
            if quoted and not any(quoted in source for source in sources):
                yield f"It quotes “{part.strip()[:60]}”, which nobody wrote."


def _quotable(context: VerificationContext) -> Iterator[str]:
    yield from context.learner_texts
    yield from (passage.text for passage in context.passages)
    yield prompt_text(context)
    if context.diagnosis.check is not None:
        yield context.diagnosis.check.reading.echo
    answer = context.item.answer
    if answer.kind == "choice":
        yield from (option.text for option in answer.options)


def _squeezed(text: str) -> str:
    """Drop what does not change the wording: spaces, case, quotation marks, a final stop."""
    return re.sub(r"[\s\"'*_`]+", "", canonical(text)).lower().strip(".,;:!?")


# --- citations ---------------------------------------------------------------------------------


def _bad_citations(text: str, context: VerificationContext) -> Iterator[str]:
    allowed = _numbers(prompt_text(context)) | frozenset(
        number for said in context.learner_texts for number in _numbers(said)
    )
    for claim, number in cited_claims(text):
        if not 1 <= number <= len(context.passages):
            yield f"It cites [{number}], but there are {len(context.passages)} passages."
            continue
        passage = context.passages[number - 1].text
        if not is_claim(claim):
            words = stems(claim)
            if words and len(words & stems(passage)) < _ASKED_TERMS * len(words):
                yield f"[{number}] has nothing to do with “{claim[:60]}”."
            continue
        if foreign_numbers(claim, passage, allowed):
            yield f"“{claim[:60]}” has a number that [{number}] does not have."
        elif support(claim, passage) < THRESHOLD:
            yield f"“{claim[:60]}” is not carried by [{number}]."


def cited_claims(text: str) -> list[tuple[str, int]]:
    """Return the sentence each [n] belongs to; for a question, all from the mark before it."""
    found: list[tuple[str, int]] = []
    start = 0
    for match in _MARK.finditer(text):
        parts = sentences(text[start : match.start()])
        if not parts and found:
            parts = [found[-1][0]]
        if parts:
            chosen = parts[-1] if is_claim(parts[-1]) else " ".join(parts)
            found.append((_MARK.sub("", chosen).strip(), int(match[1])))
        else:
            found.append(("", int(match[1])))
        start = match.end()
    return found

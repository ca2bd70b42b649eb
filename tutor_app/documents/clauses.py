"""Clauses of a short text, and whether two of them contradict each other in the same words."""

import re
import tomllib
from functools import cache
from pathlib import Path

_BREAK = re.compile(
    r"(?<=[.!?;:])\s+|\n+|,\s+(?=(?:and|but|so|because|since|then|which|while)\b)"
    r"|\s+(?=(?:but|because|so that|therefore|while|whereas)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|without|cannot|can't|isn't|aren't|doesn't|don't|"
    r"didn't|won't|wasn't|weren't|wouldn't|dont|doesnt|isnt|didnt|wont|cant)\b",
    re.IGNORECASE,
)
_WORD_LISTS = Path(__file__).with_name("antonyms.toml")


@cache
def _opposites() -> dict[str, frozenset[str]]:
    groups = tomllib.loads(_WORD_LISTS.read_text(encoding="utf-8"))["pairs"]
    found: dict[str, set[str]] = {}
    for left, right in groups:
        for one, others in ((left, right), (right, left)):
            for word in one:
                found.setdefault(word, set()).update(others)
    return {word: frozenset(others) for word, others in found.items()}


def clauses(text: str) -> list[str]:
    """Return sentences and their clauses of three words and more, verbatim and stripped."""
    sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", text) if s.strip()]
    parts = [p.strip(" ,") for s in sentences for p in _BREAK.split(s) if p and p.strip(" ,")]
    long_enough = [part for part in parts if len(part.split()) >= 3]
    return list(dict.fromkeys([*sentences, *long_enough])) or [text.strip()]


def is_negated(text: str) -> bool:
    """Say whether a clause denies something (an odd number of negations)."""
    return len(_NEGATION.findall(text)) % 2 == 1


def contradicts(said: str, meant: str) -> bool:
    """Say whether a clause turns another around: by a negation, or by the opposite word."""
    here, there = set(_WORD.findall(said.lower())), set(_WORD.findall(meant.lower()))
    turned = any(
        _opposites().get(word, frozenset()) & there and word not in there for word in here
    ) and not any(_opposites().get(word, frozenset()) & here for word in here)
    return turned != (is_negated(said) != is_negated(meant))

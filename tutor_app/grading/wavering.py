"""Answers that say the right words without standing by them: a person has to look at these.

    doubts = wavering(text, rubric)

A sentence encoder hears that "the time is longer" is there, not that "the time is shorter" is there
too, that somebody else is said to think so, or that it is asked. Nothing here changes a score.
"""

import re
from collections.abc import Iterator, Sequence

from tutor_app.documents.wording import clauses, fold, marked_words, opposites
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.likeness import shared_share

BOTH = "It says a thing and its opposite."
REPORTED = "It says what others think."
DISOWNED = "It may not stand by what it says."
ASKED = "It asks more than it says."
LISTED = "It reads like a list of words, not like sentences."
OF_ITSELF = "It speaks of its own grading."
COPIED = "It repeats the rubric's own words."
MOST_CLAUSES = 24
FEWEST_WORDS = 8
REPEATED = 0.55
"""Share of different words among all, below which a text is a list of repeated ones."""
LINKED = 0.12
"""Share of small words (the, is, because), below which a text is no sentence."""
COPIED_SHARE = 0.5
_REPORTED = re.compile(
    r"\b(?:(?:some|many|most|other) (?:people|students|pupils|books?)|people|"
    r"(?:my|our|the) (?:teacher|book|textbook|friend|brother|sister|father|mother|dad|mum|mom))"
    r" (?:says?|said|claims?|claimed|thinks?|thought|believes?|told)\b|\baccording to\b"
)
_DISOWNED = re.compile(
    r"\b(?:nonsense|rubbish|untrue|they are (?:all )?(?:mistaken|wrong)|"
    r"(?:all )?(?:this|that|which|it) (?:is|was) (?:all )?(?:false|not true|a (?:lie|myth))|"
    r"(?:false|not true|a lie|a myth) that|(?:do not|don'?t|dont) (?:think|believe|agree)|"
    r"(?:do not|don'?t|dont|no idea|not sure) (?:know )?(?:if|whether)|i doubt)\b"
)
_OF_ITSELF = re.compile(
    r"\b(?:this|my|the student'?s|the) (?:answer|response|submission) (?:is|was) "
    r"(?:\w+ )?(?:complete|correct|perfect|right|full)\b|"
    r"\breference answer\b|\bstudent'?s answer\b|"
    r"\b(?:score|mark|marks|points|grade)s? ?[:=] ?\d|\b(?:un)?met\b\"?\s*[,}]"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL = frozenset(
    "a an the is are was were be been it its it's this that these those of in on at to for from by "
    "with as and or but so because since if when while then than which who what how why there they "
    "he she we you i his her their not no does do did has have had will would can could must may "
    "also more into out up down over after before same makes make".split()
)


def wavering(text: str, rubric: Rubric) -> tuple[str, ...]:
    """Return why the words of an answer may not be meant, each as a sentence for the instructor."""
    return tuple(_found(text, rubric))


def _found(text: str, rubric: Rubric) -> Iterator[str]:
    parts = clauses(text, MOST_CLAUSES)
    if _opposed([frozenset(marked_words(part)) for part in parts]):
        yield BOTH
    if _REPORTED.search(fold(text)):
        yield REPORTED
    if _DISOWNED.search(fold(text)):
        yield DISOWNED
    if _OF_ITSELF.search(fold(text)):
        yield OF_ITSELF
    sentences = [one for one in re.split(r"(?<=[.!?])\s+", text.strip()) if one]
    if 2 * sum(one.endswith("?") for one in sentences) > len(sentences):
        yield ASKED
    if _is_list(text):
        yield LISTED
    if _copies(text, rubric):
        yield COPIED


def _opposed(said: Sequence[frozenset[str]]) -> bool:
    """Say whether two clauses are the same but for one word that is denied or turned round."""
    for n, one in enumerate(said):
        for other in said[n + 1 :]:
            mine, theirs = one - other - {"not"}, other - one - {"not"}
            if len(mine) != 1 or len(theirs) != 1 or not (one & other) - {"not"}:
                continue
            (a,), (b,) = mine, theirs
            if a.lstrip("¬") == b.lstrip("¬") or _turned(a, b):
                return True
    return False


def _turned(a: str, b: str) -> bool:
    return a.startswith("¬") == b.startswith("¬") and (b in opposites(a) or a in opposites(b))


def _is_list(text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < FEWEST_WORDS:
        return False
    small = sum(word in _SMALL for word in words) / len(words)
    content = [word for word in words if word not in _SMALL]
    repeated = len(content) >= FEWEST_WORDS and len(set(content)) / len(content) < REPEATED
    stuttered = any(words[n] == words[n + 1] == words[n + 2] for n in range(len(words) - 2))
    return small < LINKED or repeated or stuttered


def _copies(text: str, rubric: Rubric) -> bool:
    """Say whether half of a text are runs of five words out of the rubric's levels."""
    if len(text.split()) < FEWEST_WORDS:
        return False
    levels = " ".join(f"{level.description}" for one in rubric.criteria for level in one.levels)
    return shared_share(text, levels) >= COPIED_SHARE

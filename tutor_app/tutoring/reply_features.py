"""What the critic sees of a reply: twenty-odd plain measures of it and of what was said before."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.wording import fold

# About a hundred tokens each: the encoder's time grows with the longest text of a batch.
MAX_CONTEXT = 400
_LINE = re.compile(r"^(Problem|Tutor|Learner): (.*)$", re.MULTILINE)
_WORD = re.compile(r"[a-z']+|\d+(?:[.,]\d+)*%?|[?=]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CUES = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in (
        # praise, agreement, trouble, checking, doing, we, you, asking, apology, reasons, telling
        "great|good|nice|well done|excellent|awesome|fantastic|wonderful|amazing|love|proud|effort",
        "correct|right|exactly|yes|perfect|absolutely|that's it",
        r"mistake|error|incorrect|wrong|not quite|misunder\w+|confus\w+|mix\w* up|careful|however"
        "|but|actually|instead|close|almost",
        r"re-?check|check|re-?read|look (?:back|again|closely)|revisit|review|double|again"
        r"|reconsider|re-?think",
        "try|think|remember|recall|calculate|find|figure|break|write|draw|count|multiply|divide"
        "|add|subtract|consider|imagine|start",
        "let's|let us|we",
        "you|your",
        "what|how|why|which|where|can you|could you|do you",
        r"sorry|apolog\w+|please",
        "because|since|so|therefore|means",
        "should|need to|is equal to|equals|answer is|the answer",
    )
)
_SMALL_WORDS = frozenset(
    "the and that you your for with are was this have did does what how can let's lets "
    "his she they her".split()
)
SCALARS = 21 + len(_CUES)

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Said:
    """What was said before a reply: the problem, the learner's last words, and all of it."""

    problem: str
    last: str
    everything: str

    @property
    def texts(self) -> tuple[str, str]:
        """The two texts whose vectors `scalars` wants."""
        return self.last[-MAX_CONTEXT:], self.problem[:MAX_CONTEXT]


def dialogue_context(problem: str, turns: Iterable[tuple[str, str]]) -> str:
    """Write what was said as the critic reads it, one utterance a line.

    Args:
        problem: the item's prompt with its numbers; may be empty.
        turns: ("Tutor" or "Learner", text) from the oldest to the newest.
    """
    lines = [("Problem", problem), *turns]
    return "\n".join(f"{who}: {' '.join(text.split())}" for who, text in lines if text.strip())


def read_context(context: str) -> Said:
    """Take a `dialogue_context` apart; any other text counts as the learner's last words."""
    lines = _LINE.findall(context)
    problem = next((text for who, text in lines if who == "Problem"), "")
    learner = [text for who, text in lines if who == "Learner"]
    last = learner[-1] if learner else "" if lines else context
    return Said(problem or (lines[0][1] if lines else context), last, context)


def scalars(reply: str, said: Said, vector: Vector, context: Sequence[Vector]) -> Vector:
    """Return the measures of one reply, shape (SCALARS,), float32.

    Args:
        reply: the tutor's words.
        said: what was said before.
        vector: unit vector of the reply.
        context: unit vectors of `said.texts`.
    """
    text, last = fold(reply).strip(), fold(said.last)
    words, own = _WORD.findall(text), _content(text)
    theirs, problem = _content(last), _content(fold(said.problem))
    everything = _content(fold(said.everything))
    numbers, last_numbers = _numbers(text), _numbers(last)
    given, known = _numbers(said.problem), _numbers(said.everything)
    measures = [
        np.log1p(len(words)),
        len(words) < 12,
        np.log1p(len(re.findall(r"[.!?](?:\s|$)", text))),
        min(text.count("?"), 3),
        text.rstrip(' "').endswith("?"),
        "!" in text,
        text.startswith('"'),
        "=" in text,
        _share(own & theirs, own),
        _share(own & theirs, theirs),
        _share(own & problem, own),
        _share(own & everything, own),
        np.log1p(len(numbers)),
        _share(numbers & last_numbers, numbers),
        _share(numbers & given, numbers),
        bool((numbers & last_numbers) - given),
        # a number that nobody has said yet may be the answer
        np.log1p(len(numbers - known)),
        not theirs,
        np.log1p(len(_WORD.findall(last))),
        *(float(vector @ other) for other in context),
        *(min(len(cue.findall(text)), 3) for cue in _CUES),
    ]
    return np.array(measures, dtype=np.float32)


def _content(text: str) -> set[str]:
    words = (word for word in _WORD.findall(text) if len(word) > 2 and not word[0].isdigit())
    return {word for word in words if word not in _SMALL_WORDS}


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _share(part: set[str], whole: set[str]) -> float:
    return len(part) / len(whole) if whole else 0.0

"""A learner's name plays no part: it is blanked before a grader or a model sees the text.

How to use: `integrity.clean` calls `without_name`; `neutral_order` gives the order of grading.
"""

import hashlib
import heapq
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from tutor_app.domain.submission import Submission

_LABEL_WORDS = 1
"""What a heading or signature has beside the name: "Name:", "by"."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_BLANK = "_"
T = TypeVar("T")


def neutral_order(things: Iterable[T], seed: int, key: Callable[[T], str]) -> list[T]:
    """Return the things in an order that says nothing about who or where they came from.

    The order depends on the seed and the keys only, not on the order in which they are given.

    Args:
        things: for example submissions.
        seed: kept with the batch, so that the order can be had again.
        key: something unique of each, for example its id.
    """
    return sorted(things, key=lambda thing: _place(seed, key(thing)))


def neutral_sample(things: Iterable[T], seed: int, key: Callable[[T], str], size: int) -> list[T]:
    """Return the first things of the neutral order; holds no more than those in memory."""
    return heapq.nsmallest(size, things, key=lambda thing: _place(seed, key(thing)))


def _place(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}\x00{key}".encode()).digest()


def without_name(submission: Submission) -> Submission:
    """Blank the learner's own name, key and any e-mail address in the text, letter by letter.

    The full name and the key go wherever they stand. A part of the name alone goes only in a
    heading or signature ("Name: Ana", "- Will"), for many names are words ("will", "Newton").
    The text keeps its length, so spans stay right.
    """
    text = _MAIL.sub(_blanked, submission.text)
    parts = [part for part in re.split(r"[\s,;]+", submission.name) if len(part) > 1]
    folded = text.casefold()
    # to look first is a hundred times faster than to compile a pattern for every learner
    there = [part for part in parts if part.casefold() in folded]
    if len(parts) > 1 and len(there) == len(parts):
        orders = (parts, [*parts[1:], parts[0]], [parts[-1], *parts[:-1]])
        text = _blank(text, [r"[\s,_.-]{1,3}".join(map(re.escape, one)) for one in orders])
    key = submission.learner
    if len(key) >= 4 and key.casefold() in folded and re.search(r"\d|@", key):
        text = _blank(text, [re.escape(key)])
    if there:
        text = _blank_edges(text, [re.escape(part) for part in there if len(part) > 2])
    return submission.model_copy(update={"text": text})


def _blank_edges(text: str, patterns: list[str]) -> str:
    lines = text.split("\n")
    written = [n for n, line in enumerate(lines) if line.strip()]
    if len(written) < 2:
        return text
    for n in {written[0], written[-1]}:
        blanked = _blank(lines[n], patterns)
        if len(re.findall(r"\w+", blanked.replace(_BLANK, " "))) <= _LABEL_WORDS:
            lines[n] = blanked
    return "\n".join(lines)


def _blank(text: str, patterns: list[str]) -> str:
    if not patterns:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", _blanked, text, flags=re.IGNORECASE)


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"\S", _BLANK, match[0])

"""The prose of a passage: its sentences, and the words that carry them."""

import re

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$*`])|(?<=[.!?]\*\*)\s+")
_LIST_MARK = re.compile(r"^\s*[-*]\s+")
_WORD = re.compile(r"[a-z]{3,}")


def prose_sentences(text: str) -> list[str]:
    """Return the sentences without headings, list marks and display formulas; else verbatim."""
    lines = [
        _LIST_MARK.sub("", line)
        for line in text.splitlines()
        if not line.lstrip().startswith(("#", "$$", "|"))
    ]
    # a list entry is a sentence of its own
    return _SENTENCE.split(" ".join(" ".join(lines).split()))


def content_words(text: str) -> set[str]:
    """Return the words of three letters and more, lower case, without a plural s."""
    return {word.rstrip("s") for word in _WORD.findall(text.lower())}

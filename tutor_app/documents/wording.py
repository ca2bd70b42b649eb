"""Short texts taken apart: clauses, words with their negations, opposites, copied questions."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_WORD_LISTS = Path(__file__).with_suffix(".toml")
# a capital begins a sentence also where the stop before it was forgotten
_STARTS = (
    "It|Its|This|That|These|Those|They|Their|There|The|Then|So|Because|Since|But|And|If|When|While|"
    "In|On|At|By|With|Without|For|From|After|Before|As|Also|However|Therefore|Thus|Hence|No|Not|"
    "We|You|He|She|His|Her|All|Both|Each|Every|Some|Most|What|Which|Why|How"
)
_SENTENCE_END = re.compile(rf"(?<=[.!?…])\s+|\n+|\s*;\s*|:\s+|(?<=[\w)%])\s+(?=(?:{_STARTS})\s)")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)?|[=<>^²]|[,;:.!?]")
_ENDINGS = ("ations", "ation", "ingly", "edly", "ings", "ing", "ness", "ies", "ied", "ers", "ed")
_SHORT_ENDINGS = ("ly", "es", "s", "er")
_SHORT_TEXT = 30
_NEGATION_REACH = 3
_COPIED_RUN = 6
_COPIED_WORDS = 0.9


def fold(text: str) -> str:
    """Return the text in lower case, without accents and with straight apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def clauses(text: str, limit: int = 32) -> list[str]:
    """Return the sentences and their clauses, verbatim; a short text also as a whole.

    The sentences come first, so that in a long text the limit cuts clauses.
    """
    sentences = sentences_of(text)
    whole = [text.strip()] if len(sentences) > 1 and len(text.split()) <= _SHORT_TEXT else []
    parts = [part for sentence in sentences for part in _parts(sentence)]
    return list(dict.fromkeys([*sentences, *whole, *parts]))[:limit]


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, verbatim.

    A line, a colon and a semicolon end one too, and so does a capital that begins the next.
    """
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def marked_words(text: str) -> list[str]:
    """Return the stems of the words that carry meaning; a negated one begins with "¬".

    A negation reaches three words far, at most to the end of the clause (the marking of Pang,
    Lee and Vaithyanathan, 2002, with a shorter reach).
    """
    lists, found, reach = _lists(), list[str](), 0
    for token in _TOKEN.findall(fold(text)):
        word = re.sub(r"'(?:s|re|ll|d|ve|m)$", "", token)
        if word in lists["turns"] or not re.match(r"[\w=<>^²]", word):
            reach = 0
        if word in lists["negations"] or word.endswith("n't"):
            found += ["not", *([word] if word in ("no", "nothing", "none") else [])]
            reach = _NEGATION_REACH
        elif word not in lists["stop"] and re.match(r"[\w=<>^²]", word):
            found.append(f"¬{stem(word)}" if reach else stem(word))
            reach = max(0, reach - 1)
    return found


def stem(word: str) -> str:
    """Return the word without common English endings; crude, but the same for all its forms."""
    for ending in (*_ENDINGS, *_SHORT_ENDINGS):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@cache
def opposites(word: str, *, wide: bool = False) -> frozenset[str]:
    """Return the stems that mean the opposite of a stem.

    Args:
        word: a stem.
        wide: count pairs, too, that are opposites in most texts only; a model that weighs them
            may see them, a rule may not.
    """
    lists = _lists()
    return frozenset(
        there
        for left, right in [*lists["opposites"], *(lists["more opposites"] if wide else ())]
        for here, others in ((left, right), (right, left))
        if word in here
        for there in others
    )


def is_reported(clause: str) -> bool:
    """Tell whether a clause says what somebody else thinks, or what would be if."""
    return bool(_lists()["reported"].search(fold(clause)))


def repeats(clause: str, question: str) -> bool:
    """Tell whether a clause only says the question again, or has no word that can be read."""
    return not _plain(clause) or copies(clause, question)


def copies(clause: str, question: str) -> bool:
    """Tell whether a clause has words, and they only say the question again."""
    words, (asked, stems) = _plain(clause), _asked(question)
    if not words:
        return False
    run = max(_runs(words, asked), default=0)
    content = set(marked_words(clause))
    shared = len(content & stems) / max(1, len(content))
    return (run >= _COPIED_RUN and run / len(words) > 0.5) or (
        len(words) > 8 and len(content) >= 4 and shared > _COPIED_WORDS
    )


@lru_cache(maxsize=64)
def _asked(question: str) -> tuple[str, frozenset[str]]:
    return f" {' '.join(_plain(question))} ", frozenset(marked_words(question))


def _parts(sentence: str) -> Iterator[str]:
    pieces = [p.strip() for p in _lists()["clause break"].split(sentence)]
    if len(pieces) > 1:
        yield from (piece for piece in pieces if len(piece.split()) >= 2)


def _plain(text: str) -> list[str]:
    return [stem(word) for word in re.findall(r"[a-z'-]+|\d+", fold(text))]


def _runs(words: list[str], text: str) -> Iterator[int]:
    """Yield the length of the longest run of words from each start that stands in the text."""
    longest = 0
    for start in range(len(words)):
        while start + longest < len(words) and (
            f" {' '.join(words[start : start + longest + 1])} " in text
        ):
            longest += 1
        yield longest


@cache
def _lists() -> dict[str, Any]:
    data = tomllib.loads(_WORD_LISTS.read_text(encoding="utf-8"))
    return {
        "stop": frozenset(data["stop"].split()),
        "negations": frozenset(data["negations"].split()),
        "turns": frozenset(data["turns"].split()),
        "reported": re.compile(data["reported"].replace("\n", "")),
        "clause break": re.compile(rf",?\s+(?:{data['clause_starts']})\s+|,\s+", re.IGNORECASE),
        **{
            key.replace("_", " "): [
                tuple(frozenset(map(stem, side.split())) for side in pair) for pair in data[key]
            ]
            for key in ("opposites", "more_opposites")
        },
    }

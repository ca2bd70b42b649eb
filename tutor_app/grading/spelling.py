"""How much of an answer is misspelt, for the fairness report only; never for a grade."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from spellchecker import SpellChecker

from tutor_app.domain.rubric import Rubric

LANGUAGES = frozenset({"en"})
"""English only: of the words of the Spanish gold answers, the library's list lacks 31 % (of the
English ones 0.6 %), which would say more about the list than about the answers."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 3
_COMMON, _COMMON_SHARE = 3, 0.05
"""A word that so many answers share is a term of the course, whatever the dictionary says."""


class Spelling:
    """Knows the words of a language's dictionary, of the rubrics, and those that answers share."""

    def __init__(self, rubrics: Sequence[Rubric], answers: Iterable[str]):
        """Collect the words that are right here.

        Args:
            rubrics: their questions, answers, levels and key elements.
            answers: all answers of the batch; a stream is read once.
        """
        shared: Counter[str] = Counter()
        read = 0
        for text in answers:
            shared.update(set(_words(text)))
            read += 1
        enough = max(_COMMON, read * _COMMON_SHARE)
        self._known = {word for word, count in shared.items() if count >= enough}
        for rubric in rubrics:
            self._known.update(_words(rubric.model_dump_json()))

    def error_rate(self, text: str, language: str = "") -> float | None:
        """Return the share of words that are in no list, in [0, 1].

        Names and abbreviations (capital letters within a sentence, or throughout) do not count.

        Args:
            text: an answer.
            language: two-letter code; "" is taken for English.

        Returns:
            None for a language without a dictionary here, or where there is no word.
        """
        if (language or "en") not in LANGUAGES:
            return None
        words = _words(text)
        if not words:
            return None
        dictionary = _dictionary(language or "en")
        wrong = [word for word in words if word not in self._known and word not in dictionary]
        return len(wrong) / len(words)


def _words(text: str) -> list[str]:
    """Return the words in small letters, without names within a sentence and abbreviations."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0].replace("’", "'")
        before = text[: match.start()].rstrip(" \"'“(")[-1:]
        starts = before in ("", ".", "!", "?", "\n", ":")
        if len(word) < _SHORTEST or (not word.islower() and not (starts and word.istitle())):
            continue
        found.append(re.sub(r"'s$", "", word.lower()))
    return found


@cache
def _dictionary(language: str) -> Mapping[str, int]:
    return SpellChecker(language=language, distance=1).word_frequency.dictionary

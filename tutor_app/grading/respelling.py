"""Misspelt words put right before an answer is compared, so that spelling earns and costs nothing.

Only what is compared: quotes are of what the learner wrote. A word that is in the dictionary or in
the rubric stays; so does one that might be either of two words of the rubric.
"""

import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from tutor_app.domain.rubric import Rubric

_WORD = re.compile(r"[^\W\d_]{4,}(?:['’][^\W\d_]+)?")
_LONG = 8
"""Letters from which two typing errors are one word's; "mitosis" and "meiosis" are two apart."""
# as people type them; the list of words would make "dost" of "dosnt"
_CONTRACTIONS = frozenset(
    "dont doesnt isnt wasnt cant wont didnt arent werent hasnt havent hadnt wouldnt couldnt "
    "shouldnt thats theres theyre youre itll theyll because".split()
)


class Respelling:
    """Puts the words of answers to one question right."""

    def __init__(self, rubric: Rubric):
        """Collect the words of a rubric."""
        said = [rubric.question, *rubric.reference_answers]
        for criterion in rubric.criteria:
            said += [criterion.title, *(one.description for one in criterion.levels)]
            said += [one.example for one in criterion.levels]
            for element in criterion.key_elements:
                said += [element.text, *element.variants]
        found = {word.lower() for text in said for word in _WORD.findall(text)}
        self._known = frozenset(found & _dictionary() | {w for w in found if len(w) >= _LONG})
        self._one = lru_cache(maxsize=4096)(self._respelt)

    def __call__(self, text: str) -> str:
        """Return the text with misspelt words put right; all else stays."""
        return _WORD.sub(lambda match: self._one(match[0]), text)

    def _respelt(self, word: str) -> str:
        small = word.lower().replace("’", "'")
        # a name or an abbreviation is no misspelling
        if small in self._known or not (word.islower() or word.istitle()):
            return word
        if small in _dictionary() or small in _CONTRACTIONS or small.endswith("'s"):
            return word
        most = 2 if len(small) >= _LONG else 1
        near = sorted(
            (distance, other)
            for other in self._known | _CONTRACTIONS
            if (distance := OSA.distance(small, other, score_cutoff=most)) <= most
        )
        if near and (len(near) == 1 or near[0][0] < near[1][0]):
            return near[0][1]
        return word if near or word.istitle() else _checker().correction(small) or word


@cache
def _checker() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


@cache
def _dictionary() -> frozenset[str]:
    return frozenset(_checker().word_frequency.dictionary)

"""Key elements that a rubric might want: sentences out of what the instructor wrote already.

No model is asked. Suggestions are shown as such, and nothing is saved unless a person takes it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from tutor_app.documents.sentences import sentence_spans
from tutor_app.documents.wording import marked_words

Data = Mapping[str, Any]
REFERENCE, LEVEL, COURSE = "a reference answer", "the best level", "the course"
_SAYS = (
    r"(?:clearly |correctly )?(?:says?|states?|explains?|mentions?|shows?|notes?|argues?"
    r"|recogni[sz]es?|knows?|writes?|concludes?|points out|realizes|gives the reason)"
)
_CLAIM = re.compile(rf"^{_SAYS} (?:also )?that\s+", re.IGNORECASE)
_AND_THAT = re.compile(r",?\s+(?:and|or)(?: also)? that\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^)]*\)")
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])")
_LIKE = 0.6
_SHORTEST, _LONGEST = 3, 40


@dataclass(frozen=True)
class Suggestion:
    """A sentence that might be a key element, and where it is from."""

    text: str
    source: str


def suggest_ideas(data: Data, number: int, most: int = 5) -> list[Suggestion]:
    """Return sentences that a criterion might look for, the likeliest first.

    They come from its best level ("Says that ..." without those words) and from the sentences of
    the reference answers that share more of their telling words with this criterion than with the
    others. What an idea of the criterion says already is left out.

    Args:
        data: the data of the rubric's file, right or wrong.
        number: of the criterion, from 0.
        most: how many at most.
    """
    criteria: Sequence[Data] = data["criteria"]
    criterion = criteria[number]
    found = [Suggestion(text, LEVEL) for text in _claims(_best(criterion))]
    own = [_words(f"{c['title']}. {_best(c)}") for c in criteria]
    rare = _rarity(own, data["reference_answers"])
    ranked = []
    for answer in data["reference_answers"]:
        for start, end in sentence_spans(answer):
            words = _words(answer[start:end])
            scores = [sum(rare[word] for word in words & one) for one in own]
            if scores[number] > 0 and scores[number] == max(scores):
                ranked.append((scores[number] / (1 + len(words)), answer[start:end]))
    ranked.sort(reverse=True)
    found += [Suggestion(" ".join(text.split()), REFERENCE) for _, text in ranked]
    return _new(found, criterion)[:most]


def suggest_from_passages(
    data: Data, number: int, passages: Sequence[str], most: int = 3
) -> list[Suggestion]:
    """Return the sentences of course passages that are nearest to a criterion by their words."""
    criterion = data["criteria"][number]
    wanted = _words(criterion_words(data, number))
    ranked = []
    for passage in passages:
        # tables, headings, code and formulas are no sentences
        prose = "\n".join(
            _EMPHASIS.sub("", line)
            for line in passage.split("\n")
            if not line.lstrip().startswith(("|", "#", "`", "$"))
        )
        for start, end in sentence_spans(prose):
            text = " ".join(prose[start:end].split()).lstrip("-* ")
            words = _words(text)
            if len(words & wanted) >= 2 and _SHORTEST < len(text.split()) <= _LONGEST:
                ranked.append((len(words & wanted) / (4 + len(words)), text))
    ranked.sort(reverse=True)
    found = [Suggestion(text, COURSE) for _, text in ranked]
    return _new(found, criterion)[:most]


def criterion_words(data: Data, number: int) -> str:
    """Return what to search the course for: the criterion, its best level and the question."""
    criterion = data["criteria"][number]
    return " ".join(f"{criterion['title']} {_best(criterion)} {data['question']}".split())[:400]


def _best(criterion: Data) -> str:
    levels: Sequence[Data] = criterion["levels"]
    if not levels:
        return ""
    return str(max(levels, key=lambda level: level["points"] or 0.0)["description"])


def _claims(description: str) -> list[str]:
    """Return what a level wants an answer to say, a sentence for each claim."""
    claims = []
    for start, end in sentence_spans(description):
        sentence = _ASIDE.sub("", description[start:end].strip())
        if not (begins := _CLAIM.match(sentence)):
            continue
        for part in _AND_THAT.split(sentence[begins.end() :]):
            text = part.strip(" .;,")
            if len(text.split()) >= _SHORTEST:
                claims.append(f"{text[0].upper()}{text[1:]}.")
    return claims


def _rarity(own: Sequence[set[str]], answers: Sequence[str]) -> dict[str, float]:
    """Return a weight for each word: one that only this criterion has tells the most."""
    count = Counter(word for words in own for word in words)
    words = {word for answer in answers for word in _words(answer)} | set(count)
    return {word: log((1 + len(own)) / max(1, count[word])) for word in words}


def _new(found: Sequence[Suggestion], criterion: Data) -> list[Suggestion]:
    """Leave out what the criterion's ideas or an earlier suggestion say already."""
    known = [
        _words(text)
        for idea in criterion["key_elements"]
        for text in (idea["text"], *idea["variants"])
    ]
    kept = []
    for suggestion in found:
        words = _words(suggestion.text)
        if words and all(
            len(words & one) < _LIKE * min(len(words), len(one)) for one in known if one
        ):
            kept.append(suggestion)
            known.append(words)
    return kept


def _words(text: str) -> set[str]:
    """Return the telling words, denied or not: what a sentence is about."""
    return {word.removeprefix("¬") for word in marked_words(text)}

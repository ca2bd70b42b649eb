"""For answers in words: does a reply say what only the learner should say?

Measured on words brought to a common form (lexical.py): how much of a known right wording the reply
covers, how much of the reply the wording covers, and how many of the words that most wordings of
the element share. Words that say how something comes out (equal, smaller, downward) weigh most,
because they are what the learner must find. Leaving each wording of the demo course's rubrics out
in turn, these thresholds find nearly nine of ten of those left out; sentence embeddings found less
than four at a higher rate of false alarms.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from tutor_app.domain.course import HintLevel
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.verification.lexical import (
    OUTCOMES,
    clauses,
    is_claim,
    is_negated,
    sentences,
    stem_sequence,
    stems,
    without_rhetoric,
)
from tutor_app.tutoring.verification.withheld import Withheld, is_settled, prompt_text

_FEWEST = 2
_SAME_WORDS = 0.67
_MOST_OF_REPLY = 0.70
_PART_OF_WORDING = 0.40
_OUTCOME_SAME_WORDS = 0.50
_OUTCOME_OF_REPLY = 0.40
_OUTCOME_OF_WORDING = 0.20
_CORE_WORDS = 6
_CORE_SHARE = 0.45
_CORE_OF_REPLY = 0.25
_FEWEST_RESTATED = 3
_RESTATED = 0.6
_SHORT_GUESS = 12
_TOUCHING = 0.25
_TELLING = 0.50
_TELLING_REPLY = 0.60
_ALL_FROM_PROMPT = 0.70
_ASKED_WORDS = 0.90
_FEWEST_ASKED = 3
_FROM_COURSE = 0.75
_VERBATIM_WORDS = 6
_VERBATIM = 88.0


def element_given_away(text: str, hidden: Withheld) -> str:
    """Return why the reply gives a key element or the reference answer away, or ""."""
    rubric = hidden.context.rubric
    if rubric is None or is_settled(hidden.context):
        return ""
    known = stems(prompt_text(hidden.context))
    earned = _earned(hidden)
    telling = frozenset(word for _, ws in _elements(rubric) for w in ws for word in stems(w))
    heard = frozenset(word for t in hidden.context.counted_texts for word in stems(t))
    for said in _windows(_own_words(text, hidden)):
        new = (stems(said) & telling) - heard
        if heard and not (new & OUTCOMES or new - known):
            continue  # it only repeats the learner
        for element, wordings in _elements(rubric):
            if element not in earned and _gives_away(said, wordings, known):
                return f"says what the learner should say ({element}): {said[:80]!r}"
    return _repeats_reference(text, rubric)


def _repeats_reference(text: str, rubric: Rubric) -> str:
    for reference in rubric.reference_answers:
        for sentence in sentences(reference):
            for said in sentences(text):
                words = min(len(said.split()), len(sentence.split()))
                if words >= _VERBATIM_WORDS and (
                    fuzz.ratio(said.lower(), sentence.lower()) >= _VERBATIM
                ):
                    return f"repeats the reference answer: {said[:80]!r}"
    return ""


def elements_shown_by(text: str, hidden: Withheld) -> frozenset[str]:
    """Return the withheld key elements that a text of the learner conveys."""
    rubric = hidden.context.rubric
    if rubric is None:
        return frozenset()
    known = stems(prompt_text(hidden.context))
    windows = list(_windows(sentences(text)))
    shown = {
        element
        for element, wordings in _elements(rubric)
        if any(_gives_away(said, wordings, known) for said in windows)
    }
    return frozenset(shown) - _earned(hidden)


def touches_element(text: str, hidden: Withheld) -> bool:
    """Say whether a short guess of the learner has a word that many wordings share."""
    rubric = hidden.context.rubric
    if rubric is None or len(text.split()) > _SHORT_GUESS:
        return False
    known = stems(prompt_text(hidden.context))
    earned = _earned(hidden)
    said = stems(text)
    return any(
        weight >= _TOUCHING and (word not in known or word in OUTCOMES)
        for element, wordings in _elements(rubric)
        if element not in earned
        for word, weight in _core(wordings)[0].items()
        if word in said
    )


def _own_words(text: str, hidden: Withheld) -> list[str]:
    """Return the sentences, at the concept level without those that state the course's own law."""
    prompt = prompt_text(hidden.context)
    parts = [
        part
        for sentence in sentences(text)
        if (part := without_rhetoric(sentence)) and not _restates(part, prompt)
    ]
    if hidden.context.level.rank < HintLevel.CONCEPT.rank or not hidden.context.passages:
        return parts
    course = [stems(passage.text) for passage in hidden.context.passages]
    return [
        part
        for part in parts
        if not any(len(stems(part) & words) >= _FROM_COURSE * len(stems(part)) for words in course)
    ]


def _windows(parts: list[str]) -> Iterator[str]:
    """Yield every sentence, and every pair of neighboring claims."""
    for part in parts:
        yield from clauses(part) if is_claim(part) else [part]
    claims = [part for part in parts if is_claim(part)]
    for first, second in pairwise(claims):
        yield f"{first} {second}"


def _elements(rubric: Rubric) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every key element with the wordings that show it, their telling clauses included."""
    for criterion in rubric.criteria:
        for element in criterion.key_elements:
            texts = (element.text, *element.variants)
            yield element.id, tuple(clause for text in texts for clause in clauses(text))


def _earned(hidden: Withheld) -> frozenset[str]:
    """Return the elements shown in counted attempts: by the rubric's judge, or almost verbatim."""
    rubric, context = hidden.context.rubric, hidden.context
    if rubric is None:
        return frozenset()
    met = {s.criterion for s in context.item.steps if s.id in context.diagnosis.steps_shown}
    found = {e.id for c in rubric.criteria if c.id in met for e in c.key_elements}
    known = stems(prompt_text(context))
    outcomes = frozenset(w for _, ws in _elements(rubric) for x in ws for w in stems(x)) & OUTCOMES
    for text in context.counted_texts:
        for said in _windows(sentences(text)):
            if stems(said) & OUTCOMES <= outcomes:
                found |= {e for e, ws in _elements(rubric) if _is_shown(said, ws, known)}
    return frozenset(found)


def _is_shown(said: str, wordings: tuple[str, ...], known: frozenset[str]) -> bool:
    """Say whether a learner's sentence shows an element, with all that a wording brings about."""
    outcome = stems(said) & OUTCOMES
    fitting = tuple(w for w in wordings if stems(w) & OUTCOMES == outcome)
    return bool(fitting) and _gives_away(said, fitting, known)


def _restates(part: str, prompt: str) -> bool:
    """Say whether a claim only repeats what the prompt tells."""
    words = stem_sequence(part)
    if len(words) < _FEWEST_RESTATED or not is_claim(part):
        return False
    told = [stem_sequence(sentence) for sentence in sentences(prompt)]
    if not any(set(words) <= {*a, *b} for a, b in pairwise([(), *told, ()])):
        return False
    near = {
        frozenset((word, other))
        for sentence in told
        for n, word in enumerate(sentence)
        for other in sentence[n + 1 : n + 4]
    }
    pairs = [frozenset(pair) for pair in pairwise(words)]
    return sum(pair in near for pair in pairs) >= _RESTATED * len(pairs)


def _gives_away(said: str, wordings: tuple[str, ...], known: frozenset[str]) -> bool:
    if is_claim(said) and _has_core(said, wordings):
        return True
    words, weights = stems(said), _core(wordings)[0]
    short = len(words) <= _FEWEST and is_claim(said) and words <= weights.keys()
    if short and any(word in OUTCOMES and weights[word] >= _TOUCHING for word in words):
        return True  # "It is a tie."
    return any(_conveys(said, wording, known) for wording in wordings)


@lru_cache(maxsize=256)
def _core(wordings: tuple[str, ...]) -> tuple[dict[str, float], float]:
    """Return each stem's share of the wordings, and the sum of the greatest shares."""
    counts = Counter(word for wording in wordings for word in stems(wording))
    weights = {word: count / len(wordings) for word, count in counts.items()}
    return weights, sum(sorted(weights.values(), reverse=True)[:_CORE_WORDS])


def _has_core(said: str, wordings: tuple[str, ...]) -> bool:
    """Say whether a claim is made of the words that the wordings have in common."""
    weights, greatest = _core(wordings)
    words = stems(said)
    if len(words & weights.keys()) < _FEWEST:
        return False
    found = sum(weights.get(word, 0.0) for word in words)
    return found >= _CORE_SHARE * greatest and found >= _CORE_OF_REPLY * len(words)


def _conveys(said: str, wording: str, known: frozenset[str]) -> bool:
    """Say whether a sentence carries the idea of a wording, beyond the words of the prompt."""
    own, theirs = stems(wording), stems(said)
    shared = own & theirs
    if len(shared) < _FEWEST or is_negated(said) != is_negated(wording):
        return False
    of_wording, of_reply = len(shared) / len(own), len(shared) / len(theirs)
    if not shared - known:
        # the words are the prompt's; only nearly the same sentence says what the prompt does not
        if shared & OUTCOMES and of_reply >= _TELLING_REPLY and of_wording >= _TELLING:
            return is_claim(said)
        return is_claim(said) and min(of_wording, of_reply) >= _ALL_FROM_PROMPT
    if not is_claim(said):
        return of_wording >= _ASKED_WORDS and len(shared) >= _FEWEST_ASKED
    if of_wording >= _SAME_WORDS or (of_reply >= _MOST_OF_REPLY and of_wording >= _PART_OF_WORDING):
        return True
    return bool(shared & OUTCOMES) and (
        of_wording >= _OUTCOME_SAME_WORDS
        or (of_reply >= _OUTCOME_OF_REPLY and of_wording >= _OUTCOME_OF_WORDING)
    )


def stretches_conveying(text: str, wordings: tuple[str, ...], prompt: str) -> list[str]:
    """Return the sentences and clauses of a text that say what the wordings say."""
    known = stems(prompt)
    return [said for said in _windows(sentences(text)) if _gives_away(said, wordings, known)]

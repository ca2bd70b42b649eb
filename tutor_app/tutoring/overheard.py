"""Second thoughts about an intent: words of the exercise itself are no evidence of anything else.

A classifier hears topics. In cell biology cells die and poisons kill, in Python one is told what
to print, so its guess must be borne out by who speaks, to whom, and by words from outside.
"""

import re

from tutor_app.documents.wording import fold
from tutor_app.domain.dialogue import Channel
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.intents import UNSAFE_FLOOR, Intent, cue_intent, worries
from tutor_app.tutoring.offered import asks_how, content, is_question

HALF = 0.5
# so many words of the exercise make a text one about it, however long it is
MANY_WORDS, SOME_WORDS = 5, 3
MAX_ABUSE_WORDS = 8
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_OPINION = re.compile(
    r"\b(?:i|we) (?:would |'d )?(?:think|guess|believe|suppose|mean|say|know|remember|learn\w*)\b"
    r"|\bin my opinion\b|\bi'd say\b|\bmy (?:answer|guess|idea|teacher)\b"
    r"|\b(?:creo|ich (?:denke|glaube)|je (?:pense|crois)|credo)\b"
)
_SPEAKER = re.compile(
    r"\b(?:i|i'?m|i'?ve|i'?d|im|me|my|mine|myself|we|us|our|ich|mir|mich|mein\w*|uns\w*|"
    r"yo|mi|mis|estoy|tengo|quiero|voy|je|moi|mon|ma|mes|io|mio|mia|ho|eu|meu|minha)\b"
    r"|\b[jm]'\w"
)
_RULES = re.compile(
    r"\b(?:tutors?|bot|chat(?:bot)?|ai|assistant|software|machine|robot|teachers?|graders?|grading|"
    r"rubric|criteri\w+|marks?|points|score|system|prompts?|guardrails?|guidelines?|instructions?|"
    r"rules?|developers?|admin\w*|configuration|answers?|solutions?|hints?|permission|principal|"
    r"reveal|pretend\w*|roleplay|obey|comply|braindead|pathetic|shit|crap|fuck\w*|loser|clown|"
    r"reglas|regles|consignes|regeln|anweisung\w*|regole|regras)\b"
)
_YOU = re.compile(r"\b(?:your|you(?:'re| are| were)|u (?:r|are)|ur)\b")
_GIVES_UP = re.compile(
    r"\b(?:idk|dunno|no (?:idea|clue)|not sure|unsure|(?:tell|give|show) me|"
    r"i(?:'?m| am) (?:\w+ )?(?:stuck|lost|confused)|"
    r"i (?:\w+ )?(?:do not|don'?t|cannot|can'?t) (?:\w+ )?(?:know|understand|get|see|remember))\b"
)
_DOUBTED = frozenset(
    {"off_topic", "social", "stuck", "no_attempt", "asks_answer", "done", "disputes"}
)


def reconsider(
    intent: Intent, channel: Channel, text: str, item: Item, rubric: Rubric | None
) -> Intent:
    """Return the intent, or a likelier one where only the exercise's own words spoke for it.

    What a cue settles stays. In the answer box of an item in words a doubted text is an attempt,
    which the rubric then judges; elsewhere the runner-up takes its place.
    """
    if cue_intent(text):
        return intent
    typed_answer = channel == "answer" and rubric is not None
    doubted = (
        (intent.name == "unsafe" and not _is_danger(intent, text, item, rubric))
        or (intent.name == "hostile" and not _is_hostile(text, item, rubric, typed_answer))
        or (typed_answer and intent.name in _DOUBTED and _is_answer(text, item, rubric))
    )
    if not doubted:
        return intent
    name = "attempt" if typed_answer else intent.runner_up or "attempt"
    return Intent(name, intent.confidence)


def material_words(item: Item, rubric: Rubric | None) -> frozenset[str]:
    """Return the stems of all that an item and its rubric say, negation left out."""
    parts = [item.title, item.prompt]
    parts += [part for s in item.steps for part in (s.goal, s.work, s.why)]
    parts += [hint.text for hint in item.hints]
    parts += [part for m in item.misconceptions for part in (m.title, *m.says)]
    if item.answer.kind == "choice":
        parts += [option.text for option in item.answer.options]
    if rubric is not None:
        parts += [rubric.question, *rubric.reference_answers]
        for criterion in rubric.criteria:
            parts += [criterion.title, criterion.grader_note]
            parts += [
                part for level in criterion.levels for part in (level.description, level.example)
            ]
            parts += [part for key in criterion.key_elements for part in (key.text, *key.variants)]
    return _stems(" ".join(parts))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.removeprefix("¬") for word in content(text))


def _shared(text: str, item: Item, rubric: Rubric | None) -> tuple[int, float]:
    """Return how many words are the exercise's own, and their share in [0, 1]."""
    said = _stems(text)
    own = len(said & material_words(item, rubric))
    return own, own / max(1, len(said))


def _is_danger(intent: Intent, text: str, item: Item, rubric: Rubric | None) -> bool:
    """Tell whether somebody here is in danger, and not only a cell or a suitcase."""
    own, share = _shared(text, item, rubric)
    sentences = [_OPINION.sub("", fold(part)) for part in _SENTENCE.split(text)]
    if any(_SPEAKER.search(part) for part in sentences):
        if intent.confidence >= UNSAFE_FLOOR or own < MANY_WORDS:
            return True
        return any(_SPEAKER.search(part) and worries(part) for part in sentences)
    about_item = own >= MANY_WORDS or share > HALF or (own >= SOME_WORDS and share >= HALF)
    return not about_item


def _is_hostile(text: str, item: Item, rubric: Rubric | None, typed_answer: bool) -> bool:
    """Tell whether a text is addressed to the tutor, its rules or the grader."""
    own, share = _shared(text, item, rubric)
    known, said = material_words(item, rubric), fold(text)
    if any(not (_stems(match[0]) & known) for match in _RULES.finditer(said)):
        return True
    if own < MANY_WORDS and _YOU.search(said):
        return True
    if typed_answer:
        return own == 0 and len(_stems(text)) <= MAX_ABUSE_WORDS
    return not (own >= SOME_WORDS and share >= HALF)


def _is_answer(text: str, item: Item, rubric: Rubric | None) -> bool:
    """Tell whether a typed answer speaks of the exercise and neither asks nor gives up."""
    if _GIVES_UP.search(fold(text)) or is_question(text) or asks_how(text):
        return False
    return _shared(text, item, rubric)[1] >= HALF

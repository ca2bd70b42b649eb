"""Answers to the tutor's own last question: "newton", "zero", "yes, both".

What is heard is not confirmed: only a unit, or words of this step's own concept, can be checked by
code; anything else is quoted and built on.
"""

import math
import re

from tutor_app.answers.solution import Solution
from tutor_app.answers.typed_units import units_at
from tutor_app.answers.unit_names import WORDS
from tutor_app.answers.units import same_dimension
from tutor_app.documents.wording import marked_words, opposites
from tutor_app.domain.answer import Reading
from tutor_app.domain.item import Item
from tutor_app.tutoring.intents import Intent, cue_intent
from tutor_app.tutoring.offered import asks_how, content, is_question
from tutor_app.tutoring.state import DialogueState

MAX_WORDS = 18
SHORT_WORDS = 5
SURE = 0.8
MIN_SHARED = 2
_QUESTION = re.compile(r"[^.!?]*\?")
_WHAT = re.compile(
    r"\W*(?:(?:so|but|and|ok|okay|wait|hm+)\W+)*(?:what|wht|how|why|who|where|when|which)'?s?\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_GIVES_UP = re.compile(
    r"\b(?:idk|idc|dunno|no (?:idea|clue)|not sure|unsure|stuck|confus\w*|lost|help|hints?|"
    r"(?:do not|don'?t|didn'?t|cannot|can'?t) (?:know|get|see|understand|do|think)|"
    r"(?:tell|give|show) me|just (?:say|tell|give)|the answer|please|skip|whatever|never mind|nvm|"
    r"next one|done|finished|bored|boring|hate)\b",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\W*(?:ok|okay|k|hi|hello|hey|yo|lol|haha+|cool|nice|great|good|sure|hm+|um+|thanks?|thx|bye|"
    r"good (?:morning|evening|night)|how are you|what|huh|wow|right|alright|fine|\W)*\W*$",
    re.IGNORECASE,
)
_SHORT_REPLY = re.compile(
    r"\W*(?:yes|yeah|yep|yup|ye|no|nope|nah|both|neither|none|all|some)\b", re.I
)
_YES_NO = re.compile(
    r"(?:^|[,;]\s*|\b(?:and|so|or)\s+)(?:is|are|was|were|does|do|did|can|could|should|would|will|"
    r"has|have|must)\b[^?]*\?$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\bhow (?:many|much|far|long|high|wide|large|fast|strong)\b", re.IGNORECASE)
_CHATTY = frozenset({"off_topic", "social", "done"})
_ROUND = (60.0, 100.0, 1000.0, 3600.0)


def open_question(state: DialogueState) -> str:
    """Return the last question of the tutor's last reply, or its last sentence, which asks too."""
    if not state.replies:
        return ""
    last = state.replies[-1]
    asked = _QUESTION.findall(last) or _SENTENCE.split(last.strip())
    return asked[-1].strip()


def answers_question(text: str, intent: Intent, item: Item, state: DialogueState) -> bool:
    """Tell whether a chat line answers the tutor's last question, rightly or not."""
    asked = open_question(state)
    if not asked or state.closed or not 0 < len(text.split()) <= MAX_WORDS:
        return False
    if _asks(text) or _SMALL_TALK.fullmatch(text):
        return False
    if _SHORT_REPLY.match(text) and not content(_SHORT_REPLY.sub("", text)):
        return bool(_YES_NO.search(asked)) or " or " in asked
    if _GIVES_UP.search(text):
        return False
    if _near(text, asked, item):
        return True
    if intent.name in _CHATTY:
        return intent.confidence < SURE and len(text.split()) <= SHORT_WORDS
    return True


def thinks_aloud(text: str, item: Item) -> bool:
    """Tell whether a chat line states something about the exercise, whatever it sounds like."""
    about = content(f"{item.prompt} {' '.join(f'{s.goal} {s.work}' for s in item.steps)}")
    said = {w.removeprefix("¬") for w in content(text)}
    return len(said & about) >= MIN_SHARED and not (_asks(text) or _GIVES_UP.search(text))


def _asks(text: str) -> bool:
    return bool(is_question(text) or asks_how(text) or _WHAT.match(text) or cue_intent(text))


def _near(text: str, asked: str, item: Item) -> bool:
    """Tell whether a line shares a word of content with the question or the exercise."""
    about = " ".join((asked, item.prompt, *(f"{s.goal} {s.work}" for s in item.steps)))
    return bool({w.removeprefix("¬") for w in content(text)} & set(content(about)))


def only_an_amount(text: str, reading: Reading, solution: Solution, state: DialogueState) -> bool:
    """Tell whether a number answers "how many", "how much" and is no try at the exercise's answer.

    It must be zero, one in a word ("the upward one"), or made of given numbers alone; a number
    with a unit of another kind than the answer's is no try at it either.
    """
    asked, value = open_question(state), reading.value
    if value is None:
        return False
    if reading.unit and solution.answer and not same_dimension(reading.unit, solution.answer.unit):
        return True
    if not asked:
        return False
    if value == 0 or (value == 1 and not re.search(r"\d", text)):
        return True
    if not _AMOUNT.search(asked):
        return False
    given = [m.value for m in solution.quantities.values()]
    own = [*given, *_ROUND, *(n * r for n in given for r in _ROUND)]
    return all(any(math.isclose(n, known, rel_tol=1e-9) for known in own) for n in reading.numbers)


def belongs_here(text: str, item: Item, step_id: str, state: DialogueState) -> bool:
    """Tell whether code can vouch that the words have their place in this step.

    A unit, where the question asks for one, must fit the step or the answer. Words must come from
    the step's own line, reason or concept hint and not from the question, none of them may be
    denied or have an opposite (left, right; more, less), and the question must not be one of two
    options: there the words of the wrong one are near, too.
    """
    if item.answer.kind not in ("numeric", "symbolic"):
        # there, words are the answer
        return False
    asked = open_question(state)
    if re.search(r"\bunits?\b", asked, re.IGNORECASE) and (unit := _unit(text)):
        due = {item.step(step_id).unit, getattr(item.answer, "unit", "")} - {""}
        return any(same_dimension(unit, other) for other in due)
    said = content(text)
    step = item.step(step_id)
    concept = " ".join(h.text for h in item.hints_for(step_id) if h.level.value == "concept")
    known = {w for w in marked_words(f"{step.work} {step.why} {concept}") if w[0] != "¬"}
    named = (said & known) - content(asked)
    slippery = any(w.startswith("¬") or opposites(w) for w in said)
    return bool(named) and len(named) * 2 >= len(said) and not slippery and " or " not in asked


def _unit(text: str) -> str:
    plain = text.strip(" .!").removeprefix("in ").strip()
    if plain.lower() in WORDS:
        return WORDS[plain.lower()]
    units, end = units_at(plain, 0)
    return units[0] if units and end == len(plain) else ""

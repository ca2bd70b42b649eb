"""Is a chat line an answer? "gravity alone?" may be one, "what is gravity?" is not."""

import math
import re

from tutor_app.answers.exact import same_answer
from tutor_app.documents.wording import marked_words
from tutor_app.domain.answer import Reading
from tutor_app.domain.dialogue import Channel
from tutor_app.domain.item import ChoiceAnswer, Item
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.state import DialogueState, hint_asked

MAX_WORDS = 8
CLEAR_WORDS = 2
CLEAR_SHARE = 0.4
_ASKS = re.compile(
    r"\W*(?:what|why|how|when|where|which|who|whose|can|could|do|does|did|will|would|should|please|"
    r"explain|define|tell|show|give|help|describe|mean|meaning)\b",
    re.IGNORECASE,
)
_FILLERS = r"^\W*(?:(?:so|but|and|ok|okay|then|well|wait|um+|uh+|hm+|oh|sorry)\W+)*"
# "how about 19.8?" and "could it be 19.8?" put a value forward; these ask about the way to one
_ASKS_HOW = re.compile(
    _FILLERS
    + r"(?:(?:what|how)(?! (?:about|if)\b)|why|where|who|which(?! (?:is|gives|makes|means)\b)"
    r"|(?:do|does|did|can|could|shall|should|must|may|would|will)n?'?t? (?:i|we|you)\b"
    r"(?! (?:get|have|find)\b))\b",
    re.IGNORECASE,
)
_IS_QUESTION = re.compile(
    r"\?\W*$|(?:^|[,.;:!]\s*|\b(?:so|but|and|or)\s+)"
    r"(?:is|are|was|were|am|do|does|did|can|could|should|would|will)(?:n'?t)? "
    r"(?:that|this|it|i|my|the|you|we|there)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"=|≈|\b(i\s+(got|get|think|found|have)|is\s+it|it\s+is|it'?s|so\s+it|answer|result|maybe|about"
    r"|right|correct)\b",
    re.IGNORECASE,
)
_NO_MEANING = frozenset({"not", "no", "none", "nothing"})


def may_answer(text: str) -> bool:
    """Tell whether a chat line is short and does not ask or beg for something."""
    words = text.split()
    return 0 < len(words) <= MAX_WORDS and not _ASKS.match(text) and bool(content(text))


def content(text: str) -> frozenset[str]:
    """Return the stems that carry meaning, numbers left out; a negated one begins with "¬"."""
    stems = marked_words(text)
    return frozenset(w for w in stems if w not in _NO_MEANING and not w[0].isdigit())


def options_meant(text: str, answer: ChoiceAnswer) -> list[str]:
    """Return the letters of the options that hold every content word of the text."""
    said = content(text)
    return [option.id for option in answer.options if said and said <= content(option.text)]


def option_meant(text: str, answer: ChoiceAnswer) -> str:
    """Return the one option that a short line clearly means, or "".

    A single word is not enough, for one could go through the options word by word; nor is a small
    part of an option, which may be a thought on the way.
    """
    meant = options_meant(text, answer) if may_answer(text) else []
    if len(meant) != 1:
        return ""
    said, whole = content(text), content(answer.option(meant[0]).text)
    clear = len(said) >= CLEAR_WORDS and len(said) >= CLEAR_SHARE * len(whole)
    return meant[0] if clear else ""


def speaks_of_options(text: str, item: Item) -> bool:
    """Tell whether a short line takes up words of an option, or of a line of the solution."""
    if item.answer.kind != "choice" or not may_answer(text):
        return False
    said = content(text)
    return bool(options_meant(text, item.answer)) or any(
        said <= content(step.work) for step in item.steps
    )


def asks_how(text: str) -> bool:
    """Tell whether a line asks about the way: "do i divide by 3.6?", "how many seconds is 9 ms".

    A number in it is part of the question and no answer; an equation is one all the same.
    """
    return bool(_ASKS_HOW.match(text)) and not re.search("[=≈]", text)


def is_question(text: str) -> bool:
    """Tell whether a line asks anything: "is that wrong", "i used cos, is that right?"."""
    return bool(_IS_QUESTION.search(text) or _ASKS_HOW.match(text))


def asserts(text: str, reading: Reading, intent: Intent) -> bool:
    """Tell whether a chat line offers an answer, rather than mentioning a number.

    A line that leaves its arithmetic standing ("32*1.5/80 = ?") asks for a calculator.
    """
    if asks_how(text):
        return False
    if reading.value is not None and not any(
        math.isclose(abs(reading.value), number, rel_tol=1e-6) for number in reading.numbers
    ):
        return False
    if intent.name == "attempt" or _CLAIM.search(text):
        return intent.name not in ("asks_term", "asks_course", "asks_why")
    bare = reading.value is not None or reading.formula or reading.option or reading.exact
    return bool(bare) and len(text.split()) <= 4


def answers_hint(channel: Channel, text: str, item: Item, state: DialogueState) -> bool:
    """Tell whether a text says what the last hint asked for; options are picked for themselves."""
    if channel == "answer" and item.answer.kind == "choice":
        return False
    hint = hint_asked(item, state)
    return hint is not None and not asks_how(text) and same_answer(text, hint.answer)

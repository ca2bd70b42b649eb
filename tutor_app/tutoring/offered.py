"""Is a short chat line an answer? "gravity alone?" may be one, "what is gravity?" is not."""

import re

from tutor_app.documents.wording import marked_words
from tutor_app.domain.item import ChoiceAnswer, Item

MAX_WORDS = 8
CLEAR_WORDS = 2
CLEAR_SHARE = 0.4
_ASKS = re.compile(
    r"\W*(?:what|why|how|when|where|which|who|whose|can|could|do|does|did|will|would|should|please|"
    r"explain|define|tell|show|give|help|describe|mean|meaning)\b",
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

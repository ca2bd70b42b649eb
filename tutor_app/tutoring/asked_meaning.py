"""What a learner asks the meaning of: a symbol, a unit or a phrase of the exercise."""

import re
from dataclasses import dataclass
from typing import Literal

from tutor_app.answers.formula_tokens import spellings
from tutor_app.answers.typed_units import units_at
from tutor_app.domain.item import Item

MAX_WORDS = 14
MAX_BARE_WORDS = 3
_MEANS = re.compile(r"\b(?:means?|meaning|stand for|refer to|define|definition|counts as)\b", re.I)
_SYMBOL = r"(?P<x>[A-Za-zµμθαφΔ][A-Za-z]{0,5}(?:_?\{?\w{1,3}\}?)?)"
_AFTER = (
    r"(?=\W*$|\s*[,?]|\s+(?:in|here|for|means?|stands?|supposed|exactly|again|do|does|should|is|"
    r"refer|the)\b)"
)
_OPEN = r"^\W*(?:(?:so|but|and|ok|okay|wait|um+|uh+|hm+|sorry|hi|hello|hey|please)\W+)*"
_WHAT = r"(?:what|wht|wat)(?:'?s|\s+is|\s+are|\s+does|\s+do|\s+did|\s+was)?\s+"
_KIND = r"(?:(?:the|that|this)\s+)?(?:(?:symbol|letter|variable|unit|value)\s+)?[\"'“‘$]*"
_QUOTES = r"[\"'“”‘’$]*"
_SYMBOL_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _OPEN + _WHAT + _KIND + _SYMBOL + _QUOTES + _AFTER,
        _OPEN + r"(?:which|wich)\s+" + _KIND + _SYMBOL + _QUOTES + _AFTER,
        r"\b(?:meaning of|define|(?:they|you|it) means? by|stand for the)\s+" + _KIND + _SYMBOL
        + r"\W*$",
        _OPEN + r"(?:is|are)\s+" + _QUOTES + _SYMBOL + _QUOTES
        + r"\s+(?:the|an|in|before|after|just)\b",
        _OPEN + _QUOTES + _SYMBOL + _QUOTES
        + r"\s+(?:is\s+)?(?:measured|counted|taken|means|is)\s+(?:\w+\s+)?(?:where|what|which)\b",
    )
)  # fmt: skip
_PHRASE_ASKED = tuple(
    re.compile(_OPEN + pattern, re.IGNORECASE)
    for pattern in (
        r".*\b(?:meaning of|define|definition of|(?:they|you|it) means? by|explain the \w+)"
        r"\s+(?P<x>.+)",
        r".*\bwhat does it mean(?: to| that| when| if)?\s+(?P<x>.+)",
        r"(?:what|wht|wat)\s+(?:does|do|is|did)\s+(?P<x>.+?)\s+(?:mean|means|stand for|refer to|"
        r"supposed to (?:mean|be|tell me|tell us))\b.*",
        r"what counts as (?P<x>.+)",
        r"(?:what'?s|what is|what are|whats)\s+(?P<x>.+)",
    )
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_ARTICLE = re.compile(
    r"^(?:(?:the|an?|this|that)\s+)?(?:(?:word|phrase|term|expression|unit)s?\s+)?(?:(?:the|an?)\s+)?",
    re.I,
)
_TAIL = re.compile(
    r"\s+(?:in this (?:one|problem|exercise|question)|here|exactly|again|supposed to be)\W*$", re.I
)
_GREEK = {"µ": "mu", "μ": "mu", "θ": "theta", "α": "alpha", "φ": "phi"}


@dataclass(frozen=True)
class Asked:
    """What is asked about. `name` is a symbol's name in the item, or the phrase as typed."""

    kind: Literal["symbol", "phrase"]
    name: str


def asked_meaning(text: str, item: Item) -> Asked | None:
    """Return what a short question asks the meaning of; None where it asks something else."""
    if not 0 < len(text.split()) <= MAX_WORDS or "=" in text:
        return None
    for pattern in _SYMBOL_ASKED:
        for match in pattern.finditer(text):
            if name := _symbol(match["x"], item):
                return Asked("symbol", name)
    for pattern in _PHRASE_ASKED:
        if found := pattern.match(text):
            phrase = _ARTICLE.sub("", _EDGE.sub("", _TAIL.sub("", found["x"])))
            phrase = _EDGE.sub("", phrase)
            return Asked("phrase", phrase) if phrase else None
    return None


def asks_meaning(text: str, item: Item, intent: str) -> bool:
    """Tell whether a question asks for a symbol of the item, a unit, or a phrase of its prompt.

    A phrase behind a bare "what is" must be short: "what is the speed of the ball at the ground"
    asks for the answer.
    """
    asked = asked_meaning(text, item)
    if asked is None or (intent == "asks_answer" and asked.kind == "phrase"):
        return False
    if asked.kind == "symbol":
        return True
    explicit = bool(_MEANS.search(text))
    if not explicit and len(asked.name.split()) > MAX_BARE_WORDS:
        return False
    units, end = units_at(asked.name, 0)
    is_unit = bool(units) and end == len(asked.name)
    words = " ".join(re.findall(r"\w+", asked.name.lower()))
    return is_unit or words in " ".join(re.findall(r"\w+", item.prompt.lower()))


def symbols_of(item: Item) -> list[str]:
    """Return the names a learner sees: quantities, symbols of the answer, its target."""
    names = list(item.quantities)
    if item.answer.kind == "symbolic":
        names += [*item.answer.symbols, *([item.answer.target] if item.answer.target else [])]
    return names


def _symbol(typed: str, item: Item) -> str:
    plain = _GREEK.get(typed, typed).strip("{}")
    forms = spellings(tuple(symbols_of(item)))
    if plain in forms:
        return forms[plain]
    if len(plain) == 1 and plain.islower():
        # "a" and "i" are words, and v is not V
        return ""
    folded = [name for form, name in forms.items() if form.lower() == plain.lower()]
    return folded[0] if len(set(folded)) == 1 else ""

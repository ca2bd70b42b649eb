"""What form a question about the matter has, and the words it is about."""

import re
from enum import StrEnum
from typing import NamedTuple

from tutor_app.tutoring.outside.prose import noun_after

_MAX_TOPIC_WORDS = 4
_MAX_CLAIM_WORDS = 10
_NO_TERM = "the|this|that|these|your|it|in|we|you|i|he|she|they|known|our|his|her"
_MEANING = re.compile(
    r"\bwhat (?:is|are|do you know about|does|do you mean by|is meant by|is called)"
    r"(?: meant by| called| the meaning of| the definition of)?(?: an?)?\s+"
    rf"[\"“']?(?!(?:{_NO_TERM})\b)(?P<topic>[a-z][a-z -]*?)[\"”']?(?: means?)?\s*\?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\bhow (many|much|long|far|tall|old|fast|often|big|wide|high|heavy)\b(?!.*\b(what|which)\b)",
    re.I,
)
_NUMBER_OF = re.compile(r"\bwhat is the number of\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:how (?:do|did|can|could) (?:we|you|i) (?:know|tell|see)|why "
    r"(?=is|are|do|does|did|can|could|would|should))(?: that)?\s*(?P<claim>[^?]*)\?",
    re.IGNORECASE,
)
_KNOW = re.compile(r"\bhow (do|did|can|could) (we|you|i) (know|tell|see)\b", re.IGNORECASE)
_WAY = re.compile(
    r"\bhow (?:can|do|would|could|should|did|will|to) |"
    r"\bwhat (?:do|should|must|can|would|will) (?:we|you|i) (?:have to |need to )?do|"
    r"\b(first|next) step\b|asking (us|you) to",
    re.IGNORECASE,
)
_SORT = re.compile(
    r"\b(?:what|which)(?: is the| are the)? (?P<sort>propert(?:y|ies)|formula|"
    r"operation|rule|pattern|type|kind|shape|strategy|method|name)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^\W*((so|and|now|but|then|okay|ok)\W+)?(is|are|do|does|did|can|could|will|would|"
    r"has|have|should|was|"
    r"were)\b",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(
    r"\b(?:what|which) (?:is|are|was|will be) the (?P<topic>[a-z][a-z -]*)", re.I
)
_CUT = re.compile(
    r"\b(of|in|on|for|that|which|you|we|to|from|when|if|with|here|by|at|the)\b.*", re.I
)
_BARE = ("", "value", "number", "answer", "result", "question")


class Form(StrEnum):
    """What a question is after."""

    MEANING = "meaning"
    COUNT = "count"
    REASON = "reason"
    WAY = "way"
    SORT = "sort"
    CHOICE = "choice"
    PLACE = "place"
    YES_OR_NO = "yes or no"
    QUANTITY = "quantity"
    OTHER = "other"


class Shape(NamedTuple):
    """The form of a question, and its words: a term, a noun, a statement; "" for none."""

    form: Form
    topic: str = ""


def shape_of(text: str) -> Shape:
    """Return the form of a question and what it is about."""
    if match := _MEANING.search(text):
        topic = match["topic"].strip()
        if len(topic.split()) <= _MAX_TOPIC_WORDS:
            return Shape(Form.MEANING, topic.lower())
    if match := _REASON.search(text):
        claim = match["claim"].strip() if _KNOW.search(text) else ""
        return Shape(Form.REASON, claim if len(claim.split()) <= _MAX_CLAIM_WORDS else "")
    if match := _NUMBER_OF.search(text):
        return Shape(Form.COUNT, noun_after(text, match.end()))
    if match := _COUNT.search(text):
        noun = noun_after(text, match.end()) if match[1].lower() == "many" else ""
        return Shape(Form.COUNT, noun)
    if _WAY.search(text):
        return Shape(Form.WAY)
    if match := _SORT.search(text):
        return Shape(Form.SORT, match["sort"].lower().replace("properties", "property"))
    if _YES_OR_NO.search(text):
        return Shape(Form.YES_OR_NO)
    if re.search(r"\bwhere\b", text, re.IGNORECASE):
        return Shape(Form.PLACE)
    if re.search(r"\b(which|who)\b", text, re.IGNORECASE):
        return Shape(Form.CHOICE)
    if match := _ASKS_FOR.search(text):
        topic = _CUT.sub("", match["topic"]).strip()
        if topic.lower() not in _BARE and len(topic.split()) <= _MAX_TOPIC_WORDS:
            return Shape(Form.QUANTITY, topic)
    return Shape(Form.OTHER)

"""The tutor's questions about the talk itself, and what a short line answers."""

import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

from tutor_app.tutoring.outside.prose import stated_numbers
from tutor_app.tutoring.outside.tokens import tidy


class Talk(StrEnum):
    """What a question about the talk is after."""

    NONE = ""
    FINAL = "final"
    DONE = "done"
    HELP = "help"
    END = "end"
    CLEAR = "clear"
    READY = "ready"


class Answer(StrEnum):
    """What kind of answer a line is."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    LETTER = "letter"
    NUMBER = "number"
    EXPRESSION = "expression"
    OPERATION = "operation"
    CHECK = "check"
    CHAT = "chat"
    MIXED = "mixed"
    WORDS = "words"
    NONE = "none"


_LEADING = re.compile(
    r"^\W*((i )?(think|guess|believe)(?! so)|u+h+m*|h?m+|maybe|so|is it|it is|it'?s|"
    r"its|is|the answer is|um+|wait|oh|i (chose|got|have|picked)(?=\W+.*\d)|"
    r"(?:ok(?:ay)?|ye[sap]h?)(?=\W+.*\d))\b[\s,]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[\s?.!,:;=]+$|\s+(maybe|right|yes)\W*$", re.IGNORECASE)
_YES = re.compile(
    r"^(ye+[sz]+\w*|e+s|ya+s+|ye|si|i (think|guess) so|yea+h*|yep|yup|yah|ya|sure|see+|"
    r"i (see|do|am|did)|of course|correct)\b",
    re.I,
)
_NO = re.compile(r"^(no+|nope|nah|not (really|yet)|i (don'?t|do not|did ?n'?t))\b", re.I)
_PARTLY = re.compile(
    r"\b(kind of|kinda|sort of|a little|a bit|some of it|half|almost|not all)\b", re.I
)
_CHAT = re.compile(
    r"^(i\W?(a|e)?m )?(done|i did it|that'?s (the|my) answer|finished|"
    r"ok+|okay|k|kk|alright|fine|hi|hello|hey|thanks?|thank you|bye|"
    r"i got (it|this)( already)?|got it|wait|lol|good|great|cool|it right|right|"
    r"nothing)\b[\w\s]{0,12}$",
    re.IGNORECASE,
)
_CHECK = re.compile(r"^\W*(is (it|this|that)|am i) (right|correct|wrong|true|ok(ay)?)\b", re.I)
_LETTER = re.compile(r"^[a-z]$", re.IGNORECASE)
_NUMBER = re.compile(r"^[^\w]*[$£€]?-?\d[\d,./:;]*\s*[%°\w²³]*(\s\w+)?$")
_OPERATION = re.compile(r"\b(ad+(ing|ition)?|subtract\w*|minus|mult\w*|times|div\w*|plus)\b", re.I)
_MAX_YES_WORDS = 5
_MAX_CHARACTERS = 300


@cache
def _kinds() -> tuple[tuple[Talk, re.Pattern[str]], ...]:
    table = tomllib.loads(Path(__file__).with_name("talk.toml").read_text(encoding="utf-8"))
    return tuple(
        (Talk(name), re.compile("|".join(patterns), re.IGNORECASE))
        for name, patterns in table["talk"].items()
    )


def talk_of(text: str) -> Talk:
    """Return what a question about the talk is after; NONE where it is about the matter."""
    return next((talk for talk, pattern in _kinds() if pattern.search(text)), Talk.NONE)


def bare(text: str) -> str:
    """Return a short answer without "is it", "maybe" and the marks around it."""
    before = None
    short = " ".join(text[:_MAX_CHARACTERS].split())
    while short != before:
        before = short
        short = _TRAILING.sub("", _LEADING.sub("", short)).strip()
    return short


def answer_of(text: str) -> Answer:
    """Return what kind of answer a line is."""
    whole, short = " ".join(text[:_MAX_CHARACTERS].split()), bare(text)
    few = len(whole.split()) <= _MAX_YES_WORDS
    if not re.search(r"\w", whole):
        return Answer.NONE
    if _CHECK.search(whole):
        return Answer.CHECK
    if not re.search(r"\d", whole):
        if _PARTLY.search(whole) and few:
            return Answer.PARTLY
        if _NO.search(short) and few:
            return Answer.NO
        if _YES.search(short) and few:
            return Answer.YES
        if not short or _CHAT.search(short):
            return Answer.CHAT
    if _LETTER.search(short):
        return Answer.LETTER
    if re.search(r"\d\s*([-+*x×÷]|\s/\s|times|plus|minus|divided by)\s*\d", whole, re.IGNORECASE):
        return Answer.EXPRESSION
    if _NUMBER.search(short):
        return Answer.NUMBER
    if _OPERATION.search(whole) and len(whole.split()) <= _MAX_YES_WORDS:
        return Answer.OPERATION
    return Answer.MIXED if stated_numbers(tidy(whole)) else Answer.WORDS


def operation_in(text: str) -> str:
    """Return the operation that a line names, as a verb, or ""."""
    match = _OPERATION.search(text)
    if match is None:
        return ""
    heads = {"a": "add", "p": "add", "s": "subtract", "d": "divide", "t": "multiply"}
    word = match[0].lower()
    return "subtract" if word == "minus" else heads.get(word[0], "multiply")

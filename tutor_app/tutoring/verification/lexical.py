"""Words brought to a common form, so that "the forces are identical" meets "equal forces"."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from tutor_app.tutoring.verification.canonical import canonical

STOP_WORDS = frozenset(
    "a about above after again all also although always am an and another any anybody are as at "
    "last away back be because been before being below between but by can cannot could did do "
    "does "
    "doing done down during each either else even ever every exactly few for from further get gets "
    "give gives given go goes got had has have having he her here hers him his how however i if in "
    "instead into is it its itself just keep keeps let lets like look looks made make makes many "
    "may me means might mine more most much must my near need needs neither now of off on once one "
    "ones only onto or other our out over own part per put quite rather really right said same say "
    "says see she should since so some such take takes tell than that the their them then there "
    "therefore these they thing things this those though through thus to too toward towards under "
    "until up upon us use used uses very was way we well were what when where whether which while "
    "who whole whose why will with within without would yes yet you your yours s t ll re ve d don "
    "isn aren wasn doesn didn won both still let's it's that's there's happens happen become "
    "becomes comes come called call".split()
)
_MEANINGFUL_HERE = frozenset(
    "still always keep keeps no same more only down up alone needs need takes take".split()
)
_TABLE = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
OUTCOMES = frozenset(group.split()[0] for group in _TABLE["outcomes"])
"""Heads of the groups that say how something comes out: equal, large, down, zero."""
_MEMBER: dict[str, str] = {
    word: group.split()[0]
    for group in (*_TABLE["outcomes"], *_TABLE["synonyms"])
    for word in group.split()
}
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")
_NO_CLAIM = re.compile(
    r"\W*(?:picture|play|follow|compare|draw|imagine|look|watch|sketch|list|mark|suppose|freeze|"
    r"give|make|take|work out|go back|think of|consider|remember how|"
    r"call to mind)\b(?!.*\b(?:so|because|therefore|that)\b)",
    re.I,
)
_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|cannot|without|wrong|false|incorrect|untrue|"
    r"mistaken|rule out|ruled out|exclude|discard|cross out|eliminate|forget|drop|"
    r"(?:is|are) (?:also )?out)\b|n't\b",
    re.I,
)
_PHRASES = tuple(
    (re.compile(pattern, re.I), plain)
    for pattern, plain in (
        (r"\b(\w+) times (?=(?:as|the|more|longer|larger|bigger|greater|that)\b)", r"\1 "),
        (r"\bslows?(?: down)?\b(?! motion)|\bslowing\b|\bslowed\b", "speed decreases"),
        (r"\bspeeds? up\b|\bspeeding up\b", "speed increases"),
        (r"\bnothing but\b|\bby itself\b", "only"),
        (r"\bright angles?\b|\b90 ?deg(?:rees)?\b|\b90°", "perpendicular"),
        (r"\b(?:just |exactly )?as (?:large|big|hard|strong|fast|long|far|much|high) as\b",
         "equal"),
        (r"\b(?:just|exactly) as (?:large|big|hard|strong|fast|long|far|much|high)\b", "equal"),
        (r"(?:\b(?:does|do|did|will|can|could|has|have)(?: not|n't)|\bnever|\bcannot) "
         r"(?:\w+ )?(?:chang\w+|alter\w*|var\w+)", "stays equal"),
        (r"(?:\bnot|n't|\bno|\bnever|\bcannot) (?:\w+ )?(?:affect\w*|influenc\w*|disturb\w*|"
         r"matter\w*|effect|difference|depend\w*|care)", "independent"),
        (r"(?:\bnever|\bcannot|\b(?:does|do|did|can)(?: not|n't)) (?:\w+ )?(?:stops?|ceases?|"
         r"vanish|vanishes|disappears?|ends?|switch(?:es)? off|turns? off|go(?:es)? away)|"
         r"\ball the time\b|\bthe whole (?:way|time)\b|\bat (?:any|every|all) (?:other )?"
         r"(?:moments?|times?|points?|instants?)\b", "still"),
        (r"\b(?:at|in) (?:the|one) (?:very )?same (?:time|moment|instant)\b|\bat once\b",
         "simultaneously"),
        (r"\btowards? the (?:ground|earth|floor|center of the earth)\b|\bto the (?:ground|earth)\b",
         "down"),
        (r"\b(?:equal|same|identical|exactly) (?:\w+ )?(?:size|amount|magnitude|strength)\b",
         "equal"),
    )
)  # fmt: skip
_EXPECTS_YES = re.compile(
    r"\W*(?:(?:is it not|isn't it|is it not rather) (?:true|so|right|the case|clear|obvious) that|"
    r"(?:would|wouldn't|will|do|don't) you (?:not )?(?:say|agree|think|admit) that|"
    r"(?:could|might|may) it be that|what if)\b\s*",
    re.I,
)
_TAG = re.compile(
    r",\s*(?:is|are|was|were|has|have|does|do|did|will|would|can)(?:n't)?\s+(?:it|they|he|she|that|"
    r"there)(?:\s+not)?\s*\?\s*$|,\s*(?:right|no|yes|correct|true)\s*\?\s*$",
    re.I,
)
_CLAUSE = re.compile(
    r"[,;:]?\s+(?:so(?: that)?|because|since|but|although|though|therefore|while|whereas|"
    r"and then)\s+|;\s+",
    re.I,
)
_CLAUSE_WORDS = 4
_SUFFIXES = ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "edly", "ied", "ies",
             "ness", "ely", "ed", "es", "ly", "er", "al", "s", "e", "y")  # fmt: skip


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a rough stem, or the head of the word's group of synonyms."""
    word = word.removesuffix("'s")
    if word in _MEMBER:
        return _MEMBER[word]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            root = word[: -len(suffix)]
            if len(root) > 3 and root[-1] == root[-2] and suffix in ("ed", "ing", "er"):
                root = root[:-1]
            return _MEMBER.get(root, root)
    return word


@lru_cache(maxsize=4096)
def _in_plain_words(text: str) -> str:
    """Replace phrases that say in several words what one word says: "as hard as" is "equal"."""
    plain = canonical(text)
    for pattern, word in _PHRASES:
        plain = pattern.sub(word, plain)
    return plain


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the content words and the numbers of a text."""
    return frozenset(stem_sequence(text))


@lru_cache(maxsize=4096)
def stem_sequence(text: str) -> tuple[str, ...]:
    """Return the stems of the content words in order."""
    words = _WORD.findall(_in_plain_words(text).lower())
    return tuple(stem(w) for w in words if w not in STOP_WORDS or w in _MEANINGFUL_HERE)


def is_negated(text: str) -> bool:
    """Say whether a sentence denies something."""
    return bool(_NEGATION.search(_in_plain_words(text)))


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; a decimal point does not end one."""
    parts = re.split(r"(?<=[.!?])(?:[\"”’)]*)\s+|\n+", text)
    return [part.strip() for part in parts if part.strip()]


def without_rhetoric(sentence: str) -> str:
    """Turn a question that expects a yes into the claim it is: "..., is it not?"."""
    opened = _EXPECTS_YES.match(sentence)
    if opened:
        return sentence[opened.end() :].rstrip(" ?") + "."
    return _TAG.sub(".", sentence)


def clauses(sentence: str) -> list[str]:
    """Return the sentence, and those of its clauses that say how something comes out."""
    parts = [
        part
        for part in _CLAUSE.split(sentence)
        if len(stems(part)) >= _CLAUSE_WORDS and stems(part) & OUTCOMES
    ]
    return [sentence, *(part for part in parts if part != sentence)]


def is_claim(sentence: str) -> bool:
    """Say whether a sentence tells something; a question or a call to look does not."""
    return not sentence.rstrip('"”’) ').endswith("?") and not _NO_CLAIM.match(sentence)

"""Words that two graders read in different ways ("adequate", "some understanding")."""

import re

_ALWAYS = (
    r"(?:in)?adequate(?:ly)?|(?:un)?satisfactor(?:y|ily)|(?:in)?appropriate(?:ly)?|somewhat|decent"
    r"(?:ly)?|(?:un)?reasonabl[ey]|(?:un)?acceptabl[ey]|thorough(?:ly)?|superficial(?:ly)?"
    r"|(?:in)?effective(?:ly)?|sophisticated|insightful(?:ly)?|generally|for the most part"
    r"|well[- ](?:written|organi[sz]ed|developed|explained|structured|supported|reasoned|done)"
)
# as a content word ("a strong acid", "limited food", "some cells") each of these is fine
_BEFORE_A_JUDGEMENT = (
    r"very good|good|great|excellent|outstanding|poor|fair|strong|weak|solid|basic|limited|minimal"
    r"|sufficient|insufficient|some|little|clear|full|partial|deep|proper|relevant|high[- ]quality"
    r"|low[- ]quality|several|a few|enough"
)
_JUDGED = (
    r"understanding|knowledge|grasp|command|comprehension|argument(?:ation)?s?|analys[ie]s|evidence"
    r"|explanations?|support|organi[sz]ation|discussion|reasoning|insight|details?|effort|attempts?"
    r"|answers?|responses?|work|use|errors?|mistakes?|ideas?|points?|examples?|elements?|aspects?"
    r"|quality|skills?|description|justification|structure|terminology|awareness|thought"
)
_VAGUE = re.compile(
    rf"\b(?:{_ALWAYS})\b|\b(?:{_BEFORE_A_JUDGEMENT})\s+(?:[\w-]+\s+)?(?:{_JUDGED})\b"
    r"|\b(?:is|are)\s+(?:very\s+)?(?:good|poor|excellent)(?=\s*(?:[.,;]|$))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|\$[^$]*\$")


def vague_words(text: str) -> list[str]:
    """Return the vague words of a level's description as they stand there, each once.

    What is quoted, code and formulas are a student's or the course's words, and passed over.
    """
    found = _VAGUE.findall(_QUOTED.sub(" ", text))
    return list(dict.fromkeys(" ".join(one.split()).lower() for one in found))

"""What a learner's line does when it brings no work: agree, ask, give up, chat."""

import re

from tutor_app.tutoring.outside.findings import Act

_ASKS_ANSWER = re.compile(
    r"\b(just\s+(tell|give|show)|tell\s+me\s+the\s+(answer|solution|result)|what(?:'s|\s+is)\s+the\s+"
    r"(right\s+|correct\s+|final\s+)?(answer|solution)|give\s+me\s+the\s+(answer|solution)|can\s+you\s+(just\s+)?"
    r"(solve|do)\s+(it|this))\b",
    re.IGNORECASE,
)
_STUCK = re.compile(
    r"\b(i\s*(?:do\s*n[o']?t|dont|don’t)\s+(k?no(?:w)?|understand|get|see)|idk|no\s+(idea|clue)|not\s+sure|"
    r"i'?m\s+(stuck|lost|confused|not\s+sure|having\s+(some\s+)?trouble)|(?:can'?t|cannot)\s+(do|solve|"
    r"find|figure)|it\s+can'?t\b|help\s+me|i\s+need\s+help|too\s+hard)\b|^\W*(what|huh|wdym)\W*$",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"^\W*(oh|ah|yes|yeah|yep|ok(ay)?|sure|right|got\s+it|i\s+(see|understand|get\s+it)|alright|true|"
    r"correct|that'?s\s+(right|correct)|you'?re\s+right|thanks?|thank\s+you|no\b)",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"^\W*(hi|hello|hey|good\s+(morning|afternoon|evening)|bye|goodbye|see\s+you|you'?re\s+welcome|"
    r"glad\b|have\s+a\s+(nice|good))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?\s*$|^\W*(what|why|how|where|which|when|who|can|could|do|does|is|are|should)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)


def act_of(text: str, has_work: bool) -> Act:
    """Return what a line does; `has_work` says that it holds numbers or an equation."""
    if _ASKS_ANSWER.search(text):
        return Act.WANTS_ANSWER
    if has_work:
        return Act.WORKS
    if _STUCK.search(text):
        return Act.STUCK
    if _QUESTION.search(text):
        return Act.ASKS
    words = len(text.split())
    if _SOCIAL.search(text) and words <= 14:
        return Act.SOCIAL
    if _AGREES.search(text) and words <= 14:
        return Act.AGREES
    return Act.SAYS

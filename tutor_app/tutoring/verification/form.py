"""Length, questions, language and tone."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from tutor_app.documents.sentences import count_words as spoken_words
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import CheckResult
from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.lexical import sentences
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.withheld import prompt_text

NAME = "form"

_QUOTED = re.compile(r"“([^”]*)”")
_REPEATS = 92.0
_RESTATES = 90.0
_RESTATED_WORDS = 8
_MATHS = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)
_MARK = re.compile(r"\s*\[\d{1,2}\]")
_ENDS = re.compile(r"[.!?。！？)\]”\"’'*$%]\s*$")
_FOREIGN_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
_COMMON_WORDS = {
    "en": "the a of to and is in it you that what which at on for with do does how your are not",
    "de": "der die das und ist in du sie es ein eine nicht was wie mit auf den dem wird von zu für",
    "fr": "le la les de et est un une des que qui dans ce tu vous il elle ne pas quelle quel avec",
    "es": "el la los las de y es un una que en tu se lo por con no cual cuál qué como para del",
    "it": "il la le di e è un una che in tu si lo per con non quale cosa come del della nel sono",
    "pt": "o a os as de e é um uma que em tu se por com não qual como para do da no na você são",
    "nl": "de het een en is van in je dat die niet wat hoe met op voor zijn aan er te welke dit",
}  # fmt: skip
_VOTE_WORDS = 5
_ADJECTIVE = (
    r"(?:great|good|nice|excellent|awesome|amazing|fantastic|wonderful|terrific|brilliant|fabulous|"
    r"super|superb|lovely|impressive|perfect|solid|outstanding|marvelous)"
)
_THING = (
    r"(?:\s+(?:job|work|try|attempt|effort|start|question|thinking|going|guess|point|idea|one|"
    r"stuff|"
    r"progress))"
)
_PRAISE = re.compile(
    r"(?:^|[.!?]\s+)(?:(?:that's|that is|what|you did|you're doing|you are doing|you're off to|"
    r"wow|oh|really|very|such|it's|this is)[\s,]+)*(?:a |an |the |so |very |really )*"
    rf"(?:{_ADJECTIVE}{_THING}?|well done)(?:\s+(?:so far|there|today|again))?"
    r"\s*(?=[.!,;—–-]|\s*$|\s+but\b)"
    rf"|,\s*{_ADJECTIVE}{_THING}\s*(?=[.!]|$)",
    re.I,
)
_CHEERING = re.compile(
    r"(?:^|[.!]\s+|,\s*)keep (?:it up|going|practi[cs]ing|trying|up the)\b|\b(?:you(?:'re|"
    r" are) doing (?:great|well|fine|amazing|"
    r"good|a great job)|you(?:'re| are) (?:so |very |really )?(?:close|smart|clever|amazing|"
    r"a star)!|"
    r"i'm (?:so |very )?proud of you|way to go|good for you|you(?:'ve| have)? got this|"
    r"i (?:appreciate|love|like) (?:your|the|how|that you))\b",
    re.I,
)
_NEVER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I | re.M), reason)
    for pattern, reason in (
        (r"\blet me know\b|\bfeel free\b|\bhope (?:this|that) helps\b|\bhappy to help\b|"
         r"\bif you have any (?:other |more |further )?questions\b|\bdon't hesitate\b",
         "offers help instead of a step"),
        (r"\bas an? (?:ai|language model|assistant|chatbot)\b|\blanguage model\b|"
         r"\bi(?:'m| am) (?:just |only )?(?:an? )?(?:ai|bot|chatbot|model|program|computer|"
         r"machine)\b|"
         r"\bmy training\b", "talks about being a model"),
        (r"(?:^|[.!?]\s+|,\s*)do you (?:understand|get it|see|follow)(?: me| this| that)?\s*[?.!,]|"
         r"\bdoes (?:that|this|it) make sense\b|\bis (?:that|this|it) clear\b|"
         r"\bare you (?:following|with me)\b|\bunderstood\?|\bmake sense\?|\bgot it\?",
         "asks whether it is understood"),
        (r"^\s{0,3}#{1,6}\s", "has a heading"),
        (r"!(?:\s*!|[^!]{0,120}!)", "has a chain of exclamations"),
        (r"\bi remember\b|\blast time (?:you|we)\b|\bas (?:you|we) (?:told|discussed|saw) (?:me )?"
         r"(?:before|last|yesterday)\b", "pretends to remember"),
        (r"</?[a-z!][^<>\n]*>|<script|javascript:|data:text", "has HTML in it"),
        (r"!\[[^\]]*\]\(|\]\(\s*(?:https?:|//|www\.|mailto:)|https?://|\bwww\.[a-z]",
         "has an image or an outside link"),
    )
)  # fmt: skip
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u20e3\u231a-\u23ff]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def check_form(text: str, context: VerificationContext) -> CheckResult:
    """Check one wording for length, questions, language and tone."""
    reason = next(_faults(text, context), "")
    return CheckResult(name=NAME, passed=not reason, reason=f"It {reason}." if reason else "")


def count_words(text: str) -> int:
    """Count words; a formula between dollars is one, a citation mark none."""
    return spoken_words(_MARK.sub("", text))


def _faults(text: str, context: VerificationContext) -> Iterator[str]:
    move = context.move
    if not re.search(r"\w", text):
        yield "is empty"
        return
    words = count_words(text)
    if words > move.max_words:
        yield f"has {words} words, more than {move.max_words}"
    unquoted = re.sub(r"[“\"][^”\"]*[”\"]", "", _MATHS.sub(" x ", text))
    questions = len(re.findall(r"\?+", unquoted))
    if questions > move.max_questions:
        yield f"asks {questions} questions, more than {move.max_questions}"
    if _INVISIBLE.search(text):
        yield "has control or invisible characters"
    for pattern, reason in _NEVER:
        if pattern.search(text):
            yield reason
    if _EMOJI.search(text):
        yield "has an emoji"
    if not _ENDS.search(_MARK.sub("", text.strip())):
        yield "stops in the middle of a sentence"
    if _wrong_language(text, context.language):
        yield f"is not written in the course's language ({context.language})"
    if _PRAISE.search(text) or _CHEERING.search(text):
        yield "praises without naming what is good"
    code = context.item.answer.kind == "code"
    own = _without_their_words(text, context)
    if move.level is HintLevel.NUDGE and not code and _names_a_formula(own):
        yield "names a formula at the nudge level"
    # whoever tells of danger twice hears twice whom to turn to
    again = context.previous_replies and move.situation != "unsafe"
    if again and _similar(text, context.previous_replies[-1]):
        yield "repeats the previous reply"
    # who asks what the exercise means gets its own words, in quotation marks
    told = unquoted if move.situation == "term" else text
    if move.level.rank < HintLevel.EXAMPLE.rank and _restates(told, context):
        yield "restates the problem"


def _similar(text: str, previous: str) -> bool:
    return fuzz.ratio(_bare(text), _bare(previous)) >= _REPEATS


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", _MARK.sub("", text).lower()))


def _wrong_language(text: str, language: str) -> bool:
    """Vote with common words; short replies and languages without a list pass."""
    if language not in _COMMON_WORDS:
        return False
    if len(_FOREIGN_SCRIPT.findall(text)) >= 2:
        return True
    words = [w for w in re.findall(r"[^\W\d_]+", _MATHS.sub(" ", text).lower()) if len(w) > 1]
    if len(words) < _VOTE_WORDS:
        return False
    votes = {
        name: sum(word in common.split() for word in words)
        for name, common in _COMMON_WORDS.items()
    }
    best = max(votes, key=lambda name: votes[name])
    if not votes[language]:
        return votes[best] > 0 or any(not word.isascii() for word in words)
    return votes[best] >= 3 and votes[best] > 1.5 * votes[language] + 1


def _without_their_words(text: str, context: VerificationContext) -> str:
    """Drop the quotations of what the learner wrote."""
    written = [" ".join(said.split()) for said in context.learner_texts]
    return _QUOTED.sub(
        lambda match: "" if any(match[1] in said for said in written) else match[0], text
    )


def _names_a_formula(text: str) -> bool:
    """Say whether an equation has symbols on both sides ("v = u + a t"); "g = 9.8" is a given."""
    tokens = tokenize(text)
    for at, token in enumerate(tokens):
        if token.text not in ("=", "==") or not at:
            continue
        before, after = tokens[at - 1], tokens[at + 1 : at + 8]
        if _is_symbol(before.text) and any(_is_symbol(t.text) for t in after if t.kind == "word"):
            return True
    return False


def _is_symbol(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z](?:_?\d|_\w)?|\d|[)\]]|[b-df-hj-np-tv-xz]{2,4}", text))


def _restates(text: str, context: VerificationContext) -> bool:
    prompt = [p for p in sentences(canonical(prompt_text(context))) if len(p.split()) >= 5]
    for said in sentences(canonical(text)):
        long = len(said.split()) >= _RESTATED_WORDS
        if long and any(fuzz.ratio(said.lower(), p.lower()) >= _RESTATES for p in prompt):
            return True
    return False

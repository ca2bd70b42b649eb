"""Read which option a learner picks: a letter, "option b", or the option's own words."""

import re

from rapidfuzz import fuzz

from tutor_app.answers.cleaning import clean
from tutor_app.domain.item import ChoiceAnswer

_MIN_SCORE = 82.0
_MIN_LEAD = 8.0
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3}
_ORDINALS |= {"4th": 3, "fifth": 4, "5th": 4}
_ALONE = re.compile(r"\W*([a-z])\W*", re.I)
_NAMED = re.compile(
    r"\b(?:option|answer|choice|letter|choose|chose|pick|picked|select|go(?:ing)? (?:with|for)|"
    r"ans|say|guess)\b(?:\s+(?:is|(?:would |should |must )?be|option|answer|letter))*"
    r"\s*[:=-]?\s*[(\"'*]*([a-z])\b(?!['’])(?!\s+[a-z]{3,}\s+[a-z])",
    re.I,
)
_OPENS = re.compile(r"^\W*([a-z])\s*(?:[).:,;-]|\bbecause\b|\bsince\b|\bas\b|\bcuz\b|\bbc\b)", re.I)
_STATED = re.compile(
    r"^\W*([a-z])\s+(?:is|it is|would be|must be|seems|looks)\s+(?:the\s)?"
    r"(?:right|correct|true|answer|best|it\b|my\b)",
    re.I,
)
_CONCLUSION = re.compile(r"\b(?:so|therefore|thus|hence)\b", re.I)
_NUMBERED = re.compile(r"\W*(?:number|no\.?|option|answer)?\s*#?([1-8])\W*", re.I)
_BRACKETED = re.compile(r"\(([a-z])\)|(?<!\w)([a-z])\)", re.I)
_CAPITAL = re.compile(r"(?<![\w'])([B-H]|A(?=\W*$))(?![\w'])")
_ENDS = re.compile(r"(?:^\W*([b-h])(?=\s)|(?:^|\s)([b-h])\W*$)", re.I)
_LONE = re.compile(r"(?<![\w'])[b-h](?![\w'])", re.I)
_IS = re.compile(
    r"\b(?:it'?s|its|it is|is|think|maybe|probably|definitely)\s+([b-h]|a(?=\W*$))\b(?!['’])", re.I
)
_PAIR = re.compile(
    r"(?<![\w'])([a-z])[)?]?\s*(?:,|/|\bor\b|\band\b)\s*(?:option |maybe )?\(?([a-z])(?![\w'])",
    re.I,
)
_REJECTED = re.compile(
    r"(?:\bnot|n't|\bneither|\bnor|\bexcept|\binstead of|\brather than|\brule out|\bunlike|"
    r"\bthan)\s+"
    r"(?:be |option |answer |choice |either )*[(\"']*$",
    re.I,
)
_CHANGED = re.compile(
    r"\b(?:no,? wait|wait|actually|sorry|i mean|i meant|scratch that|oops)\b", re.I
)


def chosen_option(text: str, answer: ChoiceAnswer) -> str:
    """Return the letter of the option the text picks; "" when that is unclear."""
    cleaned = " ".join(clean(text).split())
    for cue in (_CHANGED, _CONCLUSION):
        ends = [m.end() for m in cue.finditer(cleaned)]
        if ends and (concluded := _chosen(cleaned[ends[-1] :], answer)):
            return concluded
    return _chosen(cleaned, answer)


def _chosen(cleaned: str, answer: ChoiceAnswer) -> str:
    letters = {option.id for option in answer.options}
    if alone := _ALONE.fullmatch(cleaned):
        return alone[1].lower() if alone[1].lower() in letters else ""
    by_words = _by_words(cleaned, answer)
    found, rejected = _letters(cleaned, letters)
    if len(found) == 1:
        letter = found.pop()
        return letter if by_words in ("", letter) else ""
    if found or rejected:
        return ""
    return by_words or _ordinal(cleaned, answer) or _numbered(cleaned, answer)


def _letters(text: str, letters: set[str]) -> tuple[set[str], set[str]]:
    """Return the letters the text picks and those it rejects."""
    found: set[str] = set()
    rejected: set[str] = set()
    for pattern in (_OPENS, _STATED, _NAMED, _BRACKETED, _IS, _CAPITAL, _ENDS):
        for match in pattern.finditer(text):
            group = next(n for n in range(1, pattern.groups + 1) if match[n])
            letter = match[group].lower()
            if letter not in letters:
                continue
            before = text[max(0, match.start(group) - 30) : match.start(group)]
            (rejected if _REJECTED.search(before) else found).add(letter)
    for match in _PAIR.finditer(text):
        found |= {match[1].lower(), match[2].lower()} & letters
    lone = {letter.lower() for letter in _LONE.findall(text)} & letters
    if len(lone) > 1 and len(text.split()) <= 6:
        found |= lone
    return found - rejected, rejected


def _words(text: str) -> str:
    return re.sub(r"[^\w\s%./*^+=-]|[.](?!\d)", " ", text.lower()).strip()


def _by_words(text: str, answer: ChoiceAnswer) -> str:
    """Match the option's text, clearly better than any other option."""
    typed = " ".join(_words(text).split())[:400]
    if len(typed) < 2:
        return ""
    options = {o.id: " ".join(_words(clean(o.text)).split()) for o in answer.options}
    exact = [letter for letter, words in options.items() if words == typed]
    if len(exact) == 1:
        return exact[0]
    whole = [
        letter
        for letter, words in options.items()
        if len(words) > 3 and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", typed)
    ]
    # An option may stand inside another: "equal" in "not equal".
    whole = [
        letter
        for letter in whole
        if not any(o != letter and options[letter] in options[o] for o in whole)
    ]
    if len(whole) == 1 and not _negation_differs(typed, options[whole[0]]):
        return whole[0]
    if len(typed.split()) >= 3:
        holding = [letter for letter, words in options.items() if f" {typed} " in f" {words} "]
        if len(holding) == 1 and not _negation_differs(typed, options[holding[0]]):
            return holding[0]
    scores = sorted(
        ((_score(typed, words), letter) for letter, words in options.items()), reverse=True
    )
    (best, letter), (second, _) = scores[0], scores[1]
    if best >= _MIN_SCORE and best - second >= _MIN_LEAD:
        return "" if _negation_differs(typed, options[letter]) else letter
    return ""


def _score(typed: str, option: str) -> float:
    """0 to 100; a part of the option counts only when it is most of it."""
    return max(fuzz.ratio(typed, option), fuzz.token_sort_ratio(typed, option))


_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|neither|nothing|without|isn't|doesn't|don't)\b|n't\b"
)


def _negation_differs(typed: str, option: str) -> bool:
    return bool(_NEGATIONS.search(typed)) != bool(_NEGATIONS.search(option))


def _ordinal(text: str, answer: ChoiceAnswer) -> str:
    match = re.search(r"\b(\w+) (?:one|option|answer|choice)\b", text.lower())
    if match and match[1] in _ORDINALS and _ORDINALS[match[1]] < len(answer.options):
        return answer.options[_ORDINALS[match[1]]].id
    if re.search(r"\blast (?:one|option|answer|choice)\b", text.lower()):
        return answer.options[-1].id
    return ""


def _numbered(text: str, answer: ChoiceAnswer) -> str:
    """Read "3" as the third option, unless the options hold numbers themselves."""
    match = _NUMBERED.fullmatch(text)
    if match is None or any(c.isdigit() for option in answer.options for c in option.text):
        return ""
    number = int(match[1])
    return answer.options[number - 1].id if number <= len(answer.options) else ""

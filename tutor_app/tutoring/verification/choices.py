"""For multiple choice: does a reply name the right option, or strike out all the others?"""

import re
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz import fuzz

from tutor_app.domain.item import ChoiceAnswer
from tutor_app.tutoring.verification.canonical import canonical
from tutor_app.tutoring.verification.disguises import decoded
from tutor_app.tutoring.verification.lexical import (
    OUTCOMES,
    is_claim,
    is_negated,
    sentences,
    stem,
    stems,
)
from tutor_app.tutoring.verification.withheld import Withheld, is_settled, prompt_text

_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "last": -1, "final": -1, "bottom": -1, "top": 0,
}  # fmt: skip
_NUMBERS = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "six": 5}
_SPOKEN = dict(
    zip(
        "alpha alfa bravo charlie delta echo foxtrot golf hotel".split(),
        "aabcdefgh",
        strict=True,
    )
)
_NEGATED_PART = re.compile(r"\b(?:and|or|nor|neither|not)\b|[,;:]", re.I)
_NEITHER = re.compile(
    r"\b(?:neither|not (?:either|those|these)|none) of (?:these|those|the|them)\b", re.I
)
_SHORT_DENIAL = 6
_LINK = r"\s*(?:,|;|/|&|\band\b|\bor\b|\bnor\b)\s*(?:(?:and|or|nor|not|neither)\s+)*"
_NOUN = (
    r"(?:options?|choices?|answers?|statements?|letters?|possibilit(?:y|ies)|alternatives?|"
    r"variants?)"
)
_ONE_LEFT = re.compile(
    rf"\b(?:just|only|exactly) one (?:other )?(?:{_NOUN} )?(?:is |that is )?"
    r"(?:left|remains|remaining)\b",
    re.I,
)
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})(?: (?:one|of (?:the|these|those)(?: \w+)?|in the list|{_NOUN}))"
    rf"|{_NOUN} (?:number |no\.? ?|#)?(\d|one|two|three|four|five|six)\b"
    r"|\b(?:number|no\.|#) ?(\d|one|two|three|four|five|six)\b",
    re.I,
)
_ORDINAL_LIST = re.compile(
    rf"\bthe ({'|'.join(_ORDINALS)})(?:{_LINK}(?:the )?({'|'.join(_ORDINALS)}))+(?= (?:are|is|can|"
    rf"cannot|can't|won't|{_NOUN})\b)",
    re.I,
)
_BEGINS_WITH = re.compile(
    r"\b(?:begins|starts|beginning|starting) with (?:the (?:letter|word|words) )?[\"']?(\w+)", re.I
)
_SPEAKS_OF = re.compile(
    rf"\b(?:one|{_NOUN})(?: option| statement)? (?:that |which )?(?:speaks? of|mentions?|contains?|"
    r"talks? (?:of|about)|says?|uses?|has) (?:the word )?[\"']?(\w+)",
    re.I,
)
_LAST_BUT_ONE = re.compile(
    r"\b(?:second[- ]to[- ]last|last but one|penultimate|next[- ]to[- ]last)\b", re.I
)
_LETTER_OF_ALPHABET = re.compile(r"\b(\w+) letter of the alphabet", re.I)
_BETWEEN_LETTERS = re.compile(
    r"\bbetween ([a-h]) and ([a-h])\b|\bafter ([a-h])\b|\bbefore ([a-h])\b", re.I
)
_UNIQUE_SHARE = 0.5
_CLAUSE = re.compile(r"[,;:]\s+(?:so |because |but |and )?|\s+(?:so|because|but)\s+", re.I)
_CLAIM_SHARE = 0.6
_SHORT_CLAIM = 3
_SIMILAR = 86.0


def letters_named(text: str, answer: ChoiceAnswer, *, lone: bool = False) -> frozenset[str]:
    """Return the options a text refers to by letter or by place.

    With `lone`, a bare letter in lower case counts too, as in a learner's "i think c".
    """
    plain = canonical(text)
    ids = "".join(option.id for option in answer.options)
    found: set[str] = set()
    patterns = [
        rf"{_NOUN}\W{{1,3}}(?:is |are |was |would be |must be |"
        rf"should be )?\W{{0,2}}([{ids}{ids.upper()}])\b",
        rf"[(\[\"'*_]([{ids}{ids.upper()}])[)\]\"'*_.:,]",
        rf"(?:^|\s)([{ids}])[).:](?:\s|$)",
        rf"(?:^|[\s,.;:!?])([{ids.upper()}])(?=[\s,.;:!?)]|$)",
        rf"\b(?:it is|it's|its|pick|choose|chose|take|select|tick|circle|go with|went with|"
        rf"going with|"
        rf"not|isn't|nor|neither|or|say|said|try|about|than|drop|exclude|eliminate|of|but|"
        rf"except|leaving|leaves) ([{ids[1:]}])\b",
        rf"\b(?:pick|choose|chose|select|tick|circle|go with|going with|"
        rf"went with) ([{ids}])(?=\W|$)",
    ]
    patterns.append(rf"^\W*([{ids}])(?:\1)*(?=\W*(?:$|it is\b)|\s+(?:is|can|cannot|has|looks)\b)")
    patterns.append(rf"\bin ([{ids}])(?=,| the\b| it\b| you\b)")
    if lone:
        patterns.append(rf"(?:^|\s)([{ids[1:]}])(?=[\s,.;:!?)]|$)")
        patterns.append(rf"^\W*([{ids}])\W*$")
    for number, pattern in enumerate(patterns):
        for match in re.finditer(pattern, plain, re.I if number in (0, 4, 5, 6, 7) else 0):
            letter = match[1].lower()
            if number == 3 and match[1] in "AI" and not _is_label(plain, match):
                continue
            found.add(letter)
    for match in re.finditer(rf"(?<![\w'])[{ids}](?:{_LINK}[{ids}])+(?![\w'])", plain, re.I):
        found |= set(re.findall(rf"(?<![\w'])[{ids}](?![\w'])", match[0].lower()))
    for word, letter in _SPOKEN.items():
        if letter in ids and word != "delta" and re.search(rf"\b{word}\b", plain, re.I):
            found.add(letter)
    return frozenset(found | _by_place(plain, answer))


def _is_label(plain: str, match: re.Match[str]) -> bool:
    """Say whether a capital A is a label and not the article at the start of a sentence."""
    after = plain[match.end(1) :]
    return not re.match(r"\s+[a-z]", after)


def _by_length(plain: str, answer: ChoiceAnswer) -> set[str]:
    """Return the option that "the shortest statement" means."""
    found = re.search(rf"\b(shortest|longest) (?:one|of |{_NOUN})", plain, re.I)
    if found is None:
        return _by_wording(plain, answer)
    pick = min if found[1].lower() == "shortest" else max
    return {pick(answer.options, key=lambda option: len(option.text)).id}


def _by_wording(plain: str, answer: ChoiceAnswer) -> set[str]:
    """Return the option that "the one that speaks of zero" or "it begins with H" means."""
    found: set[str] = set()
    for match in _BEGINS_WITH.finditer(plain):
        start = match[1].lower()
        found.update(_only(o.id for o in answer.options if o.text.lower().startswith(start)))
    for match in _SPEAKS_OF.finditer(plain):
        word = stem(match[1].lower())
        found.update(_only(o.id for o in answer.options if word in stems(o.text)))
    return found


def _only(ids: Iterable[str]) -> list[str]:
    found = list(ids)
    return found if len(found) == 1 else []


def _by_place(plain: str, answer: ChoiceAnswer) -> set[str]:
    ids = "".join(option.id for option in answer.options)
    found: set[str] = set()
    found |= _by_length(plain, answer)
    for match in _ORDINAL.finditer(plain):
        word = (match[1] or match[2] or match[3]).lower()
        place = _ORDINALS.get(word, _NUMBERS.get(word))
        if place is None:
            place = int(word) - 1
        if -1 <= place < len(ids):
            found.add(ids[place])
    for match in _ORDINAL_LIST.finditer(plain):
        for word in re.findall(r"\w+", match[0].lower()):
            if word in _ORDINALS and -1 <= _ORDINALS[word] < len(ids):
                found.add(ids[_ORDINALS[word]])
    alone = re.fullmatch(r"\W*(?:the )?(\w+)\W*", plain)
    if alone and alone[1].lower() in _ORDINALS:
        found.add(ids[min(_ORDINALS[alone[1].lower()], len(ids) - 1)])
    if _LAST_BUT_ONE.search(plain):
        found.discard(ids[-1])
        found.add(ids[-2])
    for match in _LETTER_OF_ALPHABET.finditer(plain):
        place = _ORDINALS.get(match[1].lower(), -1)
        if 0 <= place < len(ids):
            found.add(ids[place])
    for match in _BETWEEN_LETTERS.finditer(plain):
        low, high, after, before = (g.lower() if g else None for g in match.groups())
        if low and high and ord(high) - ord(low) == 2:
            found.add(chr(ord(low) + 1))
        if after:
            found.add(chr(ord(after) + 1))
        if before:
            found.add(chr(ord(before) - 1))
    return {letter for letter in found if letter in ids}


def option_given_away(text: str, hidden: Withheld) -> str:
    """Return why the reply gives the right option away, or ""."""
    answer = hidden.context.item.answer
    context = hidden.context
    if not isinstance(answer, ChoiceAnswer) or is_settled(context):
        return ""
    picked = frozenset().union(
        *(letters_named(t, answer, lone=True) for t in context.counted_texts)
    )
    for wording in (text, *(t for t in decoded(text) if len(t) > 3)):
        if reason := _names_the_option(wording, answer, picked, hidden):
            return reason
    for hint in decoded(text):
        if hint.strip().lower() == answer.correct:
            return "names the right option in a code"
    if _ONE_LEFT.search(text):
        return "says that one option is left"
    gone = _struck_out(text, answer, hidden)
    before = picked | frozenset().union(
        *(_struck_out(reply, answer, hidden) for reply in context.previous_replies)
    )
    left = {option.id for option in answer.options} - before - gone
    if gone - before and left <= {answer.correct}:
        return "strikes out every option but one"
    return ""


def _names_the_option(
    text: str, answer: ChoiceAnswer, picked: frozenset[str], hidden: Withheld
) -> str:
    for sentence in sentences(text):
        named = letters_named(sentence, answer)
        if answer.correct in named and answer.correct not in picked:
            return f"names the right option: {sentence[:60]!r}"
    prompt = stems(prompt_text(hidden.context))
    right = answer.option(answer.correct)
    claims = [sentence for sentence in sentences(text) if is_claim(sentence)]
    whole = [*sentences(text), *(f"{a} {b}" for a, b in pairwise(claims))]
    for said in [*whole, *(part for sentence in whole for part in _parts(sentence))]:
        if letters_named(said, answer) - {answer.correct}:
            continue  # it describes another option
        if _only_denies(said):
            continue
        if _singles_out(said, answer.correct, answer, prompt):
            return f"uses the words of the right option: {said[:60]!r}"
        for pick in picked:
            if _tells_apart(said, answer, pick):
                return f"says what the right option has and {pick!r} has not: {said[:60]!r}"
    for said in whole:
        if len(said.split()) >= 3:
            score = fuzz.partial_ratio(right.text.lower().rstrip("."), said.lower())
            others = [
                fuzz.partial_ratio(o.text.lower().rstrip("."), said.lower())
                for o in answer.options
                if o.id != answer.correct
            ]
            if score >= _SIMILAR and score > max(others) and len(right.text) > 8:
                return f"repeats the right option: {said[:60]!r}"
    return ""


def _parts(sentence: str) -> list[str]:
    if "?" in sentence:
        return []
    plain = re.sub(r"\bnothing but\b", "only", sentence, flags=re.I)
    return [part for part in _CLAUSE.split(plain) if part.strip()]


def _only_denies(said: str) -> bool:
    return is_negated(said) and "?" not in said


def _tells_apart(said: str, answer: ChoiceAnswer, pick: str) -> bool:
    """Say whether a claim has how the right option comes out and the learner's pick does not."""
    right, other = (stems(answer.option(o).text) for o in (answer.correct, pick))
    own = ((right - other) & OUTCOMES) - {"alone"}  # "only" is too common a word to tell anything
    return bool(own) and is_claim(said) and own <= stems(said)


def _singles_out(said: str, option_id: str, answer: ChoiceAnswer, prompt: frozenset[str]) -> bool:
    """Say whether the words of a sentence fit one option and no other.

    Either it has most of the words that set the option apart from some other, or it is a claim
    made mostly of the option's words with one that no other option has.
    """
    words = stems(said)
    own = stems(answer.option(option_id).text)
    others = [stems(option.text) for option in answer.options if option.id != option_id]
    telling = own - frozenset.intersection(*others)
    shared = telling & words
    if not shared or any(own & words <= other for other in others):
        return False
    for apart, fewest in ((telling, 2), (telling - prompt, 3)):
        enough = max(min(fewest, len(telling)), _UNIQUE_SHARE * len(apart))
        if apart and len(shared & apart) >= enough:
            return True
    unique = shared - frozenset().union(*others) - prompt
    covered = own & words
    if not unique or not is_claim(said):
        return False
    return len(words) <= _SHORT_CLAIM or (
        len(covered) >= 2 and len(covered) >= _CLAIM_SHARE * len(words)
    )


def _denied(part: str, answer: ChoiceAnswer) -> set[str]:
    """Return the wrong options that have all the telling words of a denial: "not at the end"."""
    every = [stems(option.text) for option in answer.options]
    telling = frozenset().union(*every) - frozenset.intersection(*every)
    said = stems(part) & telling
    if not said or len(part.split()) > _SHORT_DENIAL:
        return set()
    return {
        option.id
        for option in answer.options
        if option.id != answer.correct and said <= stems(option.text)
    }


def _struck_out(text: str, answer: ChoiceAnswer, hidden: Withheld) -> frozenset[str]:
    """Return the wrong options that a text rules out."""
    prompt = stems(prompt_text(hidden.context))
    gone: set[str] = set()
    for sentence in sentences(text):
        if not is_negated(sentence):
            continue
        gone |= letters_named(sentence, answer) - {answer.correct}
        for part in _NEGATED_PART.split(sentence):
            gone |= _denied(part, answer)
        for option in answer.options:
            if option.id != answer.correct and _singles_out(sentence, option.id, answer, prompt):
                gone.add(option.id)
        if _NEITHER.search(sentence) and hidden.context.learner_texts:
            gone |= letters_named(hidden.context.learner_texts[-1], answer, lone=True) - {
                answer.correct
            }
    return frozenset(gone)

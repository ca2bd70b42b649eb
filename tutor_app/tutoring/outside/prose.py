"""Sentences, numbers and the nouns behind them, in a tidy text."""

import re

from tutor_app.tutoring.outside.tokens import Token, tokenize

_SENTENCE = re.compile(
    r"(?:[^.?!\n]|[.](?=\d)|(?<=\d)[.](?=\s*[a-z])|(?<=\b[ap])[.](?=m\b)|(?<=\b[ap][.]m)[.](?!\s+[A-Z])"
    r"|(?<=\b(?:Mr|Ms|Dr|St))[.]|(?<=\bMrs)[.]|!(?=\d))+[.?!]*"
)
_NOUN_END = frozenset(
    "is are was were be been has have had of in on at to for from by with and or but so then "
    "that which who because since if when while after before during as than per each every "
    "would will could can should the a an he she they it we you his her their its more less "
    "fewer left total altogether not worth also only into out off up down about this these "
    "those using used cost costs weigh weighs away already except right old longer older "
    "taller shorter younger further how what where there here go goes went read reads run "
    "runs sell sells take takes added plus minus over must may might need needs want wants "
    "extra cannot can't couldn't without past within times initially both all much many did "
    "does do long ago together apart now again get gets got lose loses lost make makes made "
    "keep keeps kept give gives gave given buy buys bought eat eats ate come comes came fit "
    "fits fill fills hold holds pay pays paid play plays work works live lives like likes "
    "help helps grow grows leave leaves stay stays cover covers".split()
)


def sentences(text: str) -> list[tuple[int, str]]:
    """Cut a tidy text into sentences with their positions; decimal points do not end one."""
    found = []
    for match in _SENTENCE.finditer(text):
        piece = match[0]
        if piece.strip():
            start = match.start() + len(piece) - len(piece.lstrip())
            found.append((start, piece.strip()))
    return found


def sentence_at(text: str, position: int) -> str:
    """Return the sentence around a position."""
    chosen = ""
    for start, piece in sentences(text):
        if start <= position:
            chosen = piece
    return chosen


def noun_after(text: str, position: int, most: int = 3) -> str:
    """Return up to three plain words after a number: "white beads"."""
    words: list[str] = []
    for match in re.finditer(r"[ ]([A-Za-z][A-Za-z'-]*)", text[position : position + 60]):
        if match.start() != sum(len(w) + 1 for w in words) or match[1].lower() in _NOUN_END:
            break
        if len(match[1]) == 1:
            break
        words.append(match[1])
        if len(words) == most:
            break
    return " ".join(words)


def stated_numbers(text: str) -> list[Token]:
    """Return every number of a tidy text."""
    return [token for token in tokenize(text) if token.kind == "num"]

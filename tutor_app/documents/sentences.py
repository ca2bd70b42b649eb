"""Find sentences as spans; formulas and code are never split. Count words as they are read."""

import re

# A stop inside a formula or a code span is no stop: those alternatives come first and eat it.
_TOKEN = re.compile(
    r"""(?P<display>\$\$(?:(?!\$\$).){1,5000}\$\$[.,;:]?)
      | (?P<skip>(?<!\\)\$[^$\n]+\$ | `[^`\n]+`)
      | (?P<stop>(?<![.!?…])[.!?…]++["'”’»)\]*_]*+(?=\s) | [。！？])""",
    re.DOTALL | re.VERBOSE,
)
_BEGINS = re.compile(r"""\s*["'“‘«(\[*_\\]*(?:[^\W\d_a-zß-ÿ]|\d|\$)|\s*[^\x00-\u024f]""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|ca|Fig|Figs|Eq|Eqs|Sec|No|Dr|Mr|Mrs|Ms|Prof|St|z\.B|bzw)"
    r"|(?:^|\s)[A-Z])\.$"
)
_MIN_CHARACTERS = 20
_MATHS = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)


def count_words(text: str) -> int:
    """Count words; a formula between dollars is one."""
    return len([word for word in without_formulas(text).split() if re.search(r"\w", word)])


def without_formulas(text: str) -> str:
    """Put an x in the place of every formula between dollars."""
    return _MATHS.sub(" x ", text)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of the sentences in text[start:end], without white space at their ends.

    A display formula is a span of its own. A very short sentence ("Check.") is joined with the one
    that follows it.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for token in _TOKEN.finditer(text, start, end):
        if token["display"]:
            _append(spans, text, begin, token.start())
            spans.append(token.span())
            begin = token.end()
        elif token["stop"] and _ends_sentence(text, begin, token.end(), end):
            begin_next = token.end()
            if begin_next - begin >= _MIN_CHARACTERS:
                _append(spans, text, begin, begin_next)
                begin = begin_next
    _append(spans, text, begin, end)
    return spans


def _ends_sentence(text: str, begin: int, stop: int, end: int) -> bool:
    if text[stop - 1] in "。！？":
        return True
    follows = _BEGINS.match(text, stop, end) is not None
    return follows and not _ABBREVIATION.search(text, max(begin, stop - 12), stop)


def _append(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    if piece.strip():
        left = len(piece) - len(piece.lstrip())
        spans.append((begin + left, begin + len(piece.rstrip())))

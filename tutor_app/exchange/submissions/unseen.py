"""Take out of a text the characters that nobody sees."""

import re

# Zero-width space, word joiner, byte order mark, and signs without a width that no script needs.
# The zero-width joiners stay: Persian, Indic scripts and emoji need them.
_NO_WIDTH = re.compile("[\u200b\u2060-\u2064\u180e\ufeff\u00ad]+")
# Turns the reading direction, so that a line is not what it seems.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]+")
# A copy of ASCII that no font draws.
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
_ENGLAND = "\U0001f3f4"  # flags of parts of a country end in tags
_MIN_TELLING = 2


def without_unseen(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as a person sees it, and what was hidden in it.

    Text in tag characters is written out; of other signs without a width, how many there were. A
    single soft hyphen, byte order mark or zero-width space, as editors leave them, is no finding.
    """
    if text.isascii():
        return text, ()
    hidden: list[str] = []

    def tags(found: re.Match[str]) -> str:
        if text[: found.start()].endswith(_ENGLAND):
            return found[0]
        hidden.append("".join(chr(ord(char) - 0xE0000) for char in found[0]))
        return ""

    seen = _TAGS.sub(tags, text)
    without = _NO_WIDTH.sub("", seen)
    count = len(seen) - len(without)
    if count >= _MIN_TELLING and count > 0.002 * len(seen):
        hidden.append(f"{count} characters without a width between the letters")
    straight = _DIRECTION.sub("", without)
    if straight != without:
        hidden.append("signs that turn the reading direction")
    return straight, tuple(hidden)

"""Numbers written in words: "minus twenty-one point five", "two and a half", "three quarters"."""

import re

_SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        start=2,
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_PARTS = {
    "half": 0.5,
    "halves": 0.5,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 0.25,
    "quarters": 0.25,
    "fourth": 0.25,
    "fourths": 0.25,
    "fifth": 0.2,
    "fifths": 0.2,
    "sixth": 1 / 6,
    "sixths": 1 / 6,
    "eighth": 0.125,
    "eighths": 0.125,
    "tenth": 0.1,
    "tenths": 0.1,
    "hundredths": 0.01,
}
_WORD = re.compile(r"[A-Za-z]+")
_ARTICLE = re.compile(r"\s(?:of\s)?an?\b")
_GAP = re.compile(r"[ \t-]{1,3}")


def words_to_digits(text: str, articles: bool = True) -> str:
    """Replace every number in words by digits; other words stay.

    Args:
        text: cleaned text.
        articles: drop the article in "half a meter"; not where "a" may be a symbol.
    """
    words = [(m[0].lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
    parts: list[str] = []
    copied = at = 0
    while at < len(words):
        # Only words joined by spaces or hyphens can be one number.
        run = at + 1
        while run < min(len(words), at + 16) and _GAP.fullmatch(
            text[words[run - 1][2] : words[run][1]]
        ):
            run += 1
        value, used = _number([word for word, _, _ in words[at:run]])
        if used:
            parts += [text[copied : words[at][1]], f"{value:.12g}"]
            copied = words[at + used - 1][2]
            if (
                articles
                and words[at + used - 1][0] in _PARTS
                and (article := _ARTICLE.match(text, copied))
            ):
                copied = article.end()
        at += max(used, 1)
    return "".join([*parts, text[copied:]])


def _number(words: list[str]) -> tuple[float, int]:
    """Read a number at the head of the words; return it and how many words it took (0: none)."""
    total, group, at = 0.0, 0.0, 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _SMALL:
            group += _SMALL[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred" and at:
            group = (group or 1) * 100
        elif word in _SCALES and at:
            total, group = total + (group or 1) * _SCALES[word], 0.0
        elif word == "a" and following in _SCALES:
            group = 1.0
        elif not (word == "and" and at and (following in _SMALL or following in _TENS)):
            break
        at += 1
    value = total + group
    if words[at : at + 1] == ["point"]:
        decimals = [_SMALL[w] for w in _while_digit(words[at + 1 :])]
        if decimals:
            return float(f"{value:.0f}." + "".join(map(str, decimals))), at + 1 + len(decimals)
    if at and words[at : at + 2] == ["and", "a"] and words[at + 2 : at + 3]:
        part = _PARTS.get(words[at + 2])
        if part:
            return value + part, at + 3
    part = _PARTS.get(words[at]) if at < len(words) else None
    if part and at and value <= 20:
        return value * part, at + 1
    if part and words[at] in ("half", "quarter", "third"):
        return part, 1
    return value, at


def _while_digit(words: list[str]) -> list[str]:
    digits: list[str] = []
    for word in words:
        if _SMALL.get(word, 10) > 9:
            break
        digits.append(word)
    return digits

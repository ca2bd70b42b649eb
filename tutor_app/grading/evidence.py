"""Quotes that are really there: every span is checked against the submission's own text."""

import unicodedata

from rapidfuzz import fuzz

from tutor_app.domain.grade import Evidence

NEAR = 92.0
"""How alike (rapidfuzz partial ratio, 0 to 100) a quote and the text must be."""
SHORTEST_NEAR = 20
"""A shorter quote must be there exactly, but for case, white space and quotation marks."""
LONGEST_QUOTE = 2_000
_MARKS = str.maketrans({c: "'" for c in '’‘‛`´"“”„‟«»‹›'} | {c: "-" for c in "‐‑‒–—−"})


def span(text: str, start: int, end: int) -> Evidence | None:
    """Return text[start:end] as evidence, without white space at its ends; None when empty."""
    start, end = max(0, start), max(0, min(len(text), end))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    quote = text[start:end]
    return Evidence(start=start, end=end, quote=quote) if quote else None


def locate(quote: str, text: str) -> Evidence | None:
    """Find a quote that somebody gave in the text, and return the text's own words.

    Exact first; then with white space, case, quotation marks and dashes made alike; then, for
    quotes of 20 characters or more, the nearest window when it is nearly the same.

    Returns:
        Evidence with text[start:end] == quote, or None where the quote is not in the text.
    """
    wanted = quote.strip().strip("\"“”„«»'‘’").strip()[:LONGEST_QUOTE]
    if not wanted:
        return None
    if (start := text.find(wanted)) >= 0:
        return span(text, start, start + len(wanted))
    plain, places = _plain(text)
    sought = _plain(wanted)[0].strip()
    if not sought:
        return None
    if (start := plain.find(sought)) >= 0:
        return span(text, places[start], places[start + len(sought) - 1] + 1)
    if len(sought) < SHORTEST_NEAR or len(plain) < len(sought):
        return None
    near = fuzz.partial_ratio_alignment(sought, plain, score_cutoff=NEAR)
    if near is None or near.dest_end <= near.dest_start:
        return None
    start, end = _whole_words(plain, near.dest_start, near.dest_end)
    return span(text, places[start], places[end - 1] + 1)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text made plain, and for each of its characters the place it came from."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Cf":
            continue
        for one in unicodedata.normalize("NFKC", character).translate(_MARKS).lower():
            blank = one.isspace()
            if blank and kept and kept[-1] == " ":
                continue
            kept.append(" " if blank else one)
            places.append(place)
    return "".join(kept), places

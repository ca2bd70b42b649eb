"""Cells that a spreadsheet program shows and never runs."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def safe(text: str) -> str:
    """Return a text cell with an apostrophe before it where it would be run as a formula."""
    return GUARD + text if text.lstrip(" ").startswith(_STARTS) else text


def unguarded(text: str) -> str:
    """Return the text of a cell that `safe` wrote."""
    if text.startswith(GUARD) and text[1:].lstrip(" ").startswith(_STARTS):
        return text[1:]
    return text


def number(value: float) -> str:
    """Return a number as a cell, never in the style of 1e-05: it stays a number."""
    return f"{value:.6f}".rstrip("0").rstrip(".")

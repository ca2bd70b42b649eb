"""Take text out of a web page that nobody sees who looks at it in a browser."""

import re

from lxml import etree

from tutor_app.documents.mathml import name_of

# Formulas are drawn from parts that are invisible on purpose.
_FORMULAS = ("katex", "MathJax", "mathjax", "math")
_GONE = re.compile(r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?:[;!]|$)")
_TINY = re.compile(
    r"font-size:(?:0|(?:0?\.\d+|[0-3](?:\.\d+)?)(?:px|pt)|0?\.[01]\d*r?em)(?:[;!]|$)"
)
_AWAY = re.compile(r"(?:left|top|right|text-indent):-\d{3,}(?:\.\d+)?(?:px|pt|em)")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"background(?:-color|-image)?:(?!transparent|none|inherit|white|#fff)")
_WHITE = re.compile(
    r"white|snow|ivory|transparent|#f{3,4}|#(?:f[0-9a-f]){3}(?:[0-9a-f]{2})?|#[0-9a-f]{6}00"
    r"|rgba?\((?:2[45]\d,){2}2[45]\d(?:,[\d.]+)?\)|rgba\(\d+,\d+,\d+,0(?:\.0+)?\)"
)
_LONGEST = 2_000


def take_out_unseen(root: etree._Element) -> list[str]:
    """Remove elements that a style in them hides, and return their text.

    Only styles in the elements themselves are looked at: that is where text that was pasted or
    handed in has them.
    """
    unseen = {e: None for e in root.iter() if isinstance(e.tag, str) and _is_unseen(e)}
    found = []
    for element in unseen:
        parent = element.getparent()
        if parent is None or any(above in unseen for above in element.iterancestors()):
            continue
        text = " ".join("".join(map(str, element.itertext())).split())
        if text and name_of(element) not in ("script", "style", "noscript", "template"):
            found.append(text[:_LONGEST])
        _remove(parent, element)
    return found


def _is_unseen(element: etree._Element) -> bool:
    style = re.sub(r"\s", "", element.get("style", "")).lower()
    colour = element.get("color", "").lower() if name_of(element) == "font" else ""
    if not style and not colour:
        return element.get("hidden") is not None
    if any(part in element.get("class", "") for part in _FORMULAS) or _in_formula(element):
        return False
    if _GONE.search(style) or _TINY.search(style) or _AWAY.search(style):
        return True
    said = _COLOUR.search(style)
    white = _WHITE.fullmatch(said[1] if said else colour)
    return white is not None and not any(map(_has_background, (element, *element.iterancestors())))


def _in_formula(element: etree._Element) -> bool:
    return any(
        any(part in above.get("class", "") for part in _FORMULAS) or name_of(above) == "math"
        for above in element.iterancestors()
    )


def _has_background(element: etree._Element) -> bool:
    style = re.sub(r"\s", "", element.get("style", "")).lower()
    return bool(_BACKGROUND.search(style)) or element.get("bgcolor") is not None


def _remove(parent: etree._Element, element: etree._Element) -> None:
    """Remove an element, but not the text that follows it."""
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = f"{parent.text or ''}{element.tail}"
        else:
            before.tail = f"{before.tail or ''}{element.tail}"
    parent.remove(element)

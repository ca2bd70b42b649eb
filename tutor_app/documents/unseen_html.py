"""Take text out of a web page that nobody sees who looks at it in a browser."""

import re

from lxml import etree

from tutor_app.documents.mathml import name_of
from tutor_app.documents.page_styles import PageStyles

# Formulas are drawn from parts that are invisible on purpose.
_FORMULAS = ("katex", "MathJax", "mathjax", "math")
_GONE = re.compile(r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?:[;!]|$)")
_TINY = re.compile(
    r"font-size:(?:0|(?:0?\.\d+|[0-3](?:\.\d+)?)(?:px|pt)|0?\.[01]\d*r?em)(?:[;!]|$)"
)
_CLIPPED = re.compile(r"clip:rect\((?:[01](?:px)?,?){1,4}\)|clip-path:inset\((?:50|100)%\)")
_AWAY = re.compile(r"(?:left|top|right|text-indent):-\d{3,}(?:\.\d+)?(?:px|pt|em)")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"background(?:-color|-image)?:(?!transparent|none|inherit|white|#fff)")
_WHITE = re.compile(
    r"white|snow|ivory|transparent|#f{3,4}|#(?:f[0-9a-f]){3}(?:[0-9a-f]{2})?|#[0-9a-f]{6}00"
    r"|hsla?\([^,)]*,[^,)]*,(?:9[5-9]|100)%(?:,[\d.%]+)?\)"
    r"|rgba?\((?:2[45]\d,){2}2[45]\d(?:,[\d.]+)?\)|rgba\(\d+,\d+,\d+,0(?:\.0+)?\)"
)
_LONGEST = 2_000


def take_out_unseen(root: etree._Element) -> list[str]:
    """Remove elements that a style of their own or a sheet in the page hides; return their text."""
    styles = PageStyles(root)
    unseen = {e: None for e in root.iter() if isinstance(e.tag, str) and _is_unseen(e, styles)}
    found = []
    for element in unseen:
        parent = element.getparent()
        if parent is None or any(above in unseen for above in element.iterancestors()):
            continue
        text = " ".join("".join(map(str, element.itertext())).split())
        # a sign alone marks a heading, or a line that can be linked to
        if re.search(r"\w", text) and name_of(element) not in (
            "script",
            "style",
            "noscript",
            "template",
        ):
            found.append(text[:_LONGEST])
        _remove(parent, element)
    return found


def _is_unseen(element: etree._Element, styles: PageStyles) -> bool:
    style = styles.of(element)
    if element.get("hidden") is not None and "display:" not in style:
        return True
    colour = element.get("color", "").lower() if name_of(element) == "font" else ""
    if not style and not colour:
        return False
    if any(part in element.get("class", "") for part in _FORMULAS) or _in_formula(element):
        return False
    if any(one.search(style) for one in (_GONE, _TINY, _AWAY, _CLIPPED)):
        return True
    # what the whole page stands on may be drawn by a sheet outside of it
    if name_of(element) in ("html", "body"):
        return False
    said = _COLOUR.search(style)
    white = _WHITE.fullmatch(said[1] if said else colour)
    around = (element, *element.iterancestors())
    return white is not None and not any(_has_background(one, styles) for one in around)


def _in_formula(element: etree._Element) -> bool:
    return any(
        any(part in above.get("class", "") for part in _FORMULAS) or name_of(above) == "math"
        for above in element.iterancestors()
    )


def _has_background(element: etree._Element, styles: PageStyles) -> bool:
    return bool(_BACKGROUND.search(styles.of(element))) or element.get("bgcolor") is not None


def _remove(parent: etree._Element, element: etree._Element) -> None:
    """Remove an element, but not the text that follows it."""
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = f"{parent.text or ''}{element.tail}"
        else:
            before.tail = f"{before.tail or ''}{element.tail}"
    parent.remove(element)

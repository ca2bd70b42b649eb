"""Letters for PDF files: DejaVu Sans, and for Chinese, Japanese and Korean the reader's own fonts.

DejaVu Sans 2.37 is unchanged from its release; its licence lies beside it.
"""

import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"
_FONTS = Path(__file__).parent / "fonts"
# Every PDF reader brings these; a PDF only names them.
_EASTERN = (
    ("HYSMyeongJo-Medium", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("HeiseiMin-W3", "\u3040-\u30ff\uff66-\uff9f"),
    ("STSong-Light", "\u2e80-\u2fdf\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uff65"),
)
_RUNS = re.compile("|".join(f"([{letters}]+)" for _, letters in _EASTERN))
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@cache
def register() -> frozenset[int]:
    """Make the fonts known to the PDF library; return the code points that DejaVu Sans draws."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
        addMapping(name, 0, 0, name)
    addMapping(REGULAR, 1, 0, BOLD)
    for name, _ in _EASTERN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph)


def markup(text: str) -> str:
    """Return text for a paragraph of the PDF library: escaped, each letter in a font that has it.

    A letter that no font has is drawn as U+FFFD.
    """
    drawn = register()
    parts = []
    at = 0
    for found in _RUNS.finditer(text):
        parts.append(_escaped(text[at : found.start()], drawn))
        font = _EASTERN[(found.lastindex or 1) - 1][0]
        parts.append(f'<font name="{font}">{escape(found[0])}</font>')
        at = found.end()
    parts.append(_escaped(text[at:], drawn))
    return "".join(parts).replace("\n", "<br/>")


def doubtful(text: str) -> str:
    """Return why a text may not look right in a PDF; "" where it does."""
    drawn = register()
    if _RIGHT_TO_LEFT.search(text):
        return "letters that are written from right to left stand in the wrong order"
    if any(
        ord(c) not in drawn and not c.isspace() for c in _UNWRITABLE.sub("", _RUNS.sub("", text))
    ):
        return "some signs are in no font here and are drawn as \ufffd"
    return ""


def _escaped(text: str, drawn: frozenset[int]) -> str:
    plain = _UNWRITABLE.sub(lambda one: "\n" if one[0] == "\r" else "", text.replace("\t", "    "))
    return escape("".join(c if ord(c) in drawn or c == "\n" else "\ufffd" for c in plain))

"""Take text out of a Word document that nobody sees who reads it: hidden, white or tiny letters."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

_NEARLY_WHITE = 0xF0
# In half points: letters of three points are specks.
_TINY = 6
_MAX_STYLES = 20
_OFF = ("0", "false", "off", "none")
_LIGHT = ("auto", "FFFFFF", "ffffff", "none", "clear", "white", None)
_LONGEST = 2_000


class UnseenRuns:
    """Finds the runs of a document that its readers do not see."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = {style.style_id: style.element for style in document.styles}
        background = document.element.find(qn("w:background"))
        colour = None if background is None else background.get(qn("w:color"))
        self._dark_page = colour not in _LIGHT

    def take_out(self, root: Any) -> list[str]:
        """Empty the unseen runs below an element and return their text, joined where they touch."""
        found: list[str] = []
        last = None
        for run in root.iter(qn("w:r")):
            texts = [one for one in run.iter(qn("w:t")) if one.text]
            text = "".join(one.text for one in texts)
            if not text.strip() or not self._is_unseen(run):
                continue
            for one in texts:
                one.text = ""
            if last is not None and run.getprevious() is last and found:
                found[-1] = (found[-1] + text)[:_LONGEST]
            else:
                found.append(text[:_LONGEST])
            last = run
        return [" ".join(text.split()) for text in found]

    def _is_unseen(self, run: Any) -> bool:
        if self._is_on(run, "w:vanish"):
            return True
        size = self._first(run, "w:sz")
        value = "" if size is None else size.get(qn("w:val"), "")
        if value.isdecimal() and int(value) <= _TINY:
            return True
        return self._is_white(run) and not self._dark_page and not self._on_colour(run)

    def _is_on(self, run: Any, tag: str) -> bool:
        found = self._first(run, tag)
        return found is not None and found.get(qn("w:val"), "1") not in _OFF

    def _is_white(self, run: Any) -> bool:
        colour = self._first(run, "w:color")
        if colour is None:
            return False
        value = colour.get(qn("w:val"), "auto")
        if colour.get(qn("w:themeColor")) in ("background1", "light1"):
            return colour.get(qn("w:themeShade")) is None
        try:
            return all(int(value[n : n + 2], 16) >= _NEARLY_WHITE for n in (0, 2, 4))
        except ValueError:  # "auto"
            return False

    def _on_colour(self, run: Any) -> bool:
        """Tell white letters that stand on a colour, as in the head of a table."""
        highlight = self._first(run, "w:highlight")
        if highlight is not None and highlight.get(qn("w:val")) not in _LIGHT:
            return True
        for properties in self._properties(run):
            if _is_shaded(properties):
                return True
        for above in run.iterancestors():
            if above.tag == qn("w:p") and _is_shaded(above.find(qn("w:pPr"))):
                return True
            if above.tag == qn("w:tc") and _is_shaded(above.find(qn("w:tcPr"))):
                return True
            if above.tag == qn("w:tbl") and self._is_coloured_table(above):
                return True
            if above.tag == qn("w:txbxContent"):
                return True  # the box has a colour of its own, kept elsewhere
        return False

    def _is_coloured_table(self, table: Any) -> bool:
        style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        element = None if style is None else self._styles.get(style.get(qn("w:val")))
        return element is not None and any(
            shade.get(qn("w:fill")) not in _LIGHT for shade in element.iter(qn("w:shd"))
        )

    def _first(self, run: Any, tag: str) -> Any:
        """Return a run's property: its own, else that of its styles."""
        for properties in self._properties(run):
            found = properties.find(qn(tag))
            if found is not None:
                return found
        return None

    def _properties(self, run: Any) -> Iterator[Any]:
        own = run.find(qn("w:rPr"))
        if own is not None:
            yield own
            yield from self._of_style(own.find(qn("w:rStyle")))
        paragraph = next(run.iterancestors(qn("w:p")), None)
        styled = None if paragraph is None else paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        yield from self._of_style(styled)

    def _of_style(self, named: Any) -> Iterator[Any]:
        for _ in range(_MAX_STYLES):
            if named is None:
                return
            style = self._styles.get(named.get(qn("w:val")))
            if style is None:
                return
            properties = style.find(qn("w:rPr"))
            if properties is not None:
                yield properties
            named = style.find(qn("w:basedOn"))


def _is_shaded(properties: Any) -> bool:
    shade = None if properties is None else properties.find(qn("w:shd"))
    return shade is not None and shade.get(qn("w:fill")) not in _LIGHT

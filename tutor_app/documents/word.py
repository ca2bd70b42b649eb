"""Read Word documents: headings by style or outline level, lists, tables, equations."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import PartFactory
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.styles.style import BaseStyle
from lxml import etree

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.document import HIDDEN_REMARK, Document
from tutor_app.documents.office_math import latex_from_office
from tutor_app.documents.raised import raised
from tutor_app.documents.unseen_word import UnseenRuns
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
# The same document part, with macros beside it that nothing here looks at.
PartFactory.part_type_for[_MACRO_TYPE] = DocumentPart

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Text that was deleted or moved away, and the second copy of a text box.
_LEFT_OUT = frozenset((qn("w:del"), qn("w:moveFrom"), qn("w:rPr"), qn("w:pPr"), _FALLBACK))
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_MAX_STYLES = 20


def read_word(path: Path, content: bytes) -> Document:
    """Read a .docx or .docm file; insertions count, deletions do not, macros are ignored.

    Letters that no reader sees (hidden, white, tiny) are kept apart from the text.

    Raises:
        DocumentError: the file is unsafe, damaged, or without text.
    """
    open_archive(path, content).close()
    writing = Writing(path)
    with damaged_files_explained(path, "a Word document", "Open it in Word and save it again."):
        part = Package.open(BytesIO(content)).main_document_part
        if not isinstance(part, DocumentPart):
            raise ValueError(f"its main part is {part.content_type}")
        document = part.document
        unseen = UnseenRuns(document)
        writing.hidden.extend(unseen.take_out(document.element.body))
        _Body(writing, document).read(document.element.body)
        for note in _footnotes(document, unseen, writing.hidden):
            writing.add("paragraph", f"Footnote: {note}")
        has_pictures = any(True for _ in document.element.body.iter(qn("a:blip")))
    if writing.hidden:
        writing.remarks.append(
            f"{HIDDEN_REMARK} (hidden, white or tiny): {writing.hidden[0][:80]!r}."
        )
    if writing.is_empty():
        what = "only pictures" if has_pictures else "nothing"
        raise DocumentError(
            f"{path}: holds {what}, no text. Bring the text itself, typed or recognised (OCR)."
        )
    return writing.document()


class _Body:
    """Walks the paragraphs and tables of a body in reading order."""

    def __init__(self, writing: Writing, document: WordDocument) -> None:
        self._writing = writing
        self._styles = {style.style_id: style for style in document.styles}

    def read(self, body: Any) -> None:
        """Add what stands below one element: a body, or a content control."""
        for element in body:
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(_cells(element))
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
                self.read(element)

    def _table(self, rows: list[list[Any]]) -> None:
        """Add a table; one that only lays out the page is read cell by cell."""
        layout = all(len(row) < 2 for row in rows)
        if layout or any(cell.find(qn("w:tbl")) is not None for row in rows for cell in row):
            for cell in (cell for row in rows for cell in row):
                self.read(cell)
        else:
            self._writing.add_table(
                [[" ".join(text_of(cell).split()) for cell in row] for row in rows]
            )

    def _paragraph(self, paragraph: Any) -> None:
        text = text_of(paragraph)
        properties = paragraph.find(qn("w:pPr"))
        chain = list(self._chain(properties))
        names = [(style.name or "").lower() for style in chain]
        if any(name.startswith(("toc ", "toc heading")) for name in names[:1]):
            return
        level = _level(properties, chain, names)
        if level:
            self._writing.heading(level, text)
        elif _is_formula(text):
            self._writing.add("formula", text)
        elif _numbered(properties, chain) or any(n.startswith("list") for n in names[:1]):
            self._writing.add("list item", f"- {text}" if text.strip() else "")
        elif any("quote" in name for name in names[:1]):
            self._writing.add("quote", text)
        else:
            self._writing.add("paragraph", text)

    def _chain(self, properties: Any) -> Iterator[BaseStyle]:
        """Yield the style of a paragraph and those it is based on."""
        found = None if properties is None else properties.find(qn("w:pStyle"))
        style = None if found is None else self._styles.get(found.get(qn("w:val")))
        for _ in range(_MAX_STYLES):
            if style is None:
                return
            yield style
            base = style.element.find(qn("w:basedOn"))
            style = None if base is None else self._styles.get(base.get(qn("w:val")))


def _level(properties: Any, chain: list[BaseStyle], names: list[str]) -> int:
    """Return the heading level from 1, or 0 for a paragraph of text."""
    for name in names:
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdigit():
            return int(name[8:])
    for element in (properties, *(style.element.find(qn("w:pPr")) for style in chain)):
        outline = None if element is None else element.find(qn("w:outlineLvl"))
        if outline is not None:
            level = int(outline.get(qn("w:val"), "9"))
            return level + 1 if level < 9 else 0
    return 0


def _numbered(properties: Any, chain: list[BaseStyle]) -> bool:
    for element in (properties, *(style.element.find(qn("w:pPr")) for style in chain)):
        numbering = None if element is None else element.find(qn("w:numPr"))
        if numbering is not None:
            number = numbering.find(qn("w:numId"))
            return number is None or number.get(qn("w:val")) != "0"
    return False


def text_of(element: Any) -> str:
    """Return the text of a paragraph or cell: runs, links, insertions, equations, text boxes."""
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts)


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == qn("w:t"):
            parts.append(child.text or "")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == qn("w:r") and _is_superscript(child):
            parts.append(raised(text_of(child)))
        elif tag == _MATH + "oMathPara":
            latex = " ".join(latex_from_office(one) for one in child.iter(_MATH + "oMath"))
            parts.append(f"$$\n{latex}\n$$")
        elif tag == _MATH + "oMath":
            parts.append(f"${latex_from_office(child)}$")
        elif tag not in _LEFT_OUT and isinstance(tag, str):
            is_box = tag == qn("w:p")
            parts.append("\n" if is_box else "")
            _collect(child, parts)
            parts.append("\n" if is_box else "")


def _is_superscript(run: Any) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    return found is not None and found.get(qn("w:val")) == "superscript"


def _is_formula(text: str) -> bool:
    body = text.strip()
    return body.startswith("$$") and body.endswith("$$") and body.count("$$") == 2


def _cells(table: Any) -> list[list[Any]]:
    rows = [row for row in within(table) if row.tag == qn("w:tr")]
    return [[cell for cell in within(row) if cell.tag == qn("w:tc")] for row in rows]


def within(element: Any) -> Iterator[Any]:
    """Yield the children, looking into content controls."""
    for child in element:
        if child.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from within(child)
        else:
            yield child


def _footnotes(document: WordDocument, unseen: UnseenRuns, hidden: list[str]) -> Iterator[str]:
    """Yield the text of the footnotes; separators have none, and what is unseen goes elsewhere."""
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            notes = etree.fromstring(relation.target_part.blob, parser)
            hidden.extend(unseen.take_out(notes))
            for note in notes.iter(qn("w:footnote")):
                text = " ".join(text_of(note).split())
                if text:
                    yield text

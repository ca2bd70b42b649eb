"""Read PowerPoint files: one section per titled slide, lists, tables, speaker notes."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.slide import Slide

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.document import Document
from tutor_app.documents.office_math import latex_from_office
from tutor_app.documents.raised import raised
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_LISTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
_SMALL = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


def read_slides(path: Path, content: bytes) -> Document:
    """Read a .pptx or .pptm file; hidden slides are left out, macros ignored.

    Raises:
        DocumentError: the file is unsafe, damaged, or without text.
    """
    open_archive(path, content).close()
    writing = Writing(path)
    remedy = "Open it in PowerPoint and save it again."
    hidden: list[int] = []
    silent: list[int] = []
    with damaged_files_explained(path, "a PowerPoint presentation", remedy):
        for number, slide in enumerate(Presentation(BytesIO(content)).slides, 1):
            writing.slide = number
            if slide._element.get("show") == "0":
                hidden.append(number)
            elif not _write_slide(writing, slide):
                silent.append(number)
    if hidden:
        writing.remarks.append(f"Hidden slides were left out: {_listed(hidden)}.")
    if silent:
        writing.remarks.append(f"Slides with pictures but no text: {_listed(silent)}.")
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no text on any visible slide. Pictures of text cannot be read; bring "
            "the text itself."
        )
    return writing.document()


def _write_slide(writing: Writing, slide: Slide) -> bool:
    """Add one slide; say False if below its title it shows pictures and not one word."""
    title = slide.shapes.title
    # Without a title the slide belongs to no section: the one before does not cover it.
    writing.sections.clear()
    if title is not None:
        writing.heading(1, " ".join("\n".join(_paragraphs(title._element)).split()))
    words, pictures = False, False
    for shape in _shapes(slide.shapes):
        pictures = pictures or shape.shape_type == MSO_SHAPE_TYPE.PICTURE
        if title is None or shape.shape_id != title.shape_id:
            words = _write_shape(writing, slide, shape) or words
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    said = "\n".join(_paragraphs(notes._txBody)).strip() if notes is not None else ""
    if said:
        writing.add("paragraph", f"Speaker notes: {said}")
    return words or bool(said) or not pictures


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _write_shape(writing: Writing, slide: Slide, shape: Any) -> bool:
    """Add the text of a shape, table or diagram; say whether there was any."""
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if kind in _SMALL:
        return False
    if getattr(shape, "has_table", False) and shape.has_table:
        rows = [[" ".join(_paragraphs(cell)) for cell in row] for row in shape.table._tbl.tr_lst]
        writing.add_table([[*row] for row in rows])
        return any(any(row) for row in rows)
    if shape.has_text_frame:
        lines = list(_paragraphs(shape._element))
        is_list = kind in _LISTS and len(lines) > 1
    else:
        lines, is_list = list(_diagram(slide, shape)), True
    for line in lines:
        if line.startswith("$$"):
            writing.add("formula", line)
        elif is_list:
            writing.add("list item", f"- {line}")
        else:
            writing.add("paragraph", line)
    return bool(lines)


def _diagram(slide: Slide, shape: Any) -> Iterator[str]:
    """Yield the texts of a SmartArt diagram, which live in a part of their own."""
    for element in shape._element.iter(_DIAGRAM + "relIds"):
        part = slide.part.related_part(element.get(qn("r:dm")))
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        yield from _paragraphs(etree.fromstring(part.blob, parser))


def _paragraphs(element: Any) -> Iterator[str]:
    """Yield the paragraphs below an element that hold text."""
    for paragraph in element.iter(qn("a:p")):
        parts: list[str] = []
        _collect(paragraph, parts)
        text = "\n".join(" ".join(line.split()) for line in "".join(parts).split("\v")).strip()
        if text:
            yield text


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == qn("a:r"):
            text = "".join(t.text or "" for t in child.iter(qn("a:t")))
            properties = child.find(qn("a:rPr"))
            baseline = "0" if properties is None else properties.get("baseline", "0")
            parts.append(raised(text) if _is_positive(baseline) else text)
        elif tag == qn("a:br"):
            parts.append("\v")
        elif tag == qn("a:fld"):
            parts.append("".join(t.text or "" for t in child.iter(qn("a:t"))))
        elif tag == _MATH + "oMathPara":
            latex = " ".join(latex_from_office(one) for one in child.iter(_MATH + "oMath"))
            parts.append(f"\v$$ {latex} $$\v" if len(element) > 1 else f"$$ {latex} $$")
        elif tag == _MATH + "oMath":
            parts.append(f"${latex_from_office(child)}$")
        elif tag != _FALLBACK and isinstance(tag, str):
            _collect(child, parts)


def _is_positive(baseline: str) -> bool:
    """Tell a superscript: its baseline is raised, in thousandths of a percent or in percent."""
    return baseline.strip("%").replace(".", "", 1).isdigit() and float(baseline.strip("%")) > 0


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)

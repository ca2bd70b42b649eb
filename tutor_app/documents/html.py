"""Read HTML: headings, paragraphs, lists, tables, code, formulas; no scripts, no navigation."""

import re
from pathlib import Path

from lxml import etree, html

from tutor_app.documents.decoding import decode
from tutor_app.documents.document import BlockKind, Document
from tutor_app.documents.mathml import latex_from_mathml, name_of
from tutor_app.documents.raised import raised
from tutor_app.documents.unseen_html import take_out_unseen
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_LEFT_OUT = frozenset(
    "script style nav template noscript svg iframe object embed form button select textarea input "
    "head audio video canvas map dialog".split()
)
_ROLES_LEFT_OUT = frozenset(("navigation", "banner", "search", "contentinfo", "menu"))
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer header hgroup hr html li main ol p section summary table tbody td tfoot th "
    "thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TEX = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,5000}?)\\\]", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_MAX_DEPTH = 250


def read_html(path: Path, content: bytes) -> Document:
    """Read a web page: its <main> where it has one, else its body.

    Raises:
        DocumentError: the page holds no text, or too much.
    """
    text, remarks = decode(path, content, declares=True)
    root = parse_html(text)
    writing = Writing(path)
    writing.remarks.extend(remarks)
    if root is not None:
        write_html(writing, root)
        title = root.find(".//title")
        if title is not None and not writing.title:
            writing.title = " ".join(title.text_content().split())
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no text outside of scripts and navigation. Save the page from the "
            "browser once it is shown, or print it as a PDF."
        )
    return writing.document()


def parse_html(text: str) -> html.HtmlElement | None:
    """Return the root element; None for a page without any."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but comments or white space
        return None
    return root


def write_html(writing: Writing, root: etree._Element) -> None:
    """Add the content of a parsed page to a document; what a browser would not show is left out.

    Args:
        writing: where to.
        root: the <html> element, from HTML or XHTML; unseen elements are removed from it.
    """
    writing.hidden.extend(take_out_unseen(root))
    mains = [e for e in root.iter() if name_of(e) == "main" or e.get("role") == "main"]
    _Flow(writing).read(mains[0] if len(mains) == 1 and _has_text(mains[0]) else root)


class _Flow:
    """Walks elements; what is inline is collected until a block begins or ends."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._marker = ""
        self._number: int | None = None

    def read(self, root: etree._Element) -> None:
        self._visit(root, 0)
        self._flush()

    def _visit(self, element: etree._Element, depth: int) -> None:
        name = name_of(element)
        if name in ("script", "span") and (tex := _tex_script(element)):
            self._inline.append(tex)
        elif depth > _MAX_DEPTH or _is_left_out(element, name):
            return
        elif name in _HEADINGS:
            self._flush()
            self._writing.heading(_HEADINGS[name], _inline_text(element))
        elif name == "pre":
            self._flush()
            self._writing.add_code("".join(map(str, element.itertext())))
        elif name == "table" and _is_data(element):
            self._flush()
            for caption in (e for e in element if name_of(e) == "caption"):
                self._writing.add("paragraph", _inline_text(caption))
            self._writing.add_table(_rows(element))
        elif name == "math":
            self._math(element)
        elif name in ("sup", "br", "img"):
            self._inline.append(_inline_sign(element, name))
        elif name in _BLOCKS:
            self._block(element, name, depth)
        else:
            self._children(element, depth)

    def _block(self, element: etree._Element, name: str, depth: int) -> None:
        # A definition follows its term in the same block: "work: force times distance".
        if name != "dd":
            self._flush()
        before = self._kind
        number = self._number
        if name in ("ol", "ul"):
            self._number = 0 if name == "ol" else None
        if name == "li":
            self._kind, self._marker = "list item", self._next_marker()
        elif name == "blockquote":
            self._kind = "quote"
        self._children(element, depth)
        if name == "dt":
            self._inline.append(": ")
        else:
            self._flush()
        self._kind = before
        if name in ("ol", "ul"):
            self._number = number

    def _next_marker(self) -> str:
        if self._number is None:
            return "- "
        self._number += 1
        return f"{self._number}. "

    def _children(self, element: etree._Element, depth: int) -> None:
        self._inline.append(_collapsed(element.text))
        for child in element:
            self._visit(child, depth + 1)
            self._inline.append(_collapsed(child.tail))

    def _math(self, element: etree._Element) -> None:
        latex = latex_from_mathml(element)
        if not latex:
            return
        if element.get("display") == "block":
            self._flush()
            self._writing.add("formula", f"$$\n{latex}\n$$")
        else:
            self._inline.append(f"${latex}$")

    def _flush(self) -> None:
        text = _tidy("".join(self._inline))
        self._inline.clear()
        if text and text != ":":
            is_formula = text.startswith("$$") and text.endswith("$$") and text.count("$$") == 2
            kind: BlockKind = "formula" if is_formula else self._kind
            self._writing.add(kind, self._marker + text)
            self._marker = ""


def _is_left_out(element: etree._Element, name: str) -> bool:
    return (
        not name
        or name in _LEFT_OUT
        or element.get("role") in _ROLES_LEFT_OUT
        or (element.get("aria-hidden") == "true" and name != "img")
    )


def _has_text(element: etree._Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _tex_script(element: etree._Element) -> str:
    """Return the formula of an old MathJax script or of a KaTeX span."""
    kind = element.get("type", "")
    if kind.startswith("math/tex"):
        mark = "$$" if "display" in kind else "$"
        return f"{mark}{(element.text or '').strip()}{mark}"
    if "katex" in element.get("class", "").split():
        math = next((e for e in element.iter() if name_of(e) == "math"), None)
        return f"${latex_from_mathml(math)}$" if math is not None else ""
    return ""


def _inline_sign(element: etree._Element, name: str) -> str:
    if name == "br":
        return "\n"
    if name == "sup":
        return raised(_inline_text(element))
    classes = element.get("class", "")
    alt = " ".join(element.get("alt", "").split())
    if alt and re.search(r"math|tex", classes) and element.get("aria-hidden") != "true":
        return f"${alt}$"
    return ""


def _inline_text(element: etree._Element) -> str:
    parts = [_collapsed(element.text)]
    for child in element:
        name = name_of(child)
        if name == "math":
            parts.append(f"${latex_from_mathml(child)}$")
        elif name in ("sup", "br", "img"):
            parts.append(_inline_sign(child, name))
        elif tex := _tex_script(child):
            parts.append(tex)
        elif not _is_left_out(child, name):
            gap = " " if name in _BLOCKS else ""
            parts.append(gap + _inline_text(child) + gap)
        parts.append(_collapsed(child.tail))
    return _tidy("".join(parts))


def _collapsed(text: str | None) -> str:
    return _SPACE.sub(" ", text) if text else ""


def _tidy(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return _TEX.sub(_dollars, "\n".join(line for line in lines if line))


def _dollars(found: re.Match[str]) -> str:
    return f"${found[1].strip()}$" if found[1] else f"$$\n{found[2].strip()}\n$$"


def _is_data(table: etree._Element) -> bool:
    """Tell a table of data from one that lays out a page."""
    if table.get("role") == "presentation":
        return False
    return not any(name_of(e) in ("table", "h1", "h2", "h3", "ul") for e in table.iterdescendants())


def _rows(table: etree._Element) -> list[list[str]]:
    rows = []
    for row in table.iter():
        if name_of(row) == "tr":
            rows.append([_inline_text(cell) for cell in row if name_of(cell) in ("td", "th")])
    return rows

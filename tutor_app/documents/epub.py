"""Read EPUB books: the chapters in the order of the spine, each by the HTML reader."""

import html
import posixpath
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from lxml import etree

from tutor_app.documents.archive import open_archive
from tutor_app.documents.damage import damaged_files_explained
from tutor_app.documents.decoding import decode
from tutor_app.documents.document import Document
from tutor_app.documents.html import parse_html, write_html
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FIRST_HEADING_OR_TEXT = re.compile(r"<(?:\w+:)?(h[1-6]|p|li|td|pre|blockquote)\b", re.IGNORECASE)


def read_epub(path: Path, content: bytes) -> Document:
    """Read a book without protection.

    Raises:
        DocumentError: the zip is unsafe or damaged, the book protected or without text.
    """
    archive = open_archive(path, content)
    writing = Writing(path)
    remedy = "Get the book again, or convert it anew."
    with damaged_files_explained(path, "an EPUB book", remedy):
        package, folder = _package(archive)
        chapters = _spine(package, folder)
        _check_protection(path, archive, chapters)
        labels = _labels(archive, package, folder)
        for name in chapters:
            if name in archive.namelist():
                _write_chapter(writing, path, archive.read(name), labels.get(name, ""))
            else:
                writing.remarks.append(f"Its chapter {name!r} is missing.")
    title = package.find(f".//{_TITLE}")
    if title is not None and title.text:
        writing.title = " ".join(title.text.split())
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no text; a book of pictures cannot be read. Bring its text another way."
        )
    return writing.document()


def _package(archive: zipfile.ZipFile) -> tuple[Element, str]:
    """Return the package document and the folder that its names start from."""
    container = ElementTree.fromstring(archive.read(_CONTAINER))
    name = next((e.get("full-path", "") for e in container.iter() if "full-path" in e.attrib), "")
    return ElementTree.fromstring(archive.read(name)), posixpath.dirname(name)


def _spine(package: Element, folder: str) -> list[str]:
    pages = {
        item.attrib["id"]: _resolved(folder, item.attrib["href"])
        for item in package.iter(f"{_OPF}item")
        if item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split()
    }
    order = [item.get("idref") for item in package.iter(f"{_OPF}itemref")]
    return [pages[name] for name in order if name in pages]


def _resolved(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))


def _check_protection(path: Path, archive: zipfile.ZipFile, chapters: list[str]) -> None:
    """Refuse a book whose chapters are encrypted; encrypted fonts do no harm."""
    if _ENCRYPTION not in archive.namelist():
        return
    protection = ElementTree.fromstring(archive.read(_ENCRYPTION))
    locked = {unquote(e.get("URI", "")) for e in protection.iter() if "CipherReference" in e.tag}
    if locked.intersection(chapters):
        raise DocumentError(
            f"{path}: is copy-protected (DRM). Ask the publisher for an unprotected copy."
        )


def _labels(archive: zipfile.ZipFile, package: Element, folder: str) -> dict[str, str]:
    """Return the title that the table of contents (EPUB 2's NCX) gives to each whole chapter."""
    labels: dict[str, str] = {}
    for item in package.iter(f"{_OPF}item"):
        name = _resolved(folder, item.attrib["href"])
        is_ncx = item.get("media-type") == "application/x-dtbncx+xml"
        is_nav = "nav" in item.get("properties", "").split()
        if name in archive.namelist() and (is_ncx or is_nav):
            contents = ElementTree.fromstring(archive.read(name))
            for element in contents.iter():
                link, text = _entry(element)
                if link and "#" not in link:
                    labels.setdefault(_resolved(posixpath.dirname(name), link), text)
    return labels


def _entry(element: Element) -> tuple[str, str]:
    tag = str(element.tag).rsplit("}", 1)[-1]
    if tag == "navPoint":
        link = next((e.get("src", "") for e in element if e.tag.endswith("content")), "")
        label = next((e for e in element if e.tag.endswith("navLabel")), None)
        return link, " ".join("".join(label.itertext()).split()) if label is not None else ""
    if tag == "a":
        return element.get("href", ""), " ".join("".join(element.itertext()).split())
    return "", ""


def _write_chapter(writing: Writing, path: Path, content: bytes, label: str) -> None:
    text, _ = decode(path, content, declares=True)
    first = _FIRST_HEADING_OR_TEXT.search(text)
    if label and not (first and first[1].lower().startswith("h")):
        writing.heading(1, label)
    root = _parse_xhtml(text)
    if root is not None:
        write_html(writing, root)


def _parse_xhtml(text: str) -> etree._Element | None:
    """Parse as XML, where <script/> and <title/> are closed; a page that is none, as HTML."""
    known = _ENTITY.sub(lambda m: m[0] if m[1] in _OF_XML else html.unescape(m[0]), text)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True
    )
    try:
        return etree.fromstring(known.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return parse_html(text)

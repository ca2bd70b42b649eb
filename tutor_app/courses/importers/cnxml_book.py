"""The plan of a CNXML book: its title, licence, chapters, and modules in order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tutor_app.courses.importers.source import SourceFiles
from tutor_app.documents.mathml import name_of
from tutor_app.errors import ContentError, DocumentError

COLLECTION = (".collection.xml", "collection.xml")
MODULE = "index.cnxml"
_CONTROL = re.compile("[\x80-\x9f]")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_NUMBERED = {"figure": "Figure", "table": "Table"}


@dataclass(frozen=True)
class PlannedModule:
    """A module where the book has it; `chapter` is 0 outside of the chapters."""

    id: str
    chapter: int


@dataclass
class Book:
    """The plan.

    Attributes:
        title: of the book.
        language: two letters.
        licence: as the book names it, with its address.
        authors: as the book names them; may be empty.
        chapters: their titles; chapter 1 comes first.
        modules: in the order of the book.
    """

    title: str
    language: str = "en"
    licence: str = ""
    authors: str = ""
    chapters: list[str] = field(default_factory=list)
    modules: list[PlannedModule] = field(default_factory=list)


def parse_xml(where: str, content: bytes) -> Element:
    """Parse XML without entities; raises DocumentError with the reason."""
    try:
        root: Element = fromstring(content)
    except DefusedXmlException as error:
        raise DocumentError(
            f"{where}: declares XML entities ({type(error).__name__}), as entity bombs do. "
            "Do not trust this file."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DocumentError(f"{where}: is no sound XML ({error}). Download it anew.") from error
    for node in root.iter():
        node.text, node.tail = _repaired(node.text), _repaired(node.tail)
    return root


def _repaired(text: str | None) -> str | None:
    """Replace control characters that were meant as Windows' quotes and dashes."""
    return text.translate(_WINDOWS) if text and _CONTROL.search(text) else text


def module_files(names: Sequence[str]) -> dict[str, str]:
    """Return the files of the modules by module id, the name of their folder."""
    return {
        parts[-2] if len(parts) > 1 else "module": name
        for name in names
        if (parts := name.split("/"))[-1] == MODULE
    }


def read_book(source: str, files: SourceFiles) -> Book:
    """Read the collection, or plan the modules in name order where there is none.

    Raises:
        ContentError: there are several collections.
        DocumentError: the collection is broken.
    """
    collections = [name for name in files.names if name.endswith(COLLECTION)]
    if len(collections) > 1:
        raise ContentError(
            f"{source}: holds {len(collections)} books ({', '.join(collections)}). "
            "Make an archive with the modules and one of the collections."
        )
    if not collections:
        modules = [PlannedModule(name, 0) for name in module_files(files.names)]
        return Book(title="", modules=modules)
    root = parse_xml(f"{source}: {collections[0]}", files.read(collections[0]))
    metadata = next((part for part in root.iter() if name_of(part) == "metadata"), root)
    book = Book(
        title=_field(metadata, "title") or "Untitled",
        language=_language(root, metadata),
        licence=_licence(metadata),
        authors=_authors(root, metadata),
    )
    content = next((part for part in root if name_of(part) == "content"), None)
    if content is not None:
        _plan(content, book, "")
    return book


def label_elements(modules: Sequence[tuple[PlannedModule, Element]]) -> dict[str, str]:
    """Name the figures and tables that the book numbers, by their ids: "Figure 2.3"."""
    labels: dict[str, str] = {}
    counts: dict[tuple[int, str], int] = {}
    for planned, root in modules:
        for node in root.iter():
            kind = _NUMBERED.get(name_of(node), "")
            if not kind or not node.get("id"):
                continue
            if "unnumbered" in node.get("class", "").split() or not planned.chapter:
                labels[node.get("id", "")] = ""
                continue
            key = (planned.chapter, kind)
            counts[key] = counts.get(key, 0) + 1
            labels[node.get("id", "")] = f"{kind} {planned.chapter}.{counts[key]}"
    return {name: label for name, label in labels.items() if label}


def _plan(content: Element, book: Book, chapter: str) -> None:
    """Walk the collection; the innermost subcollection is a module's chapter."""
    number = 0
    for part in content:
        if name_of(part) == "module":
            if chapter and not number:
                book.chapters.append(chapter)
                number = len(book.chapters)
            book.modules.append(PlannedModule(part.get("document", ""), number))
        elif name_of(part) == "subcollection":
            inside = next((child for child in part if name_of(child) == "content"), None)
            if inside is not None:
                _plan(inside, book, _field(part, "title") or "Untitled")


def _field(node: Element, name: str) -> str:
    return next((" ".join("".join(c.itertext()).split()) for c in node if name_of(c) == name), "")


def _language(root: Element, metadata: Element) -> str:
    given = root.get("{http://www.w3.org/XML/1998/namespace}lang") or _field(metadata, "language")
    return given[:2].lower() if given[:2].isalpha() and len(given) > 1 else "en"


def _licence(metadata: Element) -> str:
    found = next((part for part in metadata.iter() if name_of(part) == "license"), None)
    if found is None:
        return ""
    name = " ".join("".join(found.itertext()).split())
    address = found.get("url", "")
    return f"{name} ({address})" if name and address else name or address


def _authors(root: Element, metadata: Element) -> str:
    given = root.get("authors", "")
    if given:
        return ", ".join(filter(None, (name.strip() for name in given.split(","))))
    return ", ".join(_actors(metadata))


def _actors(metadata: Element) -> Iterator[str]:
    for part in metadata.iter():
        if name_of(part) == "role" and part.get("type") == "author":
            yield " ".join("".join(part.itertext()).split())

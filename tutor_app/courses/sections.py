"""Headings of the notes and documents, so that "document#Heading" references can be checked."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from markdown_it import MarkdownIt

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

_PARSER = MarkdownIt("commonmark")


def headings(path: Path) -> list[str]:
    """Return the heading texts of a Markdown file, in order."""
    tokens = _PARSER.parse(path.read_text(encoding="utf-8"))
    return [
        tokens[i + 1].content.strip()
        for i, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def known_sections(
    notes: list[Path], documents: Sequence[Path] = (), wanted: Collection[str] = ()
) -> set[str]:
    """Return every "stem#Heading" of the notes, and of the documents whose stem is wanted.

    A document that cannot be read has none.
    """
    found = {f"{path.stem}#{heading}" for path in notes for heading in headings(path)}
    for path in documents:
        if path.stem in wanted:
            with suppress(DocumentError):
                blocks = read_document(path).blocks
                found |= {f"{path.stem}#{name}" for b in blocks for name in b.place.section}
    return found

"""Headings of the notes, so that "document#Heading" references can be checked."""

from pathlib import Path

from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark")


def headings(path: Path) -> list[str]:
    """Return the heading texts of a Markdown file, in order."""
    tokens = _PARSER.parse(path.read_text(encoding="utf-8"))
    return [
        tokens[i + 1].content.strip()
        for i, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def known_sections(notes: list[Path]) -> set[str]:
    """Return every "stem#Heading" of the notes."""
    return {f"{path.stem}#{heading}" for path in notes for heading in headings(path)}

"""Read Markdown: sections from its headings, blocks from CommonMark (with tables)."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tutor_app.documents.document import Block, BlockKind, Document
from tutor_app.documents.limits import MAX_BLOCKS
from tutor_app.documents.writing import Writing, too_many_blocks
from tutor_app.domain.passage import Place

# Only the block structure is needed; inline parsing would be most of the work.
_PARSER = MarkdownIt("commonmark").enable("table")
_PARSER.core.ruler.enableOnly(["normalize", "block"])

_KINDS: dict[str, BlockKind] = {
    "paragraph_open": "paragraph",
    "list_item_open": "list item",
    "blockquote_open": "quote",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "html_block": "paragraph",
}
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_FORMULA = r"\$\$(?:(?!\$\$|\n#{1,6}\s).){1,5000}\$\$"
_DISPLAY_FORMULA = re.compile(_FORMULA, re.DOTALL)
_CODE_OR_FORMULA = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?(?:^(?P=fence)|\Z))|" + _FORMULA, re.DOTALL | re.MULTILINE
)


def read_markdown(document_id: str, text: str) -> Document:
    """Split Markdown text into blocks below their section paths.

    Args:
        document_id: the stem of the file.
        text: the file's text, its lines ended by newlines.

    Raises:
        DocumentError: it has too many blocks.
    """
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    title = ""
    for part in _parts(text):
        if part.level:
            title = title or (part.heading if part.level == 1 else "")
            path = [*(above for above in path if above[0] < part.level), (part.level, part.heading)]
        else:
            section = tuple(name for _, name in path)
            place = Place(document=document_id, section=section, start=part.start, end=part.end)
            if len(blocks) >= MAX_BLOCKS:
                raise too_many_blocks(document_id)
            blocks.append(Block(kind=part.kind, place=place))
    return Document(id=document_id, title=title or document_id, text=text, blocks=tuple(blocks))


def write_markdown(writing: Writing, text: str) -> None:
    """Add Markdown text to a document that has other parts too."""
    for part in _parts(text):
        if part.level:
            writing.heading(part.level, part.heading)
        else:
            writing.add(part.kind, text[part.start : part.end])


class _Part(NamedTuple):
    """A heading, or (level 0) a block at text[start:end]."""

    level: int
    heading: str
    kind: BlockKind
    start: int
    end: int


def _parts(text: str) -> Iterator[_Part]:
    line_starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for token, heading in _content(_PARSER.parse(_hide_formulas(text))):
        if token.type == "heading_open":
            yield _Part(int(token.tag[1:]), heading, "paragraph", 0, 0)
        elif token.map:
            start, end = _trim(text, line_starts[token.map[0]], line_starts[token.map[1]])
            content = text[start:end]
            if content and not content.startswith("<!--"):
                kind = "formula" if _DISPLAY_FORMULA.fullmatch(content) else _KINDS[token.type]
                yield _Part(0, "", kind, start, end)


def _content(tokens: list[Token]) -> list[tuple[Token, str]]:
    """Return the outermost content tokens, a list as its items; headings with their text."""
    found: list[tuple[Token, str]] = []
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            found.append((token, tokens[i + 1].content.strip()))
        elif token.type in _KINDS and (
            token.level == 0 or (token.type == "list_item_open" and token.level == 1)
        ):
            found.append((token, ""))
    return found


def _hide_formulas(text: str) -> str:
    """Replace what stands in $$...$$ by letters, line by line.

    To a Markdown parser a formula's line may look like a list, a heading or a paragraph's end.
    """

    def letters(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        return "\n".join("x" * max(1, len(line)) for line in found[0].split("\n"))

    return _CODE_OR_FORMULA.sub(letters, text)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span so that it neither begins nor ends with white space."""
    span = text[start:end]
    return start + len(span) - len(span.lstrip()), start + len(span.rstrip())

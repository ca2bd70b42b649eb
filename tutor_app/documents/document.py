"""A document: its text, and the blocks that carry content, each with its place."""

from typing import Literal

from tutor_app.domain.base import Strict
from tutor_app.domain.passage import Place

# How a reader's remark on `Document.hidden` begins.
HIDDEN_REMARK = "Letters that nobody sees were left out"
BlockKind = Literal["paragraph", "formula", "list item", "quote", "code", "table"]


class Block(Strict):
    """One paragraph, list item, table, ...; its text is document.text[place.start:place.end]."""

    kind: BlockKind
    place: Place


class Document(Strict):
    """A file that has been read.

    Attributes:
        id: the file's stem; passages and "id#Heading" references name the document by it.
        title: the first level-1 heading, or the id.
        text: the whole text, with line ends as a single newline; places count in its characters.
        blocks: content in reading order, without overlaps. Headings are no blocks: they are the
            section path of the blocks below them.
        remarks: what the person who brought the file should know, such as pages without text;
            whole sentences. Empty for a file that was read without a doubt.
        hidden: text of the file that nobody sees who reads it (hidden, white or tiny letters); it
            is no part of `text`.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

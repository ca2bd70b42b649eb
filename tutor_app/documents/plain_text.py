"""Read plain text: paragraphs between blank lines, no sections."""

import re

from tutor_app.documents.document import Block, Document
from tutor_app.documents.limits import MAX_BLOCKS
from tutor_app.documents.writing import too_many_blocks
from tutor_app.domain.passage import Place

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*|\Z")


def read_plain_text(document_id: str, text: str) -> Document:
    """Split text at its blank lines.

    Args:
        document_id: the stem of the file.
        text: the file's text, its lines ended by newlines.

    Raises:
        DocumentError: it has too many blocks.
    """
    blocks: list[Block] = []
    start = len(text) - len(text.lstrip())
    for gap in _BLANK_LINES.finditer(text, start):
        end = start + len(text[start : gap.start()].rstrip())
        if end > start:
            if len(blocks) >= MAX_BLOCKS:
                raise too_many_blocks(document_id)
            place = Place(document=document_id, start=start, end=end)
            blocks.append(Block(kind="paragraph", place=place))
        start = gap.end()
    return Document(id=document_id, title=document_id, text=text, blocks=tuple(blocks))

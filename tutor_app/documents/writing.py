"""Write down what a reader finds: text, blocks with places, section paths, remarks."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tutor_app.documents.document import Block, BlockKind, Document
from tutor_app.documents.limits import MAX_BLOCKS, MAX_CHARACTERS
from tutor_app.domain.passage import Place
from tutor_app.errors import DocumentError

# Control characters that no reader means; lone surrogates cannot be stored.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# So that each part of a long table is one passage, with the table's header.
_TABLE_CHARACTERS = 320


class Writing:
    """A document in the making; readers add headings and blocks in reading order.

    `page`, `slide` and `start_s` are those of the blocks added next.
    """

    def __init__(self, path: Path) -> None:
        self.page: int | None = None
        self.slide: int | None = None
        self.start_s: float | None = None
        self.remarks: list[str] = []
        self.hidden: list[str] = []
        self.title = ""
        self.sections: list[tuple[int, str]] = []
        self._path = path
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._last: BlockKind | None = None

    def heading(self, level: int, text: str) -> None:
        """Begin a section: below the last heading of a lower level number.

        Raises:
            DocumentError: the document has too many characters.
        """
        name = " ".join(_UNWRITABLE.sub("", text).split())
        if not name:
            return
        if level == 1 and not self.title:
            self.title = name
        self.sections = [*(part for part in self.sections if part[0] < level), (level, name)]
        self._append(name, None)

    def add(self, kind: BlockKind, text: str) -> None:
        """Add a block; one of white space alone is passed over.

        Raises:
            DocumentError: the document has too many characters or blocks.
        """
        body = _UNWRITABLE.sub("", text).strip()
        if not body:
            return
        if len(self._blocks) >= MAX_BLOCKS:
            raise too_many_blocks(str(self._path))
        start = self._append(body, kind)
        place = Place(
            document=self._path.stem,
            section=tuple(name for _, name in self.sections),
            start=start,
            end=start + len(body),
            page=self.page,
            slide=self.slide,
            start_s=self.start_s,
        )
        self._blocks.append(Block(kind=kind, place=place))

    def add_code(self, text: str, language: str = "") -> None:
        """Add code between fences, so that a page draws it as code."""
        body = text.strip("\n").rstrip()
        if body:
            longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
            fence = "`" * max(3, longest + 1)
            self.add("code", f"{fence}{language}\n{body}\n{fence}")

    def add_table(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows as Markdown tables of a passage's size, each with the first row as its header.

        Empty rows are left out, empty columns on the right too; a single column is a list.
        """
        cleaned = [[_cell(cell) for cell in row] for row in rows]
        filled = [row for row in cleaned if any(row)]
        width = max((n + 1 for row in filled for n, cell in enumerate(row) if cell), default=0)
        if width == 1:
            for row in filled:
                self.add("list item", f"- {row[0]}")
        elif width:
            lines = ["| " + " | ".join((row + [""] * width)[:width]) + " |" for row in filled]
            head = f"{lines[0]}\n{'|' + ' --- |' * width}"
            self._add_parts(head, lines[1:])

    def _add_parts(self, head: str, lines: list[str]) -> None:
        part: list[str] = []
        size = 0
        for line in lines:
            if part and size + len(line) > max(_TABLE_CHARACTERS - len(head), len(line)):
                self.add("table", "\n".join([head, *part]))
                part, size = [], 0
            part.append(line)
            size += len(line)
        self.add("table", "\n".join([head, *part]))

    def is_empty(self) -> bool:
        """Say whether no block has been added."""
        return not self._blocks

    def document(self) -> Document:
        """Return what was written."""
        return Document(
            id=self._path.stem,
            title=self.title or self._path.stem,
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            remarks=tuple(self.remarks),
            hidden=tuple(self.hidden),
        )

    def _append(self, body: str, kind: BlockKind | None) -> int:
        """Append text after a gap and return where it starts."""
        if self._parts:
            items = kind == self._last == "list item"
            self._parts.append("\n" if items else "\n\n")
            self._length += len(self._parts[-1])
        start = self._length
        self._parts.append(body)
        self._length += len(body)
        self._last = kind
        if self._length > MAX_CHARACTERS:
            raise DocumentError(
                f"{self._path}: has more than {MAX_CHARACTERS:,} characters. Split the file."
            )
        return start


def too_many_blocks(where: str) -> DocumentError:
    """Return the error for a document of too many blocks."""
    return DocumentError(
        f"{where}: has more than {MAX_BLOCKS:,} paragraphs, list items and the like. "
        "Split the file."
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

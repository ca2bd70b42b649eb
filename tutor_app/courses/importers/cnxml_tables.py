"""CALS tables, as CNXML has them, to Markdown."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from tutor_app.documents.mathml import name_of

Cell = Callable[[Element], list[str]]


def table_blocks(table: Element, cell: Cell, caption: str) -> list[str]:
    """Return a Markdown table; records where a cell holds what no Markdown cell can.

    Args:
        table: the element.
        cell: converts an entry to blocks.
        caption: what stands above it; may be empty.

    A list of terms (no header, no second meaning per row) becomes one line.
    """
    found = [caption] if caption else []
    for group in (part for part in table.iter() if name_of(part) == "tgroup"):
        if any(inner is not group and name_of(inner) == "tgroup" for inner in group.iter()):
            found.extend(_flattened(group, cell))
            continue
        head = [row for part in group if name_of(part) == "thead" for row in _rows(part, cell)]
        body = [
            row
            for part in group
            if name_of(part) in ("tbody", "tfoot")
            for row in _rows(part, cell)
        ]
        if "key-terms" in table.get("class", ""):
            found.append(", ".join(" ".join(c) for row in body for c in row if c) + ".")
        elif any(_is_tall(c) for row in body for c in row):
            found.extend(_records(head, body))
        elif body or head:
            found.append(_markdown(head, body))
    return found


def _rows(part: Element, cell: Cell) -> list[list[list[str]]]:
    """Return the rows, each cell as blocks; a cell that spans rows is repeated."""
    rows: list[list[list[str]]] = []
    pending: dict[int, tuple[int, list[str]]] = {}
    for row in (child for child in part if name_of(child) == "row"):
        cells: list[list[str]] = []
        entries = [child for child in row if name_of(child) == "entry"]
        while entries or len(cells) in pending:
            column = len(cells)
            if column in pending:
                left, text = pending.pop(column)
                cells.append(text)
                if left > 1:
                    pending[column] = (left - 1, text)
                continue
            entry = entries.pop(0)
            text = cell(entry)
            cells.append(text)
            more = entry.get("morerows", "0")
            if more.isdecimal() and int(more):
                pending[column] = (int(more), text)
            cells.extend([[]] * (_span(entry) - 1))
        rows.append(cells)
    return rows


def _span(entry: Element) -> int:
    first, last = (
        "".join(c for c in entry.get(name, "") if c.isdigit()) for name in ("namest", "nameend")
    )
    return min(max(int(last) - int(first) + 1, 1), 50) if first and last else 1


def _is_tall(cell: list[str]) -> bool:
    return any(text.startswith(("```", "$$")) for text in cell) or len(cell) > 3


def _flat(cell: list[str]) -> str:
    """Return the blocks of a cell as one line."""
    lines = " ".join(cell).replace("\n", " ").split()
    text = " ".join(lines)
    if "$" in text:
        # a bar would end the cell, also within maths
        text = "$".join(
            part.replace("|", r"\vert ") if n % 2 else part
            for n, part in enumerate(text.split("$"))
        )
    return text.replace("|", r"\|")


def _markdown(head: list[list[list[str]]], body: list[list[list[str]]]) -> str:
    width = max(len(row) for row in [*head, *body])
    title = [" / ".join(filter(None, column)) for column in zip(
        *([_flat(c) for c in row] + [""] * (width - len(row)) for row in head), strict=True
    )] if head else [""] * width  # fmt: skip
    lines = [title, ["---"] * width]
    lines += [[_flat(c) for c in row] + [""] * (width - len(row)) for row in body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _records(head: list[list[list[str]]], body: list[list[list[str]]]) -> list[str]:
    """Return each row as "**column:** content", for cells with code of several lines."""
    names = [_flat(c) for c in head[-1]] if head else []
    found: list[str] = []
    for row in body:
        for column, cell in enumerate(row):
            name = names[column] if column < len(names) else ""
            if not cell:
                continue
            if name and not cell[0].startswith(("```", "$$", "|", "-")):
                found += [f"**{name}**: {cell[0]}", *cell[1:]]
            else:
                found += [f"**{name}**:", *cell] if name else cell
    return found


def _flattened(group: Element, cell: Cell) -> list[str]:
    """Return the cells of a table that holds tables, one after the other."""
    return [
        text
        for row in (part for part in group.iter() if name_of(part) == "row")
        for entry in row
        if name_of(entry) == "entry" and not any(name_of(p) == "tgroup" for p in entry.iter())
        for text in cell(entry)
    ]

"""The reading of a brought rubric: every cell with what it became."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from tutor_app.exchange.rubrics.reading import CellRead, RubricReading, cell_name
from tutor_app.ui.inert import plain

_LONGEST = 400
_QUIET = ("heading", "a label")


def show_reading(reading: RubricReading) -> None:
    """Draw what was noticed, the table cell by cell, and what is missing."""
    for remark in reading.remarks:
        st.markdown(f":material/info: {plain(remark)}")
    with st.expander("What became of each cell", expanded=True, icon=":material/table:"):
        st.html(reading_html(reading))


def reading_html(reading: RubricReading) -> str:
    """Return the cells as HTML in which nothing of the file is active.

    A table stays a table; entries of a file that is none, or of its other sheets, are listed.
    """
    cells = [cell for cell in reading.cells if cell.row >= 0]
    entries = [cell for cell in reading.cells if cell.row < 0]
    parts = []
    if cells:
        parts.append(_table(cells))
    if entries:
        parts.append(_list(entries))
    return "".join(
        f'<div class="reading" role="region" tabindex="0" aria-label="What was read">{part}</div>'
        for part in parts
    )


def _table(cells: list[CellRead]) -> str:
    by_place = {(cell.row, cell.column): cell for cell in cells}
    columns = range(max(cell.column for cell in cells) + 1)
    rows = sorted({cell.row for cell in cells})
    names = "".join(f'<th class="nr" scope="col">{_letters(c)}</th>' for c in columns)
    body = "".join(
        f'<tr><th class="nr" scope="row">{r + 1}</th>'
        + "".join(_cell(by_place.get((r, c))) for c in columns)
        + "</tr>"
        for r in rows
    )
    return f'<table><tr><td class="nr"></td>{names}</tr>{body}</table>'


def _letters(column: int) -> str:
    return cell_name(0, column)[:-1]


def _list(entries: Iterable[CellRead]) -> str:
    rows = "".join(f"<tr><th>{escape(_short(e.place))}</th>{_cell(e)}</tr>" for e in entries)
    return f"<table>{rows}</table>"


def _cell(cell: CellRead | None) -> str:
    if cell is None:
        return "<td></td>"
    text = escape(_short(cell.text)).replace("\n", "<br>")
    quiet = " as-heading" if cell.became in _QUIET else ""
    left_out = cell.kind == "ignored" and not quiet
    became = ("Left out: " if left_out and cell.became != "ignored" else "") + cell.became
    if cell.became == "ignored":
        became = "Left out"
    return (
        f'<td class="as-{cell.kind}{quiet}"><div class="was">{text}</div>'
        f'<div class="became">{escape(became[:1].upper() + became[1:])}</div></td>'
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"

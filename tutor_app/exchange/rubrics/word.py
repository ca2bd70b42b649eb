"""A rubric as a Word document: to print and hand out, with a table that is read back."""

import io

from docx import Document
from docx.shared import Cm, Pt
from docx.table import Table

from tutor_app.domain.rubric import Rubric
from tutor_app.exchange.rubrics.levelled import as_levels, pieces_lost
from tutor_app.exchange.rubrics.safe_cells import number

_HEAD = ("Criterion", "Level", "Points", "Description")
_WIDTHS = (4.0, 3.0, 1.7, 7.8)


def write_word(rubric: Rubric) -> bytes:
    """Return a .docx file: title, question, and a row per level, each criterion's cell merged."""
    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(rubric.title, 1)
    document.add_paragraph(f"Question: {rubric.question}")
    table = document.add_table(rows=1, cols=len(_HEAD))
    table.style = "Table Grid"
    table.autofit = False
    _fill(table, 0, _HEAD, bold=True)
    for criterion in rubric.criteria:
        first = len(table.rows)
        for level in as_levels(criterion):
            table.add_row()
            own = criterion.title if len(table.rows) - 1 == first else ""
            _fill(
                table, len(table.rows) - 1,
                (own, level.title, number(level.points), level.description),
            )  # fmt: skip
        # what a merge leaves of the cells below is an empty paragraph each
        whole = table.cell(first, 0).merge(table.cell(len(table.rows) - 1, 0))
        whole.text = criterion.title
    document.add_paragraph(f"{number(rubric.max_points)} points in all.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fill(table: Table, row: int, texts: tuple[str, ...], *, bold: bool = False) -> None:
    for cell, text, width in zip(table.rows[row].cells, texts, _WIDTHS, strict=True):
        cell.width = Cm(width)
        cell.text = ""
        cell.paragraphs[0].add_run(text).bold = bold


def lost_in_word(rubric: Rubric) -> list[str]:
    """Return what the table in the document does not carry."""
    return pieces_lost(rubric, question=False)

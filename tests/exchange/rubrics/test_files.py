"""Files as they come: other encodings, merged cells, formulas, wrong names, broken content."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tutor_app.errors import DocumentError
from tutor_app.exchange.rubrics.read import read_rubrics

CANVAS = (
    "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,Rating Name 1,"
    "Rating Description 1,Rating Points 1,Rating Name 2,Rating Description 2,Rating Points 2\n"
    'Cell,Osmosis,Says where,false,Clear,"Yes, so",2,Missing,No,0\n'
    'Cell,Über,Über,true,Clear,All,"1,75",Missing,No,0\n'
)


def workbook(fill: Callable[[Worksheet], None]) -> bytes:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_canvas_csv_is_read_in_any_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    text = CANVAS if delimiter == "," else CANVAS.replace('"', "")
    if delimiter != ",":
        text = text.replace("Yes, so", "Yes so").replace("1,75", "1.75").replace(",", delimiter)
    (reading,) = read_rubrics("cell.csv", text.encode(encoding))
    assert reading.format == "Canvas rubric CSV"
    first, second = reading.rubric.criteria
    assert (first.title, first.points, first.grader_note) == ("Osmosis", 2.0, "Says where")
    assert (second.title, second.points, second.grader_note) == ("Über", 1.75, "")
    assert "Canvas scores some criteria by ranges" in " ".join(reading.remarks)


def test_canvas_csv_with_rows_of_different_length_is_read() -> None:
    rows = CANVAS.splitlines()
    (reading,) = read_rubrics("x.csv", f"{rows[0]}\nCell,A,A,false,Yes,It is,1\n".encode())
    assert [(v.title, v.points) for v in reading.rubric.criteria[0].levels] == [("Yes", 1.0)]
    assert "levels of 1 of 1 criteria: at least two each" in reading.missing


def test_canvas_csv_without_a_rubric_name_is_called_after_the_file_and_says_so() -> None:
    (reading,) = read_rubrics("my_cell.csv", CANVAS.replace("\nCell,", "\n,").encode())
    assert reading.rubric.title == "my cell"
    assert "Canvas itself refuses such rows." in " ".join(reading.remarks)


def test_merged_cells_of_a_workbook_belong_to_what_they_cover() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Essay", None, None, None])
        sheet.append(["Criteria", "Good (3)", "Fair (1)", "Poor (0)"])
        sheet.append(["Ideas", "all", "half", None])
        sheet.append([None, "with a reason", "no reason", None])
        sheet.append(["Form", "fine", "not fine", None])
        for merged in ("A1:D1", "A3:A4", "C5:D5"):
            sheet.merge_cells(merged)

    (reading,) = read_rubrics("essay.xlsx", workbook(fill))
    assert reading.rubric.title == "Essay"
    ideas, form = reading.rubric.criteria
    assert ideas.levels[0].description == "all\nwith a reason"
    assert [v.description for v in form.levels] == ["fine", "not fine", "not fine"]
    assert "C5 is merged over several levels" in " ".join(reading.remarks)
    became = {cell.place: cell.became for cell in reading.cells}
    assert became["B1"] == "part of the merged cell A1"


def test_formulas_are_read_as_saved_values_and_never_run() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Criteria", "Points", "Good", "Poor"])
        sheet.append(["Ideas", "=1+1", "all", "none"])

    # openpyxl saves no values with its formulas, as a file that no spreadsheet has opened yet
    (reading,) = read_rubrics("x.xlsx", workbook(fill))
    assert reading.rubric.criteria[0].points is None
    assert "Formulas without a saved value were left empty: B2" in " ".join(reading.remarks)


def test_a_merged_cell_that_claims_the_whole_sheet_costs_nothing() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Criteria", "Good (1)", "Poor (0)"])
        sheet.append(["Ideas", "all", "none"])
        # merge_cells would make every cell of it here
        sheet.merged_cells.add("E1:XFD1048576")

    (reading,) = read_rubrics("x.xlsx", workbook(fill))
    assert len(reading.rubric.criteria) == 1


def test_a_date_that_was_a_range_is_asked_about() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Criteria", "Good (1)", "Poor (0)"])
        sheet.append(["Ideas", "all", "none"])
        sheet["B2"] = __import__("datetime").date(2026, 4, 3)

    (reading,) = read_rubrics("x.xlsx", workbook(fill))
    assert "B2: read as a date" in " ".join(reading.remarks)


def word(*tables: list[list[str]], above: tuple[str, ...] = ("",)) -> bytes:
    document = Document()
    for rows in tables:
        for text in above:
            document.add_paragraph(text)
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_of_two_tables_in_word_the_one_like_a_rubric_comes_first_and_it_is_said() -> None:
    content = word(
        [["Name", "Date"], ["Ann", "today"]],
        [["Criteria", "Good (2)", "Poor (0)"], ["Ideas", "all", "none"]],
        [["Criteria", "High (1)", "Low (0)"], ["Form", "fine", "bad"]],
    )
    readings = read_rubrics("two.docx", content)
    assert [r.rubric.criteria[0].title for r in readings][:2] == ["Ideas", "Form"]
    assert readings[0].remarks[0].startswith("The file has 3 tables")


@pytest.mark.parametrize("question", ["Question: Why is it blue?", "Why is it blue?"])
def test_title_question_and_answer_above_a_word_table_are_read(question: str) -> None:
    content = word(
        [["Criterion", "Met (2)", "Not met (0)"], ["Ideas", "All of them", "None"]],
        above=("Sky", question, "Please grade in pencil. " * 9, "Model answer: Short waves."),
    )
    (reading,) = read_rubrics("x.docx", content)
    rubric = reading.rubric
    assert (rubric.title, rubric.question) == ("Sky", "Why is it blue?")
    assert rubric.reference_answers == ["Short waves."]
    assert [c.became for c in reading.cells[:4]] == [
        "title of the rubric", "the question", "text above the table, left out",
        "a reference answer",
    ]  # fmt: skip


def test_points_in_the_cells_of_a_word_table_are_read() -> None:
    content = word(
        [["Criterion", "Met", "Not met"], ["Ideas", "All of them (3 pts)", "None (0 pts)"]],
        above=("Essay rubric",),
    )
    (reading,) = read_rubrics("x.docx", content)
    assert reading.rubric.title == "Essay rubric"
    assert reading.rubric.question == ""
    assert [(v.points, v.description) for v in reading.rubric.criteria[0].levels] == [
        (3.0, "All of them"), (0.0, "None"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"", "is empty"),
        ("x.xlsx", b"  \n", "is empty"),
        ("x.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
        ("x.xlsx", b"Criteria,Good (1)\n", "is no .xlsx file"),
        ("x.docx", b"PK\x03\x04" + bytes(40), "damaged"),
        ("x.pdf", b"%PDF-1.7 and so on", "whose tables are not read"),
        ("x.csv", b"a" * 5_000_001, "more than 5,000,000"),
        ("x.json", b'{"rubric_items": [', "is not JSON"),
        ("x.json", b'{"rubric_items": [{"points": NaN}]}', "is not JSON"),
        ("x.json", b'{"rubric_items": []}', "holds no criterion"),
        ("x.json", b"[1, 2]", "is no rubric that is known here"),
        ("x.yaml", b"a: [1", "is not YAML"),
        ("x.yaml", b"a: {max_mark: 1}\na: {max_mark: 2}", "duplicate key"),
        ("x.yaml", b"a: &x {max_mark: 1}\nb: *x", "aliases"),
        ("x.yaml", b"a: !!python/object:os.system {}", "is not YAML"),
        ("x.yaml", b"name: a course\nskills: 3", "is no rubric that is known here"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    name: str, content: bytes, says: str
) -> None:
    with pytest.raises(DocumentError, match=f"{name}: .*{says}"):
        read_rubrics(name, content)


def test_a_word_document_without_a_table_says_so() -> None:
    with pytest.raises(DocumentError, match="holds no table"):
        read_rubrics("x.docx", word())

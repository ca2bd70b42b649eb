import datetime
import re
from typing import Any

import openpyxl
import pytest

from tutor_app.documents import workbook
from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError


def test_each_sheet_is_a_section_of_readable_values(write: Any, said: Any, saved: Any):
    book = openpyxl.Workbook()
    book.active.title = "Springs"
    book.active.append(["length", "when", "ok", None])
    book.active.append([0.1 + 0.2, datetime.datetime(2026, 3, 1), True, None])
    book.active.append([])
    book.create_sheet("Other").append(["a", 2.0])
    document = read_document(write("a.xlsx", saved(book)))
    assert said(document) == [
        ("table", "| length | when | ok |\n| --- | --- | --- |\n| 0.3 | 2026-03-01 | TRUE |"),
        ("table", "| a | 2 |\n| --- | --- |"),
    ]
    assert [block.place.section for block in document.blocks] == [("Springs",), ("Other",)]


def test_formulas_are_shown_and_never_evaluated(write: Any, said: Any, saved: Any):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "=A2+1"])
    document = read_document(write("a.xlsx", saved(book)))
    assert said(document)[0][1].endswith("| 1 | =A2+1 |")
    assert "1 formulas without a saved value" in document.remarks[0]


def test_a_saved_value_wins_over_its_formula(write: Any, said: Any, saved: Any, rezipped: Any):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "=A2+1"])
    sheet = {
        "xl/worksheets/sheet1.xml": lambda old: re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>2</v>", old)
    }
    document = read_document(write("a.xlsx", rezipped(saved(book), sheet)))
    assert said(document)[0][1].endswith("| 1 | 2 |")
    assert document.remarks == ()


def test_hidden_sheets_are_left_out_and_named(write: Any, saved: Any):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.create_sheet("Solutions").append(["secret", "x"])
    book["Solutions"].sheet_state = "hidden"
    document = read_document(write("a.xlsx", saved(book)))
    assert "secret" not in document.text
    assert document.remarks == ("Hidden sheets were left out: Solutions.",)


def test_macros_are_ignored(write: Any, said: Any, saved: Any, rezipped: Any):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    changes = {
        "[Content_Types].xml": lambda old: old.replace(
            b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        ).replace(b"vnd.openxmlformats-officedocument.ms-excel", b"vnd.ms-excel"),
        "xl/vbaProject.bin": lambda _: b"Sub Auto_Open()",
    }
    document = read_document(write("a.xlsm", rezipped(saved(book), changes)))
    assert said(document) == [("table", "| a | b |\n| --- | --- |")]
    assert document.remarks == ()


def test_a_sheet_of_endless_cells_is_refused(
    write: Any, saved: Any, monkeypatch: pytest.MonkeyPatch
):
    book = openpyxl.Workbook()
    book.active.cell(1, 1, "a")
    book.active.cell(5_000, 2, "b")
    monkeypatch.setattr(workbook, "MAX_CELLS", 4_000)
    with pytest.raises(DocumentError, match="sheet 'Sheet' has more than 4,000 cells"):
        read_document(write("a.xlsx", saved(book)))


def test_a_workbook_without_content_is_refused(write: Any, saved: Any):
    with pytest.raises(DocumentError, match="no cell with content"):
        read_document(write("a.xlsx", saved(openpyxl.Workbook())))


def test_what_openpyxl_does_not_know_is_passed_over_silently(
    write: Any, said: Any, saved: Any, rezipped: Any
):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    changes = {
        "xl/worksheets/sheet1.xml": lambda old: old.replace(b"</worksheet>", extension),
        "xl/workbook.xml": lambda old: old.replace(
            b"</sheets>", b'<sheet name="gone" sheetId="9" r:id=""/></sheets>'
        ).replace(
            b"<workbook ",
            b"<workbook xmlns:r="
            b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships" ',
        ),
    }
    assert said(read_document(write("a.xlsx", rezipped(saved(book), changes)))) == [
        ("table", "| a | b |\n| --- | --- |")
    ]

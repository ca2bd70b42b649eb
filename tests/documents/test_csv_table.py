from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(mark: str, write: Any, said: Any):
    rows = [["name", "points", "remark"], ["Ann", "12", "good"], ["Bob", "7", "late"]]
    document = read_document(write("a.csv", "\r\n".join(mark.join(row) for row in rows)))
    assert said(document) == [
        (
            "table",
            "| name | points | remark |\n| --- | --- | --- |\n"
            "| Ann | 12 | good |\n| Bob | 7 | late |",
        )
    ]


def test_quotes_line_ends_and_bars_in_cells_do_not_tear_the_table(write: Any, said: Any):
    document = read_document(write("a.csv", 'a,b\n"x\ny, z",1|2\n\n,\n'))
    assert said(document) == [("table", "| a | b |\n| --- | --- |\n| x y, z | 1\\|2 |")]


def test_parts_of_a_long_table_repeat_its_header(write: Any, said: Any):
    rows = "".join(f"row {n},value {n}\n" for n in range(100))
    parts = [text for _, text in said(read_document(write("a.csv", "name,worth\n" + rows)))]
    assert len(parts) > 5
    assert all(part.startswith("| name | worth |\n| --- | --- |\n| row") for part in parts)
    assert sum(part.count("| row") for part in parts) == 100


def test_a_single_column_is_a_list(write: Any, said: Any):
    assert said(read_document(write("a.csv", "string\nwatch\n"))) == [
        ("list item", "- string"),
        ("list item", "- watch"),
    ]


def test_a_very_long_cell_is_read_whole(write: Any):
    document = read_document(write("a.csv", "name,text\nada," + "x" * 200_000 + "\n"))
    assert document.text.count("x") == 200_001


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(",,\n,\n", "no row with content"), ("\n", "no row with content")],
)
def test_what_is_no_table_is_refused(write: Any, content: str, complaint: str):
    with pytest.raises(DocumentError, match=complaint):
        read_document(write("a.csv", content))

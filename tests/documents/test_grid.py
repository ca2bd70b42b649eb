"""Tables cell by cell: text with any delimiter, and limits that hold."""

import pytest
from ruamel.yaml import YAML

from tutor_app.documents.grid import MAX_ROWS, make_grid, read_grids
from tutor_app.documents.grid_text import text_grid
from tutor_app.documents.plain_yaml import dump_plain_yaml, load_plain_yaml
from tutor_app.errors import DocumentError

WANTED = (("a", "b, so"), ("1", "2"))


@pytest.mark.parametrize(
    "text",
    [
        "a\tb, so\n1\t2",
        "a;b, so\n1;2",
        'a,"b, so"\n1,2',
        "| a | b, so |\n|---|:--|\n| 1 | 2 |",
        "a   b, so\n1   2\n\n",
        "\ufeffa\tb, so\t\n1\t2\t\n\t\t",
    ],
)
def test_text_with_any_delimiter_is_the_same_table(text: str) -> None:
    assert text_grid("x", text).rows == WANTED


def test_a_title_above_a_table_is_a_row_of_its_own() -> None:
    assert text_grid("x", "Leaf, salted\na\tb, c\td\n1\t2\t3").rows == (
        ("Leaf, salted", "", ""),
        ("a", "b, c", "d"),
        ("1", "2", "3"),
    )


def test_a_cell_of_several_lines_stays_one_cell() -> None:
    assert text_grid("x", 'a\tb\n"1\n2"\t3').rows == (("a", "b"), ("1\n2", "3"))
    assert text_grid("x", "| a | b |\n|-|-|\n| 1<br>2 | 3 |").rows[1] == ("1\n2", "3")


def test_empty_rows_and_columns_at_the_edges_are_left_out_and_rows_are_filled_up() -> None:
    grid = make_grid("x", [["a", "b", ""], ["c"], [""]], "Sheet", {(5, 0): (4, 0)})
    assert grid.rows == (("a", "b"), ("c", ""))
    assert grid.merged == {}


def test_a_table_too_large_is_refused() -> None:
    with pytest.raises(DocumentError, match="2,001 rows and 1 columns, more than 2,000"):
        make_grid("x", [["a"]] * (MAX_ROWS + 1))
    with pytest.raises(DocumentError, match="more than 5,000,000"):
        read_grids("x.csv", b"a,b\n" * 1_300_000)


def test_plain_yaml_comes_back_the_same() -> None:
    data = {"no": "yes", "a: b": {"c": [1, 0.5, None, True]}, "text": "=1\ntwo", "ü": "1.5"}
    assert load_plain_yaml("x", dump_plain_yaml(data)) == data
    assert list(load_plain_yaml("x", dump_plain_yaml(data))) == list(data), "in its order"


def test_a_program_of_yaml_1_1_reads_the_same() -> None:
    data = {"No": {"mark": 0.0, "description": "off"}, "Yes": "1:30", "on": ["y", "12", "nothing"]}
    older = YAML(typ="safe", pure=True)
    older.version = (1, 1)
    assert older.load(dump_plain_yaml(data)) == data


def test_yaml_that_is_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(DocumentError, match="more than 500,000"):
        load_plain_yaml("x", "a" * 500_001)
    for opening in ("[", "- ", "{a: "):
        with pytest.raises(DocumentError, match="more than 50 deep"):
            load_plain_yaml("x", opening * 20_000)

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from tutor_app.exchange.gradebooks.mark import MarkRow
from tutor_app.exchange.gradebooks.workbook import write_workbook


def test_the_workbook_keeps_totals_criteria_and_what_is_not_released_apart(
    tmp_path: Path, mark: Callable[..., MarkRow]
) -> None:
    rows = [
        mark("1", 3.5, name="=cmd|' /C calc'!A0", feedback="=1+1\x00"),
        mark("2", None, name="Bob"),
        mark("3", 4, name="Eve", released=False),
    ]
    done = write_workbook(rows, tmp_path / "marks.xlsx", title="Essay")
    book = load_workbook(done.path)
    marks = list(book["Marks"].iter_rows(min_row=2))
    assert [cell.value for cell in marks[0]][:6] == [
        "1", "=cmd|' /C calc'!A0", None, 3.5, 4, "released",
    ]  # fmt: skip
    assert {cell.data_type for cell in marks[0] if isinstance(cell.value, str)} == {"s"}
    criteria = list(book["Criteria"].iter_rows(min_row=2))
    assert [cell.value for cell in criteria[0]][3:] == [
        "Names the force", "Partly", 3.5, 4, "released", "=1+1", "force times distance",
    ]  # fmt: skip
    assert criteria[0][8].data_type == "s"
    absent = [[c.value for c in row] for row in book["Not released"].iter_rows(min_row=2)]
    assert absent == [
        ["2", "Bob", None, "pending", "The mark is pending."],
        ["3", "Eve", None, "not released", "The mark is not released."],
    ]
    assert len(marks) == len(criteria) == done.written == 1
    asked = write_workbook(rows, tmp_path / "all.xlsx", title="Essay", unreleased=True)
    states = [row[5].value for row in load_workbook(asked.path)["Marks"].iter_rows(min_row=2)]
    assert states == ["released", "not released"]


def test_the_words_on_each_criterion_stand_beside_its_points(
    tmp_path: Path, mark: Callable[..., MarkRow]
) -> None:
    empty = mark("2", 0, question="Q1", feedback="").model_copy(
        update={"origin": "decided by rule: Nothing was handed in."}
    )
    rows = [mark("1", 3.5, question="Q1", feedback="=1+1"), empty, mark("1", 4, question="Q2")]
    done = write_workbook(rows, tmp_path / "marks.xlsx", title="Essay")
    head, *lines = load_workbook(done.path)["Marks"].iter_rows()
    titles = [cell.value for cell in head]
    assert titles[-4:] == [
        "Q1: Names the force (4 pts)", "Q1: Names the force (4 pts): feedback",
        "Q2: Names the force (4 pts)", "Q2: Names the force (4 pts): feedback",
    ]  # fmt: skip
    told = [dict(zip(titles, [cell.value for cell in line], strict=True)) for line in lines]
    assert [tuple(one.values())[-4:] for one in told] == [
        (3.5, "Partly - =1+1", None, None),
        (0, "Partly", None, None),
        (None, None, 4, "Partly - Say which way the force points."),
    ]
    assert told[1]["How"] == "decided by rule: Nothing was handed in."

import csv
import io
from collections.abc import Callable
from pathlib import Path

from tutor_app.exchange.gradebooks.mark import MarkRow
from tutor_app.exchange.gradebooks.per_item import write_per_item


def test_each_submission_has_its_row_and_each_criterion_its_columns(
    tmp_path: Path, mark: Callable[..., MarkRow]
) -> None:
    rows = [
        mark("ada@x", 3.5, name="=Ada", question="Q1", feedback="-1 for the sign"),
        mark("ada@x", None, question="Q2"),
        mark("bob", 2, question="Q1", released=False),
    ]
    done = write_per_item(rows, tmp_path / "items.csv")
    lines = list(csv.DictReader(io.StringIO(done.path.read_text())))
    item = "1: Q1: Names the force (4 pts)"
    assert [(r["SID"], r["Status"], r["Total Score"], r[item]) for r in lines] == [
        ("ada@x", "Graded", "3.5", "3.5"),
        ("ada@x", "Ungraded", "", ""),
        ("bob", "Not released", "", ""),
    ]
    assert lines[0]["Name"] == "'=Ada"
    assert lines[0]["Email"] == "ada@x"
    assert lines[0]["1: Feedback"] == "'-1 for the sign"
    assert lines[0]["1: Evidence"] == "force times distance"
    assert lines[0]["2: Q2: Names the force (4 pts)"] == ""
    assert done.written == 1
    asked = write_per_item(rows, tmp_path / "all.csv", unreleased=True)
    lines = list(csv.DictReader(io.StringIO(asked.path.read_text())))
    assert [(r["Status"], r[item]) for r in lines][2] == ("Not released", "2")

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.gradebooks.blackboard import write_blackboard
from tutor_app.exchange.gradebooks.mark import MarkRow

Make = Callable[..., MarkRow]
ESSAY = "Essay [Total Pts: 4 Score] |77"
OWN = (
    f'"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"{ESSAY}"\t"Feedback to Learner"\t'
    '"Feedback Format"\t"Grading Notes"\t"Notes Format"\r\n'
    '"Lovelace"\t"Ada"\t"ada1"\t"1"\t"Needs Grading"\t""\t""\t""\t""\r\n'
    '"Ü"\t"Zoë"\t"zoe1"\t"2"\t"3.00"\t"kept"\t"HTML"\t""\t""\r\n'
)


def test_blackboards_own_file_keeps_its_encoding_and_its_other_cells(
    tmp_path: Path, mark: Make
) -> None:
    own = tmp_path / "gc.xls"
    own.write_bytes(OWN.encode("utf-16"))
    rows = [mark("ada1", 3.5), mark("zoe1", 1, released=False)]
    done = write_blackboard(rows, tmp_path / "out.xls", title="essay", own=own)
    text = done.path.read_bytes().decode("utf-16")
    line = OWN.splitlines()[1].replace('"Needs Grading"\t""', "3.5\t" + text.split("\t")[13])
    assert text.splitlines() == [OWN.splitlines()[0], line, OWN.splitlines()[2]]
    assert "Names the force: 3.5/4" in line
    assert [(one.learner, one.reason) for one in done.left_out] == [
        ("zoe1", "The mark is not released.")
    ]
    asked = write_blackboard(rows, tmp_path / "o.xls", title="Essay", own=own, unreleased=True)
    assert '"zoe1"\t"2"\t1\t' in asked.path.read_bytes().decode("utf-16")
    assert "\tnot released\t" in asked.path.read_bytes().decode("utf-16")


def test_a_fresh_file_has_what_the_upload_asks_for(tmp_path: Path, mark: Make) -> None:
    rows = [mark("1", 3, Username="ada1"), mark("=1+1", 2), mark("3", None)]
    done = write_blackboard(rows, tmp_path / "new.csv", title="Essay")
    lines = list(csv.DictReader(io.StringIO(done.path.read_text())))
    assert [(r["Username"], r["Essay [Total Pts: 4]"]) for r in lines] == [
        ("ada1", "3"),
        ("'=1+1", "2"),
    ]
    assert {r["Feedback Format"] for r in lines} == {"SMART_TEXT"}
    assert [one.learner for one in done.left_out] == ["3"]


def test_the_column_must_be_there_once(tmp_path: Path, mark: Make) -> None:
    own = tmp_path / "gc.csv"
    own.write_text(OWN.replace("\t", ","))
    with pytest.raises(ContentError, match="as the title: Essay"):
        write_blackboard([mark("ada1", 1)], tmp_path / "o.csv", title="Exam", own=own)
    own.write_text("a,b\n1,2\n")
    with pytest.raises(DocumentError, match="Username"):
        write_blackboard([mark("ada1", 1)], tmp_path / "o.csv", title="Essay", own=own)

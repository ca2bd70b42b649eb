"""`tutor grade` and `tutor batch`, from a table to a gradebook; the real grader on an item."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tutor_app.cli.app import app
from tutor_app.errors import GradingError

RUN = CliRunner()


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    path = tmp_path / "week1.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Name", "Email", "Airbag"])
        for number in range(4):
            text = "The bag makes the stop take longer, so the force on the head is smaller."
            out.writerow([f"Student {number}", f"s{number}@x.example", text if number else ""])
    return path


def run(*words: str | Path) -> str:
    result = RUN.invoke(app, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_table_is_graded_in_two_steps_exported_undone_and_rebuilt(table, tmp_path):
    out = tmp_path / "out"
    command = ["grade", table, "--rubrics", "mechanics-airbag", "--out", out]
    command += ["--answer", "Airbag", "--format", "canvas"]
    first = run(*command, "--try", "2")
    assert "4 submissions of 4 students" in first
    assert "empty: 1" in first
    assert "Graded 2 first" in first
    assert "2 wait. Go on with the same command, without --try." in first
    whole = run(*command)
    assert "4 submissions: 4 graded" in whole
    assert "Nothing is released" in whole
    assert (out / "NOT-RELEASED-canvas-gradebook.csv").exists()
    with (out / "proposals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["state"] for row in rows} == {"proposal, not released"}
    assert {row["total"] for row in rows if row["learner"] == "s0@x.example"} == {"0"}
    assert (out / "report.txt").read_text(encoding="utf-8").strip() == whole.strip()
    assert "Nothing was done." in run(*command)

    (listed,) = run("batch", "list").splitlines()
    batch = listed.split("\t")[0]
    assert "4 of 4 graded" in listed
    assert "0 marks" in run("batch", "export", batch, "--format", "canvas", "--out", out)
    assert "4 marks are released" in run("batch", "release", batch, "--yes")
    assert "4 marks" in run("batch", "export", batch, "--format", "xlsx", "--out", out)
    assert "is undone" in run("batch", "undo", batch)
    with pytest.raises(GradingError, match="take-back"):
        run("batch", "export", batch, "--format", "canvas", "--out", out)
    run("batch", "take-back", batch)
    run("batch", "audit", batch, "--out", tmp_path / "audit.jsonl")
    rebuilt = [json.loads(one) for one in run("batch", "rebuild", tmp_path / "audit.jsonl").splitlines()]  # fmt: skip # noqa: E501
    assert len(rebuilt) == 4
    assert rebuilt[0]["released"] == 0
    assert "Nothing was done" in run("batch", "rescore", batch)


def test_what_cannot_be_is_told_before_anything_starts(table, tmp_path):
    for more, told in (
        (["--rubrics", "mechanics-airbg"], "Did you mean 'mechanics-airbag'"),
        (["--rubrics", "Airbag=item:mechanics/gone"], "no 'gone'"),
        (["--rubrics", "Airbag=mechanics-airbag", "--format", "moodle"], "--into FILE"),
        (["--rubrics", "Airbag=mechanics-airbag", "--format", "doc"], "no format 'doc'"),
    ):
        with pytest.raises(GradingError, match=told):
            run("grade", table, "--out", tmp_path / "out", *more)
    assert not (tmp_path / "out").exists()

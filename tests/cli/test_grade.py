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
    assert "The other 2, and the checks after them, take about" in first
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
    again = run(*command)
    assert f"Take that back first: tutor batch take-back {batch}" in again
    assert "released" not in again
    with pytest.raises(GradingError, match="take-back"):
        run("batch", "export", batch, "--format", "canvas", "--out", out)
    run("batch", "take-back", batch)
    run("batch", "audit", batch, "--out", tmp_path / "audit.jsonl")
    rebuilt = [json.loads(one) for one in run("batch", "rebuild", tmp_path / "audit.jsonl").splitlines()]  # fmt: skip # noqa: E501
    assert len(rebuilt) == 4
    assert rebuilt[0]["released"] == 0
    assert "Nothing was done" in run("batch", "rescore", batch)


def test_an_answer_that_cannot_be_judged_is_no_failed_call_and_is_not_graded_again(table, tmp_path):
    german = "Der Airbag macht den Weg zum Stillstand laenger, deshalb ist die Kraft auf den Kopf "
    german += "kleiner als beim harten Lenkrad, denn die Zeit ist groesser und der Impuls gleich."
    with table.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(["Student 9", "s9@x.example", german])
    command = ["grade", table, "--rubrics", "mechanics-airbag", "--out", tmp_path / "out"]
    command += ["--answer", "Airbag"]
    told = run(*command)
    assert "5 submissions: 5 graded; " in told
    assert "1 of them have no score or only a part of it: the grader cannot judge them." in told
    assert "pending" not in told
    assert "Nothing was done." in run(*command)


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


def test_answers_that_are_graded_already_teach_the_grader(table, tmp_path):
    graded = tmp_path / "last-year.csv"
    graded.write_text(
        "Answer,same-change,smaller-force\n"
        + "".join(f"A longer time {n},2,0\n" for n in range(6)),
        encoding="utf-8",
    )
    command = ["grade", table, "--rubrics", "mechanics-airbag", "--out", tmp_path / "out"]
    told = run(*command, "--answer", "Airbag", "--examples", graded)
    assert "6 graded answers" in told
    assert "4 submissions: 4 graded" in told

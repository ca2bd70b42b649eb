import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from tutor_app.cli.dialogues import dialogues
from tutor_app.errors import DocumentError
from tutor_app.evaluation.dialogues import evaluate_dialogues

GOOD = {
    "id": "rope",
    "problem": "A rope of 63 m is cut into pieces of 9 m. How many pieces are there?",
    "reference_solution": "63 / 9 = 7 pieces\n7",
    "history": [
        {"role": "tutor", "text": "How many pieces?"},
        {"role": "learner", "text": "63 / 9 = 6 pieces"},
    ],
}


def write(path, *rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_reply_is_written_for_every_context(tmp_path):
    source, out = write(tmp_path / "in.jsonl", GOOD), tmp_path / "out.jsonl"
    report = evaluate_dialogues(source, out)
    row = json.loads(out.read_text(encoding="utf-8"))
    assert (report.replies, report.passed, report.broken) == (1, 1, ())
    assert set(row) == {"id", "reply", "move", "source", "verdicts", "latency_ms"}
    assert "63 / 9 = 6" in row["reply"]
    assert row["move"]["kind"] == "probe"
    assert {"name", "passed", "reason"} == set(row["verdicts"][0])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "line 1"),
        (json.dumps({"id": "a"}), "history"),
        (json.dumps(GOOD | {"history": []}), "history"),
        (json.dumps(GOOD | {"history": [{"role": "robot", "text": "x"}]}), "history.0.role"),
        (json.dumps(GOOD | {"surplus": 1}), "surplus"),
    ],
)
def test_a_broken_line_is_recorded_and_stops_nothing(tmp_path, line, reason):
    source, out = write(tmp_path / "in.jsonl", line, GOOD), tmp_path / "out.jsonl"
    report = evaluate_dialogues(source, out)
    broken, answered = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert reason in broken["error"]
    assert answered["id"] == "rope"
    assert (report.replies, len(report.broken)) == (1, 1)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"gone\.jsonl"):
        evaluate_dialogues(tmp_path / "gone.jsonl", tmp_path / "out.jsonl")


def test_the_command_prints_what_it_did_and_exits_1_on_broken_lines(tmp_path):
    app = Typer()
    app.command()(dialogues)
    source, out = write(tmp_path / "in.jsonl", GOOD, "{"), tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, [str(source), "--out", str(out)])
    assert result.exit_code == 1
    assert "line 2 is not JSON" in result.output
    assert "1 replies, 1 passed every check, 1 broken lines" in result.output

"""`tutor evaluate dialogues IN.jsonl --out OUT.jsonl`."""

from pathlib import Path
from typing import Annotated

import typer

from tutor_app.evaluation.dialogues import evaluate_dialogues
from tutor_app.llms.chat_model import load_chat_model
from tutor_app.llms.shelf import NONE
from tutor_app.settings import CHAMPION, Settings
from tutor_app.tutoring.speaker import model_speaker


def dialogues(
    source: Annotated[
        Path, typer.Argument(help="JSON lines: id, problem, reference_solution, history.")
    ],
    out: Annotated[
        Path, typer.Option(help="JSON lines: id, reply, move, source, verdicts, latency_ms.")
    ],
) -> None:
    """Answer the last learner line of every dialogue in a file; exit 1 if a line is broken."""
    spec = Settings.from_environment().tutor_model
    # the champion words the moves of our courses; an outside problem needs a general model
    model = load_chat_model(NONE if spec == CHAMPION else spec)
    report = evaluate_dialogues(source, out, model_speaker(model) if model else None)
    for line in report.broken:
        print(f"{source}: {line.reason}")
    print(
        f"{out}: {report.replies} replies, {report.passed} passed every check, "
        f"{len(report.broken)} broken lines"
    )
    if report.broken:
        raise typer.Exit(1)

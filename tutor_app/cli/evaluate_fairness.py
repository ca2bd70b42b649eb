"""`tutor evaluate fairness`: what moves a grade that must not, canaries, gaps by group."""

from typing import Annotated

import typer

from tutor_app.factory import build_catalogue, build_grader
from tutor_app.settings import Settings


def fairness(
    grader: Annotated[str, typer.Option(help='"local" or "openai:MODEL@URL".')] = "",
    sample: Annotated[int, typer.Option(min=1, help="Answers per rubric that are changed.")] = 30,
    seed: Annotated[int, typer.Option(help="Of the samples and the typos.")] = 0,
) -> None:
    """Gold answers with names, typos and padding; canaries; gaps by group. Exit 1 on an alarm."""
    from tutor_app.evaluation.fairness import evaluate_fairness
    from tutor_app.evaluation.gold import load_gold

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    answers = load_gold(settings.content / "datasets/gold", rubrics)
    judge = build_grader(settings, grader)
    used = {one.rubric for one in answers}
    with typer.progressbar(length=len(used), label="Rubrics") as bar:
        board = evaluate_fairness(
            answers, rubrics, judge, seed=seed, sample=sample, on_rubric=lambda name: bar.update(1)
        )
    print(board)
    for rubric_id, row in board.wrong:
        print(
            f"ALARM {rubric_id}, {row.criterion}: {row.kind} got {row.got:g} instead of "
            f"{row.expected:g}, and nobody would have looked"
        )
    if board.wrong:
        raise typer.Exit(1)

"""`tutor evaluate grading...`: how well, how surely and how fast short answers are graded."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tutor_app.cli.grader import DATA, PLACE, WORK
from tutor_app.errors import TutorError
from tutor_app.factory import build_answer_scorer
from tutor_app.settings import Settings

_FIRST = Annotated[bool, typer.Option(help="Leave the cross-encoder out.")]


def grading(
    data: Annotated[Path, typer.Argument(help="CSV of graded answers.")],
    examples: Annotated[
        Path | None, typer.Option(help="CSV of graded answers to the same questions, shown.")
    ] = None,
    task: Annotated[
        str, typer.Option(help="2way or 3way; three-way where the labels have three if left out.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    predictions: Annotated[
        Path | None, typer.Option(help="CSV to write: what the model says of each answer.")
    ] = None,
    first_stage: _FIRST = False,
) -> None:
    """Grade a table of answers and compare with what people said.

    Columns question_id, question, reference_answers (one a line), answer_id, answer, and label, or
    score and max_score; rubric stands in for missing references, others are passed over.
    """
    from tutor_app.evaluation.graded_answers import read_graded
    from tutor_app.evaluation.grading import TASKS, evaluate_grading, save_predictions

    if task and task not in TASKS:
        raise TutorError(f"--task: {task!r} is none of {', '.join(TASKS)}. Take one of them.")
    answers = read_graded(data)
    known = read_graded(examples) if examples else []
    scorer = build_answer_scorer(Settings.from_environment(), second_stage=not first_stage)
    if as_json:
        board, predicted = evaluate_grading(scorer, answers, known, task)
    else:
        with typer.progressbar(length=len(answers), label="Answers") as bar:
            board, predicted = evaluate_grading(scorer, answers, known, task, bar.update)
    if predictions:
        save_predictions(predictions, predicted, str(board.figures["task"]))
    print(json.dumps(board.as_json(), indent=2) if as_json else board)


def grading_folds(data: DATA, work: WORK = PLACE) -> None:
    """Measure by folds as training does: minutes from a work folder, hours without."""
    from tutor_app.distillation.grader import GraderPlan, measure_grader
    from tutor_app.retrieval.embedder import load_embedder

    print(measure_grader(data, load_embedder().embed_array, work, GraderPlan(), print))


def grading_speed(
    data: Annotated[
        Path | None, typer.Argument(help="CSV of graded answers; made-up ones if left out.")
    ] = None,
    answers: Annotated[int, typer.Option(help="How many answers.")] = 96,
) -> None:
    """Decisions per CPU-second on one thread, and against encoding every text by itself."""
    from tutor_app.domain.submission import Submission
    from tutor_app.evaluation.gold import load_gold
    from tutor_app.evaluation.graded_answers import read_graded
    from tutor_app.evaluation.speed_grading import (
        made_up_answers,
        measure_criteria_speed,
        measure_grading_speed,
    )
    from tutor_app.factory import build_catalogue, build_local_grader
    from tutor_app.retrieval.embedder import load_embedder

    settings = Settings.from_environment()
    table = read_graded(data)[:answers] if data else made_up_answers(answers)
    first = build_answer_scorer(settings, second_stage=False)
    print(measure_grading_speed(first, build_answer_scorer(settings), load_embedder(), table))
    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    batches: dict[str, list[Submission]] = {}
    for one in load_gold(settings.content / "datasets/gold", rubrics):
        if one.language == "en" and one.answer:
            batches.setdefault(one.rubric, []).append(
                Submission(id=one.id, learner="gold", text=one.answer)
            )
    graders = {
        "measures alone": build_local_grader(settings, second_stage=False),
        "with the cross-encoder": build_local_grader(settings),
    }
    some = [(rubrics[name], batch[:12]) for name, batch in list(batches.items())[:8]]
    for name, rate in measure_criteria_speed(graders, some).items():
        print(f"criteria of gold answers, {name}: {rate:.0f} decisions per CPU-second")


def effort(grader: Annotated[str, typer.Option(help="As in `tutor grade`.")] = "local") -> None:
    """Keys and minutes per 100 gold answers: a spreadsheet, the program, releases by audit.

    A simulated instructor; the assumptions are printed. Gold answers of one course are one batch.
    """
    from tutor_app.evaluation.gold import load_gold
    from tutor_app.evaluation.grading_effort import measure_effort
    from tutor_app.factory import build_catalogue, build_embedder, build_grader

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    answers = load_gold(settings.content / "datasets/gold", rubrics)
    batches = {
        course: [one for one in answers if one.rubric.startswith(f"{course}-")]
        for course in catalogue.course_ids()
    }
    print(
        measure_effort(
            {name: some for name, some in batches.items() if some},
            rubrics,
            build_grader(settings, grader),
            build_embedder(settings).embed_array,
        )
    )

"""`tutor evaluate criteria`: the grader's scores of gold answers, criterion by criterion."""

from functools import partial
from typing import Annotated

import typer

from tutor_app.factory import CRITERION_MODEL, build_catalogue, build_embedder, wrong_ideas
from tutor_app.settings import Settings


def criteria(
    train: Annotated[
        bool, typer.Option(help="Train the shipped weights anew, on all rubrics.")
    ] = False,
) -> None:
    """Score gold answers by folds that leave whole rubrics out: kappa, calibration, intervals.

    The shipped weights are trained on all gold answers, so they are not measured here: each fold
    trains anew on the other rubrics. Needs the [refresh] extra; takes minutes.
    """
    from tutor_app.evaluation.criteria import (
        OUTER_FOLDS,
        measure_criteria,
        propose_by_folds,
        read_cases,
        train_on,
    )
    from tutor_app.evaluation.gold import load_gold
    from tutor_app.grading.criterion_model import save_model

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    answers = load_gold(settings.content / "datasets/gold", rubrics)
    with typer.progressbar(length=len(answers), label="Reading") as bar:
        cases = read_cases(
            answers,
            rubrics,
            build_embedder(settings).embed_array,
            partial(wrong_ideas, catalogue),
            lambda done, total: bar.update(1),
        )
    if train:
        path = settings.content / CRITERION_MODEL
        save_model(train_on(cases), path)
        print(f"Saved {path}.")
        return
    with typer.progressbar(length=OUTER_FOLDS, label="Folds") as bar:
        proposed = propose_by_folds(cases, on_progress=lambda done, total: bar.update(1))
    print(measure_criteria(proposed))

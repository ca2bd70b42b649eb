"""`tutor evaluate criteria`: the grader's scores of gold answers, criterion by criterion."""

from functools import partial
from typing import TYPE_CHECKING

import typer

from tutor_app.factory import (
    PRACTICE,
    UNPRACTISED,
    build_catalogue,
    build_cross_encoder,
    build_embedder,
    wrong_ideas,
)
from tutor_app.settings import Settings

if TYPE_CHECKING:
    from tutor_app.evaluation.criteria import Case
    from tutor_app.grading.criterion_training import Taught


def criteria() -> None:
    """Score gold answers by folds that leave whole rubrics out: kappa, calibration, intervals.

    The shipped weights are trained on all gold answers, so they are not measured here: each fold
    trains anew on the other rubrics and on all practice rubrics. Then practice rubrics that the
    cross-encoder does not know, by heads that do not know them either. Takes about half an hour.
    """
    from tutor_app.evaluation.criteria import (
        OUTER_FOLDS,
        UNSEEN_HEADING,
        measure_criteria,
        measure_unseen,
        propose_by_folds,
        train_on,
    )

    settings = Settings.from_environment()
    cases = gold_cases(settings)
    learnt, unseen = practice_taught(settings)
    with typer.progressbar(length=OUTER_FOLDS, label="Folds") as bar:
        proposed = propose_by_folds(
            cases, learnt.and_(unseen), on_progress=lambda done, total: bar.update(1)
        )
    print(measure_criteria(proposed))
    print(UNSEEN_HEADING)
    print(measure_unseen("gold and practice", train_on(cases, learnt), unseen))
    alone = train_on([one.without_pairs() for one in cases])
    print(measure_unseen("gold answers alone, no cross-encoder", alone, unseen))


def gold_cases(settings: Settings) -> "list[Case]":
    """Measure the gold answers, with the cross-encoder."""
    from tutor_app.evaluation.criteria import read_cases
    from tutor_app.evaluation.gold import load_gold

    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    answers = load_gold(settings.content / "datasets/gold", rubrics)
    with typer.progressbar(length=len(answers), label="Gold answers") as bar:
        return read_cases(
            answers,
            rubrics,
            build_embedder(settings),
            partial(wrong_ideas, catalogue),
            build_cross_encoder(settings),
            lambda done, total: bar.update(1),
        )


def practice_taught(settings: Settings) -> "tuple[Taught, Taught]":
    """Measure the practice answers, and with the cross-encoder those it has not learnt from."""
    from tutor_app.evaluation.practice import load_practice, taught_by

    encoder = build_embedder(settings)
    learnt = load_practice(settings.content / PRACTICE)
    unknown = load_practice(settings.content / UNPRACTISED)
    with typer.progressbar(length=len(learnt) + len(unknown), label="Practice rubrics") as bar:
        first = taught_by(learnt, encoder, None, lambda done, total: bar.update(1))
        pairs = build_cross_encoder(settings)
        return first, taught_by(unknown, encoder, pairs, lambda done, total: bar.update(1))

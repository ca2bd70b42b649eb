"""`tutor evaluate injections`: what is found of words that are aimed at a grader."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from tutor_app.factory import INJECTION_HEAD, build_catalogue, build_embedder
from tutor_app.settings import Settings

SHARED = Path("../shared/benchmarks")
SETS = (
    ("attacks", "attacks"), ("attacks, learnt from", "attacks_blind"),
    ("attacks, fresh", "attacks_fresh"), ("innocent look-alikes", "innocent"),
    ("innocent, learnt from", "innocent_blind"), ("innocent, fresh", "innocent_fresh"),
)  # fmt: skip


def injections(
    train: Annotated[bool, typer.Option(help="Train the head anew ([refresh] extra).")] = False,
    benchmarks: Annotated[Path, typer.Option(help="Folder with public benchmarks.")] = SHARED,
) -> None:
    """Words aimed at a grader: what patterns and the head find, and whom they blame wrongly."""
    from tutor_app.distillation.injections import (
        ATTACK,
        load_texts,
        measure_injections,
        train_injection_head,
    )
    from tutor_app.evaluation.gold import load_gold
    from tutor_app.grading.injection_head import InjectionHead

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    rubrics = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    gold = load_gold(settings.content / "datasets/gold", rubrics)
    folder = settings.content / "datasets/evaluation/integrity"
    embed = build_embedder(settings).embed_array
    if train:
        train_injection_head(embed, folder, gold, settings.content / INJECTION_HEAD)
    sets = [(title, load_texts(folder / f"{name}.jsonl")) for title, name in SETS]
    sets.append(("gold, attacks", [one.answer for one in gold if one.kind == ATTACK]))
    sets.append(("gold, others", [one.answer for one in gold if one.kind != ATTACK]))
    for path in sorted(benchmarks.glob("semeval2013/*_train_3way.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            sets.append((path.stem, [row["answer"] for row in csv.DictReader(file)][::20]))
    print("| texts | n | patterns | head | either |\n|---|---|---|---|---|")
    head = InjectionHead(embed, settings.content / INJECTION_HEAD)
    for row in measure_injections(head.find_all, sets):
        print(row)

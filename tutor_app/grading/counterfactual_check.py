"""Names, typos and padding put to a sample of every batch; what moved stands in its record."""

import json
from dataclasses import asdict

from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.batch import unnamed
from tutor_app.grading.counterfactuals import (
    SAMPLE,
    CounterfactualReport,
    CounterfactualRow,
    counterfactuals,
)
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.teaching import examples_of
from tutor_app.storage.store import Store


def grade_counterfactuals(
    store: Store, batch_id: str, grader: AnyGrader, *, sample: int = SAMPLE
) -> dict[str, CounterfactualReport]:
    """Grade a changed sample of each question in words, once for each state of the batch.

    Questions whose answers are numbers, formulas, choices or programs are left out: there a
    letter more is another answer. No mark changes.

    Args:
        store: the database.
        batch_id: a batch that is graded.
        grader: the one that graded it.
        sample: answers per question; each is graded seven times.

    Returns:
        The reports by question, also those that were made before.
    """
    known = counterfactual_reports(store, batch_id)
    seed = int(store.grading.batch(batch_id).settings.get("seed", 0))
    found: dict[str, CounterfactualReport] = {}
    for question, one in store.grading.rubrics(batch_id).items():
        if one.item:
            continue
        examples = examples_of(store, batch_id, question)
        state = f"{one.rubric.digest} {grader.name} {len(examples)} {sample}"
        if question in known and known[question][0] == state:
            found[question] = known[question][1]
            continue
        own = (
            unnamed(marked.submission)
            for marked in store.grading.marked(batch_id)
            if marked.submission.question == question and not marked.submission.problem
        )
        report = counterfactuals(
            grader, own, one.rubric, seed=seed, sample=sample, examples=examples
        )
        # where calls failed, the next run asks again
        kept = f"{state} failed" if report.failed else state
        value = json.dumps({"state": kept, **asdict(report)})
        Decisions(store, batch_id, "counterfactuals").note("counterfactuals", value, question)
        found[question] = report
    return found


def counterfactual_reports(
    store: Store, batch_id: str
) -> dict[str, tuple[str, CounterfactualReport]]:
    """Return (state of the batch, report) of the newest sample, by question."""
    found = {}
    for one in store.grading.decisions(batch_id, ""):
        if one.kind == "counterfactuals":
            read = json.loads(str(one.value))
            state = str(read.pop("state"))
            rows = tuple(CounterfactualRow(**row) for row in read.pop("rows"))
            found[one.question] = (state, CounterfactualReport(rows=rows, **read))
    return found
